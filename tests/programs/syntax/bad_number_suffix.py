# SyntaxError: a number followed by letters.
print('never printed')
x = 1abc
