# and, or, not, conditional expressions: values, short circuit, truth of objects.
def t(x):
    print("t", x, end="; ")
    return x


print(t(1) and t(2), t(0) and t(2), t(0) or t(""), t(1) or t(2))
print(t(1) and t(0) or t(3), not t(0) and t(5))
print(1 if t([]) else 2 if t("x") else 3)
print((1 and 2 or 3) and (0 or None), [] or {} or 0, 1 and [] and 2)


class B:
    def __init__(self, r):
        self.r = r

    def __bool__(self):
        print("bool", end="; ")
        return self.r


class L:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        print("len", end="; ")
        return self.n


print(bool(B(True)), not B(False), "yes" if B(True) and B(True) else "no", bool(L(0)), bool(L(2)))
if B(False) or L(3):
    print("or")
while B(False) and L(1):
    pass
for bad in (B(1), B(None), L(-1), L("x"), L(2**70)):
    try:
        bool(bad)
    except Exception as e:
        print(type(e).__name__, e)
print([bool(x) for x in (0, 1, 0.0, -0.0, "", "0", (), (0,), [], [[]], {}, set(), None, ..., NotImplemented if 0 else 0, b"", b"0", range(0), range(1), 0j, 1e-320)])
x = None
print(x or "default", x and x.attr, (x is None) and "none", not (1 and 0))
try:
    bool(NotImplemented)
except TypeError as e:
    print(e)
