# Annotations: deferred evaluation (PEP 649/749), __annotate__, classes, modules, formats.
import annotationlib

x: int = 1
y: undefined_name
z: list[str]


def f(a: int, /, b: "str" = 2, *args: float, c: later, **kw: bytes) -> None: ...


try:
    f.__annotations__
except NameError as e:
    print(e)
print(annotationlib.get_annotations(f, format=annotationlib.Format.STRING))
print(annotationlib.get_annotations(f, format=annotationlib.Format.FORWARDREF)["c"].__forward_arg__)
later = complex
print(f.__annotations__)
print(f.__annotate__(1) == f.__annotations__)


class C:
    a: int
    b: str = "x"
    (c): float = 1.0
    if False:
        g: bytes
    _C__priv: int
    __mangled: str

    def m(self, o: C) -> D: ...


class D: ...


print(C.__annotations__, C().b)
print(C.m.__annotations__)
print(C.__annotate__ is not None, D.__annotate__, D.__annotations__)


def g():
    n: int
    m: print("evaluated?") = 5
    return m


print(g(), g.__annotations__)
try:
    __annotations__
except NameError as e:
    print(e)
undefined_name = "now defined"
print(__annotate__(1))
C.__annotations__ = {"q": int}
print(C.__annotations__, C.__annotate__)
f.__annotations__ = {"return": 5}
print(f.__annotations__, f.__annotate__)
f.__annotate__ = lambda fmt: {"fmt": fmt}
print(f.__annotations__)
try:
    f.__annotations__ = 3
except TypeError as e:
    print(e)
try:
    f.__annotate__ = 3
except TypeError as e:
    print(e)
a = [0]
a[0]: int = 7
(a): list
print(a)
