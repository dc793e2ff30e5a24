# Abstract base classes, collections.abc checks, Protocol, register, __subclasshook__.
import abc
import collections.abc as ca
from typing import Protocol, runtime_checkable


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self): ...

    @property
    @abc.abstractmethod
    def name(self): ...

    def describe(self):
        return f"{self.name} {self.area()}"


class Sq(Shape):
    name = "square"

    def area(self):
        return 4


class Half(Shape):
    def area(self):
        return 0


class One(abc.ABC):
    @abc.abstractmethod
    def only(self): ...


print(Sq().describe(), sorted(Shape.__abstractmethods__), Half.__abstractmethods__)
for c in (Shape, Half, One):
    try:
        c()
    except TypeError as e:
        print(e)


class Virtual: ...


Shape.register(Virtual)
print(isinstance(Virtual(), Shape), issubclass(Virtual, Shape), issubclass(int, Shape))


class Hook(abc.ABC):
    @classmethod
    def __subclasshook__(cls, c):
        return hasattr(c, "quack") or NotImplemented


class Duck:
    def quack(self): ...


print(isinstance(Duck(), Hook), isinstance(5, Hook))
for o in ([], (), {}, set(), "s", b"", 1, iter([]), (x for x in ()), len, range(3), {}.keys(), None, object, memoryview(b"")):
    print(type(o).__name__, *[n for n in ("Hashable", "Iterable", "Iterator", "Generator", "Sized", "Container", "Collection", "Sequence", "MutableSequence", "Set", "MutableSet", "Mapping", "MutableMapping", "Callable", "Reversible", "KeysView", "Buffer") if isinstance(o, getattr(ca, n))])


class MyMap(ca.Mapping):
    def __getitem__(self, k):
        if k in "ab":
            return k * 2
        raise KeyError(k)

    def __iter__(self):
        return iter("ab")

    def __len__(self):
        return 2


m = MyMap()
print(dict(m), m.get("z", 0), "a" in m, list(m.items()), m == {"a": "aa", "b": "bb"}, list(m.keys()), list(m.values()))


class MySeq(ca.MutableSequence):
    def __init__(self):
        self.d = []

    def __getitem__(self, i): return self.d[i]
    def __setitem__(self, i, v): self.d[i] = v
    def __delitem__(self, i): del self.d[i]
    def __len__(self): return len(self.d)
    def insert(self, i, v): self.d.insert(i, v)


q = MySeq()
q.extend("abc")
q.append("d")
q += "e"
q.reverse()
q.remove("c")
print(q.d, q.pop(), q.index("b"), q.count("e"), "a" in q, list(reversed(q)))


class MySet(ca.Set):
    def __init__(self, i): self.s = list(dict.fromkeys(i))
    def __contains__(self, x): return x in self.s
    def __iter__(self): return iter(self.s)
    def __len__(self): return len(self.s)


print(sorted(MySet("abc") & MySet("bcd")), sorted(MySet("ab") | {"z"}), MySet("ab") <= MySet("abc"), sorted(MySet("ab") ^ MySet("bc")), MySet("ab").isdisjoint("c"))


@runtime_checkable
class HasLen(Protocol):
    def __len__(self) -> int: ...


print(isinstance([], HasLen), isinstance(5, HasLen))
try:
    HasLen()
except TypeError as e:
    print(e)
