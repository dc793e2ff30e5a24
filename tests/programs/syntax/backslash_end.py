# SyntaxError: a backslash before something.
print('never printed')
x = 1 \ 2
