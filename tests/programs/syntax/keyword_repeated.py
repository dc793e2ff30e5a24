# SyntaxError: a keyword argument twice.
print('never printed')
f(a=1, a=2)
