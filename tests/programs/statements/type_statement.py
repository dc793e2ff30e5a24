# type statements, PEP 695 functions and classes, PEP 696 defaults, lazy evaluation.
type Alias = int | str
type Generic[T, *Ts, **P] = dict[T, tuple[*Ts]]
type Rec = list[Rec] | None
type Bad = undefined_name
print(Alias, Alias.__value__, Alias.__name__, type(Alias), Alias.__type_params__)
print(Generic.__type_params__, Generic.__value__, Generic[int, str, [bytes]])
print(Rec.__value__)
try:
    Bad.__value__
except NameError as e:
    print(e)


def first[T: (int, str) = int](items: list[T]) -> T:
    return items[0]


T = first.__type_params__[0]
print(T, T.__constraints__, T.__bound__, T.__default__, T.has_default(), first([3]))


class Box[T: int, U = list[T]]:
    item: T

    def method[V](self, v: V) -> tuple[T, V]:
        return v


print(Box.__type_params__, Box.__orig_bases__, Box.__parameters__, Box[int, str], Box[bool].__args__)
print(Box.__type_params__[0].__bound__, Box.__type_params__[1].__default__)
print(Box.method.__annotations__)
print(Box.method.__type_params__, Box.__mro__)
type = 5
print(type)


def shadow[T](x: T) -> T:
    return T


print(shadow(1))
import typing

print(typing.get_type_hints(first), isinstance(T, typing.TypeVar))
for src in ("def f[T, T](): pass", "type X[T=int, U] = 1", "class C[T: (yield)]: pass", "type a.b = 1", "def f[T: (x := 1)](): pass", "def f[*Ts: int](): pass"):
    try:
        exec(src)
    except SyntaxError as e:
        print(e.msg)
