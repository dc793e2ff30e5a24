//! Sums, products of sums and norms of `math`, with the extended precision that CPython uses.

use crate::math::libm::fma;
use taipan_objects::err::PyResult;
use taipan_objects::float::{self, from_f64, to_f64};
use taipan_objects::int::{self, as_int, from_i64};
use taipan_objects::protocol::{self, BinaryOp};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{err, float_methods, int_convert, tuple};

/// A sum and what was lost to rounding.
#[derive(Clone, Copy)]
struct Double {
    hi: f64,
    lo: f64,
}

/// Exact sum, for |a| >= |b|.
fn fast_sum(a: f64, b: f64) -> Double {
    let x = a + b;
    Double {
        hi: x,
        lo: (a - x) + b,
    }
}
/// Exact sum.
fn exact_sum(a: f64, b: f64) -> Double {
    let x = a + b;
    let z = x - a;
    Double {
        hi: x,
        lo: (a - (x - z)) + (b - z),
    }
}
/// Exact product.
fn exact_product(x: f64, y: f64) -> Double {
    let z = x * y;
    Double {
        hi: z,
        lo: fma(x, y, -z),
    }
}

/// Euclidean length of non-negative numbers, the largest of which is `max`.
fn vector_norm(vec: &mut [f64], max: f64, found_nan: bool) -> f64 {
    if max.is_infinite() {
        return max;
    }
    if found_nan {
        return f64::NAN;
    }
    if max == 0.0 || vec.len() <= 1 {
        return max;
    }
    let (_, e) = float_methods::split(max);
    if e < -1023 {
        for x in vec.iter_mut() {
            *x /= f64::MIN_POSITIVE;
        }
        return f64::MIN_POSITIVE * vector_norm(vec, max / f64::MIN_POSITIVE, found_nan);
    }
    let scale = int_convert::scale(1.0, -e);
    let (mut sum, mut frac1, mut frac2) = (1.0, 0.0, 0.0);
    for x in vec.iter() {
        let x = x * scale;
        let p = exact_product(x, x);
        let s = fast_sum(sum, p.hi);
        sum = s.hi;
        frac1 += p.lo;
        frac2 += s.lo;
    }
    let mut h = (sum - 1.0 + (frac1 + frac2)).sqrt();
    let p = exact_product(-h, h);
    let s = fast_sum(sum, p.hi);
    sum = s.hi;
    frac1 += p.lo;
    frac2 += s.lo;
    let x = sum - 1.0 + (frac1 + frac2);
    h += x / (2.0 * h);
    h / scale
}

fn norm(mut vec: Vec<f64>) -> PyResult {
    let (mut max, mut found_nan) = (0.0, false);
    for x in vec.iter_mut() {
        *x = x.abs();
        found_nan |= x.is_nan();
        if *x > max {
            max = *x;
        }
    }
    Ok(from_f64(vector_norm(&mut vec, max, found_nan)))
}

pub(crate) fn hypot(a: &[Value]) -> PyResult {
    let mut v = Vec::new();
    for x in tuple::as_slice(a[0]) {
        v.push(to_f64(*x)?);
    }
    norm(v)
}

pub(crate) fn dist(a: &[Value]) -> PyResult {
    let p = protocol::to_vec(a[0])?;
    let q = protocol::to_vec(a[1])?;
    if p.len() != q.len() {
        return err!(
            ValueError,
            "both points must have the same number of dimensions"
        );
    }
    let mut v = Vec::with_capacity(p.len());
    for (x, y) in p.iter().zip(&q) {
        v.push(to_f64(**x)? - to_f64(**y)?);
    }
    norm(v)
}

/// Shewchuk's algorithm: partial sums that do not overlap.
pub(crate) fn fsum(a: &[Value]) -> PyResult {
    let mut partials: Vec<f64> = Vec::new();
    let (mut special, mut inf_sum) = (0.0, 0.0);
    protocol::for_each(a[0], |v| {
        let given = to_f64(*v)?;
        let mut x = given;
        let mut n = 0;
        for j in 0..partials.len() {
            let mut y = partials[j];
            if x.abs() < y.abs() {
                std::mem::swap(&mut x, &mut y);
            }
            let hi = x + y;
            let lo = y - (hi - x);
            if lo != 0.0 {
                partials[n] = lo;
                n += 1;
            }
            x = hi;
        }
        partials.truncate(n);
        if x != 0.0 {
            if !x.is_finite() {
                if given.is_finite() {
                    return err!(OverflowError, "intermediate overflow in fsum");
                }
                if given.is_infinite() {
                    inf_sum += given;
                }
                special += given;
                partials.clear();
            } else {
                partials.push(x);
            }
        }
        Ok(())
    })?;
    if special != 0.0 {
        if f64::is_nan(inf_sum) {
            return err!(ValueError, "-inf + inf in fsum");
        }
        return Ok(from_f64(special));
    }
    let mut hi = 0.0;
    if let Some(last) = partials.pop() {
        hi = last;
        let mut lo = 0.0;
        while let Some(y) = partials.pop() {
            let x = hi;
            hi = x + y;
            lo = y - (hi - x);
            if lo != 0.0 {
                break;
            }
        }
        // Half-even rounding across the partials.
        if let Some(below) = partials.last()
            && ((lo < 0.0 && *below < 0.0) || (lo > 0.0 && *below > 0.0))
        {
            let y = lo * 2.0;
            let x = hi + y;
            if y == x - hi {
                hi = x;
            }
        }
    }
    Ok(from_f64(hi))
}

