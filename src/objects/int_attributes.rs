//! `int()` and the methods of int.

use crate::err::PyResult;
use crate::int::{self, IntValue, as_int, from_i64, from_ibig, from_usize};
use crate::int_methods::{floor_divmod, to_exact};
use crate::native::{GetSetDef, MethodDef};
use crate::typeobject::{Type, as_type};
use crate::value::{Ref, Value};
use crate::{buffer, bytes, err, int_convert, protocol, strings, tuple};
use dashu_int::IBig;
use dashu_int::ops::{BitTest, UnsignedAbs};

/// `int.__new__`.
pub(crate) fn int_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    let exact = make(args, kwnames)?;
    if ty.is(&crate::types::INT_TYPE) {
        return Ok(exact);
    }
    Ok(int::new_of_type(ty, number(&exact).to_ibig()))
}

fn make(args: &[Value], kwnames: Value) -> PyResult {
    if kwnames.is_null() && args.len() == 1 {
        return int_convert::to_int(args[0]);
    }
    let (positional, keywords) = crate::native::split_args(args, kwnames);
    if positional.len() > 2 {
        return err!(
            TypeError,
            "int expected at most 2 arguments, got {}",
            positional.len()
        );
    }
    let x = positional.first().copied().unwrap_or(Value::NULL);
    let mut base = positional.get(1).copied().unwrap_or(Value::NULL);
    for (k, v) in keywords {
        let k = strings::expect(k);
        if !k.eq_str("base") {
            return err!(TypeError, "int() got an unexpected keyword argument '{k}'");
        }
        if !base.is_null() {
            return err!(
                TypeError,
                "argument for int() given by name ('base') and position (2)"
            );
        }
        base = v;
    }
    if x.is_null() {
        if !base.is_null() {
            return err!(TypeError, "int() missing string argument");
        }
        return Ok(from_i64(0));
    }
    if base.is_null() {
        return int_convert::to_int(x);
    }
    let base = int::to_isize_clipped(base)?;
    if base != 0 && !(2..=36).contains(&base) {
        return err!(ValueError, "int() base must be >= 2 and <= 36, or 0");
    }
    if strings::is_str(x) {
        return int_convert::parse_str(x, base as u32);
    }
    if let Some(b) = bytes::as_bytes(&x) {
        return int_convert::parse_bytes(b, base as u32, x);
    }
    if x.type_name() == "bytearray" || x.ty().mro().iter().any(|t| t.full_name() == "bytearray") {
        let data = buffer::to_vec(x)?;
        let shown = bytes::new_bytes(&data);
        return int_convert::parse_bytes(&data, base as u32, *shown);
    }
    err!(
        TypeError,
        "int() can't convert non-string with explicit base"
    )
}

fn number(v: &Value) -> IntValue<'_> {
    match as_int(v) {
        Some(n) => n,
        None => unreachable!("self of an int method is an int"),
    }
}

fn bit_length(a: &[Value]) -> PyResult {
    Ok(from_usize(match number(&a[0]) {
        IntValue::Small(i) => 64 - i.unsigned_abs().leading_zeros() as usize,
        IntValue::Big(b) => b.clone().unsigned_abs().bit_len(),
    }))
}

fn bit_count(a: &[Value]) -> PyResult {
    Ok(from_usize(match number(&a[0]) {
        IntValue::Small(i) => i.unsigned_abs().count_ones() as usize,
        IntValue::Big(b) => b
            .as_sign_words()
            .1
            .iter()
            .map(|w| w.count_ones() as usize)
            .sum(),
    }))
}

/// Whether the argument names little-endian order.
fn is_little(order: Value) -> PyResult<bool> {
    match strings::as_str(&order) {
        _ if order.is_null() => Ok(false),
        Some(s) if s.eq_str("little") => Ok(true),
        Some(s) if s.eq_str("big") => Ok(false),
        Some(_) => err!(ValueError, "byteorder must be either 'little' or 'big'"),
        None => err!(
            TypeError,
            "to_bytes() argument 'byteorder' must be str, not {}",
            order.type_name()
        ),
    }
}

fn to_bytes(a: &[Value]) -> PyResult {
    let length = if a[1].is_null() {
        1
    } else {
        int::to_isize(a[1])?
    };
    let little = is_little(a[2])?;
    let signed = !a[3].is_null() && protocol::is_true(a[3])?;
    if length < 0 {
        return err!(ValueError, "length argument must be non-negative");
    }
    let b = int_convert::to_bytes(&number(&a[0]).to_ibig(), length as usize, little, signed)?;
    Ok(bytes::from_vec(b))
}

