//! Encodings: the native ones, error handlers, and the registry of the others.

mod charmap;
mod errors;
mod escape;
mod registry;
mod single;
mod utf16;
mod utf7;
mod utf8;

pub use charmap::{charmap_build, charmap_decode, charmap_encode};
pub use errors::{Errors, Replacement, lookup_error, register_error, unregister_error};
pub use escape::{
    escape_decode, escape_encode, raw_unicode_escape_decode, raw_unicode_escape_encode,
    unicode_escape_decode, unicode_escape_encode,
};
pub use registry::{call_codec, lookup, register, unregister};
pub use single::{ascii_decode, ascii_encode, latin1_decode, latin1_encode};
pub use utf7::{utf7_decode, utf7_encode};
pub use utf8::{utf8_decode, utf8_encode};
pub use utf16::{ByteOrder, utf16_decode, utf16_encode, utf32_decode, utf32_encode};

use crate::err::PyResult;
use crate::strings::{self, PyStr, expect};
use crate::value::{Ref, Value};
use crate::{buffer, bytes, err};

/// The name of an encoding or error handler given as an argument; `None` if it was not.
pub fn name_arg(v: Value, function: &str, what: &str) -> PyResult<Option<&'static str>> {
    if v.is_null() {
        return Ok(None);
    }
    let Some(s) = strings::as_str(&v) else {
        return err!(
            TypeError,
            "{function}() argument '{what}' must be str, not {}",
            if v.is_none() { "None" } else { v.type_name() }
        );
    };
    let text = s.to_utf8()?;
    if text.contains('\0') {
        return err!(ValueError, "embedded null character");
    }
    // Names are few; the common ones cost nothing.
    Ok(Some(match &*text {
        "utf-8" => "utf-8",
        "strict" => "strict",
        "ascii" => "ascii",
        "latin-1" => "latin-1",
        "ignore" => "ignore",
        "replace" => "replace",
        "surrogateescape" => "surrogateescape",
        other => remember(other),
    }))
}

/// Keeps a name for the rest of the process, once.
fn remember(name: &str) -> &'static str {
    static KNOWN: std::sync::Mutex<Vec<&'static str>> = std::sync::Mutex::new(Vec::new());
    let mut known = KNOWN.lock().unwrap_or_else(|e| e.into_inner());
    if let Some(k) = known.iter().find(|k| **k == name) {
        return k;
    }
    let kept: &'static str = Box::leak(name.to_string().into_boxed_str());
    known.push(kept);
    kept
}

/// The native encodings that need no look-up.
#[derive(Clone, Copy)]
enum Native {
    Utf8,
    Ascii,
    Latin1,
    Utf16(ByteOrder),
    Utf32(ByteOrder),
    UnicodeEscape,
    RawUnicodeEscape,
    Utf7,
}

fn native(name: &str) -> Option<Native> {
    if name.len() > 20 {
        return None;
    }
    let mut normal = [0u8; 20];
    for (to, c) in normal.iter_mut().zip(name.bytes()) {
        *to = if c == b'_' || c == b' ' {
            b'-'
        } else {
            c.to_ascii_lowercase()
        };
    }
    Some(match &normal[..name.len()] {
        b"utf-8" | b"utf8" | b"u8" | b"utf" | b"cp65001" => Native::Utf8,
        b"ascii" | b"us-ascii" | b"646" => Native::Ascii,
        b"latin-1" | b"latin1" | b"iso-8859-1" | b"iso8859-1" | b"8859" | b"cp819" | b"l1"
        | b"latin" => Native::Latin1,
        b"utf-16" | b"utf16" | b"u16" => Native::Utf16(ByteOrder::Marked),
        b"utf-16-le" | b"utf-16le" => Native::Utf16(ByteOrder::Little),
        b"utf-16-be" | b"utf-16be" => Native::Utf16(ByteOrder::Big),
        b"utf-32" | b"utf32" | b"u32" => Native::Utf32(ByteOrder::Marked),
        b"utf-32-le" | b"utf-32le" => Native::Utf32(ByteOrder::Little),
        b"utf-32-be" | b"utf-32be" => Native::Utf32(ByteOrder::Big),
        b"unicode-escape" => Native::UnicodeEscape,
        b"raw-unicode-escape" => Native::RawUnicodeEscape,
        b"utf-7" | b"utf7" | b"u7" => Native::Utf7,
        _ => return None,
    })
}

