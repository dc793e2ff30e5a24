# SyntaxError: from import without names.
print('never printed')
from os import
