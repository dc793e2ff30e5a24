# int: constructors, conversions, methods, big values, formatting, errors.
print(int(), int("42"), int(" -7 "), int("0x1f", 16), int("0b11", 0), int("z", 36), int("1_000"), int(3.9), int(-3.9), int(True), int(b"12"), int("٣"), int("ff", base=16))
for bad in ("int('')", "int('x')", "int('1__0')", "int('0x1f')", "int('12', 1)", "int('12', 37)", "int('9', 8)", "int(None)", "int([])", "int('1.5')", "int(1, 2)", "int(float('nan'))", "int(float('inf'))", "int('1' * 5000)", "int(b'\\xff')", "int('_1')", "int('0_')", "int('08', 0)", "int('1', '2')", "int(1j)", "int('\\x00')"):
    try:
        print(bad, eval(bad))
    except Exception as e:
        print(bad, "->", type(e).__name__, str(e)[:120])
n = 10**25
print((5).bit_length(), n.bit_length(), (255).bit_count(), (-7).bit_count(), (5).to_bytes(2, "big"), (-5).to_bytes(2, "little", signed=True), int.from_bytes(b"\x01\x00", "big"), int.from_bytes(b"\xff\xff", "big", signed=True), int.from_bytes([1, 2], "little"), (65).to_bytes())
print((7).as_integer_ratio(), (3).conjugate(), (3).real, (3).imag, (3).numerator, (3).denominator, (5).is_integer(), (5).__index__(), (5).__floor__(), (5).__ceil__(), (5).__trunc__(), (1234).__round__(-2), round(1250, -2), round(1350, -2), round(-15, -1), round(5, 3))
for bad in ("(300).to_bytes(1)", "(-1).to_bytes(1)", "(1).to_bytes(-1)", "(1).to_bytes(1, 'mid')", "int.from_bytes('a')", "(5).__round__('x')", "(1).__pow__('a')"):
    try:
        print(bad, eval(bad))
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
print(bin(-10), oct(8), hex(255), hex(-n), str(n * n), repr(-n), f"{n:,} {n:_} {255:b} {255:#o} {255:X} {255:#X} {-5:08d} {5:+} {5: } {65:c} {1234:e} {12345:.2f} {5:%} {n:x} {255:_b} {7:^9} {7:=+9} {-7:<5}|")
print(n // 3, n % 7, -n // 3, -n % 7, divmod(n, -7), n**3, n >> 3, n << 5, n & 0xFFFF, n | 1, n ^ n, ~n, -n, abs(-n), pow(n, 5, 997), n == 1e25, n > 1e24, int(1e25), float(n), n / 3, n / n, 3 / n, n - n == 0)
print(2**64 - 1, 2**63, -(2**63), 2**61, 2**60, -(2**60), 2**62 - 1, (2**31) * (2**31), (2**32 - 1) ** 2, (2**61 - 1) * (2**61 - 1), 3037000500**2, 2**61 + -(2**61), (1 << 60) * 2, -(1 << 60) * 2, -(1 << 60) - 1)
print(int.__add__(1, 2), int.__add__(1, 1.5), (1).__eq__("a"), (1).__lt__(2.5), (5).__divmod__(2), (2).__pow__(3, 5), int.__new__(int, 5), (3).__rsub__(10), (1).__bool__(), (5).__format__("03"), (5).__sizeof__() > 0, (5).__hash__())
print(sum([2**62, 2**62]), max(2**70, 1.5e30), sorted([2**65, -1, 3.5, 2**64]), str(10**50)[-5:], int(str(3**200)) == 3**200, hash(2**100), 0xFFFFFFFFFFFFFFFF * 0xFFFFFFFFFFFFFFFF % (2**61 - 1), (-3) ** 3, (-2) ** 63, 7 // -1, -(2**63) // -1)
print(True + 1, True & 3, isinstance(True, int), True.real, bool.__mro__, repr(True), True is (1 == 1), ~False, True.__and__(1), bool("False"), int.__subclasses__()[:1])
print(100 .__add__(1), 5 .real, 1..is_integer(), (10**400 // 10**399), len(str(2**5000 if 0 else 2**3000)))
