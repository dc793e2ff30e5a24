# with: order of enter and exit, several items, targets, suppression, exceptions in enter and exit.
class C:
    def __init__(self, name, swallow=False, fail=None):
        self.name, self.swallow, self.fail = name, swallow, fail

    def __enter__(self):
        print("enter", self.name)
        if self.fail == "enter":
            raise OSError("enter failed")
        return self.name.upper()

    def __exit__(self, kind, value, tb):
        print("exit", self.name, kind and kind.__name__, value, tb is not None)
        if self.fail == "exit":
            raise OSError("exit failed")
        return self.swallow


with C("a") as a, C("b") as b:
    print(a, b)
with (
    C("c") as (x),
    C("d"),
):
    print(x)
with C("e", swallow=True):
    raise ValueError("gone")
print("went on")
try:
    with C("f"), C("g", fail="enter"):
        print("never")
except OSError as e:
    print(e)
try:
    with C("h", fail="exit"):
        raise KeyError("body")
except OSError as e:
    print(e, "| context", repr(e.__context__))


def f():
    with C("ret"):
        return "value"


print(f())
for i in range(3):
    with C(str(i)):
        if i == 0:
            continue
        break
d = {}
with C("sub") as d["k"], C("tup") as (p, *q):
    print(d, p, q)
for bad in (object(), 5):
    try:
        with bad:
            pass
    except TypeError as e:
        print(e)


class Half:
    def __enter__(self):
        return 1


try:
    with Half():
        pass
except TypeError as e:
    print(e)


class Async:
    async def __aenter__(self): ...
    async def __aexit__(self, *a): ...


try:
    with Async():
        pass
except TypeError as e:
    print(e)
