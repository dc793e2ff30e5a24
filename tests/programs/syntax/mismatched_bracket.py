# SyntaxError: a bracket closed by another kind.
print('never printed')
x = (1, 2]
