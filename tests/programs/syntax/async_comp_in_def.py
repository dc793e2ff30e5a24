# SyntaxError: async comprehension in a plain function.
print('never printed')
def f():
    return [x async for x in y]
