# SyntaxError: tabs and spaces mixed.
print('never printed')
if x:
        y = 1
	z = 2
