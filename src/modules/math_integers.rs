//! Functions of `math` on integers.

use dashu_int::ops::{Gcd, SquareRootRem, UnsignedAbs};
use dashu_int::{IBig, UBig};
use taipan_objects::err::PyResult;
use taipan_objects::int::{IntValue, as_int, from_i64, from_ibig, from_u64};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{err, int_methods, protocol, tuple};

fn number(v: &Value) -> IntValue<'_> {
    as_int(v).unwrap_or(IntValue::Small(0))
}

fn gcd_u64(mut a: u64, mut b: u64) -> u64 {
    if a == 0 || b == 0 {
        return a | b;
    }
    let shift = (a | b).trailing_zeros();
    a >>= a.trailing_zeros();
    while b != 0 {
        b >>= b.trailing_zeros();
        if a > b {
            std::mem::swap(&mut a, &mut b);
        }
        b -= a;
    }
    a << shift
}

fn magnitude(n: IntValue) -> UBig {
    n.to_ibig().unsigned_abs()
}

/// Greatest common divisor of two ints.
pub fn gcd2(a: Value, b: Value) -> Ref {
    match (number(&a), number(&b)) {
        (IntValue::Small(x), IntValue::Small(y)) => {
            from_u64(gcd_u64(x.unsigned_abs(), y.unsigned_abs()))
        }
        (x, y) => {
            let (x, y) = (magnitude(x), magnitude(y));
            from_ibig(IBig::from(if x.is_zero() {
                y
            } else if y.is_zero() {
                x
            } else {
                x.gcd(y)
            }))
        }
    }
}

pub(crate) fn gcd(a: &[Value]) -> PyResult {
    let mut r = from_i64(0);
    for v in tuple::as_slice(a[0]) {
        let v = protocol::index(*v)?;
        r = gcd2(*r, *v);
    }
    Ok(r)
}

pub(crate) fn lcm(a: &[Value]) -> PyResult {
    let mut r = from_i64(1);
    for v in tuple::as_slice(a[0]) {
        let v = protocol::index(*v)?;
        let zero = |v: Value| v.as_small_int() == Some(0);
        if zero(*r) || zero(*int_methods::to_exact(*v)) {
            r = from_i64(0);
            continue;
        }
        let g = gcd2(*r, *v);
        let q = int_methods::floordiv(*r, *g)?;
        let p = int_methods::mul(*q, *v);
        r = protocol::absolute(*p)?;
    }
    Ok(r)
}

pub(crate) fn isqrt(a: &[Value]) -> PyResult {
    let v = protocol::index(a[0])?;
    match number(&v) {
        n if n.is_negative() => err!(ValueError, "isqrt() argument must be nonnegative"),
        IntValue::Small(i) => Ok(from_i64(i.isqrt())),
        n => {
            let (root, _) = magnitude(n).sqrt_rem();
            Ok(from_ibig(IBig::from(root)))
        }
    }
}

/// Product of `lo, lo + 1, … hi - 1`.
fn product(lo: u64, hi: u64) -> UBig {
    if hi <= lo {
        return UBig::ONE;
    }
    if hi - lo <= 8 {
        let mut r = UBig::ONE;
        let mut part: u128 = 1;
        for i in lo..hi {
            match part.checked_mul(i as u128) {
                Some(p) => part = p,
                None => {
                    r *= UBig::from(part);
                    part = i as u128;
                }
            }
        }
        return r * UBig::from(part);
    }
    let mid = lo + (hi - lo) / 2;
    product(lo, mid) * product(mid, hi)
}

/// `n * (n - 1) * …`, `k` factors.
fn falling(n: &UBig, k: u64) -> UBig {
    if k == 0 {
        return UBig::ONE;
    }
    if let Ok(n) = u64::try_from(n) {
        return product(n - k + 1, n + 1);
    }
    let mut r = n.clone();
    for i in 1..k {
        r *= n - UBig::from(i);
    }
    r
}

pub(crate) fn factorial(a: &[Value]) -> PyResult {
    let v = protocol::index(a[0])?;
    let n = number(&v);
    if n.is_negative() {
        return err!(ValueError, "factorial() not defined for negative values");
    }
    match n.to_i64() {
        Some(n @ 0..=20) => Ok(from_i64((1..=n).product())),
        Some(n) => Ok(from_ibig(IBig::from(product(2, n as u64 + 1)))),
        None => err!(
            OverflowError,
            "factorial() argument should not exceed {}",
            i64::MAX
        ),
    }
}

/// `(n, k)` checked to be non-negative.
fn arguments(a: &[Value]) -> PyResult<(UBig, UBig)> {
    let n = protocol::index(a[0])?;
    let k = protocol::index(a[1])?;
    if number(&n).is_negative() {
        return err!(ValueError, "n must be a non-negative integer");
    }
    if number(&k).is_negative() {
        return err!(ValueError, "k must be a non-negative integer");
    }
    Ok((magnitude(number(&n)), magnitude(number(&k))))
}

pub(crate) fn perm(a: &[Value]) -> PyResult {
    if a[1].is_none_or_null() {
        return factorial(a);
    }
    let (n, k) = arguments(a)?;
    if k > n {
        return Ok(from_i64(0));
    }
    match i64::try_from(&k) {
        Ok(k) => Ok(from_ibig(IBig::from(falling(&n, k as u64)))),
        Err(_) => err!(OverflowError, "k must not exceed {}", i64::MAX),
    }
}

pub(crate) fn comb(a: &[Value]) -> PyResult {
    let (n, k) = arguments(a)?;
    if k > n {
        return Ok(from_i64(0));
    }
    let other = &n - &k;
    let k = if other < k { other } else { k };
    let Ok(k) = i64::try_from(&k) else {
        return err!(OverflowError, "min(n - k, k) must not exceed {}", i64::MAX);
    };
    if let Ok(n) = u64::try_from(&n)
        && n <= 62
    {
        let mut r: u128 = 1;
        for i in 0..k as u128 {
            r = r * (n as u128 - i) / (i + 1);
        }
        return Ok(from_u64(r as u64));
    }
    Ok(from_ibig(IBig::from(
        falling(&n, k as u64) / product(2, k as u64 + 1),
    )))
}
