# SyntaxError: an f-string without end.
print('never printed')
s = f"abc {1}
