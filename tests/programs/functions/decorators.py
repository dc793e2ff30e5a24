# Decorators: stacking, arguments, classes, arbitrary expressions, functools.wraps, state.
import functools


def tag(name):
    def deco(f):
        @functools.wraps(f)
        def wrapper(*a, **k):
            return f"<{name}>{f(*a, **k)}</{name}>"

        return wrapper

    return deco


@tag("b")
@tag("i")
def hello(who="x"):
    """says hello"""
    return "hello " + who


print(hello(), hello("y"), hello.__name__, hello.__doc__, hello.__wrapped__.__wrapped__("raw"), hello.__qualname__)


class Count:
    def __init__(self, f):
        functools.update_wrapper(self, f)
        self.f, self.n = f, 0

    def __call__(self, *a):
        self.n += 1
        return self.f(*a)

    def __get__(self, obj, owner):
        return functools.partial(self, obj)


@Count
def add(a, b):
    return a + b


print(add(1, 2), add(3, 4), add.n, add.__name__)


class K:
    @Count
    def m(self, x):
        return x * 2


print(K().m(4), K.__dict__["m"].n)
table = [lambda f: 5, {"k": lambda c: c.__name__}]


@table[0]
def five(): ...


@table[1]["k"]
class Named: ...


@(lambda f: f() + 1)
def six():
    return 5


@x if (x := tag("w")) else None
def cond():
    return 1


print(five, Named, six, cond())


@functools.lru_cache(maxsize=2)
def sq(n):
    print("computing", n)
    return n * n


print(sq(2), sq(2), sq(3), sq(4), sq(2), sq.cache_info())


@functools.singledispatch
def kind(x):
    return "object"


@kind.register
def _(x: int):
    return "int"


@kind.register(list)
def _(x):
    return "list"


print(kind(1), kind([]), kind("s"), kind(True))


@functools.total_ordering
class V:
    def __init__(self, v):
        self.v = v

    def __eq__(self, o):
        return self.v == o.v

    def __lt__(self, o):
        return self.v < o.v


print(V(1) <= V(1), V(2) > V(1), V(1) >= V(2))


class P:
    @functools.cached_property
    def big(self):
        print("once")
        return 99


p = P()
print(p.big, p.big, vars(p))
