# SyntaxError: a missing colon after for.
print('never printed')
for i in range(3)
    pass
