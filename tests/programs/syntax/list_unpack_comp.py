# SyntaxError: unpacking in a list comprehension.
print('never printed')
[*a for a in b]
