# SyntaxError: a mistyped keyword.
print('never printed')
fro i in range(3):
    pass
