# SyntaxError: a missing block after while.
print('never printed')
while x:
y = 1
