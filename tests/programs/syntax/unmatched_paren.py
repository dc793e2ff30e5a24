# SyntaxError: a closing parenthesis too many.
print('never printed')
print(1))
