# SyntaxError: the same lambda parameter twice.
print('never printed')
lambda a, a: 1
