# ExceptionGroup: construction, split, subgroup, derive, except*, nesting, re-raising.
eg = ExceptionGroup("top", [ValueError(1), ExceptionGroup("mid", [TypeError(2), ValueError(3)]), OSError(4)])
print(repr(eg), str(eg), eg.message, len(eg.exceptions))
print(eg.subgroup(ValueError), repr(eg.subgroup(ValueError)), eg.subgroup(KeyError), repr(eg.subgroup((TypeError, OSError))))
m, r = eg.split(ValueError)
print(repr(m), repr(r))
print(repr(eg.subgroup(lambda e: isinstance(e, OSError))), eg.split(KeyError)[0], eg.subgroup(ExceptionGroup) is eg)
print(type(BaseExceptionGroup("b", [ValueError()])), type(BaseExceptionGroup("b", [KeyboardInterrupt()])))
for bad in ("ExceptionGroup('x', [])", "ExceptionGroup('x', 5)", "ExceptionGroup('x', [5])", "ExceptionGroup(5, [ValueError()])", "ExceptionGroup('x')", "ExceptionGroup('x', [KeyboardInterrupt()])", "eg.split(5)", "eg.subgroup([ValueError])", "eg.derive(5)", "ExceptionGroup('x', [ValueError])", "eg.exceptions = ()", "ExceptionGroup('x', [ValueError()], 1)"):
    try:
        exec(bad)
    except (TypeError, ValueError, AttributeError) as e:
        print(bad, "->", type(e).__name__, e)


class My(ExceptionGroup):
    def __new__(cls, msg, excs, code):
        self = super().__new__(cls, msg, excs)
        self.code = code
        return self

    def derive(self, excs):
        return My(self.message, excs, self.code)


my = My("mine", [ValueError(1), TypeError(2)], 42)
print(my.split(ValueError)[1].code, type(my.subgroup(ValueError)).__name__)


def handle(exc):
    log = []
    try:
        try:
            raise exc
        except* ValueError as g:
            log.append(("V", [str(e) for e in g.exceptions] if not any(isinstance(e, ExceptionGroup) for e in g.exceptions) else repr(g)))
        except* (TypeError, OSError) as g:
            log.append(("TO", repr(g)))
        else:
            log.append("else")
        finally:
            log.append("finally")
    except BaseException as e:
        log.append(("escaped", repr(e)))
    return log


print(handle(eg))
print(handle(ValueError("plain")))
print(handle(KeyError("other")))
print(handle(ExceptionGroup("g", [KeyError(1), ValueError(2)])))
print(handle(BaseExceptionGroup("b", [KeyboardInterrupt(), OSError(1)])))
try:
    try:
        raise ExceptionGroup("a", [ValueError(1), TypeError(2), KeyError(3)])
    except* ValueError:
        raise RuntimeError("new")
    except* TypeError:
        raise
except ExceptionGroup as e:
    print(repr(e), repr(e.exceptions[0].__context__))
try:
    try:
        raise ExceptionGroup("a", [ValueError(1)])
    except* ExceptionGroup:
        pass
except TypeError as e:
    print(e)
try:
    try:
        raise ValueError
    except* 5:
        pass
except TypeError as e:
    print(e)
try:
    raise ExceptionGroup("n", [ValueError(1), ExceptionGroup("i", [ValueError(2), TypeError(3)])])
except* ValueError as g:
    print(repr(g), g.exceptions[1].message)
except* TypeError as g:
    print(repr(g))
g = ExceptionGroup("notes", [ValueError()])
g.add_note("n")
print(g.subgroup(ValueError).__notes__, ExceptionGroup[int])
