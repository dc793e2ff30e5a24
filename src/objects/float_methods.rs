//! Arithmetic of float: helpers for the cores, and the number slots. Methods are in `float_attributes.rs`.

use crate::err::PyResult;
use crate::float::{PyFloat, as_float, from_f64};
use crate::int::{self, IntValue};
use crate::typeobject::{CompareOp, Slots, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Value};
use crate::{complex, err, exceptions, int_convert, strings, tuple};
use std::cmp::Ordering;

unsafe extern "C" {
    #[link_name = "pow"]
    fn c_pow(x: f64, y: f64) -> f64;
    fn fmod(x: f64, y: f64) -> f64;
}

/// libm's `pow`.
pub fn raw_pow(x: f64, y: f64) -> f64 {
    // SAFETY: a pure function of libm.
    unsafe { c_pow(x, y) }
}

/// `a + b` of two floats.
#[inline(always)]
pub fn add(a: f64, b: f64) -> Ref {
    from_f64(a + b)
}
/// `a - b` of two floats.
#[inline(always)]
pub fn sub(a: f64, b: f64) -> Ref {
    from_f64(a - b)
}
/// `a * b` of two floats.
#[inline(always)]
pub fn mul(a: f64, b: f64) -> Ref {
    from_f64(a * b)
}
/// `a / b` of two floats.
#[inline(always)]
pub fn truediv(a: f64, b: f64) -> PyResult {
    if b == 0.0 {
        return zero_division();
    }
    Ok(from_f64(a / b))
}

#[cold]
fn zero_division<T>() -> PyResult<T> {
    err!(ZeroDivisionError, "division by zero")
}

/// Remainder with the sign of `b`, which is not 0.
#[inline]
pub fn rem(a: f64, b: f64) -> f64 {
    // SAFETY: a pure function of libm.
    let m = unsafe { fmod(a, b) };
    if m != 0.0 {
        if (b < 0.0) != (m < 0.0) { m + b } else { m }
    } else {
        0f64.copysign(b)
    }
}

/// Floor quotient and remainder; `b` is not 0.
pub fn div_rem(a: f64, b: f64) -> (f64, f64) {
    // SAFETY: a pure function of libm.
    let mut m = unsafe { fmod(a, b) };
    let mut div = (a - m) / b;
    if m != 0.0 {
        if (b < 0.0) != (m < 0.0) {
            m += b;
            div -= 1.0;
        }
    } else {
        m = 0f64.copysign(b);
    }
    let q = if div != 0.0 {
        let f = div.floor();
        if div - f > 0.5 { f + 1.0 } else { f }
    } else {
        0f64.copysign(a / b)
    };
    (q, m)
}

/// `a // b` of two floats.
pub fn floordiv(a: f64, b: f64) -> PyResult {
    if b == 0.0 {
        return zero_division();
    }
    Ok(from_f64(div_rem(a, b).0))
}
/// `a % b` of two floats.
pub fn modulo(a: f64, b: f64) -> PyResult {
    if b == 0.0 {
        return zero_division();
    }
    Ok(from_f64(rem(a, b)))
}

fn is_odd(y: f64) -> bool {
    // SAFETY: a pure function of libm.
    unsafe { fmod(y.abs(), 2.0) == 1.0 }
}

/// `a ** b` of two floats: complex for roots of negative numbers.
pub fn pow(x: f64, y: f64) -> PyResult {
    if y == 0.0 {
        return Ok(from_f64(1.0));
    }
    if x.is_nan() {
        return Ok(from_f64(x));
    }
    if y.is_nan() {
        return Ok(from_f64(if x == 1.0 { 1.0 } else { y }));
    }
    if y.is_infinite() {
        let a = x.abs();
        return Ok(from_f64(if a == 1.0 {
            1.0
        } else if (y > 0.0) == (a > 1.0) {
            y.abs()
        } else {
            0.0
        }));
    }
    if x.is_infinite() {
        let odd = is_odd(y);
        return Ok(from_f64(match (y > 0.0, odd) {
            (true, true) => x,
            (true, false) => x.abs(),
            (false, true) => 0f64.copysign(x),
            (false, false) => 0.0,
        }));
    }
    if x == 0.0 {
        if y < 0.0 {
            return err!(ZeroDivisionError, "zero to a negative power");
        }
        return Ok(from_f64(if is_odd(y) { x } else { 0.0 }));
    }
    let (mut base, mut negate) = (x, false);
    if x < 0.0 {
        if y != y.floor() {
            return complex::pow(
                complex::Complex { re: x, im: 0.0 },
                complex::Complex { re: y, im: 0.0 },
            );
        }
        base = -x;
        negate = is_odd(y);
    }
    let r = if base == 1.0 { 1.0 } else { raw_pow(base, y) };
    if r.is_infinite() {
        return Err(range_error());
    }
    Ok(from_f64(if negate { -r } else { r }))
}

