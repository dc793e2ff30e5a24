# SyntaxError: a dollar sign.
print('never printed')
x = $y
