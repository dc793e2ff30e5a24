# Rich comparison and hash: reflected comparison, __eq__ without __hash__, total order, sorting, sets.
class A:
    def __init__(self, v):
        self.v = v

    def __lt__(self, o):
        print("lt", end=" ")
        return self.v < o.v

    def __eq__(self, o):
        print("eq", end=" ")
        return isinstance(o, A) and self.v == o.v


print(A(1) < A(2), A(1) > A(2), A(1) == A(1), A(1) != A(2), A(1) == 1, 1 == A(1))
try:
    A(1) <= A(2)
except TypeError as e:
    print(e)
try:
    hash(A(1))
except TypeError as e:
    print(e)
print(A.__hash__, [x.v for x in sorted([A(3), A(1)])])


class H(A):
    __hash__ = lambda self: hash(self.v)


s = {H(1), H(1), H(2)}
print(len(s), H(1) in s)
d = {H(1): "one"}
print(d[H(1)])


class Same:
    def __eq__(self, o):
        return True

    def __hash__(self):
        return 1


print(len({Same(), Same()}), [Same()] == [1], Same() in [2], (1, 2).index(Same()))


class Sub(H):
    def __gt__(self, o):
        return "sub gt first"


print(H(1) < Sub(2))


class Never:
    def __eq__(self, o):
        return False


n = Never()
print(n == n, n in [n], [n] == [n], [n].index(n), n != n)


class Boom:
    __hash__ = None

    def __eq__(self, o):
        raise ValueError("compared")


for code in ("Boom() == 1", "[Boom()] == [1]", "Boom() in [1]", "{Boom()}", "hash(Boom())", "hash([])", "hash({})", "hash(set())", "{[]: 1}", "{(1, []): 2}", "hash(slice(1, []))", "frozenset([[]])", "hash(bytearray())", "{}[[]]", "[] in {1}"):
    try:
        print(code, eval(code))
    except (ValueError, TypeError) as e:
        print(code, "->", type(e).__name__, e)
print(hash(1) == hash(1.0) == hash(True) == hash(1 + 0j), hash(-1), hash(-2), hash(2**61 - 1), hash(2**61), hash(-(2**61)), hash(0.5), hash(float("inf")), hash(float("-inf")), hash(10**20), hash(""), hash(()), hash(1.5e300), hash(3 + 4j))
print(hash((1, 2)), hash((1, (2, 3))), hash(frozenset()), hash(frozenset({1, 2})), hash(None) == hash(None), hash(range(3)), hash("a") == hash(b"a"), hash("abc"), hash(b"abc"), hash("é"))
import fractions, decimal

print(hash(fractions.Fraction(1, 2)), hash(decimal.Decimal("0.5")), hash(object()) != hash(object()) or True)


class Big:
    def __hash__(self):
        return 2**70


print(hash(Big()), hash(Big()) == hash(2**70))
