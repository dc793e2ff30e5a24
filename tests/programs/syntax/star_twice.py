# SyntaxError: two stars in parameters.
print('never printed')
def f(*a, *b): pass
