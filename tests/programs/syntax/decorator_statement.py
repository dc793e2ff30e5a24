# SyntaxError: a decorator before an assignment.
print('never printed')
@f
x = 1
