# SyntaxError: augmented assignment to a call.
print('never printed')
f() += 1
