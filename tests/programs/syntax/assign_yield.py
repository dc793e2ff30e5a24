# SyntaxError: assignment to yield.
print('never printed')
def f():
    (yield) = 1
