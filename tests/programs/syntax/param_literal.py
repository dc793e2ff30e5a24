# SyntaxError: a literal as parameter.
print('never printed')
def f(1): pass
