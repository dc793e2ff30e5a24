# Metaclasses: __new__, __init__, __call__, __prepare__, keywords, conflicts, instance and subclass checks.
class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases, **kw):
        print("prepare", name, bases, kw)
        return {"injected": 1}

    def __new__(mcs, name, bases, ns, **kw):
        print("new", name, sorted(k for k in ns if not k.startswith("__")), kw)
        return super().__new__(mcs, name, bases, ns)

    def __init__(cls, name, bases, ns, **kw):
        print("init", name, kw)
        super().__init__(name, bases, ns)

    def __call__(cls, *a):
        print("call", cls.__name__, a)
        return super().__call__(*a)

    def __instancecheck__(cls, o):
        return o == 5

    def __subclasscheck__(cls, c):
        return c is int

    def __len__(cls):
        return 42

    def __repr__(cls):
        return f"<meta {cls.__name__}>"

    def hello(cls):
        return "hello from " + cls.__name__

    @property
    def prop(cls):
        return "metaprop"


class A(metaclass=Meta, flag=True):
    x = injected + 1

    def __init__(self, *a): ...


class B(A):
    pass


print(A.x, A.injected, type(B) is Meta, isinstance(5, A), isinstance(6, A), issubclass(int, A), issubclass(str, B), len(A), repr(B), A.hello(), A.prop)
a = A(1)
print(isinstance(a, A), type(a) is A, hasattr(a, "hello"), hasattr(a, "prop"))


class M1(type): ...
class M2(type): ...
class C1(metaclass=M1): ...
class C2(metaclass=M2): ...


try:
    class D(C1, C2): ...
except TypeError as e:
    print(e)


class M3(M1, M2): ...
class E(C1, C2, metaclass=M3): ...


print(type(E).__name__)


def factory(name, bases, ns):
    return (name, bases, sorted(k for k in ns if k[0] != "_"))


class F(int, metaclass=factory):
    y = 1


print(F)


class Base:
    def __init_subclass__(cls, /, tag=None, **kw):
        super().__init_subclass__(**kw)
        print("subclass", cls.__name__, tag)
        cls.tag = tag


class Sub(Base, tag="t"): ...
class Sub2(Sub): ...


try:
    class Sub3(Base, other=1): ...
except TypeError as e:
    print(e)


class BadPrepare(type):
    @classmethod
    def __prepare__(mcs, n, b):
        return 5


try:
    class G(metaclass=BadPrepare): ...
except TypeError as e:
    print(e)


class Order(type):
    @classmethod
    def __prepare__(mcs, n, b):
        return Tracking()


class Tracking(dict):
    def __setitem__(self, k, v):
        if not k.startswith("__"):
            print("defining", k)
        super().__setitem__(k, v)


class H(metaclass=Order):
    p = 1

    def q(self): ...


print(type(type), type.__call__(int, "5"), type(Meta).__name__, isinstance(type, object), isinstance(object, type), type.__class__ is type, type.__mro__)
for bad in ("type('A', (), [])", "type(5, (), {})", "type('A', [], {})", "type('A', (5,), {})", "type('A\\0', (), {})", "type.__new__(int, 'A', (), {})", "Meta.__call__()"):
    try:
        print(eval(bad))
    except (TypeError, ValueError) as e:
        print(bad, "->", e)
import types

K = types.new_class("K", (Base,), {"tag": "dyn"}, lambda ns: ns.update(z=3))
print(K.z, types.resolve_bases((int,)), types.prepare_class("N", (A,))[0] is Meta)
