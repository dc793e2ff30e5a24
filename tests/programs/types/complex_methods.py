# complex: construction, arithmetic, parsing, formatting, methods.
print(complex(), complex(1), complex(1, 2), complex("1+2j"), complex("-j"), complex(" 3j "), complex("(1-2j)"), complex(1.5, -0.0), complex("1e3-2E-1j"), complex("inf+nanj"), complex(True), complex(real=1, imag=2), complex("nan"), complex(1j), complex(0, float("inf")))
for bad in ("complex('')", "complex('1+')", "complex('1 + 2j')", "complex([])", "complex('1', 2)", "complex(1, '2')", "complex('j1')", "complex(None)", "1j // 1", "1j % 1", "1j < 2j", "int(1j)", "float(1j)", "1j ** 'a'", "0j ** -1", "1 / 0j", "round(1j)", "divmod(1j, 1)", "f'{1j:%}'", "f'{1j:05}'", "f'{1j:=5}'", "f'{1j:d}'", "1j.real_", "hash(1j) and 1j.imag.x", "abs(complex(1e308, 1e308))", "0j ** 1j", "pow(1j, 2, 3)", "(1j).real.__set__", "math_ if 0 else 1j > 1"):
    try:
        print(bad, eval(bad))
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
z = 3 + 4j
print(z.real, z.imag, z.conjugate(), abs(z), -z, +z, z + 1, 1 - z, z * 2.5, z / 2, 1 / z, z**2, z**-1, z**0.5, 2**z, z == 3 + 4j, z != 3, bool(0j), z.__eq__(3), hash(z), hash(1 + 0j), z * 1j, z**0, 0j**0, z - z)
print(repr(-0j), 0j, -1j, 1 - 0j, complex(-0.0, -0.0), complex(0.0, -1), 1e100 + 1e-5j, complex("inf") * 1j, 1j * 1j, (1 + 2j) * (3 + 4j), (1 + 2j) / (3 + 4j), (1e308 + 1e308j) * 10)
print(f"{z} {z:.2f} {z:e} {z:>12} {z:<12}| {z:+.1f} {z:g} {z!r:^12}| {1234567.0 + 1j:,}", "%s %r" % (z, z), str(1j), format(z, ".3"))
print(complex.from_number(3), z.__getnewargs__(), sorted([3j, 1j], key=abs), sum([1j, 2, 3.5]), complex.__mro__, z.__complex__() == z, [z].index(3 + 4j), 1j in {1j}, {1 + 0j: "k"}[1])
import cmath

print(cmath.sqrt(-1), cmath.phase(-1), cmath.polar(1j), cmath.exp(0), cmath.isclose(1j, 1j), cmath.inf, cmath.rect(1, 0), cmath.log(1), cmath.isnan(complex("nan")))
