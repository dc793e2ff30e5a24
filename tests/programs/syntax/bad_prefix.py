# SyntaxError: a bad string prefix.
print('never printed')
x = bu"a"
