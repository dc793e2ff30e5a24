# SyntaxError: return in a class body.
print('never printed')
class C:
    return 1
