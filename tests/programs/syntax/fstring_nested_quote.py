# SyntaxError: a lambda in an f-string.
print('never printed')
f"{lambda x: 1}"
