# SyntaxError: a trailing comma in from import.
print('never printed')
from os import path,
