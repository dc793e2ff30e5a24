//! Backslash escapes: unicode_escape, raw_unicode_escape, and those of bytes literals.

use super::Errors;
use crate::err::PyResult;
use crate::strings::{self, PyStr, StrBuilder, expect};
use crate::value::Ref;
use crate::{err, exceptions, protocol};

pub fn unicode_escape_encode(s: &PyStr) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    for c in s.data().iter() {
        match c {
            9 => out.extend(b"\\t"),
            10 => out.extend(b"\\n"),
            13 => out.extend(b"\\r"),
            0x5c => out.extend(b"\\\\"),
            32..127 => out.push(c as u8),
            0..256 => out.extend(format!("\\x{c:02x}").bytes()),
            256..65536 => out.extend(format!("\\u{c:04x}").bytes()),
            _ => out.extend(format!("\\U{c:08x}").bytes()),
        }
    }
    out
}
pub fn raw_unicode_escape_encode(s: &PyStr) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    for c in s.data().iter() {
        match c {
            0..256 => out.push(c as u8),
            256..65536 => out.extend(format!("\\u{c:04x}").bytes()),
            _ => out.extend(format!("\\U{c:08x}").bytes()),
        }
    }
    out
}

fn hex(data: &[u8]) -> usize {
    data.iter().take_while(|c| c.is_ascii_hexdigit()).count()
}
fn hex_value(data: &[u8]) -> u32 {
    data.iter().fold(0u32, |n, c| {
        n.wrapping_mul(16)
            .wrapping_add((*c as char).to_digit(16).unwrap_or(0))
    })
}

fn named(name: &[u8]) -> PyResult<Option<Ref>> {
    let unicodedata = (crate::vm::hooks().import)("unicodedata")?;
    match protocol::call_method_str(*unicodedata, "lookup", &[*strings::new_latin1(name)]) {
        Ok(r) => Ok(Some(r)),
        Err(e) => {
            if crate::err::clear_if(&exceptions::KeyError) {
                Ok(None)
            } else {
                Err(e)
            }
        }
    }
}

/// The text and how many bytes were consumed.
pub fn unicode_escape_decode(data: &[u8], errors: &Errors, last: bool) -> PyResult<(Ref, usize)> {
    const NAME: &str = "unicodeescape";
    let mut out = StrBuilder::with_capacity(data.len());
    let mut i = 0;
    let n = data.len();
    while i < n {
        if data[i] != b'\\' {
            out.push(data[i] as u32);
            i += 1;
            continue;
        }
        let start = i;
        let Some(c) = data.get(i + 1) else {
            if !last {
                return Ok((out.finish(), start));
            }
            i = errors.decode_error(NAME, data, start, n, "\\ at end of string", &mut out)?;
            continue;
        };
        i += 2;
        match c {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => out.push(*c as u32),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b't' => out.push(9),
            b'n' => out.push(10),
            b'r' => out.push(13),
            b'v' => out.push(11),
            b'a' => out.push(7),
            b'0'..=b'7' => {
                let mut v = (*c - b'0') as u32;
                let mut digits = 1;
                while digits < 3 && i < n && (b'0'..=b'7').contains(&data[i]) {
                    v = v * 8 + (data[i] - b'0') as u32;
                    i += 1;
                    digits += 1;
                }
                if v > 0o377 {
                    let message = format!(
                        "\"\\{v:o}\" is an invalid octal escape sequence. Such sequences will not work in the future. "
                    );
                    (crate::vm::hooks().warn)(&exceptions::DeprecationWarning, &message, 1)?;
                }
                out.push(v);
            }
            b'x' | b'u' | b'U' => {
                let (want, reason) = match c {
                    b'x' => (2, "truncated \\xXX escape"),
                    b'u' => (4, "truncated \\uXXXX escape"),
                    _ => (8, "truncated \\UXXXXXXXX escape"),
                };
                let have = hex(&data[i..(i + want).min(n)]);
                if have < want {
                    if !last && i + have == n {
                        return Ok((out.finish(), start));
                    }
                    i = errors.decode_error(NAME, data, start, i + have, reason, &mut out)?;
                    continue;
                }
                let v = hex_value(&data[i..i + want]);
                i += want;
                if v > 0x10ffff {
                    i = errors.decode_error(
                        NAME,
                        data,
                        start,
                        i,
                        "illegal Unicode character",
                        &mut out,
                    )?;
                } else {
                    out.push(v);
                }
            }
            b'N' => {
                let rest = &data[i..];
                let close = rest.iter().position(|c| *c == b'}');
                match (rest.first(), close) {
                    (Some(b'{'), Some(close)) if close > 1 => {
                        let name = &rest[1..close];
                        i += close + 1;
                        match named(name)? {
                            Some(r) => out.push_pystr(expect(*r)),
                            None => {
                                i = errors.decode_error(
                                    NAME,
                                    data,
                                    start,
                                    i,
                                    "unknown Unicode character name",
                                    &mut out,
                                )?
                            }
                        }
                    }
                    (first, close) => {
                        if !last && (first.is_none() || (first == Some(&b'{') && close.is_none())) {
                            return Ok((out.finish(), start));
                        }
                        let end = match (first, close) {
                            (Some(b'{'), Some(c)) => i + c + 1,
                            (Some(b'{'), None) => n,
                            _ => i,
                        };
                        i = errors.decode_error(
                            NAME,
                            data,
                            start,
                            end,
                            "malformed \\N character escape",
                            &mut out,
                        )?;
                    }
                }
            }
            _ => {
                let message = format!(
                    "\"\\{}\" is an invalid escape sequence. Such sequences will not work in the future. ",
                    *c as char
                );
                (crate::vm::hooks().warn)(&exceptions::DeprecationWarning, &message, 1)?;
                out.push(b'\\' as u32);
                out.push(*c as u32);
            }
        }
    }
    Ok((out.finish(), n))
}

