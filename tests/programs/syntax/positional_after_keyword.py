# SyntaxError: a positional argument after a keyword.
print('never printed')
f(a=1, 2)
