# contextlib: contextmanager, ExitStack, suppress, closing, redirect_stdout, nullcontext, ContextDecorator.
import contextlib
import io


@contextlib.contextmanager
def cm(name, swallow=False):
    print("enter", name)
    try:
        yield name.upper()
    except ValueError as e:
        print("saw", e)
        if not swallow:
            raise
    finally:
        print("leave", name)


with cm("a") as v:
    print(v)
with cm("b", True):
    raise ValueError("x")
try:
    with cm("c"):
        raise ValueError("y")
except ValueError as e:
    print("out", e)


@cm("deco")
def f():
    return "f ran"


print(f())


@contextlib.contextmanager
def bad():
    if 0:
        yield


@contextlib.contextmanager
def twice():
    yield 1
    yield 2


for m in (bad, twice):
    try:
        with m():
            pass
    except RuntimeError as e:
        print(e)
with contextlib.ExitStack() as st:
    for n in "xyz":
        st.enter_context(cm(n))
    st.callback(print, "callback", end="!\n")
    st.push(lambda *exc: print("push", exc[0]))
    print("in stack")
with contextlib.suppress(KeyError, IndexError):
    {}["k"]
print("suppressed")
buf = io.StringIO()
with contextlib.redirect_stdout(buf):
    print("captured")
print(repr(buf.getvalue()))


class Closer:
    def close(self):
        print("closed")


with contextlib.closing(Closer()), contextlib.nullcontext(5) as n:
    print(n)


class Deco(contextlib.ContextDecorator):
    def __enter__(self):
        print("start")

    def __exit__(self, *e):
        print("stop")


@Deco()
def g(x):
    print("g", x)


g(1)
try:
    with contextlib.ExitStack() as st:
        st.callback(lambda: 1 / 0)
        raise KeyError("first")
except ZeroDivisionError as e:
    print(e, repr(e.__context__))
print(isinstance(cm("q"), contextlib.AbstractContextManager), contextlib.ExitStack().__class__.__name__)
