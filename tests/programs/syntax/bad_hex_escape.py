# SyntaxError: a truncated \x escape.
print('never printed')
x = "\x1"
