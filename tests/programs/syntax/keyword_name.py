# SyntaxError: a keyword as a name.
print('never printed')
class = 1
