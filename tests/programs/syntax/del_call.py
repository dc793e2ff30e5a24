# SyntaxError: del of a call.
print('never printed')
del f()
