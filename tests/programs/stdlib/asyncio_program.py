# asyncio: tasks, gather, timeouts, queues, locks, cancellation, task groups, streams.
import asyncio


async def worker(name, n):
    for i in range(n):
        await asyncio.sleep(0)
    return f"{name}{n}"


async def failing():
    await asyncio.sleep(0)
    raise ValueError("task failed")


async def main():
    print(await asyncio.gather(worker("a", 2), worker("b", 1)))
    t = asyncio.create_task(worker("t", 1), name="named")
    print(t.get_name(), t.done(), await t, t.done(), t.result())
    print(await asyncio.gather(failing(), worker("x", 0), return_exceptions=True))
    try:
        await asyncio.wait_for(asyncio.sleep(10), 0.01)
    except TimeoutError:
        print("timeout")
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(10)
    except TimeoutError:
        print("timeout block")
    q = asyncio.Queue(2)

    async def produce():
        for i in range(4):
            await q.put(i)
        await q.put(None)

    async def consume():
        out = []
        while (x := await q.get()) is not None:
            out.append(x)
        return out

    async with asyncio.TaskGroup() as tg:
        tg.create_task(produce())
        c = tg.create_task(consume())
    print(c.result())
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(failing())
            tg.create_task(asyncio.sleep(10))
    except* ValueError as e:
        print(repr(e))
    t = asyncio.create_task(asyncio.sleep(10))
    await asyncio.sleep(0)
    t.cancel()
    try:
        await t
    except asyncio.CancelledError:
        print("cancelled", t.cancelled())
    lock, ev = asyncio.Lock(), asyncio.Event()
    async with lock:
        print(lock.locked())
    ev.set()
    await ev.wait()

    async def handle(r, w):
        data = await r.readline()
        w.write(b"echo " + data)
        await w.drain()
        w.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    r, w = await asyncio.open_connection(host, port)
    w.write(b"hello\n")
    print(await r.read())
    w.close()
    server.close()
    loop = asyncio.get_running_loop()
    print(await loop.run_in_executor(None, lambda: 6 * 7), await asyncio.to_thread(len, "abc"))
    fut = loop.create_future()
    loop.call_later(0.001, fut.set_result, "later")
    print(await fut)
    done, pending = await asyncio.wait([asyncio.create_task(worker("w", k)) for k in range(3)])
    print(sorted(d.result() for d in done), pending)
    async for x in aiter_numbers():
        print(x, end=" ")
    print()
    proc = await asyncio.create_subprocess_exec("echo", "sub", stdout=asyncio.subprocess.PIPE)
    print(await proc.communicate(), proc.returncode)


async def aiter_numbers():
    for i in range(3):
        await asyncio.sleep(0)
        yield i


asyncio.run(main())
try:
    asyncio.run(failing())
except ValueError as e:
    print(e)
