# SyntaxError: a class keyword twice.
print('never printed')
match x:
    case C(a=1, a=2): pass
