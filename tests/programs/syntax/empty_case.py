# SyntaxError: a case without pattern.
print('never printed')
match x:
    case:
        pass
