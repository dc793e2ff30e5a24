# Recursion: depth limit, RecursionError, mutual recursion, deep but allowed, recovery.
import sys


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


print(depth(900), sys.getrecursionlimit())


def forever(n):
    return forever(n + 1)


try:
    forever(0)
except RecursionError as e:
    print(type(e).__mro__[1].__name__, e)
sys.setrecursionlimit(5000)
print(depth(4500))
sys.setrecursionlimit(1000)
try:
    depth(3000)
except RecursionError as e:
    print(e)
print(depth(500))


def even(n):
    return n == 0 or odd(n - 1)


def odd(n):
    return n != 0 and even(n - 1)


print(even(400), odd(400))


class R:
    def __repr__(self):
        return repr(self)

    def __getattr__(self, k):
        return getattr(self, k)

    def __add__(self, o):
        return self + o

    def __eq__(self, o):
        return self == o

    def __call__(self):
        return self()

    def __iter__(self):
        return iter(self)


r = R()
for code in ("repr(r)", "r.x", "r + 1", "r == 1", "r()", "list(r)", "str(r)", "f'{r}'"):
    try:
        eval(code)
    except RecursionError as e:
        print(code, "RecursionError")
for bad in (0, -1, "x"):
    try:
        sys.setrecursionlimit(bad)
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
a = []
for _ in range(100000):
    a = [a]
for op in (repr, lambda v: v == v[0] if 0 else v == [v], hash if 0 else str):
    try:
        op(a)
        print("no error")
    except RecursionError as e:
        print("RecursionError")
b = []
b.append(b)
print(b, b[0] is b)
d = {}
d["d"] = d
print(d)
t = ([],)
t[0].append(t)
print(t)
try:
    print(b == [b] and "equal", b == [[b]])
except RecursionError as e:
    print(e)
while a:
    a = a[0]
print("unwound")
