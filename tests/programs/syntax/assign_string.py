# SyntaxError: assignment to a string.
print('never printed')
"s" = 1
