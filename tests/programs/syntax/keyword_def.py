# SyntaxError: a keyword as function name.
print('never printed')
def for(): pass
