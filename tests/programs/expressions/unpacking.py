# Iterable and mapping unpacking in displays, calls, return, yield, subscripts, for.
a = [1, 2]
print([*a, 3, *a], (*a,), {*a, *"ab"} == {1, 2, "a", "b"}, {**{"x": 1}, "y": 2, **{"x": 3}}, [*{}, *range(2)], *a, *())


def ret():
    return *a, 9


def gen():
    yield *a, 8
    yield


print(ret(), list(gen()))
for x in *a, 7:
    print(x, end=" ")
print()
x = *a,
print(x, {*()}, [*()], (*(), *[]))
(c, *d), *e = [[1, 2, 3], 4, 5]
print(c, d, e)
print({**dict(zip("ab", range(2)))}, dict(**{"k w": 1}), max(*[3, 1], *(7,)))
[*m], n = "ab", 1
print(m, n)
for code in ("[*5]", "{**5}", "{**[1]}", "{*1}", "(*None,)", "[*a, *len]", "{**{[]: 1}}", "print(*1)", "dict(**{1: 2})", "dict(a=1, **{'a': 2})", "dict(**{'a': 1}, **{'a': 2})", "print(**[1])"):
    try:
        print(eval(code))
    except TypeError as e:
        print(code, "->", e)
for src in ("*a", "x = *a", "(*a)", "*a, *b = 1, 2", "[*a, *b] = c", "{**a for a in b}", "[*a for a in b]", "(*a for a in b)", "f(**a, *b)", "f(**a, b)", "f(a=1, b)", "f(a=1, a=2)", "del *a", "for *x in y: pass", "{*a: 1}", "{**a, *b}", "{a, **b}", "print(*)"):
    try:
        compile(src, "<u>", "exec")
        print("ok", src)
    except SyntaxError as e:
        print(src, "->", e.msg)
