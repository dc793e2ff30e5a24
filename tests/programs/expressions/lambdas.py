# lambda in all its parameter forms, nested, immediately called, as default, in comprehension.
print((lambda: 1)(), (lambda x: x + 1)(2), (lambda *a: a)(1, 2), (lambda **k: k)(a=1), (lambda a, b=2, /, c=3, *, d=4: (a, b, c, d))(1, d=5))
print((lambda x: lambda y: x + y)(1)(2), (lambda f: f(f, 5))(lambda f, n: 1 if n < 2 else n * f(f, n - 1)))
f = lambda: (yield 5)
print(next(f()), f.__name__, f.__qualname__, (lambda x, *y, z=1: 0).__code__.co_varnames)
print(sorted([3, -1, 2], key=lambda v: -v), list(map(lambda a, b: a * b, [1, 2], [3, 4])))
g = lambda x=[]: (x.append(1), x)[1]
print(g(), g(), g.__defaults__)
h = lambda x: x if x else None
print(h(0), h(1), [*map(lambda i: (lambda: i)(), range(3))])


def outer():
    inner = lambda: inner.__qualname__
    return inner()


print(outer())


class C:
    m = lambda self, y: (self.v, y)
    v = 3


print(C().m(4), C.m.__qualname__)
print((lambda: (lambda: __name__)())(), str(type(lambda: 0)))
