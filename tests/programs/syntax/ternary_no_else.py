# SyntaxError: a conditional expression without else.
print('never printed')
x = 1 if y
