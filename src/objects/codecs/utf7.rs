//! UTF-7.

use super::Errors;
use crate::err::PyResult;
use crate::strings::{PyStr, StrBuilder};
use crate::value::Ref;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn sextet(c: u8) -> Option<u32> {
    ALPHABET.iter().position(|a| *a == c).map(|i| i as u32)
}
fn is_base64(c: u32) -> bool {
    c < 128 && sextet(c as u8).is_some()
}
/// Written as it is when encoding.
fn is_direct(c: u32) -> bool {
    c < 128
        && c > 0
        && (matches!(c as u8, b'\t' | b'\n' | b'\r' | b' '..=b'}')
            && c != '\\' as u32
            && c != '+' as u32)
}

pub fn utf7_encode(s: &PyStr) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    let (mut bits, mut n) = (0u32, 0);
    let mut shifted = false;
    let flush = |out: &mut Vec<u8>, bits: &mut u32, n: &mut u32| {
        while *n >= 6 {
            out.push(ALPHABET[(*bits >> (*n - 6) & 63) as usize]);
            *n -= 6;
        }
        *bits &= (1 << *n) - 1;
    };
    for c in s.data().iter() {
        if shifted && is_direct(c) {
            if n > 0 {
                out.push(ALPHABET[(bits << (6 - n) & 63) as usize]);
                bits = 0;
                n = 0;
            }
            shifted = false;
            if is_base64(c) || c == '-' as u32 {
                out.push(b'-');
            }
            out.push(c as u8);
            continue;
        }
        if !shifted {
            if c == '+' as u32 {
                out.extend(b"+-");
                continue;
            }
            if is_direct(c) {
                out.push(c as u8);
                continue;
            }
            out.push(b'+');
            shifted = true;
        }
        let mut units = [c, 0];
        let count = if c >= 0x10000 {
            units = [0xd7c0 + (c >> 10), 0xdc00 + (c & 0x3ff)];
            2
        } else {
            1
        };
        for u in &units[..count] {
            bits = bits << 16 | u;
            n += 16;
            flush(&mut out, &mut bits, &mut n);
        }
    }
    if n > 0 {
        out.push(ALPHABET[(bits << (6 - n) & 63) as usize]);
    }
    if shifted {
        out.push(b'-');
    }
    out
}

/// The text and how many bytes were consumed.
pub fn utf7_decode(data: &[u8], errors: &Errors, last: bool) -> PyResult<(Ref, usize)> {
    const NAME: &str = "utf7";
    let mut out = StrBuilder::with_capacity(data.len());
    let mut i = 0;
    let mut shift_start = 0;
    // What had been decoded when the shift began, to go back to if the input ends inside.
    let mut shift_out = 0;
    let mut shifted = false;
    let (mut bits, mut n) = (0u32, 0u32);
    let mut surrogate = 0u32;
    while i < data.len() {
        let c = data[i];
        if shifted {
            if let Some(v) = sextet(c) {
                bits = bits << 6 | v;
                n += 6;
                i += 1;
                if n >= 16 {
                    let u = bits >> (n - 16) & 0xffff;
                    n -= 16;
                    bits &= (1 << n) - 1;
                    if surrogate != 0 {
                        if (0xdc00..0xe000).contains(&u) {
                            out.push(0x10000 + ((surrogate - 0xd800) << 10) + (u - 0xdc00));
                            surrogate = 0;
                            continue;
                        }
                        out.push(surrogate);
                        surrogate = 0;
                    }
                    if (0xd800..0xdc00).contains(&u) {
                        surrogate = u;
                    } else {
                        out.push(u);
                    }
                }
                continue;
            }
            shifted = false;
            if n > 0 {
                if n >= 6 {
                    i += 1;
                    let (start, end) = (shift_start, i);
                    n = 0;
                    bits = 0;
                    surrogate = 0;
                    i = errors.decode_error(
                        NAME,
                        data,
                        start,
                        end,
                        "partial character in shift sequence",
                        &mut out,
                    )?;
                    continue;
                }
                if bits != 0 {
                    i += 1;
                    let (start, end) = (shift_start, i);
                    n = 0;
                    bits = 0;
                    surrogate = 0;
                    i = errors.decode_error(
                        NAME,
                        data,
                        start,
                        end,
                        "non-zero padding bits in shift sequence",
                        &mut out,
                    )?;
                    continue;
                }
            }
            if surrogate != 0 && c < 128 && c != b'-' {
                out.push(surrogate);
            }
            surrogate = 0;
            n = 0;
            bits = 0;
            if c == b'-' {
                i += 1;
            }
            continue;
        }
        if c == b'+' {
            shift_start = i;
            shift_out = out.len();
            i += 1;
            match data.get(i) {
                Some(b'-') => {
                    i += 1;
                    out.push('+' as u32);
                }
                Some(x) if sextet(*x).is_none() => {
                    i += 1;
                    i = errors.decode_error(
                        NAME,
                        data,
                        shift_start,
                        i,
                        "ill-formed sequence",
                        &mut out,
                    )?;
                }
                _ => {
                    shifted = true;
                    surrogate = 0;
                    n = 0;
                    bits = 0;
                }
            }
            continue;
        }
        i += 1;
        if c < 128 {
            out.push(c as u32);
        } else {
            i = errors.decode_error(
                NAME,
                data,
                i - 1,
                i,
                "unexpected special character",
                &mut out,
            )?;
        }
    }
    if shifted {
        if !last {
            let text = out.finish();
            let kept = crate::strings::substring(crate::strings::expect(*text), 0, shift_out);
            return Ok((kept, shift_start));
        }
        if surrogate != 0 || n >= 6 || (n > 0 && bits != 0) {
            let end = data.len();
            errors.decode_error(
                NAME,
                data,
                shift_start,
                end,
                "unterminated shift sequence",
                &mut out,
            )?;
        }
    }
    Ok((out.finish(), data.len()))
}
