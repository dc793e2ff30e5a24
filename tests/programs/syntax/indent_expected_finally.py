# SyntaxError: a missing block after finally.
print('never printed')
try:
    pass
finally:
x = 1
