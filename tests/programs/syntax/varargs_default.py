# SyntaxError: a default for *.
print('never printed')
def f(*a=1): pass
