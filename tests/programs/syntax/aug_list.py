# SyntaxError: augmented assignment to a list.
print('never printed')
[a] += 1
