# SyntaxError: a triple-quoted string without end.
print('never printed')
x = 1
s = """abc
more

