# SyntaxError: an unclosed parenthesis.
print('never printed')
print("a", (1, 2)
x = 1
