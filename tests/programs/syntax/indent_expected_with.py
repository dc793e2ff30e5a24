# SyntaxError: a missing block after with.
print('never printed')
with x:
y = 1
