# SyntaxError: a typographic quote.
print('never printed')
print(“hello”)
