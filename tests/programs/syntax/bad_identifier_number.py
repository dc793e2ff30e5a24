# SyntaxError: a name that begins with a digit.
print('never printed')
1x = 5
