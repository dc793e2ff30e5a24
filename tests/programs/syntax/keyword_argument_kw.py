# SyntaxError: a keyword as argument name.
print('never printed')
f(class=1)
