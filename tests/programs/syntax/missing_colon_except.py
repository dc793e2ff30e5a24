# SyntaxError: a missing colon after except.
print('never printed')
try:
    pass
except ValueError
    pass
