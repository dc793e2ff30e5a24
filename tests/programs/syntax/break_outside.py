# SyntaxError: break outside a loop.
print('never printed')
break
