# SyntaxError: __debug__ as a parameter.
print('never printed')
def f(__debug__): pass
