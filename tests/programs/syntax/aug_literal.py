# SyntaxError: augmented assignment to a literal.
print('never printed')
1 += 2
