# SyntaxError: the ur prefix of Python 2.
print('never printed')
x = ur"x"
