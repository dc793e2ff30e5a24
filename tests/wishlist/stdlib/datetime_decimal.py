# datetime, decimal, fractions, statistics.
import datetime as dt
from decimal import ROUND_HALF_UP, Decimal, getcontext, localcontext
from fractions import Fraction
import statistics as st

d = dt.datetime(2024, 2, 29, 12, 30, 45, 123456)
print(d, repr(d), d.isoformat(), d + dt.timedelta(days=365), d.strftime("%Y-%m-%d %H:%M:%S %j %a %b %p %%"), d.date(), d.time(), d.weekday(), tuple(d.isocalendar()), d.replace(year=2020), dt.datetime.fromisoformat("2024-01-02T03:04:05+02:00"), dt.timedelta(days=1, hours=-5), dt.timedelta(seconds=90061.5), d - dt.datetime(2024, 1, 1), dt.date(2024, 1, 1).toordinal(), dt.timezone.utc, dt.datetime(2024, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=5))), dt.datetime.strptime("2024-03-01 10:20", "%Y-%m-%d %H:%M"), d.timetuple().tm_yday, dt.date.min, dt.time(1, 2), d < dt.datetime.max, hash(d) == hash(d.replace()), dt.timedelta(hours=1) / dt.timedelta(minutes=7), dt.timedelta(1) * 1.5, dt.date.fromisocalendar(2024, 9, 4), dt.datetime.fromtimestamp(0, dt.timezone.utc))
for bad in ("dt.date(2024, 2, 30)", "dt.date(0, 1, 1)", "dt.datetime(2024, 1, 1, 25)", "dt.date.fromisoformat('x')", "dt.timedelta(days=10**10)", "dt.datetime.strptime('x', '%Y')", "d - dt.datetime.now(dt.timezone.utc)", "dt.timezone(dt.timedelta(days=2))", "dt.date('x', 1, 1)"):
    try:
        print(bad, eval(bad))
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
a = Decimal("1.10")
print(a + Decimal("2.205"), a * 3, Decimal(1) / 7, Decimal("1E+5"), Decimal("0.1") + Decimal("0.2"), a.quantize(Decimal("0.1"), ROUND_HALF_UP), Decimal(2).sqrt(), Decimal("NaN"), Decimal("-Infinity"), Decimal(0.1), Decimal("1.500").normalize(), a.as_tuple(), a == Decimal("1.1"), hash(a) == hash(Decimal("1.1")), Decimal("123456789.123").__format__(",.2f"), f"{Decimal('0.00001234'):.3e}", int(Decimal("3.9")), float(a), Decimal(10) ** 20, Decimal(7) // 2, Decimal(-7) % 3, divmod(Decimal(7), 2), abs(Decimal(-1)), max(Decimal(1), 2), a > 1, repr(a), round(Decimal("2.675"), 2), Decimal("1e-10"), Decimal(1).exp())
with localcontext() as c:
    c.prec = 5
    print(Decimal(1) / 3, getcontext().prec)
for bad in ("Decimal('x')", "Decimal(1) / 0", "Decimal(0) / 0", "Decimal(1) + 1.5", "Decimal(-1).sqrt()", "Decimal([])", "int(Decimal('NaN'))", "Decimal('1e999999999') * Decimal('1e999999999')"):
    try:
        print(bad, eval(bad))
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
f = Fraction(3, 4)
print(f, repr(f), f + Fraction(1, 4), f * 2, f / 3, f**2, f ** Fraction(1, 2), Fraction("0.125"), Fraction(0.5), Fraction("3/6"), f.limit_denominator(2), round(f), float(f), f < 1, Fraction(1, 3) == 1 / 3, f"{f:.3f}", -f // 1, f % Fraction(1, 2), hash(Fraction(1)) == 1, Fraction(7, 3).__floor__(), Fraction.from_float(0.1).denominator)
for bad in ("Fraction(1, 0)", "Fraction('x')", "Fraction(1.5, 2)", "f + 'a'"):
    try:
        print(bad, eval(bad))
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
print(st.mean([1, 2, 3, 4]), st.median([1, 3, 2]), st.mode("aab"), st.stdev([1, 2, 3, 4]), st.pvariance([1, 2, 3]), st.quantiles([1, 2, 3, 4, 5]), st.fmean([1.5, 2]), st.harmonic_mean([1, 2]), st.geometric_mean([1, 8]), st.multimode("aabb"), st.correlation([1, 2, 3], [1, 2, 4]), st.linear_regression([1, 2], [3, 5]), st.NormalDist(0, 1).cdf(0))
