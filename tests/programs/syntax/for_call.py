# SyntaxError: for with a call target.
print('never printed')
for f() in x: pass
