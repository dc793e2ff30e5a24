# SyntaxError: a mistyped import.
print('never printed')
improt os
