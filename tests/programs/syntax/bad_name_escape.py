# SyntaxError: an unknown character name.
print('never printed')
x = "\N{no such name}"
