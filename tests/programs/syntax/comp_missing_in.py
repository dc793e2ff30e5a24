# SyntaxError: a comprehension without in.
print('never printed')
[x for x]
