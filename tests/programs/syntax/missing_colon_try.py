# SyntaxError: a missing colon after try.
print('never printed')
try
    pass
except: pass
