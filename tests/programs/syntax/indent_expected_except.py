# SyntaxError: a missing block after except.
print('never printed')
try:
    pass
except:
x = 1
