# SyntaxError: a number ending in an underscore.
print('never printed')
x = 1_
