# SyntaxError: as with a dotted name.
print('never printed')
import os as a.b
