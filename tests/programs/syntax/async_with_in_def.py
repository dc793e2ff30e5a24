# SyntaxError: async with in a plain function.
print('never printed')
def f():
    async with x: pass
