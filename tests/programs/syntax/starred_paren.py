# SyntaxError: a parenthesised star.
print('never printed')
x = (*a)
