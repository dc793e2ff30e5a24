# MemoryError and OverflowError on sizes that cannot be.
for code in ("'a' * (1 << 62)", "[0] * (1 << 62)", "(0,) * (1 << 62)", "b'x' * (1 << 62)", "bytearray(1 << 62)", "'ab' * (1 << 64)", "[1] * (1 << 64)", "range(1 << 70)[1 << 69]", "len(range(1 << 70))", "'x'.ljust(1 << 62)", "1 << (1 << 62)", "float(1 << 2000)", "1.0 * (1 << 2000)", "int(1e308) * 1.0 * 10", "[1][1 << 70]", "'a'[1 << 70]", "list(range(5))[1 << 70:]", "chr(1 << 70)", "bytes(1 << 70)", "'%*d' % (1 << 70, 1)", "f'{1:{1 << 70}}'", "(1 << 70).to_bytes(2)", "2.0 ** 5000", "(1 << 62) << (1 << 62)", "round(1e308, -400)", "int('9' * 5000)", "str(10 ** 5000)"):
    try:
        r = eval(code)
        print(code, "=", r)
    except (MemoryError, OverflowError, ValueError, IndexError) as e:
        print(code, "->", type(e).__name__, e)
