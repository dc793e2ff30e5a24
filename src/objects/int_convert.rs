//! Ints to and from other forms: decimal text, floats, bytes, other objects; and text to ints.

use crate::err::PyResult;
use crate::int::{self, IntValue, from_i64, from_ibig};
use crate::strings::{self, PyStr};
use crate::value::{Ref, Value};
use crate::{bytes, err, exceptions, int_methods, protocol, unicode};
use dashu_int::ops::{BitTest, DivRem, UnsignedAbs};
use dashu_int::{IBig, Sign, UBig};
use std::sync::atomic::{AtomicUsize, Ordering};

/// `sys.set_int_max_str_digits`; 0 is no limit.
pub static MAX_STR_DIGITS: AtomicUsize = AtomicUsize::new(4300);

unsafe extern "C" {
    fn ldexp(x: f64, e: libc::c_int) -> f64;
}

/// `x * 2**e`.
pub fn scale(x: f64, e: i32) -> f64 {
    // SAFETY: a pure function of libm.
    unsafe { ldexp(x, e) }
}

// ---------------------------------------------------------------- decimal text

/// `str(n)`.
pub fn to_str(n: IntValue) -> PyResult {
    match n {
        IntValue::Small(i) => Ok(small_to_str(i)),
        IntValue::Big(b) => Ok(strings::new_latin1(big_to_decimal(b)?.as_bytes())),
    }
}

fn small_to_str(i: i64) -> Ref {
    let mut buffer = [0u8; 20];
    let mut at = buffer.len();
    let mut u = i.unsigned_abs();
    loop {
        at -= 1;
        buffer[at] = b'0' + (u % 10) as u8;
        u /= 10;
        if u == 0 {
            break;
        }
    }
    if i < 0 {
        at -= 1;
        buffer[at] = b'-';
    }
    strings::new_latin1(&buffer[at..])
}

fn big_to_decimal(b: &IBig) -> PyResult<String> {
    let limit = MAX_STR_DIGITS.load(Ordering::Relaxed);
    let too_long = || {
        err!(
            ValueError,
            "Exceeds the limit ({limit} digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit"
        )
    };
    // A digit has a bit more than 3.32 bits.
    if limit > 0 && b.bit_len() as f64 > (limit as f64 + 1.0) * 3.33 {
        return too_long();
    }
    let s = b.to_string();
    if limit > 0 && s.len() - s.starts_with('-') as usize > limit {
        return too_long();
    }
    Ok(s)
}

// ---------------------------------------------------------------- parsing

/// What is wrong with a literal.
enum Bad {
    Syntax,
    TooLong(usize),
}

fn is_ascii_space(c: u8) -> bool {
    matches!(c, b' ' | b'\t'..=b'\r')
}

/// Parses ASCII text as `int()` does: whitespace around, sign, prefix, single underscores between digits.
fn parse_ascii(text: &[u8], base: u32) -> Result<IBig, Bad> {
    let mut s = text;
    while let [c, rest @ ..] = s
        && is_ascii_space(*c)
    {
        s = rest;
    }
    while let [rest @ .., c] = s
        && is_ascii_space(*c)
    {
        s = rest;
    }
    let mut negative = false;
    if let [c @ (b'+' | b'-'), rest @ ..] = s {
        negative = *c == b'-';
        s = rest;
    }
    let mut base = base;
    let mut only_zero = false;
    let mut after_prefix = false;
    if let [b'0', x, ..] = s {
        let prefix_base = match x {
            b'x' | b'X' => 16,
            b'o' | b'O' => 8,
            b'b' | b'B' => 2,
            _ => 0,
        };
        if prefix_base != 0 && (base == 0 || base == prefix_base) {
            base = prefix_base;
            s = &s[2..];
            after_prefix = true;
        }
    }
    if base == 0 {
        // "0", "00", "0_0" are fine in base 0, but other numbers do not begin with 0.
        only_zero = s.first() == Some(&b'0');
        base = 10;
    }
    if after_prefix && s.first() == Some(&b'_') {
        s = &s[1..];
    }
    let mut digits = Vec::with_capacity(s.len());
    let mut previous_digit = false;
    for c in s {
        if *c == b'_' {
            if !previous_digit {
                return Err(Bad::Syntax);
            }
            previous_digit = false;
            continue;
        }
        match (*c as char).to_digit(base) {
            Some(_) => digits.push(*c),
            None => return Err(Bad::Syntax),
        }
        previous_digit = true;
    }
    if !previous_digit || (only_zero && digits.iter().any(|c| *c != b'0')) {
        return Err(Bad::Syntax);
    }
    let limit = MAX_STR_DIGITS.load(Ordering::Relaxed);
    if !base.is_power_of_two() && limit > 0 && digits.len() > limit {
        return Err(Bad::TooLong(digits.len()));
    }
    // All digits are ASCII.
    let text = std::str::from_utf8(&digits).unwrap_or("");
    let magnitude = if digits.len() <= 11 {
        UBig::from(u64::from_str_radix(text, base).map_err(|_| Bad::Syntax)?)
    } else {
        UBig::from_str_radix(text, base).map_err(|_| Bad::Syntax)?
    };
    let r = IBig::from(magnitude);
    Ok(if negative { -r } else { r })
}

