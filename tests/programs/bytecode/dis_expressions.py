# dis of each kind of expression.
import dis
import io
import re


def show(code, view=dis.dis, **options):
    text = io.StringIO()
    view(code, file=text, **options)
    print(re.sub(r" at 0x[0-9a-f]+", "", text.getvalue()), end="")


SOURCES = [
    "a + b - c * d / e // f % g ** h @ i", "a << b >> c & d | e ^ f", "-a, +b, ~c, not d", "a < b <= c == d != e", "a is b, a is not b, a in b, a not in b", "a and b or c", "a if b else c", "lambda x, y=1: x + y", "f(a, *b, c=1, **d)", "f()", "f(1, 2, k=3)", "o.m(1)", "o.a.b", "x[1]", "x[1:2]", "x[a:b:c]", "(1, a, 'b')", "[a, b]", "{a, b}", "{a: 1, b: 2}", "[1, 2, 3, 4]", "{1, 2, 3}", "[*a, b]", "{**a, 'b': 1}", "[x for x in y if x]", "{x for x in y}", "{k: v for k, v in y}", "(x for x in y)", "f'{a!r:>{w}} text {b}'", "f'{a}'", "t'{a} b'", "(x := 5)", "'a' 'b'", "1 + 2", "'a' * 3", "-1", "not True", "x == None", "...", "(1, 2, (3, 4))", "x in (1, 2)", "x in {1, 2}", "1 if True else 2", "a.b(c)(d)[e].f", "__debug__", "10 ** 100", "2 ** 3", "1j + 2", "b'x'", "None",
]
for source in SOURCES:
    print("==", source)
    show(compile(source, "<expr>", "eval"))
