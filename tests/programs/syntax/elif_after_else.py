# SyntaxError: elif after else.
print('never printed')
if a:
    pass
else:
    pass
elif b:
    pass
