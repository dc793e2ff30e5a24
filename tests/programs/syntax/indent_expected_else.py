# SyntaxError: a missing block after else.
print('never printed')
if x:
    pass
else:
y = 1
