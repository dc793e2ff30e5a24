# SyntaxError: the old not-equal operator.
print('never printed')
1 <> 2
