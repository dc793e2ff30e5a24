# SyntaxError: assignment to await.
print('never printed')
async def f():
    await x = 1