/// A sum in three parts.
#[derive(Clone, Copy, Default)]
struct Triple {
    hi: f64,
    lo: f64,
    tiny: f64,
}

impl Triple {
    fn add_product(self, x: f64, y: f64) -> Triple {
        let p = exact_product(x, y);
        let s = exact_sum(self.hi, p.hi);
        let r1 = exact_sum(self.lo, p.lo);
        let r2 = exact_sum(r1.hi, s.lo);
        Triple {
            hi: s.hi,
            lo: r2.hi,
            tiny: self.tiny + r1.lo + r2.lo,
        }
    }
    fn value(self) -> f64 {
        let last = exact_sum(self.lo, self.tiny);
        let total = exact_sum(self.hi, last.hi);
        total.hi + (total.lo + last.lo)
    }
}

/// A float operand of the fast path: exact floats, and ints or bools beside one.
fn float_pair(p: Value, q: Value) -> Option<(f64, f64)> {
    let exact = |v: Value| {
        v.as_immediate_float()
            .or_else(|| v.cast_exact::<float::PyFloat>().map(|f| f.value))
    };
    let whole = |v: Value| {
        let n = if v.is_bool() || v.is_small_int() || v.is_exact::<int::PyInt>() {
            as_int(&v)
        } else {
            None
        };
        n.and_then(|n| match n {
            int::IntValue::Small(i) => Some(i as f64),
            int::IntValue::Big(b) => Some(b.to_f64().value()).filter(|f| f.is_finite()),
        })
    };
    match (exact(p), exact(q)) {
        (Some(x), Some(y)) => Some((x, y)),
        (Some(x), None) => Some((x, whole(q)?)),
        (None, Some(y)) => Some((whole(p)?, y)),
        (None, None) => None,
    }
}

pub(crate) fn sumprod(a: &[Value]) -> PyResult {
    let (p, q) = (protocol::iter(a[0])?, protocol::iter(a[1])?);
    let mut total = from_i64(0);
    let (mut ints, mut int_total, mut int_used) = (true, 0i64, false);
    let (mut floats, mut float_total, mut float_used) = (true, Triple::default(), false);
    let add = |total: &mut Ref, v: Ref| -> PyResult<()> {
        *total = protocol::binary(**total, *v, BinaryOp::Add)?;
        Ok(())
    };
    loop {
        let pair = match (protocol::next(*p)?, protocol::next(*q)?) {
            (Some(x), Some(y)) => Some((x, y)),
            (None, None) => None,
            _ => return err!(ValueError, "Inputs are not the same length"),
        };
        if ints {
            let plain = |v: Value| v.is_small_int() || v.is_exact::<int::PyInt>();
            let step = pair
                .as_ref()
                .filter(|(x, y)| plain(**x) && plain(**y))
                .and_then(|(x, y)| {
                    let (x, y) = (as_int(x)?.to_i64()?, as_int(y)?.to_i64()?);
                    int_total.checked_add(x.checked_mul(y)?)
                });
            if let Some(t) = step {
                int_total = t;
                int_used = true;
                continue;
            }
            ints = false;
            if int_used {
                add(&mut total, from_i64(int_total))?;
            }
        }
        if floats {
            let step = pair
                .as_ref()
                .and_then(|(x, y)| float_pair(**x, **y))
                .map(|(x, y)| float_total.add_product(x, y));
            if let Some(t) = step
                && t.hi.is_finite()
            {
                float_total = t;
                float_used = true;
                continue;
            }
            floats = false;
            if float_used {
                add(&mut total, from_f64(float_total.value()))?;
            }
        }
        let Some((x, y)) = pair else { return Ok(total) };
        let product = protocol::binary(*x, *y, BinaryOp::Multiply)?;
        add(&mut total, product)?;
    }
}
