# SyntaxError: backticks of Python 2.
print('never printed')
x = `y`
