# Cells and closures: sharing, late binding, __closure__, empty cells, recursion, class cells.
def counter():
    n = 0

    def inc(by=1):
        nonlocal n
        n += by
        return n

    def get():
        return n

    return inc, get


inc, get = counter()
inc()
inc(5)
print(get(), inc.__closure__[0].cell_contents, inc.__code__.co_freevars, counter.__code__.co_cellvars)
get.__closure__[0].cell_contents = 100
print(inc())


def empty():
    def g():
        return later

    try:
        g()
    except NameError as e:
        print(e)
    try:
        g.__closure__[0].cell_contents
    except ValueError as e:
        print(e)
    later = 1
    return g()


print(empty())
import types

cell = types.CellType(5)
print(cell.cell_contents, types.CellType() == types.CellType(), types.CellType(1) < types.CellType(2), cell == types.CellType(5))
fn = types.FunctionType(get.__code__, globals(), "renamed", None, (cell,))
print(fn(), fn.__name__, fn.__qualname__)
try:
    types.FunctionType(get.__code__, globals())
except TypeError as e:
    print(e)
try:
    types.FunctionType(get.__code__, globals(), None, None, (1,))
except TypeError as e:
    print(e)
try:
    types.FunctionType(get.__code__, globals(), None, None, ())
except ValueError as e:
    print(e)


def args(a, *b, **c):
    def inner():
        nonlocal a
        a += 1
        return a, b, c

    return inner


i = args(1, 2, k=3)
print(i(), i())


def fact(n):
    def go(k):
        return 1 if k == 0 else k * go(k - 1)

    return go(n)


print(fact(20))


class C:
    def cls(self):
        return __class__

    def sup(self):
        return super().__repr__ is not None


print(C().cls() is C, C.cls.__closure__[0].cell_contents is C, C().sup())


def many():
    a = b = c = d = 1

    def one():
        def two():
            def three():
                return a + b + c + d

            return three

        return two

    return one()()()


print(many())
fs = []
for v in range(3):
    def late():
        return v

    fs.append(late)
print([q() for q in fs])
