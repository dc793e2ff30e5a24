# Container protocols: sequence by __getitem__, __len__, __iter__, __contains__, __reversed__, __missing__, __index__.
class Seq:
    def __init__(self, *a):
        self.a = a

    def __getitem__(self, i):
        print("getitem", i, end="; ")
        return self.a[i]

    def __len__(self):
        return len(self.a)


s = Seq(1, 2, 3)
print(list(s), 2 in s, list(reversed(s)), tuple(s), sum(s), max(s), [*s], dict(enumerate(s)))
x, *y = s
print(x, y, s[1:], s[-1])


class It:
    def __iter__(self):
        return iter("abc")

    def __reversed__(self):
        return "rev"


print(list(It()), "b" in It(), "z" in It(), reversed(It()))


class Contains:
    def __contains__(self, k):
        return k == "yes"


print("yes" in Contains(), "no" in Contains())


class NoIter:
    __iter__ = None
    __contains__ = None
    __reversed__ = None

    def __getitem__(self, i): ...


for code in ("iter(NoIter())", "1 in NoIter()", "reversed(NoIter())", "reversed({1})", "reversed(It.__iter__)", "iter(5)", "next([])", "len(It())"):
    try:
        eval(code)
    except TypeError as e:
        print(code, "->", e)


class Missing(dict):
    def __missing__(self, k):
        self[k] = v = k * 2
        return v


m = Missing(a=1)
print(m["a"], m["q"], m, m.get("zz"))


class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n <= 0:
            raise StopIteration
        self.n -= 1
        return self.n

    def __length_hint__(self):
        return 100


import operator

print(list(Countdown(3)), operator.length_hint(Countdown(2)), next(Countdown(1)), next(Countdown(0), "none"))
print(list(iter(Countdown(9).__next__, 4)))


class SetItems:
    def __setitem__(self, k, v):
        print("set", k, v)

    def __delitem__(self, k):
        print("del", k)


o = SetItems()
o[1], o["a":"b"] = 2, 3
del o[0], o[()]
try:
    o[0]
except TypeError as e:
    print(e)


class BadNext:
    def __iter__(self):
        return self

    def __next__(self):
        raise ValueError("next failed")


try:
    for _ in BadNext():
        pass
except ValueError as e:
    print(e)


class Idx:
    def __index__(self):
        return 2


print("abcdef"[Idx()], [1, 2, 3, 4][Idx() :], range(10)[Idx()], "ab" * Idx(), bytes(Idx()), bin(Idx()), list(range(Idx())), operator.index(Idx()), (1, 2, 3).index(3, Idx()))


class GetItemClass:
    def __class_getitem__(cls, k):
        return f"{cls.__name__}[{k}]"


print(GetItemClass[int], GetItemClass[1, 2])
class StopGet:
    def __getitem__(self, i):
        if i > 2:
            raise StopIteration if i > 5 else IndexError
        return i


print(list(StopGet()), 1 in StopGet())
