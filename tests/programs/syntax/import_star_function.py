# SyntaxError: star import in a function.
print('never printed')
def f():
    from os import *
