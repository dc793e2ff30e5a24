# Classes: bodies, instances, class and instance attributes, inheritance, __init__, __new__, methods.
class A:
    kind = "A"
    shared = []

    def __init__(self, v):
        self.v = v

    def double(self):
        return self.v * 2

    @classmethod
    def make(cls, v):
        return cls(v)

    @staticmethod
    def util(x):
        return x + 1


class B(A):
    kind = "B"

    def double(self):
        return super().double() + 1


a, b = A(1), B.make(5)
print(a.double(), b.double(), A.util(1), b.util(2), type(b).__name__, isinstance(b, A), issubclass(B, A), B.__bases__, A.__subclasses__())
a.kind = "own"
print(a.kind, A.kind, vars(a), b.__dict__, a.__class__.__name__, B.__mro__)
a.shared.append(1)
print(b.shared, A.__dict__["kind"], A.__module__, A.__qualname__, A.__doc__)
A.added = lambda self: ("added", self.v)
print(b.added(), hasattr(b, "nope"), getattr(b, "nope", "default"))
setattr(a, "dyn", 3)
delattr(a, "kind")
print(a.dyn, a.kind)


class N:
    def __new__(cls, *args):
        print("new", args)
        self = super().__new__(cls)
        return self

    def __init__(self, *args):
        print("init", args)


N(1, 2)


class Odd:
    def __new__(cls):
        return 5

    def __init__(self):
        print("not called")


print(Odd())


class BadInit:
    def __init__(self):
        return 1


try:
    BadInit()
except TypeError as e:
    print(e)
for code in ("object(1)", "class X(1): pass", "class X(A, A): pass", "class X(object, A): pass", "class X(bool): pass", "class X(type(None)): pass", "class X(A, foo=1): pass", "A()", "A.double()", "object.__new__()", "object.__new__(5)", "object.__new__(int)", "A.__new__(B, 1).v", "class X(int, str): pass", "class X(type(lambda: 0)): pass", "class X(range): pass"):
    try:
        exec(code)
        print(code, "ok")
    except (TypeError, AttributeError) as e:
        print(code, "->", type(e).__name__, str(e).replace("\n", "\\n"))
C = type("C", (A,), {"x": 1, "get": lambda self: self.x})
print(C(1).get(), C.__name__, C, repr(C(1)).split(" at ")[0])


class Outer:
    class Inner:
        def who(self):
            return type(self).__qualname__


print(Outer.Inner().who())
b.__class__ = A
print(b.double(), type(b) is A)
print([n for n in dir(A) if not n.startswith("__")], "v" in dir(a))
