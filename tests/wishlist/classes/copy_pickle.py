# copy, deepcopy and pickle protocols: __reduce__, __getstate__, __setstate__, __copy__, memo, cycles.
import copy
import pickle


class P:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __eq__(self, o):
        return vars(self) == vars(o)


p = P([1], {"k": (2, 3)})
c, d = copy.copy(p), copy.deepcopy(p)
print(c == p, c.x is p.x, d == p, d.x is p.x)
for proto in range(6):
    q = pickle.loads(pickle.dumps(p, proto))
    print(proto, q == p, type(q).__name__, end="; ")
print()


class S:
    def __init__(self):
        self.a, self.temp = 1, lambda: 0

    def __getstate__(self):
        return {"a": self.a, "v": 2}

    def __setstate__(self, st):
        print("setstate", st)
        self.__dict__.update(st)


s = pickle.loads(pickle.dumps(S()))
print(vars(s), vars(copy.copy(S())).keys())


class R:
    def __init__(self, v):
        self.v = v

    def __reduce__(self):
        return R, (self.v * 2,)


print(pickle.loads(pickle.dumps(R(4))).v, copy.copy(R(3)).v)


class Cp:
    def __copy__(self):
        return "copied"

    def __deepcopy__(self, memo):
        return "deep copied"


print(copy.copy(Cp()), copy.deepcopy([Cp()]))
cyc = [1]
cyc.append(cyc)
dc = copy.deepcopy(cyc)
print(dc[1] is dc, dc is not cyc, pickle.loads(pickle.dumps(cyc))[1][0])
shared = [0]
both = copy.deepcopy([shared, shared])
print(both[0] is both[1])
values = [None, True, 1, -1, 255, 65536, 2**40, -(2**70), 1.5, float("inf"), "text é", b"bytes", bytearray(b"x"), (), (1,), (1, 2, 3, 4), [], {}, {"a": [1]}, {1, 2}, frozenset({3}), 1j, range(3), slice(1, 2), ..., NotImplemented, int, len, P, "x" * 300, list(range(300))]
for proto in (0, 2, 4, 5):
    print(proto, all(pickle.loads(pickle.dumps(v, proto)) == v for v in values))
print(pickle.dumps([1, "a", (2.5, None)], 4), pickle.dumps({"k": True}, 0), pickle.dumps(2**40, 2))
for bad in (lambda: 0, (x for x in ()), open("/dev/null")):
    try:
        pickle.dumps(bad)
    except (pickle.PicklingError, TypeError, AttributeError) as e:
        print(type(e).__name__)
for bad in (b"", b"garbage", b"\x80\x05", b"\x80\x09."):
    try:
        pickle.loads(bad)
    except Exception as e:
        print(type(e).__name__)


class N:
    def __new__(cls, v):
        o = super().__new__(cls)
        o.v = v
        return o

    def __getnewargs__(self):
        return ("from newargs",)


print(pickle.loads(pickle.dumps(N(1))).v, (5).__reduce_ex__(2)[1], object().__reduce_ex__(2)[0].__name__)
print(copy.replace(slice(1, 2) if 0 else __import__("datetime").date(2024, 1, 2), year=2025), copy.deepcopy({1: [2]}), copy.copy((1,)))
