//! `float()` and the methods of float.

use crate::err::PyResult;
use crate::float::{self, PyFloat, as_float, from_f64};
use crate::float_methods::{float_result, split, to_exact};
use crate::int::{self, IntValue, from_ibig};
use crate::native::{GetSetDef, MethodDef};
use crate::typeobject::{Type, as_type};
use crate::value::{Ref, Value};
use crate::{bytes, err, int_convert, int_methods, protocol, strings, tuple};
use dashu_int::IBig;
use dashu_int::ops::BitTest;

/// `float.__new__`.
pub(crate) fn float_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    let mut args = args;
    if !kwnames.is_null() && !tuple::as_slice(kwnames).is_empty() {
        // Keywords are the business of a subclass's own __init__.
        let init = |t: Type| t.slots().init.map(|f| f as usize);
        if init(ty) == init(&crate::types::FLOAT_TYPE) {
            return err!(TypeError, "float() takes no keyword arguments");
        }
        args = &args[..args.len() - tuple::as_slice(kwnames).len()];
    }
    let r = match args {
        [] => from_f64(0.0),
        [x] => to_float(*x)?,
        _ => {
            return err!(
                TypeError,
                "float expected at most 1 argument, got {}",
                args.len()
            );
        }
    };
    if ty.is(&crate::types::FLOAT_TYPE) {
        return Ok(r);
    }
    Ok(float::new_of_type(ty, value(*r)))
}

fn value(v: Value) -> f64 {
    as_float(v).unwrap_or(f64::NAN)
}

/// `float(v)`.
pub fn to_float(v: Value) -> PyResult {
    if v.is_immediate_float() || v.is_exact::<PyFloat>() {
        return Ok(v.to_ref());
    }
    if let Some(i) = v.as_small_int() {
        return Ok(from_f64(i as f64));
    }
    let s = v.ty().slots();
    if let Some(f) = s.float {
        return Ok(from_f64(float_result(v, f(v)?)?));
    }
    if s.index.is_some() {
        let i = protocol::index(v)?;
        return Ok(from_f64(int_convert::to_f64(
            int::as_int(&i).unwrap_or(IntValue::Small(0)),
        )?));
    }
    if strings::is_str(v) {
        return match parse(&int_convert::to_ascii_digits(strings::expect(v))) {
            Some(f) => Ok(from_f64(f)),
            None => bad_literal(v),
        };
    }
    if bytes::is_bytes(v) || s.get_buffer.is_some() {
        return match parse(&crate::buffer::to_vec(v)?) {
            Some(f) => Ok(from_f64(f)),
            None => bad_literal(v),
        };
    }
    err!(
        TypeError,
        "float() argument must be a string or a real number, not '{}'",
        v.type_name()
    )
}

#[cold]
fn bad_literal(v: Value) -> PyResult {
    err!(
        ValueError,
        "could not convert string to float: {}",
        protocol::repr_text(v)?
    )
}

/// Without the underscores that stand between two digits; `None` if one stands elsewhere.
pub(crate) fn strip_underscores(s: &[u8]) -> Option<Vec<u8>> {
    let digit = |i: usize| s.get(i).is_some_and(|c| c.is_ascii_digit());
    let mut out = Vec::with_capacity(s.len());
    for (i, c) in s.iter().enumerate() {
        if *c != b'_' {
            out.push(*c);
        } else if i == 0 || !digit(i - 1) || !digit(i + 1) {
            return None;
        }
    }
    Some(out)
}

pub(crate) fn trim(mut s: &[u8]) -> &[u8] {
    while let [b' ' | b'\t'..=b'\r', rest @ ..] = s {
        s = rest;
    }
    while let [rest @ .., b' ' | b'\t'..=b'\r'] = s {
        s = rest;
    }
    s
}

