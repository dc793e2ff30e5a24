# SyntaxError: a positional pattern after a keyword.
print('never printed')
match x:
    case C(a=1, 2): pass
