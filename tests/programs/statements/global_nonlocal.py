# global and nonlocal, in nested functions, classes, comprehensions, exec.
x = "module"


def f():
    global x, made
    x = "set by f"
    made = 1

    def g():
        return x

    return g()


print(f(), x, made)


def outer():
    n = 0

    def inc():
        nonlocal n
        n += 1

        def deeper():
            nonlocal n
            n += 10

        deeper()
        return n

    print(inc(), inc(), n)
    return n


outer()


def shadow():
    x = "local"

    class C:
        y = x
        x = "class"
        z = [x for _ in range(1)]

        def m(self):
            return x

    return C.y, C.x, C.z, C().m()


print(shadow())


class G:
    global gg
    gg = "from class body"
    nn = gg


print(gg, G.nn)


def classnonlocal():
    v = 1

    class C:
        nonlocal v
        v = 2

    return v, "v" in vars(C)


print(classnonlocal())


def use_before():
    print(x)
    x = 1


try:
    use_before()
except UnboundLocalError as e:
    print(e)
for src in (
    "def f():\n    x = 1\n    global x",
    "def f(x):\n    global x",
    "def f():\n    nonlocal y",
    "nonlocal z",
    "def f():\n    x = 1\n    def g():\n        print(x)\n        nonlocal x",
    "def f(a):\n    nonlocal a",
    "def f():\n    x = 0\n    def g():\n        global x\n        nonlocal x",
    "def f():\n    global q\n    q: int = 1",
):
    try:
        exec(src)
    except SyntaxError as e:
        print(e.msg, e.lineno, e.offset, e.end_offset)
