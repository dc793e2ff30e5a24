# SyntaxError: a missing block after if.
print('never printed')
if x:
y = 1
