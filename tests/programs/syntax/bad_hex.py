# SyntaxError: an empty hex literal.
print('never printed')
x = 0x
