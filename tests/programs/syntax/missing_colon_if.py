# SyntaxError: a missing colon after if.
print('never printed')
x = 1
if x
    pass
