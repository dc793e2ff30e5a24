# SyntaxError: lambda without its colon.
print('never printed')
f = lambda x, y
