# Assignment: chained, unpacking, starred, subscripts, slices, attributes, evaluation order.
a = b = c = [1]
print(a is b is c)
x, y = 1, 2
x, y = y, x
print(x, y)
first, *rest = range(5)
*init, last = range(5)
h, *m, t = "hello"
print(first, rest, init, last, h, m, t)
(p, q), [r, *s] = (1, 2), (3, 4, 5)
print(p, q, r, s)
[u] = [9]
(v,) = {7: 1}
print(u, v)


def say(x):
    print("eval", x)
    return x


lst = [0, 0, 0]
lst[say(0)] = lst[say(1)] = say(5)
print(lst)
i = 0
i, lst[i] = 2, "two"
print(i, lst)
lst[1:2] = "abc"
print(lst)
lst[::2] = [0, 0, 0]
print(lst)
for code in (
    "a, b = 1",
    "a, b = 1, 2, 3",
    "a, b, *c = [1]",
    "a, b = 'x'",
    "a, b, c = iter([1, 2])",
    "a, = ()",
    "[a, b] = {1: 2, 3: 4, 5: 6}",
    "*a, = 5",
    "lst[::2] = [1]",
    "lst['x'] = 1",
    "(1).x = 2",
    "None[0] = 1",
    "a, b = None",
):
    try:
        exec(code)
    except Exception as e:
        print(code, "->", type(e).__name__, e)


def gen():
    print("gen start")
    yield 1
    yield 2
    print("gen end")


a, b = gen()
print(a, b)
d = {}
d["k"], d["j"] = d.setdefault("z", 0), len(d)
print(d)