#[cold]
fn bad_literal(e: Bad, base: u32, original: Value) -> PyResult {
    match e {
        Bad::TooLong(n) => {
            let limit = MAX_STR_DIGITS.load(Ordering::Relaxed);
            err!(
                ValueError,
                "Exceeds the limit ({limit} digits) for integer string conversion: value has {n} digits; \
                 use sys.set_int_max_str_digits() to increase the limit"
            )
        }
        Bad::Syntax => {
            let r: String = protocol::repr_text(original)?.chars().take(200).collect();
            err!(
                ValueError,
                "invalid literal for int() with base {base}: {r}"
            )
        }
    }
}

/// A string with Unicode digits and spaces as their ASCII counterparts; anything else becomes `?`.
pub fn to_ascii_digits(s: &PyStr) -> Vec<u8> {
    if let Some(a) = s.as_ascii() {
        return a.as_bytes().to_vec();
    }
    let convert = |c: u32| {
        if c < 127 {
            c as u8
        } else if unicode::is_space(c) {
            b' '
        } else {
            unicode::to_decimal(c).map_or(b'?', |d| b'0' + d as u8)
        }
    };
    s.data().iter().map(convert).collect()
}

/// `int(s, base)` of a str.
pub fn parse_str(v: Value, base: u32) -> PyResult {
    let s = strings::expect(v);
    if let Some(a) = s.as_ascii()
        && base == 10
        && (1..=17).contains(&a.len())
        && a.bytes().all(|c| c.is_ascii_digit())
    {
        return Ok(from_i64(
            a.bytes().fold(0, |n, c| n * 10 + (c - b'0') as i64),
        ));
    }
    match parse_ascii(&to_ascii_digits(s), base) {
        Ok(i) => Ok(from_ibig(i)),
        Err(e) => bad_literal(e, base, v),
    }
}

/// `int(b, base)` of bytes-like data; `original` is shown in the message.
pub fn parse_bytes(data: &[u8], base: u32, original: Value) -> PyResult {
    match parse_ascii(data, base) {
        Ok(i) => Ok(from_ibig(i)),
        Err(e) => bad_literal(e, base, original),
    }
}

// ---------------------------------------------------------------- floats

/// The nearest float; OverflowError beyond the range.
pub fn to_f64(n: IntValue) -> PyResult<f64> {
    match n {
        IntValue::Small(i) => Ok(i as f64),
        IntValue::Big(b) => {
            let f = b.to_f64().value();
            if f.is_infinite() {
                return err!(OverflowError, "int too large to convert to float");
            }
            Ok(f)
        }
    }
}

/// A finite float without its fraction.
pub fn from_f64(f: f64) -> Ref {
    let t = f.trunc();
    if t.abs() < 1e18 {
        return from_i64(t as i64);
    }
    from_ibig(big_from_f64(t))
}

/// A finite float without a fraction as a big integer.
pub fn big_from_f64(f: f64) -> IBig {
    let bits = f.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32;
    let mantissa = (bits & ((1 << 52) - 1)) | if exponent > 0 { 1 << 52 } else { 0 };
    let shift = exponent.max(1) - 1075;
    let m = IBig::from(mantissa);
    let r = if shift >= 0 {
        m << shift as usize
    } else {
        m >> (-shift) as usize
    };
    if f < 0.0 { -r } else { r }
}

/// `a / b`, correctly rounded; `None` if too large. `b` is not 0.
pub fn divide(a: &IBig, b: &IBig) -> Option<f64> {
    let negative = (a.sign() == Sign::Negative) != (b.sign() == Sign::Negative);
    let sign = if negative { -1.0 } else { 1.0 };
    if a.is_zero() {
        return Some(0.0 * sign);
    }
    let (a, b) = (a.clone().unsigned_abs(), b.clone().unsigned_abs());
    const MIN_EXP: i64 = -1021;
    const DIGITS: i64 = 53;
    let diff = a.bit_len() as i64 - b.bit_len() as i64;
    if diff > 1024 {
        return None;
    }
    if diff < MIN_EXP - DIGITS - 1 {
        return Some(0.0 * sign);
    }
    // A quotient of 55 to 56 bits, or fewer for subnormal results.
    let shift = diff.max(MIN_EXP) - DIGITS - 2;
    let (q, r) = if shift <= 0 {
        (a << (-shift) as usize).div_rem(b)
    } else {
        a.div_rem(b << shift as usize)
    };
    let mut x = u64::try_from(q).ok()?;
    let x_bits = 64 - x.leading_zeros() as i64;
    let extra = x_bits.max(MIN_EXP - shift) - DIGITS;
    let mask = 1u64 << (extra - 1);
    let mut low = x | !r.is_zero() as u64;
    if low & mask != 0 && low & (3 * mask - 1) != 0 {
        low += mask;
    }
    x = low & !(2 * mask - 1);
    let dx = x as f64;
    if shift + x_bits >= 1024 && (shift + x_bits > 1024 || dx == scale(1.0, x_bits as i32)) {
        return None;
    }
    Some(sign * scale(dx, shift as i32))
}

