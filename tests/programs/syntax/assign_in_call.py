# SyntaxError: an expression as keyword.
print('never printed')
f(a.b=1)
