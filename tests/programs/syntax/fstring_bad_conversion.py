# SyntaxError: a bad conversion in an f-string.
print('never printed')
f"{x!z}"
