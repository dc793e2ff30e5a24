# SyntaxError: a missing block after for.
print('never printed')
for i in x:
y = 1
