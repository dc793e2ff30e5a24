# SyntaxError: a bad type alias target.
print('never printed')
type a.b = int
