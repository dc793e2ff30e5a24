# SyntaxError: annotation of a literal.
print('never printed')
1: int = 2
