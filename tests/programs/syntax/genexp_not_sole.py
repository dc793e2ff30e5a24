# SyntaxError: a generator expression beside another argument.
print('never printed')
f(x for x in y, 1)
