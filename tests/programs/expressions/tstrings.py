# Template strings (PEP 750): Template and Interpolation objects.
from string.templatelib import Interpolation, Template, convert

name, n = "World", 5
t = t"Hello {name!r:>10} and {n + 1:{n}} {n=}!"
print(type(t).__name__, t.strings, t.values)
for i in t.interpolations:
    print(i.value, i.expression, i.conversion, i.format_spec)
print(list(t"a{1}b{2}"), list(t""), list(t"{1}"), t"".strings)
print(repr(t"x{n}y"), repr(Interpolation(1, "one", "r", "spec")))
u = t"a" + t"b{1}" + t"{2}c"
print(u.strings, u.values)
print((t"a" t"{n}" t"c").strings)
for bad in ("t'a' + 'b'", "'b' + t'a'", "Interpolation()", "Interpolation(1, 'x', 'q')", "Template(1)", "t'{name' ", "t'a' 'b'", "t'a' f'b'", "t'{}'"):
    try:
        print(eval(bad))
    except (TypeError, ValueError, SyntaxError) as e:
        print(type(e).__name__, e)
w = Template("a", "b", Interpolation(3, "three"), Interpolation(4, "four"), "z")
print(w.strings, w.values)
match t"{name}".interpolations[0]:
    case Interpolation(value, expression, conversion, spec):
        print(value, expression, conversion, repr(spec))
print(convert("x", "r"), convert(1, None), convert("é", "a"), rt"\n{n}".strings, tr"\d".strings)


def render(template):
    return "".join(x if isinstance(x, str) else f"<{format(convert(x.value, x.conversion), x.format_spec)}>" for x in template)


print(render(t"{name!r:.3} {3.14159:.2f}"))
print(t"{(lambda: n)()}".values, t"{'nested ' + f'{n}'}".interpolations[0].expression, hash(t"x") is not None, t"x" == t"x")