/// The float at the start of ASCII text and the length of its literal.
pub(crate) fn scan(s: &[u8]) -> Option<(f64, usize)> {
    let mut i = matches!(s.first(), Some(b'+' | b'-')) as usize;
    let negative = s.first() == Some(&b'-');
    let rest = &s[i..];
    for (word, f) in [
        (&b"infinity"[..], f64::INFINITY),
        (b"inf", f64::INFINITY),
        (b"nan", f64::NAN),
    ] {
        if rest.len() >= word.len() && rest[..word.len()].eq_ignore_ascii_case(word) {
            return Some((if negative { -f } else { f }, i + word.len()));
        }
    }
    let digits = |mut i: usize| {
        while s.get(i).is_some_and(|c| c.is_ascii_digit()) {
            i += 1;
        }
        i
    };
    let whole = i;
    i = digits(i);
    let mut count = i - whole;
    if s.get(i) == Some(&b'.') {
        let fraction = i + 1;
        let end = digits(fraction);
        count += end - fraction;
        if count > 0 {
            i = end;
        }
    }
    if count == 0 {
        return None;
    }
    if matches!(s.get(i), Some(b'e' | b'E')) {
        let at = i + 1 + matches!(s.get(i + 1), Some(b'+' | b'-')) as usize;
        let end = digits(at);
        if end > at {
            i = end;
        }
    }
    Some((std::str::from_utf8(&s[..i]).ok()?.parse().ok()?, i))
}

/// A float literal with spaces around it.
pub fn parse(text: &[u8]) -> Option<f64> {
    let s = trim(text);
    let owned;
    let s = if s.contains(&b'_') {
        owned = strip_underscores(s)?;
        &owned[..]
    } else {
        s
    };
    match scan(s) {
        Some((f, n)) if n == s.len() => Some(f),
        _ => None,
    }
}

fn as_integer_ratio(a: &[Value]) -> PyResult {
    let f = value(a[0]);
    if f.is_infinite() {
        return err!(OverflowError, "cannot convert Infinity to integer ratio");
    }
    if f.is_nan() {
        return err!(ValueError, "cannot convert NaN to integer ratio");
    }
    let (n, d) = ratio(f);
    Ok(tuple::of([from_ibig(n), from_ibig(d)]))
}

/// A finite float as a fraction in lowest terms.
pub fn ratio(f: f64) -> (IBig, IBig) {
    if f == 0.0 {
        return (IBig::ZERO, IBig::ONE);
    }
    let (m, e) = split(f);
    let mut m = (m * 9007199254740992.0) as i64;
    let mut e = e - 53;
    let zeros = m.trailing_zeros() as i32;
    m >>= zeros;
    e += zeros;
    if e >= 0 {
        (IBig::from(m) << e as usize, IBig::ONE)
    } else {
        (IBig::from(m), IBig::ONE << (-e) as usize)
    }
}

fn round(a: &[Value]) -> PyResult {
    let f = value(a[0]);
    if a[1].is_none_or_null() {
        return int_convert::float_to_int(f.round_ties_even());
    }
    let n = int::to_isize_clipped(a[1])?;
    if !f.is_finite() || f == 0.0 {
        return Ok(from_f64(f));
    }
    Ok(from_f64(round_to(f, n)?))
}

/// `round(f, n)`, correctly rounded, of a finite number.
pub fn round_to(f: f64, n: isize) -> PyResult<f64> {
    if n > 323 {
        return Ok(f);
    }
    if n < -308 {
        return Ok(0f64.copysign(f));
    }
    if n >= 0 {
        return Ok(format!("{:.*}", n as usize, f).parse().unwrap_or(f));
    }
    let unit = IBig::from(10).pow((-n) as usize);
    let t = f.abs().trunc();
    let (q, r) = int_methods::floor_divmod(&int_convert::big_from_f64(t), &unit);
    let twice = &r + &r;
    let up = twice > unit || (twice == unit && (t != f.abs() || q.bit(0)));
    let result = (if up { q + IBig::ONE } else { q }) * unit;
    let r = result.to_f64().value();
    if r.is_infinite() {
        return err!(OverflowError, "rounded value too large to represent");
    }
    Ok(r.copysign(f))
}

