# SyntaxError: assignment to an expression.
print('never printed')
a + b = c
