# SyntaxError: a missing block after match.
print('never printed')
match x:
case 1: pass
