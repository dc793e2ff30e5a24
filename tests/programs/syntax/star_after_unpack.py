# SyntaxError: * after **.
print('never printed')
f(**a, *b)
