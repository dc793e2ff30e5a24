# SyntaxError: an exclamation mark.
print('never printed')
x = !y
