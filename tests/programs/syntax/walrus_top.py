# SyntaxError: a walrus without parentheses.
print('never printed')
x := 1
