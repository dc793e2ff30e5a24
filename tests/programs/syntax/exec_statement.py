# SyntaxError: the exec statement of Python 2.
print('never printed')
exec "x = 1"
