# Subclasses of builtin types: what operations return, overriding, construction.
class I(int):
    def __add__(self, o):
        return I(int(self) + o)

    def __new__(cls, v=0, tag=None):
        self = super().__new__(cls, v)
        self.tag = tag
        return self


i = I(5, "t")
print(i, i.tag, type(i + 1).__name__, type(i * 2).__name__, i == 5, {i: 1}[5], type(abs(i)), type(+i), isinstance(i, int), i.bit_length(), I("12"), hash(i) == hash(5))


class S(str):
    def upper(self):
        return "custom"


s = S("abc")
print(s, s.upper(), type(s[:]), type(s + ""), s.lower(), s == "abc", "".join([s]), type(s.strip()), type(S.join(s, "xy")), s in {"abc"}, f"{s:>5}")


class L(list):
    def append(self, v):
        super().append(v * 2)

    def __getitem__(self, i):
        return "got"


l = L([1])
l.append(5)
print(l, l[0], list(l), type(l[:]), type(l * 2), type(l.copy()), sorted(l), [*l], len(l), sum(l))


class D(dict):
    def __getitem__(self, k):
        return "custom " + str(k)

    def __setitem__(self, k, v):
        super().__setitem__(k, (v, "set"))


d = D(a=1)
d["b"] = 2
print(d, d["zz"], d.get("a"), {**d}, dict(d), d.setdefault("c", 3), type(d.copy()), type(D.fromkeys("x")), "{a}".format(**d), "%(a)s" % d, d | {"q": 1}, type(d | {}))


class T(tuple):
    def __new__(cls, *a):
        return super().__new__(cls, a)


print(T(1, 2), type(T(1) + (2,)), T(1, 2) == (1, 2), T(3, 4)[0])


class F(float):
    ...


print(F(1.5) + 1, type(F(1) * 2), F("2.5").hex(), repr(F(0.1)))


class E(Exception):
    def __init__(self, a, b):
        self.a = a


e = E(1, 2)
print(e, repr(e), e.args, e.a)


class By(bytes):
    ...


print(By(b"x") + b"y", type(By(b"x")[:1]))


class St(set):
    ...


print(type(St([1]) | {2}), type(St([1]).copy()), St([1, 2]) == {1, 2}, St())


class B(bytearray): ...


class C(complex): ...


class Ty(type): ...


class M(type(__builtins__)):
    pass


print(B(b"a"), C(1, 2), Ty("X", (), {}), M("m").__name__, type(M("m")))


class Pr(property):
    """sub"""


class K:
    @Pr
    def x(self):
        """x doc"""
        return 1


print(K().x, K.x.__doc__, type(K.x).__name__)


class SM(staticmethod): ...
class CM(classmethod): ...


class Q:
    a = SM(lambda: 1)
    b = CM(lambda c: c.__name__)


print(Q.a(), Q.b())
class Obj(object):
    def __eq__(self, o): return True
    __hash__ = object.__hash__
print(Obj() == 1, hash(Obj()) is not None, int.__new__(I, 3), str.__new__(S, b"x", "ascii"), list.__new__(L))
