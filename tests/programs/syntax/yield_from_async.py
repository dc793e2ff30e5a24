# SyntaxError: yield from in an async function.
print('never printed')
async def f():
    yield from x
