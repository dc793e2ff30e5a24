# SyntaxError: assignment where a comparison is meant.
print('never printed')
if x = 1:
    pass
