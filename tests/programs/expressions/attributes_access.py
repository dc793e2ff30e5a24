# Attribute access errors and lookups on builtins, modules, classes, None, functions.
import math


def func(): ...


class C:
    __slots__ = ("a",)
    cls_attr = 1


class D: ...


for code in (
    "(1).foo", "'s'.foo", "[].push", "{}.has_key", "None.x", "math.sine", "C.b", "C().a", "C().b", "C.cls_attr", "D().zz", "D.zz", "func.zz", "len.zz", "(1.5).rea", "int.zz", "().x", "print.__name__", "func.__name__", "type.x", "object().x", "(lambda: 0).y", "True.x", "....x", "range(3).strat", "set().ad", "b''.encod", "(x for x in ()).nxt", "super.x", "NotImplemented.y",
):
    try:
        print(code, "=", eval(code))
    except AttributeError as e:
        print(code, "->", e, "|", e.name, type(e.obj).__name__)
for code in ("(1).x = 1", "'s'.x = 1", "[].append = 1", "C().b = 1", "C().cls_attr = 2", "object().x = 1", "None.x = 1", "len.x = 1", "int.x = 1", "del int.bit_length", "del C().a", "del D().q", "math.pi = math.pi", "func.x = 1", "del func.y", "del D.zz", "(1).real = 3", "C.__name__ = 5", "del C.__name__", "D().__class__ = 5", "D().__dict__ = 5", "func.__code__ = 1", "func.__name__ = 1", "func.__defaults__ = 1", "func.__dict__ = 1", "type.x = 1", "int.__name__ = 'x'", "().__class__ = list", "(1).__class__ = D", "D().__class__ = C", "range(1).start = 1", "slice(1).x = 1"):
    try:
        exec(code)
        print(code, "ok")
    except (AttributeError, TypeError) as e:
        print(code, "->", type(e).__name__, e)
