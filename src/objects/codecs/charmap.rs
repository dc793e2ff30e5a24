//! Encodings given by a table.

use super::{Errors, encode_each};
use crate::err::PyResult;
use crate::strings::{self, PyStr, StrBuilder, expect};
use crate::value::Value;
use crate::{bytes, dict, err, exceptions, int, protocol};

/// The table for encoding that belongs to a decoding table.
pub fn charmap_build(map: &PyStr) -> PyResult {
    let table = dict::new_dict();
    for (i, c) in map.data().iter().take(256).enumerate() {
        if c != 0xfffe {
            dict::set(*table, *int::from_i64(c as i64), *int::from_usize(i))?;
        }
    }
    Ok(table)
}

/// The entry of a mapping, `None` if it is missing or None.
fn entry(mapping: Value, key: u32) -> PyResult<Option<crate::value::Ref>> {
    let key = int::from_i64(key as i64);
    let found = if mapping.is_exact::<dict::PyDict>() {
        dict::get(mapping, *key)?.to_ref()
    } else {
        match protocol::getitem(mapping, *key) {
            Ok(v) => v,
            Err(e) => {
                if crate::err::clear_if(&exceptions::LookupError) {
                    return Ok(None);
                }
                return Err(e);
            }
        }
    };
    Ok(if found.is_none_or_null() {
        None
    } else {
        Some(found)
    })
}

/// `mapping` NULL: Latin-1.
pub fn charmap_encode(s: &PyStr, errors: &Errors, mapping: Value) -> PyResult<Vec<u8>> {
    if mapping.is_none_or_null() {
        return super::latin1_encode(s, errors);
    }
    encode_each(
        s,
        errors,
        "charmap",
        "character maps to <undefined>",
        true,
        |c, out| {
            let Some(v) = entry(mapping, c)? else {
                return Ok(false);
            };
            if let Some(i) = int::as_int(&v) {
                match i.to_i64() {
                    Some(i) if (0..256).contains(&i) => out.push(i as u8),
                    _ => return err!(TypeError, "character mapping must be in range(256)"),
                }
                return Ok(true);
            }
            match bytes::as_bytes(&v) {
                Some(b) => {
                    out.extend_from_slice(b);
                    Ok(true)
                }
                None => err!(
                    TypeError,
                    "character mapping must return integer, bytes or None, not {}",
                    v.type_name()
                ),
            }
        },
    )
}

/// `mapping` NULL: Latin-1.
pub fn charmap_decode(data: &[u8], errors: &Errors, mapping: Value) -> PyResult {
    if mapping.is_none_or_null() {
        return Ok(super::latin1_decode(data));
    }
    const REASON: &str = "character maps to <undefined>";
    let mut out = StrBuilder::with_capacity(data.len());
    let mut i = 0;
    if mapping.is_exact::<PyStr>() {
        let table = expect(mapping);
        while i < data.len() {
            let b = data[i] as usize;
            let c = if b < table.len() { table.at(b) } else { 0xfffe };
            if c == 0xfffe {
                i = errors.decode_error("charmap", data, i, i + 1, REASON, &mut out)?;
            } else {
                out.push(c);
                i += 1;
            }
        }
        return Ok(out.finish());
    }
    while i < data.len() {
        let v = entry(mapping, data[i] as u32)?;
        match v {
            Some(v) if strings::is_str(*v) => {
                let t = expect(*v);
                if t.len() == 1 && t.at(0) == 0xfffe {
                    i = errors.decode_error("charmap", data, i, i + 1, REASON, &mut out)?;
                    continue;
                }
                out.push_pystr(t);
                i += 1;
            }
            Some(v) => match int::as_int(&v).map(|i| i.to_i64()) {
                Some(Some(0xfffe)) => {
                    i = errors.decode_error("charmap", data, i, i + 1, REASON, &mut out)?
                }
                Some(Some(c)) if (0..0x110000).contains(&c) => {
                    out.push(c as u32);
                    i += 1;
                }
                Some(_) => return err!(TypeError, "character mapping must be in range(0x110000)"),
                None => {
                    return err!(
                        TypeError,
                        "character mapping must return integer, None or str"
                    );
                }
            },
            None => i = errors.decode_error("charmap", data, i, i + 1, REASON, &mut out)?,
        }
    }
    Ok(out.finish())
}
