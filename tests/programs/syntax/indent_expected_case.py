# SyntaxError: a missing block after case.
print('never printed')
match x:
    case 1:
    y = 1
