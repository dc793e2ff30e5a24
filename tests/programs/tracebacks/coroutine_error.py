# The traceback through awaits.
async def fetch(n):
    if n == 2:
        raise ConnectionError("lost")
    return n


async def gather():
    return [await fetch(i) for i in range(5)]


coroutine = gather()
coroutine.send(None)
