# SyntaxError: bytes and str side by side.
print('never printed')
x = b"a" "b"
