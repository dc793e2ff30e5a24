# SyntaxError: a bare star without parameters after it.
print('never printed')
def f(*): pass
