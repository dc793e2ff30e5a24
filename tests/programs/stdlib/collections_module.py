# collections: deque, Counter, defaultdict, OrderedDict, ChainMap, UserDict.
from collections import *

d = deque([1, 2, 3], maxlen=4)
d.append(4); d.append(5); d.appendleft(0); d.rotate(1)
print(d, d.maxlen, d.pop(), d.popleft(), d[0], len(d), 2 in d, d.count(2), d.index(2) if 2 in d else "", list(reversed(d)), d == deque(d), d + deque([9]), deque("abc") * 2, deque([1]) < deque([2]))
d.extend("xy"); d.extendleft("pq"); d.reverse(); d[0] = "set"; del d[-1]
print(d, d.copy(), deque([deque()]), d.clear(), d, bool(d))
for bad in ("deque().pop()", "deque().popleft()", "deque([1])[5]", "deque([1]).remove(9)", "deque(5)", "deque([], -1)", "deque([], 'x')", "deque([1])['a']", "deque([1], 1).insert(0, 2)", "hash(deque())", "deque([1]).index(9)", "deque().rotate('x')", "deque([1])[0:1]", "deque() + []"):
    try:
        print(eval(bad))
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
x = deque([1, 2])
try:
    for i in x:
        x.append(i)
except RuntimeError as e:
    print(e)
c = Counter("abracadabra")
print(c, c.most_common(2), c["z"], c + Counter("a"), c - Counter("aaaaa"), c & Counter("ab"), c | Counter("zz"), sorted(c.elements())[:4], c.total(), +Counter(a=-1, b=1), Counter(a=1) <= Counter(a=2), Counter({"x": 0}), Counter())
c.update("zz"); c.subtract("a"); del c["b"]; print(c)
dd = defaultdict(list, {"a": [0]})
dd["a"].append(1); dd["b"].append(2); print(dd, dd.default_factory, dd.get("zz"), defaultdict(int)["x"], defaultdict(None, {1: 2}), dd.copy() == dd, dd | {"c": 1})
try:
    defaultdict()["x"]
except KeyError as e:
    print(repr(e))
try:
    defaultdict(5)
except TypeError as e:
    print(e)
o = OrderedDict([("a", 1), ("b", 2), ("c", 3)])
o.move_to_end("a"); o.move_to_end("c", last=False); print(o, o.popitem(), o.popitem(last=False), list(reversed(o)), OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1), OrderedDict(a=1) == {"a": 1}, OrderedDict(), o | {"z": 1}, o.pop("nope", 5), OrderedDict.fromkeys("ab"))
try:
    o.move_to_end("zzz")
except KeyError as e:
    print(repr(e))
m = ChainMap({"a": 1}, {"a": 2, "b": 3})
m["c"] = 4
print(m, m["b"], m.maps[0], m.new_child({"q": 1})["q"], m.parents, len(m), list(m), dict(m), "b" in m)


class U(UserDict):
    def __setitem__(self, k, v):
        super().__setitem__(k.upper(), v)


print(U(a=1), UserList([1, 2]) + [3], UserString("abc").upper(), U({"x": 1})["X"])
