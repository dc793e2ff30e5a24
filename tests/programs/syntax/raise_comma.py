# SyntaxError: the raise statement of Python 2.
print('never printed')
raise ValueError, "x"
