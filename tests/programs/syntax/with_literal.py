# SyntaxError: with into a literal.
print('never printed')
with a as 1: pass
