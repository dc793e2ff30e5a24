# SyntaxError: a keyword as attribute.
print('never printed')
x.import = 1
