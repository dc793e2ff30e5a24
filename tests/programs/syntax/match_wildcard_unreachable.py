# SyntaxError: a wildcard that makes others unreachable.
print('never printed')
match x:
    case _: pass
    case 1: pass
