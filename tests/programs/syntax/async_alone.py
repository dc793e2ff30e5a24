# SyntaxError: async without a statement.
print('never printed')
async x = 1
