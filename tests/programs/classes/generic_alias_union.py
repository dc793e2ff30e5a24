# types.GenericAlias, unions, isinstance with them, typing constructs.
import types
import typing
from typing import Annotated, Any, Callable, Generic, Literal, Optional, TypeVar, Union

print(list[int], dict[str, list[int]], tuple[int, ...], type[int], list[int].__origin__, dict[str, int].__args__, list["fwd"], tuple[()])
print(int | str, int | None, (int | str) | bytes, int | str == str | int, isinstance(1, int | str), isinstance([], int | None), issubclass(bool, int | str), (int | str).__args__, type(int | str), int | int, list[int] | None)
print(list[int]([1, 2]), list[int] == list[int], hash(list[int]) == hash(list[int]), type(list[int]), list[int].append.__name__)
T = TypeVar("T")
K = TypeVar("K", bound=int)
print(T, K.__bound__, list[T].__parameters__, dict[T, K][str, int], list[T][int], Optional[int], Union[int, str], Union[int, None, int], Callable[[int], str], Literal[1, "a"], Annotated[int, "m"], Any)


class G(Generic[T]):
    def m(self) -> T: ...


print(G[int], G[int]().__orig_class__, G.__parameters__, G[int].__origin__ is G, G[int] == G[int])
for code in ("isinstance([], list[int])", "issubclass(list, list[int])", "int[str]", "list[int][str]", "list[T][int, str]", "G[int, str]", "int | 'str'", "5 | int", "isinstance(1, (int, 'x'))", "isinstance(1, 'x')", "issubclass(1, int)", "Union[1]", "Optional[int, str]", "class X(list[int] | str): pass", "dict[int].x", "Literal", "(int | str)()"):
    try:
        print(code, "=", eval(code) if not code.startswith("class") else exec(code))
    except (TypeError, AttributeError) as e:
        print(code, "->", type(e).__name__, e)


class L(list[int]): ...


print(L.__bases__, L.__orig_bases__, L([1]))


class CG:
    __class_getitem__ = classmethod(types.GenericAlias)


print(CG[int], type(CG[int, str]), typing.get_origin(CG[int]), typing.get_args(dict[str, int]), typing.get_type_hints(G.m))
print(typing.cast(int, "x"), typing.NewType("Id", int)(5), typing.TypedDict("TD", {"a": int})(a=1), typing.NamedTuple("Q", [("a", int)])(2))
print(*[x for x in tuple[*tuple[int, ...]].__args__], list[int].__mro_entries__((list[int],)), typing.Self, typing.Never, typing.ClassVar[int], typing.Final)
