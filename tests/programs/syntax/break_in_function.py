# SyntaxError: break in a function inside a loop.
print('never printed')
for i in x:
    def f():
        break