fn hex(a: &[Value]) -> PyResult {
    let f = value(a[0]);
    if !f.is_finite() {
        return protocol::repr(*to_exact(a[0]));
    }
    let sign = if f.is_sign_negative() { "-" } else { "" };
    if f == 0.0 {
        return Ok(strings::new_str(&format!("{sign}0x0.0p+0")));
    }
    let bits = f.to_bits();
    let (exponent, mantissa) = (((bits >> 52) & 0x7ff) as i32, bits & ((1 << 52) - 1));
    let (lead, exponent) = if exponent == 0 {
        (0, -1022)
    } else {
        (1, exponent - 1023)
    };
    let e_sign = if exponent < 0 { '-' } else { '+' };
    Ok(strings::new_str(&format!(
        "{sign}0x{lead}.{mantissa:013x}p{e_sign}{}",
        exponent.abs()
    )))
}

fn fromhex(a: &[Value]) -> PyResult {
    let Some(s) = strings::as_str(&a[1]) else {
        return err!(TypeError, "bad argument type for built-in operation");
    };
    let text = s.to_utf8()?;
    let f = match parse_hex(trim(text.as_bytes())) {
        Ok(f) => f,
        Err(true) => {
            return err!(
                OverflowError,
                "hexadecimal value too large to represent as a float"
            );
        }
        Err(false) => return err!(ValueError, "invalid hexadecimal floating-point string"),
    };
    let r = from_f64(f);
    match as_type(a[0]) {
        Some(t) if !t.is(&crate::types::FLOAT_TYPE) => protocol::call(a[0], &[*r]),
        _ => Ok(r),
    }
}

/// `Err(true)` for overflow, `Err(false)` for bad syntax.
fn parse_hex(s: &[u8]) -> Result<f64, bool> {
    let mut i = matches!(s.first(), Some(b'+' | b'-')) as usize;
    let sign = if s.first() == Some(&b'-') { -1.0 } else { 1.0 };
    let rest = &s[i..];
    if rest.eq_ignore_ascii_case(b"inf") || rest.eq_ignore_ascii_case(b"infinity") {
        return Ok(sign * f64::INFINITY);
    }
    if rest.eq_ignore_ascii_case(b"nan") {
        return Ok(f64::NAN.copysign(sign));
    }
    if rest.len() >= 2 && rest[0] == b'0' && rest[1] | 32 == b'x' {
        i += 2;
    }
    let mut digits = String::new();
    let (mut fraction, mut point) = (0i64, false);
    while let Some(c) = s.get(i) {
        if *c == b'.' && !point {
            point = true;
        } else if c.is_ascii_hexdigit() {
            digits.push(*c as char);
            fraction += point as i64;
        } else {
            break;
        }
        i += 1;
    }
    if digits.is_empty() {
        return Err(false);
    }
    let mut exponent = 0i64;
    if matches!(s.get(i), Some(b'p' | b'P')) {
        let text = std::str::from_utf8(&s[i + 1..]).map_err(|_| false)?;
        let body = text.strip_prefix(['+', '-']).unwrap_or(text);
        if body.is_empty() || !body.bytes().all(|c| c.is_ascii_digit()) {
            return Err(false);
        }
        let magnitude = body.parse::<i64>().unwrap_or(1 << 40).min(1 << 40);
        exponent = if text.starts_with('-') {
            -magnitude
        } else {
            magnitude
        };
        i = s.len();
    }
    if i != s.len() {
        return Err(false);
    }
    let m = IBig::from_str_radix(&digits, 16).map_err(|_| false)?;
    if m.is_zero() {
        return Ok(0.0 * sign);
    }
    let e = exponent - 4 * fraction;
    let top = m.bit_len() as i64 + e;
    if top > 1024 {
        return Err(true);
    }
    if top < -1075 {
        return Ok(0.0 * sign);
    }
    let (n, d) = if e >= 0 {
        (m << e as usize, IBig::ONE)
    } else {
        (m, IBig::ONE << (-e) as usize)
    };
    int_convert::divide(&n, &d).map(|f| f * sign).ok_or(true)
}

