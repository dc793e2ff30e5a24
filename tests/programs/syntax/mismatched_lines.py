# SyntaxError: a bracket closed by another kind on a later line.
print('never printed')
x = [
  (1, 2
]
