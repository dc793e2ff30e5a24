# Async generators: asend, athrow, aclose, finalization, comprehension, yields inside await.
import asyncio


async def agen(n):
    try:
        for i in range(n):
            got = yield i
            if got:
                print("got", got)
    except ValueError as e:
        print("caught", e)
        yield "after throw"
    finally:
        print("agen cleanup")


async def main():
    print([x async for x in agen(3)])
    g = agen(5)
    print(await anext(g), await g.asend("hi"), await g.__anext__())
    print(await g.athrow(ValueError("bad")))
    try:
        await anext(g)
    except StopAsyncIteration:
        print("finished")
    print(await anext(g, "default"))
    g = agen(2)
    await anext(g)
    await g.aclose()
    try:
        await agen(1).asend(1)
    except TypeError as e:
        print(e)

    async def chain(*gs):
        for s in gs:
            async for v in s:
                yield v

    print([v async for v in chain(agen(1), agen(2))])

    async def sleeper():
        for i in range(2):
            await asyncio.sleep(0)
            yield i

    async for v in sleeper():
        print("slept", v)
    print(type(g).__name__, g.ag_running, g.__name__, aiter(g) is g)
    ex = (i async for i in agen(2) if i)
    print([x async for x in ex], type(ex))
    try:
        async def bad():
            yield 1
            raise StopAsyncIteration

        [x async for x in bad()]
    except RuntimeError as e:
        print(e)
    try:
        for x in agen(1):
            pass
    except TypeError as e:
        print(e)


asyncio.run(main())
