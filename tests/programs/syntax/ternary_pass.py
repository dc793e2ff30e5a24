# SyntaxError: a statement in a conditional expression.
print('never printed')
x = 1 if y else pass
