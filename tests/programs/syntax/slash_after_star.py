# SyntaxError: slash after star.
print('never printed')
def f(*, a, /): pass
