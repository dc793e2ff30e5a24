# SyntaxError: try without except or finally.
print('never printed')
try:
    pass
x = 1
