# SyntaxError: a missing block after try.
print('never printed')
try:
x = 1
