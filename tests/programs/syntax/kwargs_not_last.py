# SyntaxError: parameters after **.
print('never printed')
def f(**k, a): pass
