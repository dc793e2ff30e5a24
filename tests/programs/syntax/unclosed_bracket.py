# SyntaxError: an unclosed bracket at the end of file.
print('never printed')
x = [1, 2,
     3