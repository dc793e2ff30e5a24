# SyntaxError: dedent to no outer level.
print('never printed')
if x:
        y = 1
    z = 2
