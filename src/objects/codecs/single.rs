//! ASCII and Latin-1.

use super::{Errors, encode_each};
use crate::err::PyResult;
use crate::strings::{self, PyStr, StrBuilder};
use crate::value::Ref;

pub fn ascii_encode(s: &PyStr, errors: &Errors) -> PyResult<Vec<u8>> {
    if s.is_ascii() {
        return Ok(s.raw_bytes().to_vec());
    }
    encode_each(
        s,
        errors,
        "ascii",
        "ordinal not in range(128)",
        true,
        |c, out| {
            if c < 128 {
                out.push(c as u8);
            }
            Ok(c < 128)
        },
    )
}
pub fn latin1_encode(s: &PyStr, errors: &Errors) -> PyResult<Vec<u8>> {
    if s.kind() == 1 {
        return Ok(s.raw_bytes().to_vec());
    }
    encode_each(
        s,
        errors,
        "latin-1",
        "ordinal not in range(256)",
        true,
        |c, out| {
            if c < 256 {
                out.push(c as u8);
            }
            Ok(c < 256)
        },
    )
}
pub fn latin1_decode(data: &[u8]) -> Ref {
    strings::new_latin1(data)
}
pub fn ascii_decode(data: &[u8], errors: &Errors) -> PyResult {
    if data.is_ascii() {
        return Ok(strings::new_latin1(data));
    }
    let mut out = StrBuilder::with_capacity(data.len());
    let mut i = 0;
    while i < data.len() {
        if data[i] < 128 {
            out.push(data[i] as u32);
            i += 1;
        } else {
            i = errors.decode_error(
                "ascii",
                data,
                i,
                i + 1,
                "ordinal not in range(128)",
                &mut out,
            )?;
        }
    }
    Ok(out.finish())
}
