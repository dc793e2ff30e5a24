# SyntaxError: yield inside a comprehension.
print('never printed')
def f():
    [(yield) for x in y]
