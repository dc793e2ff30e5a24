# SyntaxError: an unparenthesised tuple in a comprehension.
print('never printed')
[x, y for x in z]