/// `str.encode`: `s` is a str. Gives bytes.
pub fn encode_str(s: Value, encoding: Option<&str>, errors: Option<&str>) -> PyResult {
    let encoding = encoding.unwrap_or("utf-8");
    let Some(n) = native(encoding) else {
        let r = call_codec(encoding, 0, s, errors, true)?;
        if !bytes::is_bytes(*r) {
            return err!(
                TypeError,
                "'{encoding}' encoder returned '{}' instead of 'bytes'; use codecs.encode() to encode to arbitrary types",
                r.type_name()
            );
        }
        return Ok(r);
    };
    let text = expect(s);
    let errors = Errors::new(errors);
    Ok(bytes::from_vec(match n {
        Native::Utf8 => utf8_encode(text, &errors)?,
        Native::Ascii => ascii_encode(text, &errors)?,
        Native::Latin1 => latin1_encode(text, &errors)?,
        Native::Utf16(o) => utf16_encode(text, &errors, o)?,
        Native::Utf32(o) => utf32_encode(text, &errors, o)?,
        Native::UnicodeEscape => unicode_escape_encode(text),
        Native::RawUnicodeEscape => raw_unicode_escape_encode(text),
        Native::Utf7 => utf7_encode(text),
    }))
}

/// Bytes as text.
pub fn decode_bytes(data: &[u8], encoding: Option<&str>, errors: Option<&str>) -> PyResult {
    let encoding = encoding.unwrap_or("utf-8");
    let Some(n) = native(encoding) else {
        let object = bytes::new_bytes(data);
        let r = call_codec(encoding, 1, *object, errors, true)?;
        if !strings::is_str(*r) {
            return err!(
                TypeError,
                "'{encoding}' decoder returned '{}' instead of 'str'; use codecs.decode() to decode to arbitrary types",
                r.type_name()
            );
        }
        return Ok(r);
    };
    let errors = Errors::new(errors);
    Ok(match n {
        Native::Utf8 => utf8_decode(data, &errors, true)?.0,
        Native::Ascii => ascii_decode(data, &errors)?,
        Native::Latin1 => latin1_decode(data),
        Native::Utf16(o) => utf16_decode(data, &errors, o, true)?.0,
        Native::Utf32(o) => utf32_decode(data, &errors, o, true)?.0,
        Native::UnicodeEscape => unicode_escape_decode(data, &errors, true)?.0,
        Native::RawUnicodeEscape => raw_unicode_escape_decode(data, &errors, true)?.0,
        Native::Utf7 => utf7_decode(data, &errors, true)?.0,
    })
}

/// Any bytes-like object as text, as `str(object, encoding, errors)`.
pub fn decode_object(object: Value, encoding: Option<&str>, errors: Option<&str>) -> PyResult {
    if let Some(b) = bytes::as_bytes(&object) {
        return decode_bytes(b, encoding, errors);
    }
    if strings::is_str(object) {
        return err!(TypeError, "decoding str is not supported");
    }
    if object.ty().slots().get_buffer.is_none() {
        return err!(
            TypeError,
            "decoding to str: need a bytes-like object, {} found",
            object.type_name()
        );
    }
    decode_bytes(&buffer::to_vec(object)?, encoding, errors)
}

/// UTF-8 as text, with strict errors.
pub fn decode_utf8(data: &[u8]) -> PyResult {
    Ok(utf8_decode(data, &Errors::new(None), true)?.0)
}

/// File system names: UTF-8 with surrogateescape.
pub fn fs_decode(data: &[u8]) -> Ref {
    match utf8_decode(data, &Errors::new(Some("surrogateescape")), true) {
        Ok((r, _)) => r,
        Err(_) => {
            drop(crate::vm::vm().take_pending());
            latin1_decode(data)
        }
    }
}
/// As `fs_decode`, the other way.
pub fn fs_encode(s: Value) -> PyResult<Vec<u8>> {
    utf8_encode(expect(s), &Errors::new(Some("surrogateescape")))
}

/// Encodes character by character: `put` appends one and says whether it could.
/// `runs`: consecutive characters that cannot be encoded are one error.
pub(crate) fn encode_each(
    s: &PyStr,
    errors: &Errors,
    encoding: &str,
    reason: &str,
    runs: bool,
    mut put: impl FnMut(u32, &mut Vec<u8>) -> PyResult<bool>,
) -> PyResult<Vec<u8>> {
    let n = s.len();
    let mut out = Vec::with_capacity(n);
    let mut i = 0;
    while i < n {
        if put(s.at(i), &mut out)? {
            i += 1;
            continue;
        }
        let mut end = i + 1;
        if runs {
            while end < n {
                let mark = out.len();
                let fits = put(s.at(end), &mut out)?;
                out.truncate(mark);
                if fits {
                    break;
                }
                end += 1;
            }
        }
        let (replacement, next) = errors.encode_error(encoding, s, i, end, reason)?;
        match replacement {
            Replacement::Bytes(b) => out.extend_from_slice(&b),
            Replacement::Text(t) => {
                for c in t {
                    if !put(c, &mut out)? {
                        return Err(Errors::strict_encode_error(encoding, s, i, end, reason));
                    }
                }
            }
        }
        i = next;
    }
    Ok(out)
}
