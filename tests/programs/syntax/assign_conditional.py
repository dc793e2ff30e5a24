# SyntaxError: assignment to a conditional expression.
print('never printed')
a if b else c = 1
