# SyntaxError: await outside a function.
print('never printed')
await x
