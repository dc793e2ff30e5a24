# SyntaxError: a leading operator.
print('never printed')
* 2
