# SyntaxError: a capture that makes others unreachable.
print('never printed')
match x:
    case a: pass
    case 1: pass
