# SyntaxError: a missing comma in a call.
print('never printed')
print("a" b)
