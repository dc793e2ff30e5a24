# SyntaxError: a missing block after class.
print('never printed')
class C:
x = 1
