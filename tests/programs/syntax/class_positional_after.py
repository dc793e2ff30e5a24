# SyntaxError: a positional base after a keyword.
print('never printed')
class C(a=1, B): pass
