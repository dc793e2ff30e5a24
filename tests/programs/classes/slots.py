# __slots__: storage, absence of __dict__, inheritance, conflicts, defaults, weakref, errors.
import weakref


class P:
    __slots__ = ("x", "y")

    def __init__(self, x):
        self.x = x


p = P(1)
print(p.x, P.x, type(P.x), hasattr(p, "__dict__"), P.__slots__)
for code in ("p.y", "p.z", "p.z = 1", "del p.y", "p.__dict__", "weakref.ref(p)", "P.x.__get__(5)"):
    try:
        print(code, eval(code) if "=" not in code and "del" not in code else exec(code))
    except (AttributeError, TypeError) as e:
        print(code, "->", type(e).__name__, e)


class Q:
    __slots__ = ["a", "__dict__", "__weakref__"]


q = Q()
q.a = 1
q.b = 2
print(q.__dict__, weakref.ref(q)() is q)


class R(P if isinstance(P.x, property) else Q):
    pass


r = R()
r.a, r.c = 1, 2
print(vars(r))
for src in (
    "class X:\n    __slots__ = ('a',)\n    a = 1",
    "class X:\n    __slots__ = 'single'\nprint(X().__slots__)",
    "class X:\n    __slots__ = ('1a',)",
    "class X:\n    __slots__ = (5,)",
    "class X(int):\n    __slots__ = ('a',)",
    "class X(tuple):\n    __slots__ = ('a',)",
    "class X:\n    __slots__ = ('__dict__', '__dict__')",
    "class X:\n    __slots__ = ('a', 'a')\nprint('ok')",
    "class A:\n    __slots__ = 'a'\nclass B:\n    __slots__ = 'b'\nclass X(A, B): pass",
    "class A:\n    __slots__ = ()\nclass B:\n    __slots__ = 'b'\nclass X(A, B): __slots__ = ()\nprint(X().b)",
    "class X(str):\n    __slots__ = ()\nprint(X('s'), hasattr(X('s'), '__dict__'))",
):
    try:
        exec(src)
    except (TypeError, ValueError, AttributeError) as e:
        print(type(e).__name__, e)


class S:
    __slots__ = {"doc": "documented slot"}


import inspect

print(S.__slots__, inspect.getdoc(S.doc), S.doc.__name__, S.doc.__objclass__.__name__)


class T(P):
    __slots__ = ("z",)


t = T(3)
t.z = 4
print(t.x, t.z, [s for k in T.__mro__ for s in getattr(k, "__slots__", ())])


class U(P):
    pass


u = U(1)
u.anything = 2
print(u.__dict__)
try:
    P(1).__class__ = Q
except TypeError as e:
    print(e)


class P2:
    __slots__ = ("x", "y")


pp = P(5)
pp.__class__ = P2
print(pp.x, type(pp).__name__)
import copy, pickle

c = copy.copy(t)
print(c.x, c.z, hasattr(c, "y"))
