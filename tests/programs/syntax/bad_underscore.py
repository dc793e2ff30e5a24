# SyntaxError: underscores in a row in a number.
print('never printed')
x = 1__0
