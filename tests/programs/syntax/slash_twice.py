# SyntaxError: two slashes.
print('never printed')
def f(a, /, b, /): pass
