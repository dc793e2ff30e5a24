# match: binding scope, side effects, evaluation order, errors, soft keywords, __match_args__, subclasses.
from collections import OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass


@dataclass
class Leaf:
    value: int


@dataclass
class Node:
    left: object
    op: str
    right: object


def evaluate(tree):
    match tree:
        case Leaf(v):
            return v
        case Node(l, "+", r):
            return evaluate(l) + evaluate(r)
        case Node(l, "*" | "x", r):
            return evaluate(l) * evaluate(r)
        case Node(op=op):
            raise ValueError(f"unknown {op}")


print(evaluate(Node(Leaf(2), "+", Node(Leaf(3), "x", Leaf(4)))))
try:
    evaluate(Node(1, "?", 2))
except ValueError as e:
    print(e)

match = {"case": 1}
case = "case"
print(match[case])
match match:
    case {"case": case}:
        print("bound", case)
    case _:
        pass
match 1, 2:
    case 1, x:
        print("open sequence", x)
match (lambda: 3)():
    case x if (print("guard", x), False)[1]:
        pass
    case _ if print("second guard") is None:
        print("taken; x stays bound:", x)
P = namedtuple("P", "a b")
match P(1, 2):
    case P(a, b):
        print(a, b)
match P(1, 2):
    case [a, b]:
        print("namedtuple is a sequence", a, b)
match deque([1, 2, 3]):
    case [1, *r]:
        print(r)
match defaultdict(int, a=1):
    case {"b": _}:
        print("no missing key is made")
    case {"a": a}:
        print(a)
match OrderedDict(a=1, b=2):
    case {"a": 1, **kw}:
        print(kw)


class NoArgs:
    pass


class BadArgs:
    __match_args__ = ["x"]


class BadName:
    __match_args__ = (5,)


class Twice:
    __match_args__ = ("x",)
    x = 1


for cls in (NoArgs, BadArgs, BadName):
    try:
        match cls():
            case cls(1):
                pass
    except TypeError as e:
        print(e)
try:
    match Twice():
        case Twice(1, x=1):
            pass
except TypeError as e:
    print(e)
try:
    match Twice():
        case Twice(1, 2):
            pass
except TypeError as e:
    print(e)
try:
    match 5:
        case int(1, 2):
            pass
except TypeError as e:
    print(e)
try:
    match 5:
        case len():
            pass
except TypeError as e:
    print(e)
try:
    match {"a": 1}:
        case {"a": 1, match.__class__.__name__: 2}:
            pass
except Exception as e:
    print(type(e).__name__, e)
else:
    print("no match")


class K:
    A = B = "same"


try:
    match {}:
        case {K.A: 1, K.B: 2}:
            pass
    match {"same": 1}:
        case {K.A: 1, K.B: 2}:
            pass
except ValueError as e:
    print(e)
match "text":
    case [*_]:
        print("never")
    case str(x) | bytes(x):
        print("self pattern", x)


def star(seq):
    match seq:
        case [first, *_, last]:
            return first, last
        case [only]:
            return only


print(star([1]), star([1, 2]), star(range(10)), star([]))