fn from_number(a: &[Value]) -> PyResult {
    let r = if a[1].is_exact::<PyFloat>() || a[1].is_immediate_float() {
        a[1].to_ref()
    } else {
        from_f64(float::to_f64(a[1])?)
    };
    match as_type(a[0]) {
        Some(t) if !t.is(&crate::types::FLOAT_TYPE) => protocol::call(a[0], &[*r]),
        _ => Ok(r),
    }
}

fn getformat(a: &[Value]) -> PyResult {
    let Some(s) = strings::as_str(&a[1]) else {
        return err!(
            TypeError,
            "__getformat__() argument must be str, not {}",
            a[1].type_name()
        );
    };
    if !s.eq_str("double") && !s.eq_str("float") {
        return err!(
            ValueError,
            "__getformat__() argument 1 must be 'double' or 'float'"
        );
    }
    Ok(strings::new_str(if cfg!(target_endian = "little") {
        "IEEE, little-endian"
    } else {
        "IEEE, big-endian"
    }))
}

pub(crate) static METHODS: [MethodDef; 13] = [
    MethodDef::new(
        "conjugate($self, /)",
        "Return self, the complex conjugate of any float.",
        |a| Ok(to_exact(a[0])),
    ),
    MethodDef::new(
        "__trunc__($self, /)",
        "Return the Integral closest to x between 0 and x.",
        |a| int_convert::float_to_int(value(a[0])),
    ),
    MethodDef::new(
        "__floor__($self, /)",
        "Return the floor as an Integral.",
        |a| int_convert::float_to_int(value(a[0]).floor()),
    ),
    MethodDef::new(
        "__ceil__($self, /)",
        "Return the ceiling as an Integral.",
        |a| int_convert::float_to_int(value(a[0]).ceil()),
    ),
    MethodDef::new(
        "__round__($self, ndigits=None, /)",
        "Return the Integral closest to x, rounding half toward even.",
        round,
    ),
    MethodDef::new(
        "as_integer_ratio($self, /)",
        "Return a pair of integers, whose ratio is exactly equal to the original float.",
        as_integer_ratio,
    ),
    MethodDef::new(
        "from_number($type, number, /)",
        "Convert real number to a floating-point number.",
        from_number,
    )
    .class(),
    MethodDef::new(
        "fromhex($type, string, /)",
        "Create a floating-point number from a hexadecimal string.",
        fromhex,
    )
    .class(),
    MethodDef::new(
        "hex($self, /)",
        "Return a hexadecimal representation of a floating-point number.",
        hex,
    ),
    MethodDef::new(
        "is_integer($self, /)",
        "Return True if the float is an integer.",
        |a| {
            let f = value(a[0]);
            Ok(Ref::bool(f.is_finite() && f.trunc() == f))
        },
    ),
    MethodDef::new("__getnewargs__($self, /)", "", |a| {
        Ok(tuple::of([to_exact(a[0])]))
    }),
    MethodDef::new(
        "__getformat__($type, typestr, /)",
        "The format of C doubles or floats.",
        getformat,
    )
    .class(),
    MethodDef::new(
        "__format__($self, format_spec, /)",
        "Formats the float according to format_spec.",
        |a| {
            if !strings::is_str(a[1]) {
                return err!(
                    TypeError,
                    "__format__() argument must be str, not {}",
                    a[1].type_name()
                );
            }
            crate::format_spec::format_float(a[0], a[1])
        },
    ),
];

pub(crate) static GETSET: &[GetSetDef] = &[
    GetSetDef::ro("real", "the real part of a complex number", |v| {
        Ok(to_exact(v))
    }),
    GetSetDef::ro("imag", "the imaginary part of a complex number", |_| {
        Ok(from_f64(0.0))
    }),
];
