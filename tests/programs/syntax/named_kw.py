# SyntaxError: a walrus as a keyword argument.
print('never printed')
f(a := 1, b := 2, c=d := 3)
