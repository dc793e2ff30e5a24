# SyntaxError: comprehension into a literal.
print('never printed')
[x for 1 in y]
