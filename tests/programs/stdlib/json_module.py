# json: dumps and loads, options, errors.
import json

data = {"a": [1, 2.5, -3e-10, True, None, "é\"\\\n\u2028\U0001F600/"], "b": {"c": {}, "d": []}, "1": 1e400}
print(json.dumps(data), json.dumps(data, ensure_ascii=False).encode(), json.dumps(data, indent=2), json.dumps(data, separators=(",", ":"), sort_keys=True), json.dumps({1: 1, None: 2, True: 3, 1.5: 4}), json.dumps([(), (1,)]), json.dumps("x"), json.dumps([float("nan")]), json.dumps({"b": 1, "a": 2}, sort_keys=True, indent="\t"), json.dumps({(1,): 2, "k": 1}, skipkeys=True), json.dumps([], indent=1), json.dumps([1, [2]], indent=1))
print(json.loads('{"a": [1, 2.0, -1e5, true, false, null, "\\u00e9\\ud83d\\ude00\\n"], "b": {}}'), json.loads(b"[1]"), json.loads(" 5 "), json.loads("1E3"), json.loads("NaN"), json.loads("-Infinity"), json.loads('{"a":1,"a":2}'), json.loads("1" * 30), json.loads("[1.5]", parse_float=str), json.loads("[15]", parse_int=float), json.loads('{"a": 1}', object_hook=lambda d: sorted(d)), json.loads('{"b": 1, "a": 2}', object_pairs_hook=list), json.loads('"\t"', strict=False))
for bad in ("", "{", "[1,", "[1 2]", '{"a"}', '{"a":}', "{a: 1}", "[1,]", '{"a": 1,}', "nul", "01", "1.", "'a'", '"abc', '"\\x"', '"\\u12"', '"\t"', "[1]x", "-", "+1", ".5", "{1: 2}", "[" * 5, "tru", '"\\ud800"', "\ufeff1"):
    try:
        print(ascii(bad), ascii(json.loads(bad)))
    except json.JSONDecodeError as e:
        print(ascii(bad), "->", e, e.pos, e.lineno, e.colno)
for bad in (object, {1, 2}, {(1,): 2}, b"x", 1j, lambda: 0):
    try:
        json.dumps(bad)
    except TypeError as e:
        print(e)
cyc = []
cyc.append(cyc)
try:
    json.dumps(cyc)
except ValueError as e:
    print(e, getattr(e, "__notes__", None))
try:
    json.dumps(float("inf"), allow_nan=False)
except ValueError as e:
    print(e)
try:
    json.dumps({"k": [1, object]})
except TypeError as e:
    print(e.__notes__)


class E(json.JSONEncoder):
    def default(self, o):
        return sorted(o) if isinstance(o, set) else super().default(o)


print(json.dumps({"s": {2, 1}}, cls=E), json.dumps({1}, default=list), list(json.JSONEncoder().iterencode([1, {"a": 2}])), json.JSONDecoder().raw_decode('{"a": 1} rest'))
import enum, io
class I(enum.IntEnum): A = 1
print(json.dumps([I.A, {I.A: 1}]), json.load(io.StringIO("[1]")), json.dump([1], b := io.StringIO()), b.getvalue())
