# SyntaxError: a mistyped def.
print('never printed')
dfe f():
    pass
