# __getattr__, __getattribute__, __setattr__, __delattr__, __dir__, and their interplay.
class A:
    def __init__(self):
        self.real = 1

    def __getattr__(self, name):
        if name.startswith("dyn_"):
            return name[4:]
        raise AttributeError(f"custom: no {name}")


a = A()
print(a.real, a.dyn_x, hasattr(a, "zzz"), getattr(a, "zzz", None))
try:
    a.zzz
except AttributeError as e:
    print(e, e.name)


class B:
    x = 1

    def __getattribute__(self, name):
        if name == "blocked":
            raise AttributeError("blocked")
        return "intercepted " + name if name != "__dict__" else object.__getattribute__(self, name)

    def __getattr__(self, name):
        return "getattr " + name


b = B()
print(b.x, b.anything, b.blocked, object.__getattribute__(b, "x"), len([b]))


class C:
    def __setattr__(self, n, v):
        print("set", n, v)
        object.__setattr__(self, n, v * 2)

    def __delattr__(self, n):
        print("del", n)
        super().__delattr__(n)

    def __dir__(self):
        return ["z", "a"]


c = C()
c.v = 4
print(c.v, dir(c))
del c.v
try:
    del c.v
except AttributeError as e:
    print(e)
try:
    c.__dict__["k"] = 1
    print(c.k)
except AttributeError as e:
    print(e)


class Meta(type):
    def __getattr__(cls, n):
        return f"meta {n}"

    def __setattr__(cls, n, v):
        print("metaset", n)
        super().__setattr__(n, v)


class M(metaclass=Meta):
    pass


print(M.foo)
M.bar = 1
print(M.bar)
try:
    M().foo
except AttributeError as e:
    print(e)


class Special:
    def __getattr__(self, n):
        if n == "__len__":
            return lambda: 5
        raise AttributeError(n)


s = Special()
print(s.__len__())
try:
    len(s)
except TypeError as e:
    print(e)
s.__len__ = lambda: 1
s.__call__ = lambda: 2
for f in (len, lambda o: o()):
    try:
        f(s)
    except TypeError as e:
        print(e)


class Raises:
    @property
    def p(self):
        raise AttributeError("inside property")

    @property
    def q(self):
        return self.missing_thing


for n in "pq":
    try:
        getattr(Raises(), n)
    except AttributeError as e:
        print(e)


class WithGetattr(Raises):
    def __getattr__(self, n):
        return "rescued " + n


print(WithGetattr().p, WithGetattr().q)
for bad in ("getattr(a, 5)", "setattr(a, 5, 1)", "hasattr(a, 5)", "delattr(a, None)", "object.__setattr__(int, 'x', 1)", "type.__setattr__(A, 'x', 1)", "object.__getattribute__(a, 1)"):
    try:
        print(bad, eval(bad))
    except (TypeError, AttributeError) as e:
        print(bad, "->", type(e).__name__, e)
