# SyntaxError: unpacking in a dict comprehension.
print('never printed')
{**a for a in b}
