# SyntaxError: import of a literal.
print('never printed')
import 1
