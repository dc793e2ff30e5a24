# SyntaxError: a starred value in a dict.
print('never printed')
d = {"a": *b}
