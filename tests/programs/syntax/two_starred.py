# SyntaxError: two starred targets.
print('never printed')
*a, *b = c
