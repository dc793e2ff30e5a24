# SyntaxError: a dict key without value.
print('never printed')
d = {"a": }
