# The traceback module: extract, format, StackSummary, TracebackException, walk, limits.
import sys
import traceback


def a(n):
    b(n)


def b(n):
    c = n
    raise ValueError("deep", c)


try:
    a(1)
except ValueError as e:
    exc = e
for line in traceback.format_tb(exc.__traceback__):
    print(line, end="")
st = traceback.extract_tb(exc.__traceback__)
print(len(st), [(f.name, f.lineno, f.line) for f in st], st[0].filename.endswith("traceback_module.py"))
print(traceback.format_exception_only(exc), traceback.format_exception(exc)[-1])
te = traceback.TracebackException.from_exception(exc, capture_locals=True)
print(te.stack[-1].locals, te.exc_type_str, str(te))
traceback.print_exception(exc, limit=1)
traceback.print_exception(exc, limit=-1)
print(traceback.format_list([("f.py", 3, "fn", "code()")]))


def stack():
    return [f.name for f in traceback.extract_stack()]


print(stack())
traceback.print_stack(file=sys.stdout)
print([(f.f_code.co_name, l - f.f_code.co_firstlineno) for f, l in traceback.walk_tb(exc.__traceback__)][1:])
try:
    raise TypeError("second") from exc
except TypeError:
    print(traceback.format_exc().count("Traceback"))
print(traceback.format_exc())
