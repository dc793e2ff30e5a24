# Scopes of class bodies: names, comprehensions, nested functions, __class__, locals, conditionals, deletion.
x = "global"


class A:
    x = x + " copied"
    y = [x for _ in range(1)]

    def get(self):
        return x

    if True:
        cond = 1
    else:
        other = 2
    for i in range(3):
        pass
    del cond
    try:
        z = undefined
    except NameError as e:
        err = str(e)
    print(sorted(n for n in locals() if not n.startswith("__")))
    print(__qualname__, __module__, "__class__" in locals())
    with open("/dev/null") as fh:
        closed = fh.closed
    lam = lambda self: self.x
    t, *u = 1, 2, 3
    locals()["sneaky"] = 1


print(A.x, A.y, A().get(), A.i, A.err, A().lam(), A.u, A.sneaky, hasattr(A, "e"), hasattr(A, "cond"))


def f(p):
    class B:
        q = p
        p = "class p"

        class C:
            r = p

            def m(self):
                return p

    return B.q, B.C.r, B.C().m(), B.p


try:
    print(f("arg"))
except NameError as e:
    print(type(e).__name__, e)


def g(p):
    class B:
        q = p

        class C:
            r = p

            def m(self):
                return p, __class__.__name__

    return B.q, B.C.r, B.C().m(), B.C.m.__qualname__


print(g("arg"))


class Doc:
    "docs"
    __slots__ = ()
    a: int
    __doc__ += "!"


print(Doc.__doc__, Doc.__annotations__)


class S:
    __static_test = 1

    def a(self):
        self.one = self.two = 1

    def b(self):
        self.three = 3


print(sorted(S.__static_attributes__), S.__firstlineno__, S.__qualname__)


class Shadow:
    def print(self): ...
    def len(self):
        return len([1, 2])

    list = list((1, 2))


print(Shadow().len(), Shadow.list)


class Ret:
    a = 1
    b = a + 1
    c = (lambda: 5)()
    d = {k: v for k, v in [("a", a)]}
    e = {a for a in range(2)}
    f = (a for _ in [0])


print(Ret.d, Ret.e)
try:
    print(list(Ret.f), "the module has no a") if "a" in globals() else next(Ret.f)
except NameError as e:
    print(e)
