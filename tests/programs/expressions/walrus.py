# Assignment expressions: scopes, comprehensions, conditions.
if (n := len("abc")) > 2:
    print(n)
print([y := 1, y**2, y := y + 1], y)
print([last := x for x in range(4)], last)


def f():
    total = 0
    r = [total := total + v for v in (1, 2, 3)]
    return r, total


print(f())
while (chunk := [1, 2, 3][: n - 1]) and n:
    n -= 1
    print(chunk, n)
print(any((hit := w).startswith("b") for w in ("ab", "bc", "cd")), hit)
print({(k := i): k * 2 for i in range(2)}, k)


def g():
    global made
    [made := i for i in range(3)]


g()
print(made, (z := 1, 2), z)
print(f"{(q := 5)} {q:=5}", q)
d = {"a": (b := 2)}
print(b, lambda: (c := 1))if False else print(b, (lambda: (c := 1) + c)())
for src in (
    "x := 1", "(a.b := 1)", "(a[0] := 1)", "[i := 0 for i in range(5)]", "[[(i := 0) for j in range(2)] for i in range(2)]", "class C: [x := 1 for i in range(2)]",
    "f(a := 1, b = c := 2)", "def f(a = x := 1): pass", "lambda: x := 1", "[i for i in (j := range(3))]", "(x := 1) = 2", "del (x := 1)", "[k for k in range(2) if (k := 1)]", "(lambda a: (a := 1))", "with (x := 1): pass" if False else "True := 1",
):
    try:
        compile(src, "<s>", "exec")
        print("ok", src)
    except SyntaxError as e:
        print(src, "->", e.msg)
