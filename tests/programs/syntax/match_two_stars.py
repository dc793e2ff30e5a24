# SyntaxError: two stars in a sequence pattern.
print('never printed')
match x:
    case [*a, *b]: pass
