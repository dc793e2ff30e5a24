# SyntaxError: a missing comma in a list.
print('never printed')
x = [1, 2 3]
