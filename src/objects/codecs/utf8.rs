//! UTF-8.

use super::{Errors, encode_each};
use crate::err::PyResult;
use crate::strings::{self, PyStr, StrBuilder, StrData};
use crate::value::Ref;

pub fn utf8_encode(s: &PyStr, errors: &Errors) -> PyResult<Vec<u8>> {
    if s.is_ascii() {
        return Ok(s.raw_bytes().to_vec());
    }
    if let StrData::Latin1(d) = s.data() {
        let mut out = Vec::with_capacity(d.len() * 2);
        for c in d {
            if *c < 128 {
                out.push(*c);
            } else {
                out.extend_from_slice(&[0xc0 | c >> 6, 0x80 | (c & 63)]);
            }
        }
        return Ok(out);
    }
    encode_each(
        s,
        errors,
        "utf-8",
        "surrogates not allowed",
        true,
        |c, out| match char::from_u32(c) {
            Some(ch) => {
                let mut buffer = [0; 4];
                out.extend_from_slice(ch.encode_utf8(&mut buffer).as_bytes());
                Ok(true)
            }
            None => Ok(false),
        },
    )
}

/// The text and how many bytes were consumed: all, if this is the end of the input.
pub fn utf8_decode(data: &[u8], errors: &Errors, last: bool) -> PyResult<(Ref, usize)> {
    if data.is_ascii() {
        return Ok((strings::new_latin1(data), data.len()));
    }
    let mut at = match std::str::from_utf8(data) {
        Ok(s) => return Ok((strings::new_str(s), data.len())),
        Err(_) => 0,
    };
    let mut out = StrBuilder::with_capacity(data.len());
    while at < data.len() {
        match std::str::from_utf8(&data[at..]) {
            Ok(s) => {
                out.push_str(s);
                at = data.len();
            }
            Err(e) => {
                let good = &data[at..at + e.valid_up_to()];
                // SAFETY: found valid just now.
                out.push_str(unsafe { std::str::from_utf8_unchecked(good) });
                at += good.len();
                let (end, reason) = match e.error_len() {
                    None => {
                        if !last {
                            return Ok((out.finish(), at));
                        }
                        (data.len(), "unexpected end of data")
                    }
                    Some(n) => {
                        let lead = data[at];
                        let bad_start = lead < 0xc2 || lead > 0xf4;
                        (
                            at + n,
                            if bad_start {
                                "invalid start byte"
                            } else {
                                "invalid continuation byte"
                            },
                        )
                    }
                };
                at = errors.decode_error("utf-8", data, at, end, reason, &mut out)?;
            }
        }
    }
    Ok((out.finish(), at))
}
