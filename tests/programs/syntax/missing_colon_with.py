# SyntaxError: a missing colon after with.
print('never printed')
with open("x") as f
    pass
