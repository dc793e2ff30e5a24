# SyntaxError: global with an expression.
print('never printed')
global a.b
