# SyntaxError: a statement in an f-string.
print('never printed')
f"{x = 1; y}"
