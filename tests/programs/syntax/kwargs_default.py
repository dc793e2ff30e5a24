# SyntaxError: a default for **.
print('never printed')
def f(**k=1): pass
