# SyntaxError: a bad octal digit.
print('never printed')
x = 0o8
