# SyntaxError: the same parameter twice.
print('never printed')
def f(a, b, a): pass
