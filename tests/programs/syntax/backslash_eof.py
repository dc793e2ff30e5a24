# SyntaxError: a backslash at the end of file.
print('never printed')
x = 1 + \