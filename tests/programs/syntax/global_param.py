# SyntaxError: global of a parameter.
print('never printed')
def f(x):
    global x
