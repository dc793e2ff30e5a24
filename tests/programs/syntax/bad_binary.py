# SyntaxError: a bad binary digit.
print('never printed')
x = 0b12
