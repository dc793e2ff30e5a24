# list: every method, slicing assignment, sorting, comparison, errors.
l = [3, 1, 2]
l.append(4); l.extend("ab"); l.insert(1, "i"); l.insert(-1, "j"); l.insert(99, "end")
print(l, l.pop(), l.pop(0), l.pop(-2), l.index(2), l.count(4), l.index("a", 2) if "a" in l else "", len(l))
l.remove("i"); l.reverse(); print(l, l.copy() == l, l[:] is l, l.clear(), l)
print(list(), list("ab"), list(range(3)), list({1: 2}), list((1,)), [1] + [2], [0] * 3, 2 * [1], [] * 5, [1] * -1, [[]] * 2, list(x for x in "q"))
s = [3, -1, 2, -5]
s.sort(); print(s, end=" "); s.sort(key=abs); print(s, end=" "); s.sort(key=abs, reverse=True); print(s, sorted("bca"), sorted({3: 1, 1: 2}), sorted([(1, "b"), (1, "a")]), sorted(["B", "a"], key=str.lower), sorted([1.5, 1, True, 0]), sorted([[2], [1, 5], []]))
stable = [(1, "a"), (0, "b"), (1, "c"), (0, "d")]
print(sorted(stable, key=lambda p: p[0]), sorted(stable, key=lambda p: p[0], reverse=True), sorted(range(20), key=lambda x: (x * 7) % 10))
print([1, 2] < [1, 3], [1] < [1, 0], [] < [1], [1, 2] == [1, 2], [1] != (1,), [1, [2]] == [1, [2]], [2] > [1, 9], 2 in [1, 2], [] in [[]], [1, 2, 3][-2:], [1, 2, 3][::-1], max([1, 5, 3]), min([[2], [1]]), sum([1, 2.5]), any([0, 1]), all([]), list(reversed([1, 2])), list(zip([1], [2])), list(enumerate("a")), bool([]))
x = list(range(10))
x[2:5] = "ab"; x[:0] = [-1]; x[len(x):] = [99]; del x[3:5]; x[::3] = [0] * len(x[::3]); x[1:1] = x; x[-2:] = []
print(x)
x = [1, 2, 3]; x[1:2] = x; print(x); x += x; print(x); x *= 0; print(x); x[5:9] = [1]; print(x)
for bad in ("[].pop()", "[1].pop(5)", "[1].pop('a')", "[].remove(1)", "[].index(1)", "[1, 2].index(1, 1)", "[].insert()", "[].insert('a', 1)", "[1, 'a'].sort()", "[].sort(5)", "[].sort(key=5)", "[1].sort(key=5)", "[].sort(foo=1)", "[1, 2][5]", "[1]['a']", "[] + ()", "[] * 1.5", "[1, 2] < (1, 2)", "[None, 1].sort()", "list(5)", "list(1, 2)", "list(a=1)", "[].extend(5)", "[].append()", "x[0] = 1; x[7] = 1", "del x[9]", "x[::0] = []", "x[0:1] = 5", "[1j, 2j].sort()", "hash([])", "[].count()", "[1].sort(key=lambda v: 1 / 0)", "x.foo", "x[1 << 80]", "[].__init__(5)", "sorted(5)", "sorted([1], key=1)", "[1, 2] - [1]", "[3].__getitem__('a')", "[] < 5", "[{}, {}].sort()"):
    try:
        exec(f"r = {bad}" if "=" not in bad.replace("key=", "").replace("foo=", "").replace("a=", "") and "del" not in bad and ";" not in bad else bad)
        print(bad, "ok")
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
mut = [3, 2, 1]
try:
    mut.sort(key=lambda v: mut.append(v) or v)
except ValueError as e:
    print(e, mut)
print([1, 2, 3].__contains__(2), [1].__add__([2]), [1].__eq__(5), [1, 2].__len__(), [1].__mul__(2), [5, 6].__getitem__(slice(1)), [1].__iadd__((2,)), [1].__reversed__().__length_hint__(), iter([1, 2]).__length_hint__(), [].__class__, list.__mro__, list.__hash__, [1].__sizeof__() > 0)
it = iter([1, 2, 3]); next(it); print(list(it), list(it)); r = reversed([1, 2]); print(next(r), next(r), next(r, None))
grow = []
for i in range(1000): grow.append(i)
print(sum(grow), grow[500], len(grow[::7]), grow[10:20:3]); del grow[10:990]; print(grow)
