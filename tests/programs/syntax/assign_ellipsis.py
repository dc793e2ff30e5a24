# SyntaxError: assignment to Ellipsis.
print('never printed')
... = 1
