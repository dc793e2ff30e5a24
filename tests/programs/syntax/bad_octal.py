# SyntaxError: an old octal literal.
print('never printed')
x = 0777
