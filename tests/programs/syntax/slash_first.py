# SyntaxError: slash first.
print('never printed')
def f(/, a): pass
