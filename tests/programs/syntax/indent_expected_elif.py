# SyntaxError: a missing block after elif.
print('never printed')
if x:
    pass
elif y:
z = 1
