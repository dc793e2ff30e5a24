# Operator methods: every binary, reflected, in-place and unary form; NotImplemented; subclass priority.
NAMES = "add sub mul truediv floordiv mod pow lshift rshift and xor or matmul divmod".split()


def make(name):
    return lambda self, other, *a: f"{self.n}.{name}({getattr(other, 'n', other)})"


class V:
    def __init__(self, n):
        self.n = n


class W:
    n = "w"


for name in NAMES:
    setattr(V, f"__{name}__", make(name))
    setattr(V, f"__r{name}__", make("r" + name))
    if name != "divmod":
        setattr(V, f"__i{name}__", make("i" + name))
v, w = V("v"), W()
print(v + w, v - w, v * w, v / w, v // w, v % w, v**w, v << w, v >> w, v & w, v ^ w, v | w, v @ w, divmod(v, w))
print(w + v, w - v, w * v, w / v, w // v, w % v, w**v, w << v, w >> v, w & v, w ^ v, w | v, w @ v, divmod(w, v), 1 + v, [] + v)
for op in "+ - * / // % ** << >> & ^ | @".split():
    ns = {"x": v, "w": w}
    exec(f"x {op}= w", ns)
    print(ns["x"], end=" ")
print()
print(pow(v, 2, 3) if True else 0)


class U:
    def __neg__(self): return "neg"
    def __pos__(self): return "pos"
    def __invert__(self): return "inv"
    def __abs__(self): return "abs"
    def __int__(self): return 7
    def __float__(self): return 7.5
    def __complex__(self): return 7j
    def __index__(self): return 3
    def __round__(self, n=None): return ("round", n)
    def __trunc__(self): return "trunc"
    def __floor__(self): return "floor"
    def __ceil__(self): return "ceil"
    def __bool__(self): return False


import math

u = U()
print(-u, +u, ~u, abs(u), int(u), float(u), complex(u), [0, 1, 2, 3][u], round(u), round(u, 2), math.trunc(u), math.floor(u), math.ceil(u), bool(u), hex(u), bin(u), range(u), "abc" * u)


class Base:
    def __add__(self, o): return "base add"
    def __radd__(self, o): return "base radd"


class Derived(Base):
    def __radd__(self, o): return "derived radd"


class Quiet(Base): ...


print(Base() + Derived(), Derived() + Base(), Base() + Quiet(), Base() + 1, 1 + Base(), Base() + Base())


class NI:
    def __add__(self, o): return NotImplemented
    def __eq__(self, o): return NotImplemented
    def __lt__(self, o): return NotImplemented
    def __neg__(self): return NotImplemented


print(NI() == NI(), NI() != 1, -NI())
for code in ("NI() + 1", "1 + NI()", "NI() < NI()", "NI() > 1", "NI() - 1", "-W()", "W() + W()", "W() @ 1", "1 ** W()", "divmod(W(), 1)", "pow(W(), 1, 2)", "~W()", "abs(W())", "int(W())", "float(W())", "complex(W())", "[1][W()]", "round(W())", "hex(W())", "len(W())", "iter(W())", "hash(W()) is None", "W()[0]", "1 in W()", "with_ if 0 else bytes(W())"):
    try:
        print(code, eval(code))
    except TypeError as e:
        print(code, "->", e)


class Bad:
    def __int__(self): return "x"
    def __float__(self): return 1
    def __index__(self): return 1.5
    def __len__(self): return 1.5
    def __str__(self): return 5
    def __repr__(self): return None
    def __hash__(self): return "h"
    def __bool__(self): return 2
    def __iter__(self): return 5
    def __complex__(self): return 1
    def __format__(self, s): return 3
    def __bytes__(self): return "b"
    def __contains__(self, x): return "truthy"
    def __length_hint__(self): return "x"


b = Bad()
for f in (int, float, range, len, str, repr, hash, bool, iter, complex, format, bytes, lambda o: 1 in o, lambda o: [5][o], "{}".format, oct, chr, "%d".__mod__, "%s".__mod__, "%f".__mod__, "a".__mul__, math.sqrt):
    try:
        print(f(b))
    except TypeError as e:
        print(e)
