# SyntaxError: a truncated \x escape in bytes.
print('never printed')
x = b"\x1"
