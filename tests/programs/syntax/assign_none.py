# SyntaxError: assignment to None.
print('never printed')
None = 1
