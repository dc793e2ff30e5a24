# SyntaxError: an invisible character.
print('never printed')
x = 1​
