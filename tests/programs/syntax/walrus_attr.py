# SyntaxError: a walrus into an attribute.
print('never printed')
(a.b := 1)
