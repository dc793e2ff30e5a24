# SyntaxError: assignment to True.
print('never printed')
True = 1
