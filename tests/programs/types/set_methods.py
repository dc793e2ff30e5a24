# set and frozenset: methods, operators, ordering of small ints, comparison, errors.
s = {3, 1, 2}
print(s, set(), frozenset(), set("a"), frozenset([1]), {1, 1.0, True}, len(s), 2 in s, set(range(5)), {*s, 9}, set([]), bool(set()))
s.add(5); s.add(1); s.discard(99); s.remove(5); s.update([7], (8,), {9: 0}); print(sorted(s), s.pop() in range(10), s.copy() == s)
a, b = {1, 2, 3, 4}, {3, 4, 5}
print(a | b, a & b, a - b, a ^ b, b - a, a.union([9], (8,)), a.intersection([1, 2], [2]), a.difference([1], [2]), a.symmetric_difference([1, 9]), a.isdisjoint([9]), a.issubset(range(9)), a.issuperset([1]), a >= {1}, a > a, a <= a, a < b, a == {4, 3, 2, 1}, a != b, a == frozenset(a), hash(frozenset({1, 2})) == hash(frozenset({2, 1})))
c = set(a); c |= {10}; c &= {1, 2, 10}; c -= {1}; c ^= {2, 3}; print(c); c.intersection_update([3]); c.difference_update([]); c.symmetric_difference_update([4]); print(c, c.clear(), c)
f = frozenset("ab")
print(f | {"c"} == frozenset("abc"), type(f | {"c"}), type({"c"} | f), f.copy() is f, {f: 1}[frozenset("ba")], f in {f}, {frozenset({1})} == {frozenset([1])}, {1} in {frozenset({1})}, type(f & f), frozenset(f) is f, repr(frozenset({5})), frozenset().union([1]))
for bad in ("set().pop()", "set().remove(1)", "{1}.remove([])", "set(5)", "set(1, 2)", "{[]}", "{1} + {2}", "{1} | [2]", "{1} & [1]", "{1} - [1]", "{1} < [1]", "{1} <= 5", "set().add()", "set().add([])", "hash(set())", "frozenset().add(1)", "set().update(5)", "set().union(5)", "{1}.issubset(5)", "{1}[0]", "set().discard({})", "set().discard([])", "set(a=1)", "frozenset([[]])", "x = {1}; x |= [2]", "set().intersection(5)", "{1} * 2", "set([[]])", "frozenset({1}) | 5", "{1}.pop(0)", "{1}.isdisjoint(5)", "set().foo"):
    try:
        exec(bad)
        print(bad, "ok")
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
print(list({5, 3, 100, 8, 16, 24, 0}), list({i * 7 % 50 for i in range(20)}), list({-1, -2, 0, 1}), list(set(range(100, 60, -5))), list({1 << i for i in range(12)}), list(frozenset([9, 17, 1, 33])))
x = set(range(10)); x -= {1, 3, 5}; x |= {100, 3}; print(list(x)); x.discard(100); x.add(50); print(list(x), list(x & {50, 2, 4}), list(x | {11, 22}), list({2, 4, 1000} & x), list(x ^ {0, 77}))
print(list({"a", "b", "c", "hello", "world", ""}), list({(1, 2), (3, 4)}), list({1.5, 2.5, 0.5}), list({None} | {1}) is not None)
big = set(range(1000)); big &= set(range(0, 1000, 7)); print(len(big), list(big)[:10]); it = iter({1, 2}); print(it.__length_hint__(), type(it).__name__)
print({1}.__contains__(1), {1}.__eq__(1), {1}.__or__(1), {1}.__len__(), set.__mro__, frozenset.__mro__, set.__hash__, {1, 2}.__and__({2}), {1}.__sub__({1}), {1}.__reduce__()[1] if 0 else "", {3, 1}.__repr__(), set.__class_getitem__(int))
