# SyntaxError: continue outside a loop.
print('never printed')
if 1:
    continue
