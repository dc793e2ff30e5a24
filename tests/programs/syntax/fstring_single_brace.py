# SyntaxError: a single closing brace in an f-string.
print('never printed')
f"}"
