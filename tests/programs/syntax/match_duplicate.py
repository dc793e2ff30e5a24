# SyntaxError: a name bound twice in a pattern.
print('never printed')
match x:
    case [a, a]: pass
