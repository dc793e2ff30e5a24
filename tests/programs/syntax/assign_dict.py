# SyntaxError: assignment to a dict display.
print('never printed')
{} = 1
