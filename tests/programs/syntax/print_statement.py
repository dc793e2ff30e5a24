# SyntaxError: the print statement of Python 2.
print('never printed')
print "hello"
