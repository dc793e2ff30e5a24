# SyntaxError: a bad imaginary literal.
print('never printed')
x = 1jx
