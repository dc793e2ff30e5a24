# SyntaxError: alternatives that bind different names.
print('never printed')
match x:
    case [a] | [b]: pass
