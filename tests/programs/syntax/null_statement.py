# SyntaxError: a lone comma.
print('never printed')
,
