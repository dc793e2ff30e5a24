# SyntaxError: several exceptions without parentheses and as.
print('never printed')
try:
    pass
except A, B as e:
    pass
