# Frame objects, f_locals (PEP 667), f_back, sys._getframe, code positions, tracebacks as data.
import sys
def inner(p):
    q = p + 1
    f = sys._getframe()
    print(f.f_code.co_name, sorted(f.f_locals), f.f_locals["q"], f.f_back.f_code.co_name, f.f_lineno - f.f_code.co_firstlineno, f.f_globals is globals(), f.f_builtins["len"] is len)
    f.f_locals["q"] = 99
    print(q)
    f.f_locals["new"] = 1
    print(f.f_locals["new"], "new" in locals(), type(f.f_locals).__name__, len(f.f_locals))
    caller = f.f_back
    caller.f_locals["x"] = "changed by callee"
    return f
def outer():
    x = "mine"
    f = inner(1)
    print(x, f.f_back is sys._getframe(), f.f_lineno is not None)
    return f
fr = outer()
print(fr.f_locals["p"], fr.f_back is None, sorted(fr.f_locals))
fr.clear()
print(dict(fr.f_locals))
try:
    sys._getframe(100)
except ValueError as e:
    print(e)
print(sys._getframe().f_code.co_name, sys._getframe().f_locals is globals(), sys._getframe(0).f_back)
def tb():
    try:
        1 / 0
    except ZeroDivisionError as e:
        t = e.__traceback__
        print(t.tb_lineno - t.tb_frame.f_code.co_firstlineno, t.tb_next, t.tb_frame is sys._getframe(), t.tb_lasti > 0)
        return e
e = tb()
def chain():
    try:
        tb2()
    except KeyError as err:
        names = []
        t = err.__traceback__
        while t:
            names.append(t.tb_frame.f_code.co_name)
            t = t.tb_next
        print(names)
        err2 = err.with_traceback(None)
        print(err2 is err, err.__traceback__)
def tb2():
    raise KeyError
chain()
def proxy():
    a, b = 1, 2
    loc = sys._getframe().f_locals
    loc.update({"a": 10})
    loc["c"] = 3
    print(a, dict(loc) == {"a": 10, "b": 2, "loc": loc, "c": 3}, list(loc), loc.get("zz"), "b" in loc, loc.pop("c", None) if 0 else "", loc.setdefault("d", 5), loc | {"z": 1} != {}, len(loc))
    for bad in ("del loc['a']", "loc.clear()", "loc.pop('a')", "loc['zz']", "loc[5] = 1; print(loc[5])", "del loc['d']; print('deleted d')"):
        try:
            exec(bad, {"loc": loc})
        except Exception as e:
            print(bad, "->", type(e).__name__, e)
    snap = locals()
    snap["a"] = 77
    print(a, locals()["a"])
proxy()
def gen():
    y = 1
    yield sys._getframe()
    yield y
g = gen()
f = next(g)
f.f_locals["y"] = 42
print(next(g), g.gi_frame is f, f.f_generator is g if hasattr(f, "f_generator") else "")
class C:
    z = 5
    print(sys._getframe().f_locals is locals(), sys._getframe().f_code.co_name, sorted(k for k in sys._getframe().f_locals if k[:2] != "__"))
try:
    f.f_lineno = 5
except (ValueError, AttributeError) as e:
    print(type(e).__name__)
print([sys._getframe().f_code.co_name for _ in range(1)], (lambda: sys._getframe().f_code.co_name)(), list(sys._getframe().f_code.co_name for _ in [0]))
