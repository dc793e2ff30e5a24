# Binary and unary operators over the number types, precedence, errors.
print(7 + 2, 7 - 2, 7 * 2, 7 / 2, 7 // 2, 7 % 2, 7**2, -7 // 2, -7 % 2, 7 // -2, 7 % -2)
print(2**-1, 2**0.5, (-8) ** (1 / 3), 0**0, -2**2, (-2)**2, 2**3**2)
print(1 << 10, 1024 >> 3, -1 >> 5, 6 & 3, 6 | 3, 6 ^ 3, ~6)
print(7.5 // 2, 7.5 % 2, -7.5 // 2, -7.5 % 2, 1e308 * 10, 0.1 + 0.2)
print(True + True, True * 3, 5 - False, True & False, True ^ True, ~True if False else -True)
print((1 + 2j) * (3 - 1j), (1 + 2j) / (3 - 1j), (1 + 2j) ** 2, abs(3 + 4j), -(1 + 2j))
print(1 + 2 * 3 - 4 / 2 ** 2, not 1 + 1, 1 < 2 == 2, (1, 2) + (3,), [1] * 3, "ab" * 2, 2 * b"x")
print(divmod(7, 3), divmod(-7, 3), divmod(7.5, -2), pow(2, 10, 1000), pow(3, -1, 7))
print(10**30 // 7, 10**30 % 7, -(10**30) // 7, (10**30) >> 10, 1 << 100, 10**30 & (2**64 - 1))
print(5 % 3.5, 2**1000 % 1e5 if False else 3 % -5.5, float("inf") - 1, -0.0 + 0)
for code in (
    "1 / 0", "1 // 0", "1 % 0", "1.0 / 0", "1.0 // 0", "1.0 % 0", "0 ** -1", "0.0 ** -1", "1 << -1", "1 >> -1", "divmod(1, 0)",
    "1j / 0", "1j // 1", "1j % 2", "divmod(1j, 1)", "1 + 'a'", "'a' + 1", "[] + ()", "1 - []", "{} | 1", "None + None", "-'a'", "~1.5", "+[]",
    "'a' * 'b'", "'a' * 1.5", "[] * []", "1 @ 2", "1 & 1.5", "2.5 << 1", "object() + 1", "1 + object()", "10.0 ** 400", "pow(2, 3, 0)", "pow(2, -1, 4)",
    "pow(1.5, 2, 3)", "1 < 'a'", "[] < ()", "1j < 2", "None > 1", "print >> 5", "'a' % 1", "b'a' + 'a'", "'x' - 1", "int + str", "1 ** []",
    "1 << 10**20 if False else 1 << (1 << 70)", "[1] * (1 << 70)", "-[]", "~None", "not_defined", "abs('x')",
):
    try:
        print(code, "=", eval(code))
    except Exception as e:
        print(code, "->", type(e).__name__ + ":", e)
