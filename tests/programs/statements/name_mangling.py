# Private names are mangled in classes, nested functions, imports, del, global, keyword arguments, slots.
class A:
    __x = 1
    __slots__ = ("__s",)

    def __init__(self):
        self.__s = 5

    def get(self, other):
        __local = self.__x
        return __local + other.__s, sorted(locals())

    def make(self):
        def inner(__arg=2):
            return __arg, inner.__code__.co_varnames

        return inner()

    def __dunder__(self):
        return __name__

    def kw(self, **k):
        return dict(__a=1, **k)

    __ = 3
    ___y = 4


print([n for n in vars(A) if "A__" in n or n in ("__", "___y")])
print(A().get(A()), A().make(), A().__dunder__(), A().kw(__b=2))


class _B__C:
    __v = 1


print([n for n in vars(_B__C) if "v" in n])


class ___:
    __v = 1


print([n for n in vars(___) if n.endswith("v")])


class D:
    def f(self):
        global __g
        __g = 9
        return [__g for __g in (1, 2)]

    class __Inner:
        __w = 1


print(D().f(), "_D__g" in globals(), D._D__Inner.__name__, D._D__Inner._Inner__w if hasattr(D._D__Inner, "_Inner__w") else [n for n in vars(D._D__Inner) if "w" in n])
try:
    A().__x
except AttributeError as e:
    print(e)
try:
    class E:
        def m(self):
            import __os
    E().m()
except ImportError as e:
    print(e.name)
