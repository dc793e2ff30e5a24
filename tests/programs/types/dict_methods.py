# dict: every method, views, ordering, merging, iteration, errors.
d = dict(a=1, b=2)
print(d, dict([("x", 1)]), dict({"y": 2}, z=3), dict(zip("ab", [1, 2])), {}, dict(), {1: "a", 1.0: "b", True: "c"}, dict.fromkeys("ab"), dict.fromkeys([1, 2], 0), {k: v for k, v in d.items()}, {**d, "c": 3})
print(d["a"], d.get("z"), d.get("z", 5), d.setdefault("c", 3), d.setdefault("a", 9), d.pop("c"), d.pop("zz", None), "a" in d, "zz" not in d, len(d), list(d), d.keys(), d.values(), d.items(), list(reversed(d)), d.copy() == d, bool({}))
d.update({"b": 20}, c=30); d.update([("d", 40)]); d.update(); d |= {"e": 50}; d |= [("f", 60)]
print(d, d | {"a": 0}, {"q": 1} | d == {**{"q": 1}, **d}, d.popitem(), d.popitem(), len(d))
k, v, i = d.keys(), d.values(), d.items()
print(k & {"a", "zz"}, sorted(k | ["new"]), sorted(k - {"a"}), sorted(k ^ {"a", "n"}), "a" in k, ("a", 1) in i, ("a", 9) in i, 20 in v, len(k), k == {"a", "b", "c", "d"}, k <= set("abcdef"), k.isdisjoint("xyz"), sorted(i & {("a", 1)}), k.mapping["a"], list(reversed(k)), list(reversed(i))[0], v == v, k == d.keys(), type(k), type(iter(k)), type(i))
d["late"] = 1; print("late" in k, len(v)); del d["late"]; d["a"] = 100; del d["b"]; d["b"] = 1; print(list(d), d)
print({1: 2} == {1: 2.0}, {1: 2} != {2: 1}, {"a": 1, "b": 2} == {"b": 2, "a": 1}, {} == [], {1, 2} == {1: 1, 2: 2}.keys(), d.clear(), d)
for bad in ("{}['k']", "{}[1, 2]", "{}.pop('k')", "{}.popitem()", "{}[[]]", "{[]: 1}", "{{}: 1}", "dict(5)", "dict([1])", "dict([(1,)])", "dict(['ab', 'c'])", "dict(1, 2)", "{}.update(5)", "{}.update([5])", "{}.update(1, 2)", "{} < {}", "{} + {}", "{} | 5", "{} | [(1, 2)]", "{}.fromkeys(5)", "{}.get()", "{}.get([])", "{}.pop()", "{}.setdefault()", "del {}['z']", "hash({})", "{}.keys() + 1", "{}.keys() & 5", "{}.values() & {1}", "{}.items().x", "{}.keys()[0]", "{1: 1}.keys() < 5", "dict(**{1: 2})", "{}.foo", "{}.popitem(1)", "dict.fromkeys([[]])", "dict.__getitem__({}, 1)", "{}.get(1, 2, 3)", "dict([(1, 2, 3)])", "dict({}, {})", "reversed({}.x)", "iter({}).x"):
    try:
        exec(bad)
        print(bad, "ok")
    except Exception as e:
        print(bad, "->", type(e).__name__, e, repr(e.args[0]) if isinstance(e, KeyError) else "")
d = {i: i for i in range(5)}
for mutate in (lambda: d.update(new=1), lambda: d.pop("new"), lambda: d.__setitem__(0, "same size ok")):
    try:
        for k in d:
            mutate()
            break
        for k in d.items():
            mutate() if k[0] == 0 else None
    except (RuntimeError, KeyError) as e:
        print(type(e).__name__, e)
big = {str(i): i for i in range(1000)}
for i in range(0, 1000, 2):
    del big[str(i)]
print(len(big), list(big)[:3], sum(big.values()), big["999"]); big["0"] = 0; print(list(big)[-1])


class Key:
    def __init__(self, n): self.n = n
    def __hash__(self): return 1
    def __eq__(self, o): return isinstance(o, Key) and self.n == o.n
    def __repr__(self): return f"K{self.n}"


kd = {Key(i): i for i in range(20)}
print(kd[Key(13)], Key(99) in kd, len(kd), list(kd)[:3], kd.pop(Key(0)), Key(0) in kd)
print({1: 2}.__contains__(1), {}.__len__(), {1: 2}.__getitem__(1), {}.__eq__({}), {}.__or__(5), dict.__mro__, dict.__hash__, {1: 1}.__repr__(), dict.__class_getitem__(int), {}.__sizeof__() > 0, {"a": {"b": [1, {}]}}, {None: None, (1, 2): "t", True: False, "q": ...}, iter({1: 2}).__length_hint__(), {1: 2}.__ior__({3: 4}))
it = iter({"a": 1}.items()); print(next(it), next(it, "end"))
