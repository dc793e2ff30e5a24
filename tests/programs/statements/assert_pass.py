# assert with and without message, under -O's __debug__, Ellipsis and docstring statements.
"""module docstring"""
assert True
assert 1 == 1, "never evaluated" + 1 / 0 if 0 else ""
for value, message in ((0, None), ([], "empty"), (None, {"a": 1})):
    try:
        if message is None:
            assert value
        else:
            assert value, message
    except AssertionError as e:
        print(repr(e), e.args)
print(__doc__, __debug__)
...
pass; pass


def f():
    "only a docstring"


def g():
    f"not a docstring"


class C:
    """class doc"""

    def m(self): "method doc"


print(f.__doc__, g.__doc__, C.__doc__, C.m.__doc__, f())
if __debug__:
    print("debug")
try:
    exec("__debug__ = 1")
except SyntaxError as e:
    print(e.msg)
