# Calls: positional, keyword, unpacking, order of evaluation, every error message.
def f(a, b=2, *args, c, d=4, **kw):
    return a, b, args, c, d, kw


def say(x):
    print(x, end=" ")
    return x


print(f(1, c=3), f(1, 5, 6, 7, c=8, e=9), f(*[1, 2], *(3,), c=0, **{"z": 1}, **{"y": 2}))
print(f(say(1), *say([2]), say(3), c=say(4), **say({"k": 5}), d=say(6)))
print(f(c=1, a=2), f(*"ab", c="c"), f(*range(2), **dict(c=1)))


def pos(a, b, /, c, *, d):
    return a, b, c, d


print(pos(1, 2, 3, d=4), pos(1, 2, c=3, d=4))
calls = [
    "f()", "f(1)", "f(1, 2, a=3, c=0)", "f(1, c=1, **{'c': 2})", "f(*5, c=1)", "f(**5)", "f(**{1: 2})", "f(*[1], *None)", "pos(1)", "pos(1, 2, 3)",
    "pos(1, 2, 3, 4, d=5)", "pos(a=1, b=2, c=3, d=4)", "pos(1, 2, 3, d=4, e=5)", "pos(1, 2, c=3)", "(lambda: 0)(1)", "(lambda a: 0)()", "(lambda a, b: 0)()", "(lambda a, b, c: 0)()",
    "(lambda a, b=1: 0)(1, 2, 3)", "(lambda *, k: 0)()", "(lambda *, j, k: 0)()", "(lambda *, i, j, k: 0)()", "(lambda *, k: 0)(1)", "(lambda *, k: 0)(1, 2, k=1)", "(lambda a, /: 0)(a=1)",
    "(lambda a, /, **k: k)(1, a=2)", "len()", "len(1, 2)", "len(obj=[])", "5()", "None()", "'a'()", "[]()", "print(sepp=1)", "int('1', bse=2)", "sorted()", "sorted([], 5)", "dict(1)", "dict([1])", "dict([(1, 2, 3)])",
    "list(1)", "isinstance(1)", "abs()", "max()", "max(1)", "max([])", "range()", "range(1, 2, 3, 4)", "object(1)", "[].append()", "[].append(1, 2)", "''.join()", "{}.get()", "{}.update(1)", "str.join()", "str.upper(5)", "list.append(1, 2)",
    "dict.fromkeys()", "type()", "type(1, 2)", "super()", "getattr(1)", "getattr(1, 2)", "setattr(1, 'x')", "zip(1)", "map()", "map(1)", "map(len)", "enumerate()", "iter()", "next()", "next(1)", "hash([])", "chr('a')", "ord('ab')", "ord(5)", "open()", "float([])", "int([])", "complex([])", "bytes('a')", "sum(1)", "sum('a')", "sum(['a', 'b'])", "sum(['a'], '')", "round('a')", "divmod(1)", "pow(1)", "any(1)", "input(1, 2)", "id()", "repr()", "bool(1, 2)", "slice()", "property(1, 2, 3, 4, 5)",
]
for code in calls:
    try:
        print(code, "=", eval(code))
    except TypeError as e:
        print(code, "->", e)
    except Exception as e:
        print(code, "->", type(e).__name__, e)


class K:
    def m(self, a):
        return a

    @classmethod
    def c(cls, a): ...

    @staticmethod
    def s(a): ...

    def __init__(self, q=1): ...


for code in ("K().m()", "K().m(1, 2)", "K.m()", "K.m(K())", "K.c()", "K.s()", "K(1, 2)", "K(z=1)", "K().m(b=1)", "K().m(1, a=2)", "K().nope()", "K.nope()", "K().m(K(), 1)", "K()()"):
    try:
        print(code, "=", eval(code))
    except (TypeError, AttributeError) as e:
        print(code, "->", e)
print(len(list(f(*range(300), c=1)[2])), (lambda *a, **k: (a, k))(*(), **{}))
