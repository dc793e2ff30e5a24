# SyntaxError: assignment to an f-string.
print('never printed')
f"{x}" = 1
