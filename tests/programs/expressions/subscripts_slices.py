# Subscripts and slices over sequences and through __getitem__, with tuples, Ellipsis, star.
s = "abcdefgh"
print(s[0], s[-1], s[2:5], s[:3], s[5:], s[::2], s[::-1], s[-3:-1], s[10:], s[5:2], s[-100:100], s[6:1:-2])
t = tuple(range(10))
print(t[1:8:3], t[-2::-3], t[:], t[:0], b"bytes"[1], b"bytes"[1:3], bytearray(b"xyz")[::-1], range(20)[3:15:4], range(10)[-1])


class G:
    def __getitem__(self, k):
        return k

    def __setitem__(self, k, v):
        print("set", k, v)

    def __delitem__(self, k):
        print("del", k)


g = G()
print(g[1], g[1:2], g[::], g[1:2:3, ...], g[()], g[*"ab", 1], g["k"], g[:, None], g[-1:], g[1, ])
g[1:2] = 3
g[..., 4:5] = 6
del g[::2], g["x"]
lst = list(range(6))
lst[1:4] = [10]
print(lst)
lst[2:2] = "xy"
print(lst)
lst[-1:] = []
print(lst)
lst[::-1] = range(len(lst))
print(lst)
lst[5:1] = [7]
print(lst)
for code in (
    "s[10]", "t[10]", "lst[-99]", "s['a']", "t[1.0]", "lst[None]", "s[1:'a']", "lst[::0]", "b'a'[5]", "range(3)[3]", "5[0]", "None[0]", "{}['k']", "{}[[]]", "lst['a':]", "(1, 2)['x']", "range(3)['a']", "bytearray(b'a')['x']", "len[0]", "{1}[0]", "int[0]", "G[0]", "memoryview(b'ab')[5]", "'abc'[1,2]", "lst[1 << 70]", "str[0]",
):
    try:
        print(code, eval(code))
    except Exception as e:
        print(code, "->", type(e).__name__, e)
sl = slice(1, 10, 2)
print(sl, sl.start, sl.stop, sl.step, sl.indices(5), slice(None), slice(3), sl == slice(1, 10, 2), slice(1) < slice(2), hash(slice(1)) == hash(slice(1)))
for bad in ("sl.indices(-1)", "slice(0, 5, 0).indices(3)", "slice('a').indices(3)", "sl.start = 1"):
    try:
        exec(bad)
    except Exception as e:
        print(type(e).__name__, e)
print(slice(None, None, -1).indices(5), slice(-3, None).indices(10), slice(100, -100, -3).indices(7))
