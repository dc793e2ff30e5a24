# match: literals, captures, or-patterns, guards, sequences, mappings, classes, wildcard, values.
import enum


class Color(enum.Enum):
    RED = 1
    BLUE = 2


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


def kind(v):
    match v:
        case None:
            return "none"
        case True | False as b:
            return f"bool {b}"
        case 0:
            return "zero"
        case -1 | 1.5 | 2 + 3j:
            return "number literal"
        case "a" "b" | b"by":
            return "text literal"
        case Color.RED:
            return "red"
        case int(n) if n > 100:
            return f"big {n}"
        case int() | float():
            return "number"
        case str(s):
            return f"str {s}"
        case []:
            return "empty"
        case [x]:
            return f"one {x}"
        case [1, x, *rest, 9]:
            return f"1..9 {x} {rest}"
        case (x, y):
            return f"pair {x} {y}"
        case [_, _, *_]:
            return "long"
        case {"k": value, **rest} if rest:
            return f"k={value} and {rest}"
        case {"k": [a, b]}:
            return f"k pair {a} {b}"
        case {"t": int() | str() as t}:
            return f"t {t}"
        case {}:
            return "mapping"
        case Point(0, y=0):
            return "origin"
        case Point(x, 0) | Point(0, x):
            return f"axis {x}"
        case Point(x=x, y=Point(y=y)):
            return f"nested {x} {y}"
        case Point():
            return "point"
        case set() | frozenset():
            return "set"
        case _:
            return "other"


values = [
    None, True, 0, 0.0, -1, 1.5, 2 + 3j, "ab", b"by", Color.RED, Color.BLUE, 101, 7, 2.5, "zz", [], (), [5], [1, 2, 3, 4, 9],
    (1, 2), [1, 2, 3], range(4), {"k": 1, "z": 2}, {"k": [1, 2]}, {"k": 1}, {"t": "x"}, {}, Point(0, 0), Point(3, 0),
    Point(0, 4), Point(1, Point(2, 3)), Point(1, 1), {1}, frozenset(), b"xy", bytearray(b"q"), object, iter([]),
]
for v in values:
    print(kind(v))
