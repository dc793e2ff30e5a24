# SyntaxError: nonlocal without binding.
print('never printed')
def f():
    nonlocal x
