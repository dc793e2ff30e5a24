# SyntaxError: break in except*.
print('never printed')
for i in x:
    try:
        pass
    except* A:
        break
