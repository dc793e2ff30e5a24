# SyntaxError: a missing block after def.
print('never printed')
def f():
x = 1
