# SyntaxError: a truncated escape in a string.
print('never printed')
x = "\u12"