// ---------------------------------------------------------------- other objects

/// Result of `__int__` or `__index__` as an exact int.
fn check_result(r: Ref, method: &str) -> PyResult {
    if r.is_small_int() || r.is_exact::<int::PyInt>() {
        return Ok(r);
    }
    if !int::is_int(*r) {
        return err!(
            TypeError,
            "{method} returned non-int (type {})",
            r.type_name()
        );
    }
    int::warn_strict_subclass(method, *r)?;
    Ok(int_methods::to_exact(*r))
}

/// `int(v)`.
pub fn to_int(v: Value) -> PyResult {
    if v.is_small_int() || v.is_exact::<int::PyInt>() {
        return Ok(v.to_ref());
    }
    if let Some(f) = v.as_immediate_float() {
        return Ok(from_f64(f));
    }
    let s = v.ty().slots();
    if let Some(f) = s.int {
        return check_result(f(v)?, "__int__");
    }
    if let Some(f) = s.index {
        return check_result(f(v)?, "__index__");
    }
    if strings::is_str(v) {
        return parse_str(v, 10);
    }
    if let Some(b) = bytes::as_bytes(&v) {
        return parse_bytes(b, 10, v);
    }
    if s.get_buffer.is_some() {
        let data = crate::buffer::to_vec(v)?;
        let shown = bytes::new_bytes(&data);
        return parse_bytes(&data, 10, *shown);
    }
    err!(
        TypeError,
        "int() argument must be a string, a bytes-like object or a real number, not '{}'",
        v.type_name()
    )
}

/// `int(v)` of a float known to be one.
pub fn float_to_int(f: f64) -> PyResult {
    if f.is_nan() {
        return err!(ValueError, "cannot convert float NaN to integer");
    }
    if f.is_infinite() {
        return err!(OverflowError, "cannot convert float infinity to integer");
    }
    Ok(from_f64(f))
}

/// `bytes(v)` for `int.from_bytes`.
pub fn bytes_of(v: Value) -> PyResult<Vec<u8>> {
    if let Some(b) = bytes::as_bytes(&v) {
        return Ok(b.to_vec());
    }
    if let Some(r) = protocol::call_special(v, crate::names::names().__bytes__, &[])? {
        return match bytes::as_bytes(&r) {
            Some(b) => Ok(b.to_vec()),
            None => err!(
                TypeError,
                "__bytes__ returned non-bytes (type {})",
                r.type_name()
            ),
        };
    }
    if v.ty().slots().get_buffer.is_some() {
        return crate::buffer::to_vec(v);
    }
    let s = v.ty().slots();
    if strings::is_str(v) || (s.iter.is_none() && s.item.is_none()) {
        return err!(
            TypeError,
            "cannot convert '{}' object to bytes",
            v.type_name()
        );
    }
    let mut out = Vec::new();
    protocol::for_each(v, |item| {
        match int::to_i64(*item) {
            Ok(i @ 0..=255) => out.push(i as u8),
            Ok(_) => return err!(ValueError, "bytes must be in range(0, 256)"),
            Err(e) => {
                if crate::err::clear_if(&exceptions::OverflowError) {
                    return err!(ValueError, "bytes must be in range(0, 256)");
                }
                return Err(e);
            }
        }
        Ok(())
    })?;
    Ok(out)
}

/// The number that bytes stand for.
pub fn from_bytes(data: &[u8], little: bool, signed: bool) -> IBig {
    let m = if little {
        UBig::from_le_bytes(data)
    } else {
        UBig::from_be_bytes(data)
    };
    let top = if little { data.last() } else { data.first() };
    let r = IBig::from(m);
    if signed && top.is_some_and(|b| *b >= 0x80) {
        r - (IBig::ONE << (data.len() * 8))
    } else {
        r
    }
}

/// The number in `length` bytes; OverflowError if it does not fit.
pub fn to_bytes(n: &IBig, length: usize, little: bool, signed: bool) -> PyResult<Vec<u8>> {
    let negative = n.sign() == Sign::Negative;
    if negative && !signed {
        return err!(OverflowError, "can't convert negative int to unsigned");
    }
    // Bits of the magnitude, or of its complement, and one for the sign.
    let bits = if negative {
        (!n).bit_len()
    } else {
        n.bit_len()
    } + signed as usize;
    if bits > length * 8 && !(n.is_zero() && length == 0) {
        return err!(OverflowError, "int too big to convert");
    }
    let m: UBig = if negative { !n } else { n.clone() }.unsigned_abs();
    let mut out = m.to_le_bytes().to_vec();
    out.resize(length, 0);
    if negative {
        for b in &mut out {
            *b = !*b;
        }
    }
    if !little {
        out.reverse();
    }
    Ok(out)
}
