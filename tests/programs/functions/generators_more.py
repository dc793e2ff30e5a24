# Generators: delegation to iterators, exceptions through delegation, finalization, tree walk, context.
class Iter:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if not self.n:
            raise StopIteration("ret")
        self.n -= 1
        return self.n

    def send(self, v):
        return ("sent", v)

    def throw(self, e):
        return ("thrown", type(e).__name__)

    def close(self):
        print("closed")


def d(n):
    r = yield from Iter(n)
    yield ("returned", r)


x = d(3)
print(next(x), x.send(5), x.throw(KeyError()), x.send(None), next(x), next(x))
x = d(3)
next(x)
x.close()


def only_next():
    yield from iter([1, 2])


x = only_next()
next(x)
try:
    x.send(1)
except AttributeError as e:
    print(e)


def walk(t):
    if isinstance(t, list):
        for s in t:
            yield from walk(s)
    else:
        yield t


print(list(walk([1, [2, [3, [4]]], 5])))


def deep(n):
    if n:
        yield from deep(n - 1)
    yield n


print(sum(deep(200)))


def context():
    try:
        yield 1
    except ValueError:
        yield "handling"
        raise TypeError("from handler")


c = context()
next(c)
print(c.throw(ValueError("v")))
try:
    next(c)
except TypeError as e:
    print(e, "| context", repr(e.__context__))


def exc_state():
    import sys

    try:
        raise KeyError("inside")
    except KeyError:
        yield repr(sys.exception())
        yield repr(sys.exception())


e = exc_state()
try:
    raise ValueError("outside")
except ValueError:
    import sys

    print(next(e), repr(sys.exception()))
print(next(e), sys.exception())


def fin(tag):
    try:
        yield tag
    finally:
        print("final", tag)


f = fin("dropped")
next(f)
del f
f = fin("never started")
del f
for v in fin("loop"):
    break
print("after loop")
lst = [fin("a"), fin("b")]
for g in lst:
    next(g)
del lst, g


def ret_in_finally():
    try:
        yield 1
    finally:
        yield "from finally"


r = ret_in_finally()
next(r)
print(r.throw(KeyError))
try:
    next(r)
except KeyError as e:
    print("KeyError back")


def compose(*fs):
    def run(v):
        for f in fs:
            v = yield from f(v)
        return v

    return run


def plus(v):
    got = yield v
    return v + got


run = compose(plus, plus)(1)
print(next(run), run.send(10))
try:
    run.send(100)
except StopIteration as e:
    print(e.value)
try:
    def bad():
        yield from 5
    next(bad())
except TypeError as e:
    print(e)
