# SyntaxError: True as keyword.
print('never printed')
f(True=1)
