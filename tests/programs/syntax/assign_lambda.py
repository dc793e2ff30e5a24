# SyntaxError: assignment to a lambda.
print('never printed')
(lambda: 1) = 1
