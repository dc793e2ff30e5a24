# SyntaxError: an assignment in an assert.
print('never printed')
assert x = 1
