# SyntaxError: a mistyped class.
print('never printed')
clas C:
    pass
