# SyntaxError: an empty subscript.
print('never printed')
x[]
