# SyntaxError: global after assignment.
print('never printed')
def f():
    x = 1
    global x
