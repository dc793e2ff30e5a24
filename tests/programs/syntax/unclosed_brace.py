# SyntaxError: an unclosed brace.
print('never printed')
d = {"a": 1,

y = 2
