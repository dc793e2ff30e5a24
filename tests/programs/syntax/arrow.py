# SyntaxError: an arrow outside a signature.
print('never printed')
x -> y
