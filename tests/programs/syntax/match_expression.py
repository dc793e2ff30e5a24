# SyntaxError: an expression as pattern.
print('never printed')
match x:
    case a + b: pass
