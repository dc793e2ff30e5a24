# SyntaxError: a name ending in a dot.
print('never printed')
x = a.
