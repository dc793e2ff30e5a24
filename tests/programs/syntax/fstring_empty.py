# SyntaxError: an empty f-string replacement.
print('never printed')
f"{}"
