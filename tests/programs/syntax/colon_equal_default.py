# SyntaxError: a walrus as a default without parentheses.
print('never printed')
def f(a := 1): pass
