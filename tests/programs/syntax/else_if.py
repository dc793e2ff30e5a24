# SyntaxError: else if for elif.
print('never printed')
if a:
    pass
else if b:
    pass
