# SyntaxError: a string without end.
print('never printed')
s = "abc
print(s)
