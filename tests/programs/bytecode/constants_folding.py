# Constants: folding, merging, interning, docstrings, what stays in co_consts.
def consts(source, mode="eval"):
    return compile(source, "c", mode).co_consts


for source in ("1 + 2 * 3", "(1, 2, 'a')", "'a' * 3", "'x' + 'y'", "2 ** 10", "2 ** 1000", "-5", "not 0", "[1, 2, 3]", "x in [1, 2]", "x in {1, 2}", "{1, 2, 3}", "(1, 2)[0]", "'abc'[1]", "1 / 0", "'a' % 5", "1 if 1 else 2", "(1, (2, 3), -4)", "1 + 2j", "0.0, -0.0", "1, 1.0, True", "b'a' b'b'", "f'a{1}b'", "10 // 3 + 7 % 4", "'a' 'b' f'{c}' 'd'", "(1 << 100)", "~7", "+True", "1 < 2", "'%s' % 'x'", "() + (1,)", "(1,) * 5", "'a' * 5000"):
    print(source, "->", str(consts(source))[:100])
print(consts("def f():\n 'doc'\n return 1\nclass C:\n 'cdoc'\n x = None", "exec")[0].co_consts)
