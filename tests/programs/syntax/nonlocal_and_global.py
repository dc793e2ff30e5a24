# SyntaxError: a name both nonlocal and global.
print('never printed')
def g():
    x = 1
    def f():
        global x
        nonlocal x
