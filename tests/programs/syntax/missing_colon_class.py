# SyntaxError: a missing colon after class.
print('never printed')
class C
    pass
