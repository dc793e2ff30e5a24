# The attributes of code objects of small functions.
def show(f):
    c = f.__code__
    print("--", c.co_name, c.co_qualname)
    print("args", c.co_argcount, c.co_posonlyargcount, c.co_kwonlyargcount, "locals", c.co_nlocals, c.co_varnames)
    print("cells", c.co_cellvars, "frees", c.co_freevars, "names", c.co_names)
    print("consts", [getattr(k, "co_name", k) for k in c.co_consts], "stack", c.co_stacksize, "flags", hex(c.co_flags))
    print("first line", c.co_firstlineno, "code length", len(c.co_code), c.co_code.hex())
    print("lines", list(c.co_lines()))
    print("linetable", c.co_linetable.hex(), "exceptions", c.co_exceptiontable.hex())


def empty(): ...


def add(a, b=1):
    return a + b


def every(a, /, b, *args, c=3, **kw):
    """doc"""
    local = len(args)
    return local, a, b, c, kw


def closure(x):
    def inner(y):
        return x + y

    return inner


def generator(n):
    while n:
        yield n
        n -= 1


async def coroutine():
    await other()


def guarded():
    try:
        return risky()
    except ValueError as e:
        return e
    finally:
        print("done")


for f in (empty, add, every, closure, closure(1), generator, coroutine, guarded, lambda: None):
    show(f)


class C:
    def method(self):
        return super().method()


show(C.method)
