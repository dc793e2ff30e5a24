# SyntaxError: await in a plain function.
print('never printed')
def f():
    await x