/// OverflowError as for ERANGE.
#[cold]
pub fn range_error() -> crate::err::Raised {
    let n = int::from_i64(libc::ERANGE as i64);
    let text = exceptions::error_text(libc::ERANGE);
    crate::err::raise_with(&exceptions::OverflowError, &[*n, *text])
}

/// `to_f64` for what is not a float: `__float__`, then `__index__`.
pub fn real_number(v: Value) -> PyResult<f64> {
    if let Some(n) = int::as_int(&v)
        && (v.is_small_int() || v.is_exact::<int::PyInt>())
    {
        return int_convert::to_f64(n);
    }
    if let Some(f) = v.ty().slots().float {
        return float_result(v, f(v)?);
    }
    if v.ty().slots().index.is_some() {
        let i = crate::protocol::index(v)?;
        return int_convert::to_f64(int::as_int(&i).unwrap_or(IntValue::Small(0)));
    }
    err!(TypeError, "must be real number, not {}", v.type_name())
}

/// Checks what `__float__` gave.
pub(crate) fn float_result(v: Value, r: Ref) -> PyResult<f64> {
    let Some(f) = as_float(*r) else {
        return err!(
            TypeError,
            "{}.__float__ returned non-float (type {})",
            v.type_name(),
            r.type_name()
        );
    };
    if !r.is_immediate_float() && !r.is_exact::<PyFloat>() {
        crate::err::warn(
            &exceptions::DeprecationWarning,
            &format!(
                "{}.__float__ returned non-float (type {}).  The ability to return an instance of a strict subclass of float \
                 is deprecated, and may be removed in a future version of Python.",
                v.type_name(),
                r.type_name()
            ),
        )?;
    }
    Ok(f)
}

/// An operand of float arithmetic: floats and ints; `None` for others.
#[inline]
pub fn operand(v: Value) -> PyResult<Option<f64>> {
    if let Some(f) = v.as_immediate_float() {
        return Ok(Some(f));
    }
    if let Some(i) = v.as_small_int() {
        return Ok(Some(i as f64));
    }
    if let Some(f) = as_float(v) {
        return Ok(Some(f));
    }
    match int::as_int(&v) {
        Some(n) => int_convert::to_f64(n).map(Some),
        None => Ok(None),
    }
}

macro_rules! binary_slot {
    ($name:ident, |$x:ident, $y:ident| $e:expr) => {
        fn $name(a: Value, b: Value) -> PyResult {
            let Some($x) = operand(a)? else {
                return Ok(Ref::NOT_IMPLEMENTED);
            };
            let Some($y) = operand(b)? else {
                return Ok(Ref::NOT_IMPLEMENTED);
            };
            $e
        }
    };
}

binary_slot!(float_add, |x, y| Ok(add(x, y)));
binary_slot!(float_sub, |x, y| Ok(sub(x, y)));
binary_slot!(float_mul, |x, y| Ok(mul(x, y)));
binary_slot!(float_truediv, |x, y| truediv(x, y));
binary_slot!(float_floordiv, |x, y| floordiv(x, y));
binary_slot!(float_mod, |x, y| modulo(x, y));
binary_slot!(float_divmod, |x, y| {
    if y == 0.0 {
        return zero_division();
    }
    let (q, r) = div_rem(x, y);
    Ok(tuple::of([from_f64(q), from_f64(r)]))
});

fn float_pow(a: Value, b: Value, c: Value) -> PyResult {
    if !c.is_none_or_null() {
        return err!(
            TypeError,
            "pow() 3rd argument not allowed unless all arguments are integers"
        );
    }
    let Some(x) = operand(a)? else {
        return Ok(Ref::NOT_IMPLEMENTED);
    };
    let Some(y) = operand(b)? else {
        return Ok(Ref::NOT_IMPLEMENTED);
    };
    pow(x, y)
}

/// Order of a float and an int, exactly; `None` for nan.
pub fn cmp_int(f: f64, i: IntValue) -> Option<Ordering> {
    const EXACT: i64 = 1 << 53;
    if let IntValue::Small(n) = i
        && n.abs() <= EXACT
    {
        return f.partial_cmp(&(n as f64));
    }
    if !f.is_finite() {
        return f.partial_cmp(&0.0);
    }
    let t = f.trunc();
    Some(
        int_convert::big_from_f64(t)
            .cmp(&i.to_ibig())
            .then(f.partial_cmp(&t)?),
    )
}

