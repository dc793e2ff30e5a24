# SyntaxError: ** not last in a mapping pattern.
print('never printed')
match x:
    case {**rest, "a": 1}: pass
