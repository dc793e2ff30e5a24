# SyntaxError: del of a literal.
print('never printed')
del 1
