# SyntaxError: a missing colon after else.
print('never printed')
if 1:
    pass
else
    pass
