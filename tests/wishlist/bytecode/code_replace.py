# code.replace, equality and hash of code objects, co_positions, co_branches, marshal round trip.
import marshal
import types


def f(a, b):
    c = a + b
    if c > 3:
        return c * 2
    return [c]


co = f.__code__
g = types.FunctionType(co.replace(co_consts=tuple(10 if k == 3 else k for k in co.co_consts), co_name="g"), globals())
print(g(1, 5), f(1, 5), g.__name__, co == co.replace(), co != g.__code__, hash(co) == hash(co.replace()))
print(list(co.co_positions())[:8])
print(list(co.co_branches()))
back = marshal.loads(marshal.dumps(co))
print(back == co, back.co_linetable == co.co_linetable, types.FunctionType(back, {})(1, 1))
for bad in ({"co_nothing": 1}, {"co_argcount": -1}, {"co_code": "str"}, {"co_consts": [1]}, {"co_name": 5}, {"co_varnames": ()}, {"co_stacksize": "x"}):
    try:
        co.replace(**bad)
        print(bad, "ok")
    except (TypeError, ValueError) as e:
        print(bad, type(e).__name__, e)
try:
    co.co_name = "x"
except AttributeError as e:
    print(e)
print(repr(co).split(" at ")[0], co.co_filename, co._varname_from_oparg(0))
for value in (None, True, 5, -1, 2**40, 2**70, 1.5, 2j, "a", "é", b"b", (1, (2,)), [1], {"k": [1]}, {1}, frozenset({1}), ..., StopIteration, slice(1, 2)):
    data = marshal.dumps(value)
    print(repr(value), data.hex() if not isinstance(value, slice) else "", marshal.loads(data) == value)
for bad in (object(), lambda: 0, int):
    try:
        marshal.dumps(bad)
    except ValueError as e:
        print(e)
for bad in (b"", b"i\0", b"q", b"("):
    try:
        marshal.loads(bad)
    except (EOFError, ValueError, TypeError) as e:
        print(type(e).__name__, e)
