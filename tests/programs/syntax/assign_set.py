# SyntaxError: assignment to a set display.
print('never printed')
{1} = x
