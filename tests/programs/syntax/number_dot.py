# SyntaxError: an attribute of an int literal.
print('never printed')
1.real
