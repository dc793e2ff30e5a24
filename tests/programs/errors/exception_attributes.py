# Attributes of exceptions: args, __cause__, __context__, __suppress_context__, __traceback__, notes, pickling, setting them.
import copy
import pickle

e = ValueError("a", 1)
print(e.args, e.__cause__, e.__context__, e.__suppress_context__, e.__traceback__, hasattr(e, "__notes__"), e.__dict__)
e.args = "xy"
print(e.args, e, repr(e))
e.args = []
e.extra = 1
e.__cause__ = KeyError()
print(repr(e), e.__suppress_context__, e.__dict__)
for bad in ("e.args = 5", "e.__cause__ = 5", "e.__context__ = 'x'", "e.__traceback__ = 5", "e.__suppress_context__ = 'x'", "del e.args", "del e.__cause__", "del e.__traceback__", "e.with_traceback(5)", "e.__setstate__(5)", "raise e from 5", "raise 5", "raise", "raise int", "raise ValueError() from int", "raise None", "raise ValueError from None"):
    try:
        exec(bad)
        print(bad, "ok")
    except BaseException as x:
        print(bad, "->", type(x).__name__, x)
try:
    raise ValueError
except ValueError as v:
    print(type(v), v.args, v.__traceback__.tb_lineno)


class BadNew(Exception):
    def __new__(cls):
        return 5


try:
    raise BadNew
except TypeError as t:
    print(t)
for x in (ValueError(1, 2), KeyError("k"), OSError(2, "m", "f"), ImportError("m", name="n", path="p"), AttributeError("a", name="n", obj=5), NameError("n", name="x"), StopIteration(3), SystemExit(4), UnicodeDecodeError("utf-8", b"a", 0, 1, "r"), SyntaxError("m", ("f", 1, 2, "t", 1, 3)), ExceptionGroup("g", [ValueError(1)])):
    try:
        y = pickle.loads(pickle.dumps(x))
        z = copy.copy(x)
        print(repr(y), repr(y) == repr(x) == repr(z), type(y) is type(x), vars(y))
    except Exception as err:
        print(type(x).__name__, "pickle failed", err)
s = SyntaxError("msg", ("file", 3, 4, "text", 5, 6))
print(s.msg, s.filename, s.lineno, s.offset, s.text, s.end_lineno, s.end_offset, s.print_file_and_line, str(s))
for args in (("m", 5), ("m", (1,)), ("m", ("f", 1, 2, "t", 5)), ("m", ())):
    try:
        print(SyntaxError(*args))
    except (TypeError, IndexError) as err:
        print(args, type(err).__name__, err)
print(StopIteration(1, 2).value, StopIteration().value, SystemExit(1, 2).code, SystemExit().code, ImportError("x", name="n").name, AttributeError("x").obj, NameError().name, KeyError("é"), KeyError(("t",)), UnicodeEncodeError("ascii", "aé", 1, 2, "why").object)
