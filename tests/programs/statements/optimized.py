# -O drops asserts and sets __debug__ to False.
# run: -O FILE
assert False, "dropped"
print(__debug__)
import sys

print(sys.flags.optimize)


def f():
    """kept by -O"""
    assert 0


print(f(), f.__doc__)
