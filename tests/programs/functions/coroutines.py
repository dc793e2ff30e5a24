# Coroutine objects: states, send/throw/close, cr_await, reuse, never-awaited warning, types.coroutine.
import inspect
import types
import warnings


@types.coroutine
def pause(v):
    got = yield v
    return got


async def inner(x):
    try:
        return await pause(x) + 1
    except ValueError as e:
        return f"handled {e}"


async def outer():
    a = await inner(1)
    b = await inner(2)
    return a, b


c = outer()
print(type(c).__name__, inspect.getcoroutinestate(c), c.send(None), inspect.getcoroutinestate(c), c.cr_await is not None)
print(c.send(10))
try:
    c.throw(ValueError("thrown"))
except StopIteration as e:
    print(e.value, inspect.getcoroutinestate(c), c.cr_await)
try:
    c.send(None)
except RuntimeError as e:
    print(e)
c = outer()
try:
    c.send(5)
except TypeError as e:
    print(e)
c.close()
try:
    iter(c)
except TypeError as e:
    print(e)
c = inner(1)
c.send(None)


async def twice():
    await c


try:
    twice().send(None)
except RuntimeError as e:
    print(e)
c.close()
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    outer()
    print(w[0].category.__name__, w[0].message)
print(inspect.iscoroutinefunction(outer), inspect.isawaitable(pause(1)), inspect.iscoroutine(5), outer.__code__.co_flags & 0x80, pause.__wrapped__ if hasattr(pause, "__wrapped__") else "no wrapper")


async def deep(n):
    return 0 if n == 0 else 1 + await deep(n - 1)


try:
    deep(300).send(None)
except StopIteration as e:
    print(e.value)


async def stops():
    raise StopIteration


try:
    stops().send(None)
except RuntimeError as e:
    print(e)


class Aw:
    def __await__(self):
        return iter([1, 2])


async def use():
    return await Aw()


u = use()
print(u.send(None), u.send(None), next(iter([3])))
u.close()
