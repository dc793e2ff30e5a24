# f-strings: nesting, conversions, specs, =, quotes inside, lambdas, multi-line, backslashes, errors.
x, name, d = 3.14159, "Bob", {"k": [1, 2]}
print(f"{x:.2f} {x!r} {name!s:>5}| {name!a:<7}| {x:{5}.{2}} {x:{'>'}{10}.{3}f}")
print(f"{x=} {x = } {x=:.3} {name=!s} {d['k'][1]=} {1 + 1=}")
print(f"{{}} {{{x:.0f}}} {'nested ' + f'{name + f"{1}"}'} {d["k"]}")
print(f"{'a' if x > 3 else 'b'} {(lambda y: y * 2)(4)} {[i for i in range(3)]} { {1: 2}[1] } {x:%}" f" {x!r:^20}|")
print(f'''{
    x  # a comment
:.1f} {
    name
}''')
print(f"{'\n'.join(['a', 'b'])} {'\t'!r} {"quo'te"}")
print(rf"\d{x:.0f}\n" fr"{name}\x", f"\x41{1}\N{DIGIT ONE}\u00e9", f"{'é'}")
print(f"{123456789:,} {255:#x} {-5:+d} {True:d} {None} {...} {'x':*^5} {5:05} {1e10:g} {2+3j:.1f}")


class F:
    def __format__(self, spec):
        return f"<{spec}>"

    def __str__(self):
        return "str"

    def __repr__(self):
        return "repr"


o = F()
print(f"{o} {o:abc} {o!r} {o!s:>6} {o:{{}}}" if 0 else f"{o} {o:abc} {o!r} {o!s:>6} {o:{name}-{1}}")
print(f"{x,} {*[1, 2],} {x:>{len(name)}.1}", f"{(y := 5)}{y}", f"{x:=+8.2f}", f"{not x} {x is None}", f"{yield_if if 0 else 1}" if 0 else "")
print(f"a{''}b", f"{''}" "", f"{x!r}" == repr(x), f"{'{'} {'}'}", f"{x:{''}}", f"{3:{'0'}{4}}")
for src in (
    "f'{'", "f'}'", "f'{}'", "f'{ }'", "f'{a!x}'", "f'{a b}'", "f'{a:{b:{c}}}'", "f'{!r}'", "f'{a!}'", "f'{a!r s}'", "f'{lambda x: 1}'", "f'{a = !z}'", "f'{*a}'", "f'{a:{}}'", "f'{a['", "f'{a)}'", "f'{(a}'", "f'{=}'", "f'{#}'", "f'{a $ b}'", "f'", "f'''{", "f'{a:'", "f'{1:d', 'x'", "f'{**a}'", "f'{a.}'", "f'{,}'", "f'{1 = }' = 1",
):
    try:
        compile(src, "<f>", "eval")
        print(src, "ok")
    except SyntaxError as e:
        print(src, "->", e.msg, e.offset)
for code in ("f'{x:d}'", "f'{name:d}'", "f'{5:s}'", "f'{None:5}'", "f'{[]:>3}'", "f'{5:.2}'", "f'{x:,_}'", "f'{undefined}'", "f'{5:Z}'", "f'{1:c}{-1:c}'", "f'{name:+}'", "f'{name:=5}'", "f'{5:99999999999999999999}'", "f'{o!q}'", "f'{5:,s}'"):
    try:
        print(code, eval(code))
    except Exception as e:
        print(code, "->", type(e).__name__, e)
