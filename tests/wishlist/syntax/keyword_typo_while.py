# SyntaxError: a mistyped while.
print('never printed')
whille True:
    pass
