# SyntaxError: async for outside an async function.
print('never printed')
async for x in y: pass
