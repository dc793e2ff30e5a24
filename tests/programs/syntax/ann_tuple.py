# SyntaxError: annotation of a tuple.
print('never printed')
(a, b): int
