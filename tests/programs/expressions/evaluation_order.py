# Order of evaluation of operands, arguments, dict displays, comparisons, assignments, decorators, defaults.
log = []


def n(x, value=None):
    log.append(x)
    return value if value is not None else x


def show(label):
    print(label, *log)
    log.clear()


class T:
    def __getattr__(self, k):
        log.append("get " + k)
        return T()

    def __setattr__(self, k, v):
        log.append("set " + k)

    def __getitem__(self, k):
        log.append(f"item {k}")
        return T()

    def __setitem__(self, k, v):
        log.append(f"setitem {k}")

    def __call__(self, *a, **k):
        log.append("call")
        return T()

    def __add__(self, o):
        log.append("add")
        return self


n(1) + n(2) * n(3) - n(4); show("arith")
{n(1): n(2), n(3): n(4)}; show("dict")
[n(1), n(2)][n(0)]; show("sub")
(n(1), n(0))[n(1)] if n(0) else n(5); show("cond")
t = T()
t.a.b[n(1)].c(n(2), k=n(3)).d = n(4); show("attr")
t.x, t[n("i")] = n(1), n(2); show("tuple")
t[n(1)] = t.y = n(2); show("chain")
t.z += n(1); show("aug")
n(1) < n(2) < n(0) < n(4); show("compare")


@n("deco1", lambda f: log.append("apply1") or f)
@n("deco2", lambda f: log.append("apply2") or f)
def f(a: n("ann") = n("default1"), *, b=n("default2")): pass


show("def")


@n("cd", lambda c: log.append("apply c") or c)
class C(n("base", object), metaclass=n("meta", type)):
    n("body")


show("class")
f"{n(1)} {n(2):{n(3)}}"; show("fstring")
lambda a=n("lam"): n("no"); show("lambda")
[n(("e", i)) for i in n("iter", range(2)) if n("if")]; show("comp")
t[n(1) : n(2) : n(3)]; show("slice")
n("f", print)(*n("s", ()), **n("kw", {})); show("call")
assert n("t"), n("msg"); show("assert")
(n("w") and n(0)) or n("last"); show("bool")
del log[:]
