# SyntaxError: assignment to a comparison.
print('never printed')
a < b = 1
