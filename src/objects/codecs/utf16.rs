//! UTF-16 and UTF-32.

use super::{Errors, encode_each};
use crate::err::PyResult;
use crate::strings::{PyStr, StrBuilder};
use crate::value::Ref;

/// Order of the bytes of a unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ByteOrder {
    Little,
    Big,
    /// Native order with a mark in front when encoding; by the mark when decoding.
    Marked,
}

impl ByteOrder {
    fn is_big(self) -> bool {
        match self {
            ByteOrder::Little => false,
            ByteOrder::Big => true,
            ByteOrder::Marked => cfg!(target_endian = "big"),
        }
    }
    fn name(self, utf16: bool) -> &'static str {
        match (utf16, self) {
            (true, ByteOrder::Little) => "utf-16-le",
            (true, ByteOrder::Big) => "utf-16-be",
            (true, ByteOrder::Marked) => "utf-16",
            (false, ByteOrder::Little) => "utf-32-le",
            (false, ByteOrder::Big) => "utf-32-be",
            (false, ByteOrder::Marked) => "utf-32",
        }
    }
}

pub fn utf16_encode(s: &PyStr, errors: &Errors, order: ByteOrder) -> PyResult<Vec<u8>> {
    let big = order.is_big();
    let unit = |u: u16, out: &mut Vec<u8>| {
        out.extend(if big {
            u.to_be_bytes()
        } else {
            u.to_le_bytes()
        })
    };
    let mut head = Vec::new();
    if order == ByteOrder::Marked {
        unit(0xfeff, &mut head);
    }
    let body = encode_each(
        s,
        errors,
        order.name(true),
        "surrogates not allowed",
        false,
        |c, out| {
            if (0xd800..0xe000).contains(&c) {
                return Ok(false);
            }
            if c < 0x10000 {
                unit(c as u16, out);
            } else {
                unit(0xd7c0 + (c >> 10) as u16, out);
                unit(0xdc00 + (c & 0x3ff) as u16, out);
            }
            Ok(true)
        },
    )?;
    head.extend(body);
    Ok(head)
}

pub fn utf32_encode(s: &PyStr, errors: &Errors, order: ByteOrder) -> PyResult<Vec<u8>> {
    let big = order.is_big();
    let unit = |u: u32, out: &mut Vec<u8>| {
        out.extend(if big {
            u.to_be_bytes()
        } else {
            u.to_le_bytes()
        })
    };
    let mut head = Vec::new();
    if order == ByteOrder::Marked {
        unit(0xfeff, &mut head);
    }
    let body = encode_each(
        s,
        errors,
        order.name(false),
        "surrogates not allowed",
        false,
        |c, out| {
            if (0xd800..0xe000).contains(&c) {
                return Ok(false);
            }
            unit(c, out);
            Ok(true)
        },
    )?;
    head.extend(body);
    Ok(head)
}

/// Text, bytes consumed, and the order found.
pub fn utf16_decode(
    data: &[u8],
    errors: &Errors,
    order: ByteOrder,
    last: bool,
) -> PyResult<(Ref, usize, ByteOrder)> {
    let mut big = order.is_big();
    let mut at = 0;
    let mut found = order;
    if order == ByteOrder::Marked && data.len() >= 2 {
        match (data[0], data[1]) {
            (0xff, 0xfe) => {
                big = false;
                at = 2;
                found = ByteOrder::Little;
            }
            (0xfe, 0xff) => {
                big = true;
                at = 2;
                found = ByteOrder::Big;
            }
            _ => {}
        }
    }
    let name = if big { "utf-16-be" } else { "utf-16-le" };
    let unit = |i: usize| {
        let pair = [data[i], data[i + 1]];
        (if big {
            u16::from_be_bytes(pair)
        } else {
            u16::from_le_bytes(pair)
        }) as u32
    };
    let mut out = StrBuilder::with_capacity(data.len() / 2);
    while at < data.len() {
        if at + 1 >= data.len() {
            if !last {
                break;
            }
            at = errors.decode_error(name, data, at, data.len(), "truncated data", &mut out)?;
            continue;
        }
        let u = unit(at);
        match u {
            0xd800..0xdc00 => {
                if at + 3 >= data.len() {
                    if !last {
                        break;
                    }
                    at = errors.decode_error(
                        name,
                        data,
                        at,
                        data.len(),
                        "unexpected end of data",
                        &mut out,
                    )?;
                    continue;
                }
                let v = unit(at + 2);
                if (0xdc00..0xe000).contains(&v) {
                    out.push(0x10000 + ((u - 0xd800) << 10) + (v - 0xdc00));
                    at += 4;
                } else {
                    at = errors.decode_error(
                        name,
                        data,
                        at,
                        at + 2,
                        "illegal UTF-16 surrogate",
                        &mut out,
                    )?;
                }
            }
            0xdc00..0xe000 => {
                at = errors.decode_error(name, data, at, at + 2, "illegal encoding", &mut out)?
            }
            _ => {
                out.push(u);
                at += 2;
            }
        }
    }
    Ok((out.finish(), at, found))
}

/// Text, bytes consumed, and the order found.
pub fn utf32_decode(
    data: &[u8],
    errors: &Errors,
    order: ByteOrder,
    last: bool,
) -> PyResult<(Ref, usize, ByteOrder)> {
    let mut big = order.is_big();
    let mut at = 0;
    let mut found = order;
    if order == ByteOrder::Marked && data.len() >= 4 {
        match data[..4] {
            [0xff, 0xfe, 0, 0] => {
                big = false;
                at = 4;
                found = ByteOrder::Little;
            }
            [0, 0, 0xfe, 0xff] => {
                big = true;
                at = 4;
                found = ByteOrder::Big;
            }
            _ => {}
        }
    }
    let name = if big { "utf-32-be" } else { "utf-32-le" };
    let mut out = StrBuilder::with_capacity(data.len() / 4);
    while at < data.len() {
        let Some(four) = data.get(at..at + 4) else {
            if !last {
                break;
            }
            at = errors.decode_error(name, data, at, data.len(), "truncated data", &mut out)?;
            continue;
        };
        let four = [four[0], four[1], four[2], four[3]];
        let c = if big {
            u32::from_be_bytes(four)
        } else {
            u32::from_le_bytes(four)
        };
        if (0xd800..0xe000).contains(&c) {
            let reason = "code point in surrogate code point range(0xd800, 0xe000)";
            at = errors.decode_error(name, data, at, at + 4, reason, &mut out)?;
        } else if c > 0x10ffff {
            at = errors.decode_error(
                name,
                data,
                at,
                at + 4,
                "code point not in range(0x110000)",
                &mut out,
            )?;
        } else {
            out.push(c);
            at += 4;
        }
    }
    Ok((out.finish(), at, found))
}
