# async def, await, async for, async with, async comprehensions, all driven by hand.
class Ticker:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        return self.n


class Gate:
    async def __aenter__(self):
        print("aenter")
        return "gate"

    async def __aexit__(self, *exc):
        print("aexit", exc[0])
        return exc[0] is KeyError


class Wait:
    def __init__(self, v):
        self.v = v

    def __await__(self):
        got = yield self.v
        return got


async def main():
    async for t in Ticker(3):
        if t == 1:
            continue
        print("tick", t)
    else:
        print("async else")
    async with Gate() as g, Gate():
        print(g)
    async with Gate():
        raise KeyError
    got = await Wait("please")
    print("got", got)
    print([t async for t in Ticker(4) if t % 2])
    print({t: await coro(t) async for t in Ticker(3)})
    print([await coro(x) for x in (1, 2)])
    gen = (t async for t in Ticker(2))
    print(type(gen).__name__, [x async for x in gen])
    return "result"


async def coro(x):
    return x * 10


def drive(c, *values):
    sent = None
    values = iter(values)
    while True:
        try:
            out = c.send(sent)
            print("yielded", out)
            sent = next(values, None)
        except StopIteration as e:
            return e.value


print(drive(main(), "answer"))


async def bad1():
    async for x in [1]:
        pass


async def bad2():
    async with 5:
        pass


async def bad3():
    await 5


async def bad4():
    await [].append


class NotAwaitable:
    def __await__(self):
        return 5


async def bad5():
    await NotAwaitable()


class BadIter:
    def __aiter__(self):
        return self


async def bad6():
    async for x in BadIter():
        pass


for b in (bad1, bad2, bad3, bad4, bad5, bad6):
    try:
        drive(b())
    except TypeError as e:
        print(e)
