# SyntaxError: bytes with a non-ASCII character.
print('never printed')
x = b"é"
