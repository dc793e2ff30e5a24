# SyntaxError: augmented assignment to a tuple.
print('never printed')
a, b += 1
