# SyntaxError: a parameter without default after one with.
print('never printed')
def f(a=1, b): pass
