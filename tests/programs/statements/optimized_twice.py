# -OO drops docstrings too.
# run: -OO FILE
"""gone"""


def f():
    """gone"""
    assert 0
    return 1


class C:
    """gone"""


print(__doc__, f.__doc__, C.__doc__, f(), __debug__)
