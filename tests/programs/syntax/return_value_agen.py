# SyntaxError: return with value in an async generator.
print('never printed')
async def f():
    yield 1
    return 2
