# map, filter, zip, enumerate, reversed, iter, next, all/any, sum, min/max, sorted, and their state.
print(list(map(str, [1, 2])), list(map(lambda a, b: a + b, [1, 2, 3], [10, 20])), list(filter(None, [0, 1, "", "a"])), list(filter(lambda x: x > 1, [1, 2, 3])), list(zip("ab", [1, 2, 3])), list(zip()), list(zip("a")), list(enumerate("ab", 5)), list(enumerate([], start=1)), list(reversed("abc")), list(map(pow, [2, 3], [3, 2], [5, 5])))
try:
    list(zip([1, 2], [1], strict=True))
except ValueError as e:
    print(e)
try:
    list(zip([1], [1, 2], strict=True))
except ValueError as e:
    print(e)
try:
    list(zip("a", "ab", "ab", strict=True))
except ValueError as e:
    print(e)
try:
    list(map(lambda a, b: 0, [1], [1, 2], strict=True))
except ValueError as e:
    print(e)
print(sum([1, 2], 10), sum([[1], [2]], []), sum([0.1] * 10), sum([1.5, 2]), sum([]), sum((1 for _ in range(5))), sum([2**62, 2**62, 1]), sum([1, 2.5, 1j]), sum([True, True]), sum([1e100, 1, -1e100]), sum(range(5), start=1))
print(min(3, 1, 2), max("abc"), min([], default="d"), max([1, -5], key=abs), min("b", "a", key=ord), max({"a": 1, "b": 0}), min([(1, "z"), (1, "a")]), max(1, 1.0), max(True, 1), min(iter([5, 4])))
print(all([]), all([1, 0]), any([]), any([0, "x"]), all(x for x in (1, 2)), any(x > 1 for x in (1, 2)), len([*iter("ab")]))
print(iter([]).__next__.__name__, next(iter("a")), next(iter(""), "default"), list(iter(lambda it=iter([1, 2, 0, 3]): next(it), 0)), type(iter({})).__name__, type(iter(set())).__name__, type(iter("")).__name__, type(iter("é")).__name__, type(iter(())).__name__, type(iter(b"")).__name__, type(map(int, "")).__name__, type(reversed([])).__name__, type(reversed({})).__name__, type(reversed(())).__name__, type(iter(int, 0)).__name__)
e = enumerate("xyz"); next(e); print(list(e), list(e)); m = map(str, iter([1, 2])); print(next(m), list(m)); z = zip(iter([1, 2, 3]), iter([1])); print(list(z))
calls = []
def track(x): calls.append(x); return x
g = map(track, [1, 2, 3]); print(calls); next(g); print(calls); any(map(track, [0, 5, 6])); print(calls)
for bad in ("next(iter([]))", "iter(5)", "iter(len)", "iter(5, 0)", "next(5)", "next([])", "reversed(5)", "reversed({1})", "reversed(iter([]))", "enumerate(5)", "enumerate('a', 'b')", "zip(1)", "zip([], 5)", "map(5, [1]).__next__()", "list(map(int, ['x']))", "filter(5, [1]).__next__()", "filter(None)", "sum(5)", "sum(['a'], '')", "sum([b'a'], b'')", "sum([[1]])", "sum([], 'x')", "min()", "min(5)", "min([])", "max(1, 'a')", "max([1, 'a'])", "max(1, 2, default=3)", "max([1], key=5)", "all(5)", "any(5)", "sorted([1, 'a'])", "sorted()", "len(5)", "len(iter([]))", "zip(strict=1, foo=2)", "min(1, 2, kee=3)", "map()", "enumerate()", "sum()", "reversed()", "iter()", "next()"):
    try:
        print(bad, "=", eval(bad))
    except StopIteration as e:
        print(bad, "-> StopIteration", e.args)
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
class Rev:
    def __len__(self): return 3
    def __getitem__(self, i): return i * 10
print(list(reversed(Rev())), reversed(Rev()).__length_hint__(), list(iter(Rev().__getitem__, 5)) if 0 else "", max(Rev()) if 0 else "", [*zip(*[[1, 2], [3, 4]])], dict(map(lambda p: p[::-1], {"a": 1}.items())))
