# tuple and range: methods, indexing, comparison, hashing, errors.
t = (1, "a", 2.5, 1)
print(t, (), (1,), t.count(1), t.index("a"), t.index(1, 1), t[1:], t[-1], t + (5,), t * 2, 3 * (0,), len(t), 2.5 in t, t == (1, "a", 2.5, 1), (1, 2) < (1, 3), (1,) < (1, 0), () < (1,), tuple("ab"), tuple([1]), tuple(), tuple((x for x in "z")), hash((1, 2)) == hash((1, 2)), t[::-1], max(t[::3]), sorted((3, 1)), tuple(reversed((1, 2))), (1, 2) == [1, 2], tuple(t) is t, t[:] is t, ((1, 2), (3,)), (1, (2, (3,))))
for bad in ("t[9]", "t['a']", "t[0] = 1", "del t[0]", "t + [1]", "t * 'a'", "t.index(99)", "t.append(1)", "(1,) < ('a',)", "tuple(5)", "tuple(1, 2)", "hash(([],))", "t.index()", "t += 1", "tuple(a=1)", "(1, 2) < 5", "t.index(1, 'x')"):
    try:
        exec(bad)
        print(bad, "ok")
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
r = range(2, 20, 3)
print(r, list(r), len(r), r[1], r[-1], r[1:4], r[::-1], r[::2], r.start, r.stop, r.step, 5 in r, 6 in r, 5.0 in r, "a" in r, r.index(8), r.count(8), r.count(9), list(reversed(r)), r == range(2, 18, 3), range(5), range(0), bool(range(0)), range(3) == range(0, 3), hash(range(0, 3)) == hash(range(3)), range(10, 0, -3), list(range(10, 0, -3)), range(-3), list(range(-3)), len(range(10**18)), range(10**20)[10**19], 10**19 in range(10**20), range(True), max(range(5)), sum(range(101)), range(1, 10)[2:5][1], range(10)[-3:], range(0, 10, 3)[::-1])
for bad in ("range()", "range(1, 2, 0)", "range(1.5)", "range('a')", "r[99]", "r['a']", "r.index(3)", "r[0] = 1", "range(5).x", "range(1) < range(2)", "len(range(10**30))", "range(1, 2, 3, 4)", "range(stop=5)", "r + r", "range(None)", "del r[0]", "r.start = 4", "range(3) * 2"):
    try:
        exec(bad)
        print(bad, "ok")
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
it = iter(range(3)); print(next(it), it.__length_hint__(), list(it), type(it).__name__, type(iter(range(10**20))).__name__, list(zip(range(10**20, 10**20 + 2), "ab")), [*range(10**20, 10**20 - 5, -2)])
print((1, 2).__add__((3,)), (1,).__contains__(1), (1, 2).__getitem__(0), (1,).__eq__(1), tuple.__mro__, (1,).__hash__() == hash((1,)), (1, 2, 3).__getnewargs__(), range.__mro__, isinstance((), tuple))
