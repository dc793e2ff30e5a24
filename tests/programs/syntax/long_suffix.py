# SyntaxError: a long literal of Python 2.
print('never printed')
x = 10L
