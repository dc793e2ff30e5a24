# math: functions, constants, errors.
import math

print(math.pi, math.e, math.tau, math.inf, math.nan, math.sqrt(2), math.cbrt(8), math.exp(1), math.exp2(3), math.expm1(1e-10), math.log(10), math.log(8, 2), math.log2(8), math.log10(1000), math.log1p(1e-10), math.pow(2, 0.5))
print(*(f"{x:.13g}" for x in (math.sin(1), math.cos(1), math.tan(1), math.asin(1), math.acos(0), math.atan(1), math.atan2(1, -1), math.sinh(1), math.cosh(1), math.tanh(1), math.asinh(1), math.acosh(2), math.atanh(0.5), math.degrees(math.pi), math.radians(180), math.hypot(3, 4), math.hypot(1, 2, 2), math.dist((0, 0), (3, 4)))))
print(math.floor(-2.5), math.ceil(2.1), math.trunc(-2.9), math.fabs(-3), math.fmod(-7, 3), math.remainder(7, 4), math.modf(3.25), math.frexp(10), math.ldexp(0.5, 4), math.copysign(1, -0.0), math.nextafter(1, 2), math.ulp(1.0), math.isclose(1, 1 + 1e-10), math.isfinite(math.inf), math.isinf(-math.inf), math.isnan(math.nan), math.fma(2, 3, 4))
print(math.factorial(20), math.factorial(30), math.comb(10, 3), math.perm(10, 3), math.perm(5), math.gcd(12, 18, 27), math.lcm(4, 6), math.gcd(), math.isqrt(10**20), math.prod([1, 2, 3, 4]), math.prod([], start=5), math.fsum([0.1] * 10), math.sumprod([1, 2], [3, 4]), math.gamma(5), math.lgamma(10), math.erf(1), math.erfc(1), math.log(10**400), math.log2(1 << 5000), math.sqrt(10**300))
for bad in ("math.sqrt(-1)", "math.log(0)", "math.log(-1)", "math.acos(2)", "math.factorial(-1)", "math.factorial(1.5)", "math.exp(1000)", "math.pow(-1, 0.5)", "math.pow(0, -1)", "math.floor(math.inf)", "math.ceil(math.nan)", "math.gcd(1.5)", "math.comb(-1, 2)", "math.isqrt(-1)", "math.sqrt('a')", "math.fmod(1, 0)", "math.log(10, 1)", "math.atan2(1)", "math.sin(math.inf)", "math.ldexp(1, 10**10)", "math.gamma(-1)", "math.sqrt(10**400)", "math.dist((1,), (1, 2))", "math.hypot('a')", "math.trunc('a')", "math.isclose(1, 2, rel_tol=-1)", "math.sinh(1000)", "math.atanh(1)", "math.log('x')", "math.sumprod([1], [1, 2])", "math.perm(2, -1)", "math.nosuch"):
    try:
        print(bad, eval(bad))
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
