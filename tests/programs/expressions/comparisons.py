# Comparisons: chains evaluate once, mixed types, identity, membership, NaN.
def v(x):
    print("v", x)
    return x


print(v(1) < v(2) < v(3))
print(v(3) < v(2) < v(1))
print(1 < 2 > 1 != 3 == 3 is not None in [None] if False else 1 < 2 > 1 != 3)
print(1 == 1.0 == True, 1 != "1", "a" < "b", (1, 2) < (1, 3), [1, 2] < [1, 2, 0], "Z" < "a", b"a" < b"b")
print(None is None, 1 is not None, [] is [], () is ())
print(1 in [1, 2], 3 not in (1, 2), "ell" in "hello", "" in "x", b"a" in b"ab", 97 in b"a", "k" in {"k": 1}, 2 in range(5), 5 in {1, 5})
nan = float("nan")
print(nan == nan, nan != nan, nan < 1, nan in [nan], [nan] == [nan], (nan,) == (float("nan"),), min(nan, 1) == 1)
print({1, 2} < {1, 2, 3}, {1} <= {1}, {1} < {1}, {1, 2} > {1}, {1} == frozenset({1}))
print({"a": 1, "b": 2} == {"b": 2, "a": 1}, {1: 1} != {1: 2}, 10**20 == 1e20, 2**53 + 1 == float(2**53 + 1), 2**53 + 1 > float(2**53))
print(0.1 + 0.2 == 0.3, 1 < 1.5 < 2, True < 2, 3 == 3 + 0j, range(3) == range(0, 3, 1), range(0) == range(5, 5))


class C:
    def __eq__(self, o):
        return "eq"

    def __lt__(self, o):
        return []

    def __contains__(self, x):
        return x


print(C() == 1, C() < 1, C() > C(), 1 == C(), 0 in C(), 5 in C(), C() != 1)
print(not C() < 1, 1 if C() < 1 < 2 else 2)


class N:
    def __eq__(self, o):
        return NotImplemented


n = N()
print(n == n, n == N(), n != n)
for code in ("1 in 5", "1 in 'a'", "'a' in b'a'", "300 in b'a'", "[] in {}", "{} in set()", "N() < N()", "{1} < [1]", "{} < {}", "1 < None", "range(1) < range(2)", "3 in N()"):
    try:
        print(code, eval(code))
    except Exception as e:
        print(code, "->", type(e).__name__, e)
