# Parameters of every kind through inspect.signature, defaults, annotations, __code__ and __kwdefaults__.
import inspect


def f(a, b=1, /, c=2, *args: int, d, e: "str" = 5, **kw) -> float: ...


print(inspect.signature(f))
for p in inspect.signature(f).parameters.values():
    print(p.name, p.kind.name, p.default is p.empty or p.default)
print(f.__defaults__, f.__kwdefaults__)
c = f.__code__
print(c.co_argcount, c.co_posonlyargcount, c.co_kwonlyargcount, c.co_nlocals, c.co_varnames, c.co_flags & 0x2F)
f.__defaults__ = (10, 20)
f.__kwdefaults__ = {"d": 30}


def g(a, b=1):
    return a, b


g.__defaults__ = (8, 9)
print(g(), inspect.signature(f))
g.__defaults__ = None
try:
    g(1)
except TypeError as e:
    print(e)
bound = inspect.signature(f).bind(1, d=2, e=0, z=3)
print(bound.arguments, bound.args, bound.kwargs)
for fn in (len, print, sorted, isinstance, str.split, dict.get, list.sort, int.from_bytes, "".join, [].pop, abs, divmod, sum, pow, open, getattr if 0 else callable, type.mro, object.__init__, object.__repr__, str.__add__):
    try:
        print(fn.__name__, inspect.signature(fn))
    except ValueError as e:
        print(fn.__name__, "ValueError", str(e).split("<")[0])


class K:
    def __init__(self, x, *, y=1): ...
    def m(self, q): ...
    @classmethod
    def c(cls, r): ...
    @staticmethod
    def s(t): ...
    def __call__(self, z): ...


print(inspect.signature(K), inspect.signature(K.m), inspect.signature(K(1).m), inspect.signature(K.c), inspect.signature(K.s), inspect.signature(K(1)))
