# SyntaxError: a missing block at the end of file.
print('never printed')
def f():