# SyntaxError: for with a literal target.
print('never printed')
for 1 in x: pass
