# SyntaxError: parenthesised parameter.
print('never printed')
def f((a, b)): pass
