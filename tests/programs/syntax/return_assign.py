# SyntaxError: an assignment in a return.
print('never printed')
def f():
    return x = 1
