# SyntaxError: a statement in a lambda.
print('never printed')
f = lambda: return 1
