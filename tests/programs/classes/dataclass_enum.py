# dataclasses, enums, namedtuples: construction, repr, comparison, errors.
import dataclasses
import enum
from collections import namedtuple
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple


@dataclass(order=True)
class P:
    x: int
    y: int = 0
    tags: list = field(default_factory=list, compare=False, repr=False)
    total: ClassVar[int] = 5

    def __post_init__(self):
        self.tags.append("made")


p = P(1, 2)
print(p, p == P(1, 2), p < P(2), p.tags, dataclasses.asdict(p), dataclasses.astuple(p), dataclasses.replace(p, y=9), [f.name for f in dataclasses.fields(p)])


@dataclass(frozen=True, slots=True, kw_only=True)
class F:
    a: int
    b: str = "d"


f = F(a=1)
print(f, hash(f) == hash(F(a=1)), F.__slots__)
for code in ("f.a = 2", "F(1)", "P()", "F()", "P(1, 2, 3, 4)", "del f.a", "P(1) < 5"):
    try:
        exec(code)
    except Exception as e:
        print(code, "->", type(e).__name__, e)
try:
    @dataclass
    class Bad:
        a: list = []
except ValueError as e:
    print(e)
try:
    @dataclass
    class Bad2:
        a: int = 1
        b: int
except TypeError as e:
    print(e)


class Color(enum.Enum):
    RED = 1
    GREEN = enum.auto()
    CRIMSON = 1

    def mix(self):
        return self.name.lower()


print(Color.RED, repr(Color.GREEN), Color(2), Color["RED"], Color.CRIMSON is Color.RED, list(Color), Color.RED.mix(), Color.RED.value, len(Color), Color.RED in Color, 1 in Color, Color.__members__)
for code in ("Color(9)", "Color['X']", "Color.RED = 5", "Color.RED.value = 3", "class Sub(Color): pass", "Color.BLUE", "Color.RED < Color.GREEN"):
    try:
        exec(code)
    except Exception as e:
        print(code, "->", type(e).__name__, e)


class Perm(enum.Flag):
    R = 4
    W = 2
    X = 1


print(Perm.R | Perm.W, repr(Perm(7)), Perm.R in (Perm.R | Perm.X), ~Perm.R, Perm(0), bool(Perm(0)), [*Perm(5)])


class N(enum.IntEnum):
    ONE = 1
    TWO = 2


class S(enum.StrEnum):
    A = enum.auto()
    B = "bee"


print(N.ONE + 1, N.TWO > N.ONE, f"{N.ONE}", S.A, S.B.upper(), repr(S.A), enum.unique(N) is N)
Pt = namedtuple("Pt", "x y", defaults=[5])
q = Pt(1)
print(q, q.x, q._asdict(), q._replace(y=7), Pt._fields, Pt._make([3, 4]), q == (1, 5), q + (2,), Pt.__doc__, Pt._field_defaults)


class NT(NamedTuple):
    a: int
    b: str = "z"

    def m(self):
        return self.a * 2


print(NT(1), NT(2).m(), NT.__annotations__)
for code in ("Pt()", "Pt(1, 2, 3)", "namedtuple('X', 'class')", "namedtuple('X', 'a a')", "q.x = 1", "q._replace(z=1)", "namedtuple('1', 'a')"):
    try:
        exec(code)
    except Exception as e:
        print(code, "->", type(e).__name__, e)
