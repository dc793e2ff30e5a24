# SyntaxError: parenthesised lambda parameters.
print('never printed')
lambda (x): 1
