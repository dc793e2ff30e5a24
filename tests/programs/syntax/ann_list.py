# SyntaxError: annotation of a list.
print('never printed')
[a]: int = 1
