# return, break and continue inside finally override what was going on (with a SyntaxWarning in 3.14).
import warnings

source = '''
def f():
    try:
        return 1
    finally:
        return 2

def g():
    while True:
        try:
            raise ValueError
        finally:
            break
    return "swallowed"

def h():
    out = []
    for i in range(3):
        try:
            out.append(i)
            1 / 0
        finally:
            continue
    return out

def k():
    x = 1
    try:
        return x
    finally:
        x = 2
'''
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    exec(compile(source, "<s>", "exec"))
for w in caught:
    print(w.category.__name__, w.message, w.lineno)
print(f(), g(), h(), k())