/// The text and how many bytes were consumed.
pub fn raw_unicode_escape_decode(
    data: &[u8],
    errors: &Errors,
    last: bool,
) -> PyResult<(Ref, usize)> {
    const NAME: &str = "rawunicodeescape";
    let mut out = StrBuilder::with_capacity(data.len());
    let mut i = 0;
    let n = data.len();
    while i < n {
        if data[i] != b'\\' {
            out.push(data[i] as u32);
            i += 1;
            continue;
        }
        if i + 1 == n {
            if !last {
                break;
            }
            out.push(b'\\' as u32);
            i += 1;
            continue;
        }
        let (want, reason) = match data[i + 1] {
            b'u' => (4, "truncated \\uXXXX escape"),
            b'U' => (8, "truncated \\UXXXXXXXX escape"),
            c => {
                out.push(b'\\' as u32);
                out.push(c as u32);
                i += 2;
                continue;
            }
        };
        let from = i + 2;
        let have = hex(&data[from..(from + want).min(n)]);
        if have < want {
            if !last && from + have == n {
                break;
            }
            i = errors.decode_error(NAME, data, i, from + have, reason, &mut out)?;
            continue;
        }
        let v = hex_value(&data[from..from + want]);
        if v > 0x10ffff {
            i = errors.decode_error(
                NAME,
                data,
                i,
                from + want,
                "\\Uxxxxxxxx out of range",
                &mut out,
            )?;
        } else {
            out.push(v);
            i = from + want;
        }
    }
    Ok((out.finish(), i))
}

/// `codecs.escape_encode`: bytes as the inside of a bytes literal.
pub fn escape_encode(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    for c in data {
        match c {
            b'\t' => out.extend(b"\\t"),
            b'\n' => out.extend(b"\\n"),
            b'\r' => out.extend(b"\\r"),
            b'\\' => out.extend(b"\\\\"),
            b'\'' => out.extend(b"\\'"),
            32..127 => out.push(*c),
            _ => out.extend(format!("\\x{c:02x}").bytes()),
        }
    }
    out
}

/// `codecs.escape_decode`: the inside of a bytes literal as bytes.
pub fn escape_decode(data: &[u8], errors: Option<&str>) -> PyResult<Vec<u8>> {
    let mut out = Vec::with_capacity(data.len());
    let mut i = 0;
    let n = data.len();
    while i < n {
        if data[i] != b'\\' {
            out.push(data[i]);
            i += 1;
            continue;
        }
        let start = i;
        let Some(c) = data.get(i + 1) else {
            return err!(ValueError, "Trailing \\ in string");
        };
        i += 2;
        match c {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => out.push(*c),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b't' => out.push(9),
            b'n' => out.push(10),
            b'r' => out.push(13),
            b'v' => out.push(11),
            b'a' => out.push(7),
            b'0'..=b'7' => {
                let mut v = (*c - b'0') as u32;
                let mut digits = 1;
                while digits < 3 && i < n && (b'0'..=b'7').contains(&data[i]) {
                    v = v * 8 + (data[i] - b'0') as u32;
                    i += 1;
                    digits += 1;
                }
                if v > 0o377 {
                    let message = format!(
                        "\"\\{v:o}\" is an invalid octal escape sequence. Such sequences will not work in the future. "
                    );
                    (crate::vm::hooks().warn)(&exceptions::DeprecationWarning, &message, 1)?;
                }
                out.push(v as u8);
            }
            b'x' => {
                if hex(&data[i..(i + 2).min(n)]) == 2 {
                    out.push(hex_value(&data[i..i + 2]) as u8);
                    i += 2;
                    continue;
                }
                match errors.unwrap_or("strict") {
                    "strict" => return err!(ValueError, "invalid \\x escape at position {start}"),
                    "replace" => out.push(b'?'),
                    "ignore" => {}
                    other => {
                        return err!(
                            ValueError,
                            "decoding error; unknown error handling code: {other}"
                        );
                    }
                }
                if i < n && data[i].is_ascii_hexdigit() {
                    i += 1;
                }
            }
            _ => {
                let message = format!(
                    "\"\\{}\" is an invalid escape sequence. Such sequences will not work in the future. ",
                    *c as char
                );
                (crate::vm::hooks().warn)(&exceptions::DeprecationWarning, &message, 1)?;
                out.push(b'\\');
                out.push(*c);
            }
        }
    }
    Ok(out)
}
