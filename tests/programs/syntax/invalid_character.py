# SyntaxError: an invalid character.
print('never printed')
x = 1 ¤ 2
