# SyntaxError: assignment to __debug__.
print('never printed')
__debug__ = 1
