# SyntaxError: assignment to a generator expression.
print('never printed')
(x for x in y) = 1
