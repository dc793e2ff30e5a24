# SyntaxError: two expressions on a line.
print('never printed')
x = 1 2
