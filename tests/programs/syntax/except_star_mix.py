# SyntaxError: except and except* together.
print('never printed')
try:
    pass
except A:
    pass
except* B:
    pass
