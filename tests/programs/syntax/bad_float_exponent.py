# SyntaxError: an exponent without digits.
print('never printed')
x = 1e
