# SyntaxError: del of None.
print('never printed')
del None
