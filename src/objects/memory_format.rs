//! Items of native single-character formats (`B`, `i`, `d`, …) in memory.

use crate::err::{PyResult, clear_if};
use crate::value::{Ref, Value};
use crate::{bytes, err, exceptions, float, int, protocol};

/// The character of a format of one native item, with `@` in front or not.
pub fn native_char(format: &str) -> Option<u8> {
    let f = format.strip_prefix('@').unwrap_or(format);
    match f.as_bytes() {
        [c] if item_size(*c).is_some() => Some(*c),
        _ => None,
    }
}

/// Size of an item.
pub fn item_size(c: u8) -> Option<usize> {
    Some(match c {
        b'c' | b'b' | b'B' | b'?' => 1,
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' | b'q' | b'Q' | b'n' | b'N' | b'd' | b'P' => 8,
        _ => return None,
    })
}

fn raw<const N: usize>(d: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&d[..N]);
    out
}

/// The item at the start of `d`.
pub fn unpack(c: u8, d: &[u8]) -> Ref {
    match c {
        b'c' => bytes::new_bytes(&d[..1]),
        b'b' => int::from_i64(d[0] as i8 as i64),
        b'?' => Ref::bool(d[0] != 0),
        b'h' => int::from_i64(i16::from_ne_bytes(raw(d)) as i64),
        b'H' => int::from_i64(u16::from_ne_bytes(raw(d)) as i64),
        b'i' => int::from_i64(i32::from_ne_bytes(raw(d)) as i64),
        b'I' => int::from_i64(u32::from_ne_bytes(raw(d)) as i64),
        b'l' | b'q' | b'n' => int::from_i64(i64::from_ne_bytes(raw(d))),
        b'L' | b'Q' | b'N' | b'P' => int::from_u64(u64::from_ne_bytes(raw(d))),
        b'e' => float::from_f64(half_to_f64(u16::from_ne_bytes(raw(d)))),
        b'f' => float::from_f64(f32::from_ne_bytes(raw(d)) as f64),
        b'd' => float::from_f64(f64::from_ne_bytes(raw(d))),
        _ => int::from_i64(d[0] as i64),
    }
}

fn bad_type<T>(c: u8) -> PyResult<T> {
    err!(
        TypeError,
        "memoryview: invalid type for format '{}'",
        c as char
    )
}
fn bad_value<T>(c: u8) -> PyResult<T> {
    err!(
        ValueError,
        "memoryview: invalid value for format '{}'",
        c as char
    )
}

/// Writes an item to the start of `d`.
pub fn pack(c: u8, v: Value, d: &mut [u8]) -> PyResult<()> {
    let bytes: [u8; 8] = match c {
        b'c' => {
            let Some(b) = bytes::as_bytes(&v) else {
                return bad_type(c);
            };
            if b.len() != 1 {
                return bad_value(c);
            }
            d[0] = b[0];
            return Ok(());
        }
        b'?' => {
            d[0] = protocol::is_true(v)? as u8;
            return Ok(());
        }
        b'e' | b'f' | b'd' => {
            let f = match float::to_f64(v) {
                Ok(f) => f,
                Err(e) => {
                    if clear_if(&exceptions::TypeError) {
                        return bad_type(c);
                    }
                    return Err(e);
                }
            };
            match c {
                b'e' => match f64_to_half(f) {
                    Some(h) => d[..2].copy_from_slice(&h.to_ne_bytes()),
                    None => return err!(OverflowError, "float too large to pack with e format"),
                },
                b'f' => d[..4].copy_from_slice(&(f as f32).to_ne_bytes()),
                _ => d[..8].copy_from_slice(&f.to_ne_bytes()),
            }
            return Ok(());
        }
        _ => {
            let i = match protocol::index(v) {
                Ok(i) => i,
                Err(e) => {
                    if clear_if(&exceptions::TypeError) {
                        return bad_type(c);
                    }
                    return Err(e);
                }
            };
            let n = int::as_int(&i).map(|i| i.to_ibig());
            let size = item_size(c).unwrap_or(1) as u32;
            let unsigned = matches!(c, b'B' | b'H' | b'I' | b'L' | b'Q' | b'N' | b'P');
            let Some(n) = n.and_then(|n| i128::try_from(&n).ok()) else {
                return bad_value(c);
            };
            let (low, high) = if unsigned {
                (0, (1i128 << (8 * size)) - 1)
            } else {
                (-(1i128 << (8 * size - 1)), (1i128 << (8 * size - 1)) - 1)
            };
            if n < low || n > high {
                return bad_value(c);
            }
            (n as i64).to_le_bytes()
        }
    };
    let size = item_size(c).unwrap_or(1);
    let mut bytes = bytes;
    if cfg!(target_endian = "big") {
        bytes[..size].reverse();
    }
    d[..size].copy_from_slice(&bytes[..size]);
    Ok(())
}

/// A half-precision number.
pub fn half_to_f64(h: u16) -> f64 {
    let sign = if h & 0x8000 != 0 { -1.0 } else { 1.0 };
    let exponent = (h >> 10 & 31) as i32;
    let fraction = (h & 1023) as f64;
    match exponent {
        31 if fraction == 0.0 => sign * f64::INFINITY,
        31 => f64::from_bits(
            (h as u64 & 0x8000) << 48 | 0x7ff0_0000_0000_0000 | (h as u64 & 1023) << 42,
        ),
        0 => sign * fraction * 2f64.powi(-24),
        e => sign * (1.0 + fraction / 1024.0) * 2f64.powi(e - 15),
    }
}

/// The nearest half-precision number, ties to even; `None` if it is too large.
pub fn f64_to_half(f: f64) -> Option<u16> {
    let sign = if f.is_sign_negative() { 0x8000 } else { 0 };
    if f.is_nan() {
        let payload = (f.to_bits() >> 42 & 1023) as u16;
        return Some(sign | 0x7c00 | if payload == 0 { 0x200 } else { payload });
    }
    if f.is_infinite() {
        return Some(sign | 0x7c00);
    }
    let a = f.abs();
    if a < 2f64.powi(-14) {
        return Some(sign | (a * 2f64.powi(24)).round_ties_even() as u16);
    }
    let e = (a.to_bits() >> 52) as i32 - 1023;
    let m = (a / 2f64.powi(e - 10)).round_ties_even();
    let (e, m) = if m >= 2048.0 { (e + 1, 1024.0) } else { (e, m) };
    if e > 15 {
        return None;
    }
    Some(sign | ((e + 15) as u16) << 10 | (m as u16 - 1024))
}
