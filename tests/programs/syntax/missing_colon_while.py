# SyntaxError: a missing colon after while.
print('never printed')
while True
    pass
