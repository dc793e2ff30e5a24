# SyntaxError: as with a wildcard target.
print('never printed')
match x:
    case 1 as _: pass