fn from_bytes(a: &[Value]) -> PyResult {
    if !a[2].is_null() && !strings::is_str(a[2]) {
        return err!(
            TypeError,
            "from_bytes() argument 'byteorder' must be str, not {}",
            a[2].type_name()
        );
    }
    let little = is_little(a[2])?;
    let signed = !a[3].is_null() && protocol::is_true(a[3])?;
    let data = int_convert::bytes_of(a[1])?;
    let r = from_ibig(int_convert::from_bytes(&data, little, signed));
    match as_type(a[0]) {
        Some(t) if !t.is(&crate::types::INT_TYPE) => protocol::call(a[0], &[*r]),
        _ => Ok(r),
    }
}

/// Rounds half to even.
fn round(a: &[Value]) -> PyResult {
    if a[1].is_none_or_null() {
        return Ok(to_exact(a[0]));
    }
    let digits = protocol::index(a[1])?;
    let digits = number(&digits);
    if !digits.is_negative() {
        return Ok(to_exact(a[0]));
    }
    let n = number(&a[0]).to_ibig();
    let places = digits.to_i64().map_or(u64::MAX, |d| d.unsigned_abs());
    // Beyond its own length a number rounds to 0.
    if places as f64 > n.bit_len() as f64 * 0.30103 + 2.0 {
        return Ok(from_i64(0));
    }
    let unit = IBig::from(10).pow(places as usize);
    let (q, r) = floor_divmod(&n, &unit);
    let twice = &r + &r;
    let up = twice > unit || (twice == unit && q.bit(0));
    Ok(from_ibig(if up { n - r + unit } else { n - r }))
}

fn sizeof(a: &[Value]) -> PyResult {
    let bits = match number(&a[0]) {
        IntValue::Small(i) => 64 - i.unsigned_abs().leading_zeros() as usize,
        IntValue::Big(b) => b.clone().unsigned_abs().bit_len(),
    };
    Ok(from_usize(24 + 4 * bits.div_ceil(30).max(1)))
}

fn exact(a: &[Value]) -> PyResult {
    Ok(to_exact(a[0]))
}

pub(crate) static METHODS: [MethodDef; 14] = [
    MethodDef::new(
        "conjugate($self, /)",
        "Returns self, the complex conjugate of any int.",
        exact,
    ),
    MethodDef::new(
        "bit_length($self, /)",
        "Number of bits necessary to represent self in binary.",
        bit_length,
    ),
    MethodDef::new(
        "bit_count($self, /)",
        "Number of ones in the binary representation of the absolute value of self.",
        bit_count,
    ),
    MethodDef::new(
        "to_bytes($self, /, length=1, byteorder='big', *, signed=False)",
        "Return an array of bytes representing an integer.",
        to_bytes,
    ),
    MethodDef::new(
        "from_bytes($type, /, bytes, byteorder='big', *, signed=False)",
        "Return the integer represented by the given array of bytes.",
        from_bytes,
    )
    .class(),
    MethodDef::new(
        "as_integer_ratio($self, /)",
        "Return a pair of integers, whose ratio is equal to the original int.",
        |a| Ok(tuple::of([to_exact(a[0]), from_i64(1)])),
    ),
    MethodDef::new(
        "is_integer($self, /)",
        "Returns True. Exists for duck type compatibility with float.is_integer.",
        |_| Ok(Ref::bool(true)),
    ),
    MethodDef::new(
        "__trunc__($self, /)",
        "Truncating an Integral returns itself.",
        exact,
    ),
    MethodDef::new(
        "__floor__($self, /)",
        "Flooring an Integral returns itself.",
        exact,
    ),
    MethodDef::new(
        "__ceil__($self, /)",
        "Ceiling of an Integral returns itself.",
        exact,
    ),
    MethodDef::new(
        "__round__($self, ndigits=None, /)",
        "Rounding an Integral returns itself.",
        round,
    ),
    MethodDef::new("__getnewargs__($self, /)", "", |a| {
        Ok(tuple::of([to_exact(a[0])]))
    }),
    MethodDef::new(
        "__format__($self, format_spec, /)",
        "Convert to a string according to format_spec.",
        |a| {
            if !strings::is_str(a[1]) {
                return err!(
                    TypeError,
                    "__format__() argument must be str, not {}",
                    a[1].type_name()
                );
            }
            crate::format_spec::format_int(a[0], a[1])
        },
    ),
    MethodDef::new(
        "__sizeof__($self, /)",
        "Returns size in memory, in bytes.",
        sizeof,
    ),
];

pub(crate) static GETSET: &[GetSetDef] = &[
    GetSetDef::ro("real", "the real part of a complex number", |v| {
        Ok(to_exact(v))
    }),
    GetSetDef::ro("imag", "the imaginary part of a complex number", |_| {
        Ok(from_i64(0))
    }),
    GetSetDef::ro(
        "numerator",
        "the numerator of a rational number in lowest terms",
        |v| Ok(to_exact(v)),
    ),
    GetSetDef::ro(
        "denominator",
        "the denominator of a rational number in lowest terms",
        |_| Ok(from_i64(1)),
    ),
];
