# SyntaxError: except* without a type.
print('never printed')
try:
    pass
except*:
    pass
