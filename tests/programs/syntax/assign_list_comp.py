# SyntaxError: assignment to a comprehension.
print('never printed')
[x for x in y] = 1
