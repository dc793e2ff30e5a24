# SyntaxError: a question mark.
print('never printed')
x = y?
