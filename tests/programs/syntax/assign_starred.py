# SyntaxError: a starred target outside a list.
print('never printed')
*a = 1