fn float_compare(a: Value, b: Value, op: CompareOp) -> PyResult {
    let order = match (as_float(a), as_float(b)) {
        (Some(x), Some(y)) => x.partial_cmp(&y),
        (Some(x), None) => match int::as_int(&b) {
            Some(i) => cmp_int(x, i),
            None => return Ok(Ref::NOT_IMPLEMENTED),
        },
        (None, Some(y)) => match int::as_int(&a) {
            Some(i) => cmp_int(y, i).map(Ordering::reverse),
            None => return Ok(Ref::NOT_IMPLEMENTED),
        },
        (None, None) => return Ok(Ref::NOT_IMPLEMENTED),
    };
    Ok(Ref::bool(order.map_or(op == CompareOp::Ne, |o| op.test(o))))
}

/// Hash of a number that is not nan: equal to that of an equal int.
pub fn hash_f64(f: f64) -> i64 {
    const M: u64 = crate::hash::MODULUS;
    const BITS: i32 = 61;
    if f.is_infinite() {
        return if f > 0.0 { 314159 } else { -314159 };
    }
    if f.trunc() == f && f.abs() < 1e18 {
        return crate::hash::hash_i64(f as i64);
    }
    let (mut m, mut e) = split(f.abs());
    let mut x: u64 = 0;
    while m != 0.0 {
        x = ((x << 28) & M) | (x >> (BITS - 28));
        m *= 268435456.0;
        e -= 28;
        let y = m as u64;
        m -= y as f64;
        x += y;
        if x >= M {
            x -= M;
        }
    }
    let e = e.rem_euclid(BITS);
    x = ((x << e) & M) | (x >> (BITS - e));
    crate::hash::fix(if f < 0.0 { -(x as i64) } else { x as i64 })
}

/// Fraction in [0.5, 1) and exponent (`frexp`) of a finite number.
pub fn split(f: f64) -> (f64, i32) {
    if f == 0.0 {
        return (f, 0);
    }
    let (scaled, extra) = if f.abs() < f64::MIN_POSITIVE {
        (f * 18014398509481984.0, -54)
    } else {
        (f, 0)
    };
    let bits = scaled.to_bits();
    let e = ((bits >> 52) & 0x7ff) as i32 - 1022;
    (
        f64::from_bits((bits & !(0x7ff << 52)) | (1022 << 52)),
        e + extra,
    )
}

fn value(v: Value) -> f64 {
    as_float(v).unwrap_or(f64::NAN)
}

fn float_hash(v: Value) -> PyResult<i64> {
    let f = value(v);
    if f.is_nan() {
        return crate::object_methods::object_hash(v);
    }
    Ok(hash_f64(f))
}

fn float_repr(v: Value) -> PyResult {
    Ok(strings::new_latin1(
        crate::float_repr::repr(value(v)).as_bytes(),
    ))
}

pub static FLOAT_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "float",
    doc: "Convert a string or number to a floating-point number, if possible.",
    flags: TypeFlags::BASETYPE | TypeFlags::MATCH_SELF,
    text_signature: "(x=0, /)",
    slots: Slots {
        new: Some(crate::float_attributes::float_new),
        repr: Some(float_repr),
        hash: Some(float_hash),
        richcompare: Some(float_compare),
        add: Some(float_add),
        subtract: Some(float_sub),
        multiply: Some(float_mul),
        true_divide: Some(float_truediv),
        floor_divide: Some(float_floordiv),
        remainder: Some(float_mod),
        divmod: Some(float_divmod),
        power: Some(float_pow),
        negative: Some(|v| Ok(from_f64(-value(v)))),
        positive: Some(|v| Ok(to_exact(v))),
        absolute: Some(|v| Ok(from_f64(value(v).abs()))),
        bool: Some(|v| Ok(value(v) != 0.0)),
        int: Some(|v| int_convert::float_to_int(value(v))),
        float: Some(|v| Ok(to_exact(v))),
        ..Slots::of::<PyFloat>()
    },
    methods: &crate::float_attributes::METHODS,
    getset: crate::float_attributes::GETSET,
    ..TypeSpec::of::<PyFloat>()
});

/// The same number as an exact float.
pub fn to_exact(v: Value) -> Ref {
    if v.is_immediate_float() || v.is_exact::<PyFloat>() {
        v.to_ref()
    } else {
        from_f64(value(v))
    }
}
