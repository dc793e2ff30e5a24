# dis of functions: closures, generators, async, comprehensions, super, exception tables, cache entries.
import dis
import io
import re


def show(code, view=dis.dis, **options):
    text = io.StringIO()
    view(code, file=text, **options)
    print(re.sub(r" at 0x[0-9a-f]+", "", text.getvalue()), end="")



def closure(a):
    b = 1

    def inner(c):
        nonlocal b
        b += a
        return b + c

    return inner


def generator(n):
    for i in range(n):
        x = yield i
    yield from other
    return x


async def coroutine(x):
    async with x as y:
        async for z in y:
            await z
    return [w async for w in x]


class A:
    def m(self, k):
        self.k = k
        super().m(k)
        return self.k.method(k)


def handlers(a):
    for x in a:
        try:
            with x:
                a(x)
        except (KeyError, TypeError) as e:
            continue
        finally:
            del x
    return {k: [v for v in w] for k, w in a}


for f in (closure, generator, coroutine, A.m, handlers):
    print("==", f.__name__)
    show(f)
show(closure(1), show_caches=True, show_offsets=True)
show(closure, dis.show_code)
bc = dis.Bytecode(generator)
print([(i.opname, i.arg, i.starts_line, i.is_jump_target) for i in bc][:8])
print(list(dis.findlinestarts(handlers.__code__)), dis.findlabels(handlers.__code__.co_code))
