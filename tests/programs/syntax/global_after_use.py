# SyntaxError: global after use.
print('never printed')
def f():
    print(x)
    global x
