# Where the carets stand for operators, calls, subscripts, attributes, in long and multi-line expressions.
import traceback


def show(f):
    try:
        f()
    except Exception:
        traceback.print_exc()


a, b, d, s = 1, 0, {}, "s"


class O:
    pass


o = O()
o.p = O()
show(lambda: a + b / b * a)
show(lambda: (a + b) + (a // b))
show(lambda: d["missing"]["k"])
show(lambda: o.p.q.r)
show(lambda: s + a + a)
show(lambda: int("x") + int("1"))
show(lambda: a(b)(a))
show(lambda: [x for x in a])
show(lambda: f"{a} {b / b} {s}")
show(lambda: -s)
show(lambda: (a < s) and b)
show(lambda: max(a, key=b, default=None))
show(lambda: s[a:b:b])
show(lambda: o.p.method(a, b)(s))
show(lambda: {**a})
show(lambda: [*a, b])
show(lambda: undefined_name + 1)
show(lambda: d[a][b] if a else s[99])


def statements(n):
    if n == 0:
        x = a + s
    if n == 1:
        del d["zz"]
    if n == 2:
        d[1][2] = 3
    if n == 3:
        o.p.q.r = 5
    if n == 4:
        x, y = 1, 2, 3
    if n == 5:
        for i in a:
            pass
    if n == 6:
        with a as b2:
            pass
    if n == 7:
        assert a == b, "message"
    if n == 8:
        raise ValueError("multi\nline")
    if n == 9:
        import nonexistent.module
    if n == 10:
        from _thread import nonexistent
    if n == 11:
        return (
            a
            + b
            / b
        )
    if n == 12:
        return max(
            1,
            s.join([a]),
            2,
        )
    if n == 13:
        s += a
    if n == 14:
        return a if d["q"] else b
    if n == 15:
        return d[
            "long key"
        ]
    if n == 16:
        "é" + 1; 中 = 1
    if n == 17:
        中文 = "é"; 中文 + a + b
    if n == 18:
        return (lambda: (a /
            b))()
    if n == 19:
        x = [i / b for i in (1, 2)]
    if n == 20:
        match a:
            case O(x):
                pass
            case int(real=1) if a / b:
                pass
    if n == 21:
        class C(a): pass
    if n == 22:
        @a
        def f(): pass
    if n == 23:
        def f(x=a / b): pass
    if n == 24:
        return not a / b
    if n == 25:
        print(a, b, a / b, sep="")
    if n == 26:
        a2: int = a / b
    if n == 27:
        global a_global
        del a_global
    if n == 28:
        return f"{a:{s}}"
    if n == 29:
        while a / b: pass
    if n == 30:
        yield_ = (yield_2 := a / b)
    if n == 31:
        *x, y = a
    if n == 32:
        raise a
    if n == 33:
        raise ValueError from a
    if n == 34:
        try:
            a / b
        except s:
            pass
    if n == 35:
        a.b.c
    if n == 36:
        o.x(1)(2).y


for n in range(37):
    show(lambda: statements(n))
