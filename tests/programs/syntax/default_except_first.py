# SyntaxError: a bare except that is not last.
print('never printed')
try:
    pass
except:
    pass
except A:
    pass
