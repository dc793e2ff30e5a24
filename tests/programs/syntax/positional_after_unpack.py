# SyntaxError: a positional argument after **.
print('never printed')
f(**a, 2)
