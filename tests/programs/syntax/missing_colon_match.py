# SyntaxError: a missing colon after match.
print('never printed')
match x
    case 1: pass
