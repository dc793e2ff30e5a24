# SyntaxError: a stray operator.
print('never printed')
x = 1 +
