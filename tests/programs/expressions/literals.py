# Literals of every kind: ints in all bases, floats, complex, strings and their prefixes, bytes.
print(0, 00, 1_000_000, 0xFF, 0Xdead_BEEF, 0o17, 0b1010_1, 10**20)
print(1.0, 1., .5, 1e3, 1E-7, 1_0.0_1, 1e400, -1e400, 5e-324, 1e16, 1e15, 123456789.123456789)
print(1j, 1.5J, 0j, 3 + 4j, -0.0, 1e100j, complex("1+2j"))
print('single', "double", '''tri
ple''', """qu"ote""", 'it''s', "a" 'b' """c""")
print(ascii("\a\b\f\n\r\t\v\\\'\"\0\x41\101\u00e9\U0001F600\N{GREEK SMALL LETTER ALPHA}"))
print(r"\n\x", R'\'', b"\x00\xffab\n", rb"\d", Rb'\q', br"\\", B"A")
print(u"uni", f"{1}" "x" f"{2}", F"{'a'}")
print("line \
continued")
print(True, False, None, ..., Ellipsis, NotImplemented, __debug__)
print((), (1,), (1, 2), [], [1], {}, {1}, {1: 2}, {**{"a": 1}, "b": 2}, {*[1], 2}, [*"ab", *()], (*[1], 2))
x = 5; print([x, -x, +x, ~x, not x])
print(0xffffffffffffffffffffff, 1_2_3)
import warnings
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    for s in (r"'\d'", r"b'\q'", r"'\777'", "1if 1else 2", "0x1for x in ()", "1 is 1", "(1)(2)", "[1](2)", "[1][1,2]", "'a' is x", "assert (1, 'x')", "f'{1}'()"):
        try:
            compile(s, "<w>", "exec")
        except SyntaxError as e:
            print(s, "error", e.msg)
    for m in w:
        print(m.category.__name__, m.message)
