# Generators: next, send, throw, close, return values, yield from, state, errors.
import inspect


def g():
    x = yield 1
    print("got", x)
    try:
        y = yield 2
    except ValueError as e:
        print("caught", e)
        y = "recovered"
    print("y", y)
    return "end"


it = g()
print(inspect.getgeneratorstate(it), next(it), inspect.getgeneratorstate(it))
print(it.send("hello"), it.gi_frame.f_lineno - g.__code__.co_firstlineno, it.gi_running)
try:
    it.throw(ValueError("boom"))
except StopIteration as e:
    print(e.value, inspect.getgeneratorstate(it), it.gi_frame)
print(next(it, "default"), list(it))
try:
    g().send(1)
except TypeError as e:
    print(e)


def closing():
    try:
        yield 1
    except GeneratorExit:
        print("GeneratorExit")
        raise
    finally:
        print("cleanup")


c = closing()
next(c)
print(c.close(), c.close())


def closereturns():
    try:
        yield
    except GeneratorExit:
        return "closed value"


c = closereturns()
next(c)
print(c.close())


def stubborn():
    for _ in range(2):
        try:
            yield
        except GeneratorExit:
            pass


s = stubborn()
next(s)
try:
    s.close()
except RuntimeError as e:
    print(e, next(s, 'done'))


def inner():
    a = yield "i1"
    print("inner got", a)
    try:
        yield "i2"
    except KeyError as e:
        print("inner caught", e)
    return "inner result"


def outer():
    r = yield from inner()
    print("result", r)
    yield from [7, 8]
    return (yield from "z")


o = outer()
print(next(o), o.send("s"), o.gi_yieldfrom is not None, o.throw(KeyError("k")), next(o), next(o))
try:
    next(o)
except StopIteration as e:
    print("value", e.value)


def raises_stop():
    yield 1
    raise StopIteration("bad")


try:
    list(raises_stop())
except RuntimeError as e:
    print(e, repr(e.__cause__))


def reenter():
    yield next(me)


me = reenter()
try:
    next(me)
except ValueError as e:
    print(e)
for bad in ("g().throw()", "g().throw(5)", "g().throw(int)", "g().throw(ValueError('a'), 5)"):
    try:
        eval(bad)
    except Exception as e:
        print(type(e).__name__, e)
gen = (i * i for i in range(4))
print(next(gen), sum(gen), gen.__name__, g.__name__, it.__name__, it.__qualname__, type(gen))


def infinite():
    n = 0
    while True:
        yield n
        n += 1


from itertools import islice

print(list(islice(infinite(), 3, 10, 2)), tuple(zip(infinite(), "ab")))
