# SyntaxError: a bad hex digit.
print('never printed')
x = 0xg
