# SyntaxError: an f-string brace without end.
print('never printed')
f"{x"
