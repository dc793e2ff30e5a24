# Exception groups: nested, with causes and notes, printed as CPython prints them.
import traceback


def make(exc):
    try:
        raise exc
    except BaseException as e:
        return e


inner = make(ExceptionGroup("inner", [make(ValueError(1)), TypeError("no traceback")]))
inner.add_note("note on inner")
e = make(KeyError("k"))
e.add_note("line one\nline two")
e.__cause__ = OSError("cause of k")
outer = ExceptionGroup("outer", [e, inner, make(IndexError("i"))])
traceback.print_exception(outer)
traceback.print_exception(ExceptionGroup("wide", [ValueError(i) for i in range(20)]))
g = ExceptionGroup("leaf", [ValueError("x")])
for i in range(12):
    g = ExceptionGroup(f"level {i}", [g])
traceback.print_exception(g)
raise outer
