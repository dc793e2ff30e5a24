# SyntaxError: del of an expression.
print('never printed')
del a + b
