# float: repr, parsing, methods, rounding, formatting, special values.
print(0.1, 1e22, 1e21, 1e16, 123456789012345680.0, 1e-4, 1e-5, 0.00001234, 1.7976931348623157e308, 5e-324, 2.2250738585072014e-308, 1 / 3, 100.0, 1e5, -0.0, 1e300 * 1e10, float("nan"), 3.0e-10, 9007199254740993.0, 0.1 + 0.2, 1.1 * 3)
print(float(), float("1.5"), float(" -2e3\n"), float("inf"), float("-Infinity"), float("NaN"), float("1_0.5"), float(".5"), float("5."), float("1e-400"), float("1e400"), float(True), float(b"2.5"), float("٣.٥"), float(10**20), float("0x1p3") if 0 else "", float("infinity"))
for bad in ("float('')", "float('x')", "float('1_')", "float('1e')", "float(None)", "float('0x1')", "float([])", "float(10**400)", "float('1 2')", "float(1j)", "float('nan(1)')", "float.fromhex('zz')", "float.fromhex('0x1p99999')", "(1.5).as_integer_ratio(1)", "float('inf').as_integer_ratio()", "float('nan').as_integer_ratio()", "round(float('inf'))", "round(float('nan'))", "round(1.5, 'a')", "(1e308).__mul__('x')", "1.5 .__round__(1.5)", "float('inf') // 1", "1 // float('inf')", "2.0 ** 10000", "(-1.0) ** 0.5", "0.0 ** -1.0", "1e300 ** 2", "float('1__0')"):
    try:
        print(bad, eval(bad))
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
print((1.5).is_integer(), (2.0).is_integer(), (0.75).as_integer_ratio(), (255.5).hex(), float.fromhex("0x1.8p1"), float.fromhex("-inf"), (-0.0).hex(), (1e-310).hex(), (3.7).__trunc__(), (3.7).__floor__(), (-3.7).__ceil__(), (2.5).real, (2.5).imag, (2.5).conjugate(), float.__getformat__("double"), float.from_number(3))
print(round(2.5), round(3.5), round(-2.5), round(2.675, 2), round(1234.567, -2), round(0.5), round(1.5), round(1e22), round(2.5, 0), round(5e-324, 300), round(1.005, 2), round(12345.6789, 3), round(1e300, -299), round(float("inf"), 2), round(-0.4), round(0.15, 1), round(0.25, 1), round(0.35, 1), round(1e16 + 1, 1))
x = 1234.56789
print(f"{x:f} {x:.2f} {x:e} {x:.3E} {x:g} {x:.10g} {x:G} {x:n} {x:%} {x:,.2f} {x:_.1f} {x:10.1f}| {x:<10.1f}| {x:^10.1f}| {x:+.1f} {x: .1f} {x:010.2f} {x:.0f} {x:#.0f} {x:} {x:.3} {1e10:} {1e20:g} {1e-7:g} {0.0:e} {-0.0:f} {-0.0:z.1f} {0.5:.0%}")
print("%f %.3f %e %g %10.2f|%-10.1f|%+d %05.1f %G %.0f %#g %r %s" % (x, x, x, x, x, x, 3.9, x, 1e-10, 2.5, 1.0, 0.1, 1e100))
inf, nan = float("inf"), float("nan")
print(f"{inf} {nan} {-inf:f} {nan:F} {inf:e} {inf:010} {nan:+} {inf:%}", inf - inf, inf * 0, inf > 1e308, nan != nan, -inf, inf == inf, max(1, nan), min(nan, 1), 5 % inf, -5 % inf, 5.0 // inf, -5 // inf, inf % 5 != 0)
print(7.5 % 2, -7.5 % 2, 7.5 % -2, divmod(-7.5, 2), 2.0**0.5, 4.0**-1, 1e-300 * 1e-300, 1.0 == 1, 0.5 + 1, 1 - 0.5, 3 * 0.1, 1.0 // 0.1, 1.0 % 0.1, 0.1 // -0.0 if 0 else "", -0.0 + 0.0, -0.0 == 0.0, 1e16 + 1.0, 2**53 + 1.0)
print(hash(1.5), hash(2.0), hash(inf), hash(1e100), hash(-0.0), (1.5).__eq__(2), (1.5).__add__(1), (1.5).__add__("x"), (1.5).__lt__(10**400), 1.5 < 10**400, -(10**400) < -1e308, float.__mro__, 1.5.__class__)
print([0.1 * i for i in range(10)], sum([0.1] * 10), 1e23, 8.41e21, 2.0**-1074, 4.35, 0.3, 2.5e-5, 1.0e-4, 123e-7)
