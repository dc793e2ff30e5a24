# SyntaxError: a missing comma in a dict.
print('never printed')
d = {"a": 1 "b": 2}
