# import in its forms: as, from, star, dotted, relative errors, failing names.
import os.path
import os.path as p
import collections.abc, math as m
from math import floor as fl, ceil
from collections import (
    OrderedDict,
    deque as dq,
)
from string import *

print(p is os.path, m.pi, fl(2.5), ceil(2.5), OrderedDict.__name__, dq.__name__)
print(ascii_lowercase[:3], "Formatter" in globals())
for code in (
    "import nonexistent_module",
    "import os.nonexistent",
    "import math.pi",
    "from math import nothing",
    "from nonexistent_module import x",
    "from . import x",
    "from .a import x",
    "from .. import y",
    "from os import path, patth",
    "import collections.abcc",
):
    try:
        exec(code, {"__name__": "__main__"})
    except ImportError as e:
        print(code, "->", type(e).__name__, str(e).split(" (")[0], e.name)
import sys

sys.modules["fake"] = None
try:
    import fake
except ImportError as e:
    print(type(e).__name__, e)


class Fake:
    value = 5
    __all__ = ["value"]


sys.modules["fake"] = Fake
import fake
from fake import value
from fake import *

print(fake.value, value)
try:
    from fake import missing
except ImportError as e:
    print(str(e))


def inside():
    import json as j

    return j.__name__


print(inside())
try:
    exec("def f():\n    from os import *")
except SyntaxError as e:
    print(e.msg)
print(__name__, __import__("os") is os, __import__("os.path", fromlist=["join"]).join("a", "b"))
