# SyntaxError: the ++ operator.
print('never printed')
x++
