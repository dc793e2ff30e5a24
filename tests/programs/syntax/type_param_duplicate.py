# SyntaxError: the same type parameter twice.
print('never printed')
def f[T, T](): pass
