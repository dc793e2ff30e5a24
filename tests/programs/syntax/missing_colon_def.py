# SyntaxError: a missing colon after def.
print('never printed')
def f()
    pass
