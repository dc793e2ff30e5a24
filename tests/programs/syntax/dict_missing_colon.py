# SyntaxError: a dict item without colon.
print('never printed')
d = {"a": 1, "b"}
