# SyntaxError: a starred expression as statement.
print('never printed')
*a
