# Method resolution order: diamonds, cooperative super, conflicts, mro(), __mro_entries__.
class A:
    def f(self):
        return ["A"]


class B(A):
    def f(self):
        return ["B"] + super().f()


class C(A):
    def f(self):
        return ["C"] + super().f()


class D(B, C):
    def f(self):
        return ["D"] + super().f()


print(D().f(), [k.__name__ for k in D.__mro__], D.mro() == list(D.__mro__))
try:
    class E(A, B): ...
except TypeError as e:
    print(e)
try:
    class F(D, C, B): ...
except TypeError as e:
    print(e)


class X: ...
class Y: ...
class P(X, Y): ...
class Q(Y, X): ...


try:
    type("R", (P, Q), {})
except TypeError as e:
    print(e)


class Meta(type):
    def mro(cls):
        return [cls, A, object] if cls.__name__ == "Odd" else super().mro()


class Odd(B, metaclass=Meta): ...


print(Odd().f(), Odd.__mro__)


class Entry:
    def __mro_entries__(self, bases):
        print("mro entries of", len(bases))
        return (A,)


class G(Entry()): ...


print(G.__bases__, G.__orig_bases__[0].__class__.__name__, G().f())
B.__bases__ = (X,)
print(B.__mro__, D.__mro__)
try:
    B.__bases__ = ()
except TypeError as e:
    print(e)
try:
    B.__bases__ = (D,)
except TypeError as e:
    print(e)
print(super(D, D()).f.__qualname__ if False else super(D, D()).f()[:1], super(C, D()).__thisclass__.__name__)
for bad in ("super(D, A()).f()", "super(1, 2)", "super(D).f", "super().f()"):
    try:
        eval(bad)
    except (TypeError, AttributeError, RuntimeError) as e:
        print(bad, "->", type(e).__name__, e)


class S:
    def noargs():
        return super()

    def deleted(self):
        del self
        return super()

    def gen(self):
        return [super().__class__ for _ in (1,)][0].__name__

    @classmethod
    def cm(cls):
        return super().__new__(cls).__class__.__name__

    @staticmethod
    def sm():
        super()


print(S().gen(), S.cm())
for f in (S.noargs, S().deleted, S.sm):
    try:
        f()
    except RuntimeError as e:
        print(e)
print(repr(super(D, D())).split(" object")[0], super(D, D).f(D())[0] if 0 else super(D, D).__self__.__name__)
