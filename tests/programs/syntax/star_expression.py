# SyntaxError: a bare starred expression.
print('never printed')
print(*a for a in b)
