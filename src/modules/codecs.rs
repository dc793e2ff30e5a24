//! `_codecs`: the registry of encodings and the native ones as functions.

use taipan_objects::codecs::{self, ByteOrder, Errors};
use taipan_objects::err::PyResult;
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::strings::{self, PyStr, expect};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{buffer, bytes, err, int, protocol, tuple};

pub static MODULE: ModuleDef = ModuleDef {
    name: "_codecs",
    doc: "",
    functions: &[
        MethodDef::new("register($module, search_function, /)", "Adds a codec search function.", |a| {
            codecs::register(a[0])?;
            Ok(Ref::NONE)
        }),
        MethodDef::new("unregister($module, search_function, /)", "Removes a codec search function and forgets found codecs.", |a| {
            codecs::unregister(a[0]);
            Ok(Ref::NONE)
        }),
        MethodDef::new("lookup($module, encoding, /)", "The codec of an encoding.", |a| {
            codecs::lookup(name(a[0], "lookup")?.unwrap_or("utf-8"))
        }),
        MethodDef::new("encode($module, /, obj, encoding='utf-8', errors='strict')", "Encodes an object by a codec.", |a| {
            transcode(a, 0)
        }),
        MethodDef::new("decode($module, /, obj, encoding='utf-8', errors='strict')", "Decodes an object by a codec.", |a| {
            transcode(a, 1)
        }),
        MethodDef::new("register_error($module, errors, handler, /)", "Adds an error handler by name.", |a| {
            name(a[0], "register_error")?;
            if a[1].ty().slots().call.is_none() {
                return err!(TypeError, "handler must be callable");
            }
            codecs::register_error(a[0], a[1])?;
            Ok(Ref::NONE)
        }),
        MethodDef::new("_unregister_error($module, errors, /)", "Removes an error handler by name.", |a| {
            let n = name(a[0], "_unregister_error")?.unwrap_or("");
            if matches!(
                n,
                "strict" | "ignore" | "replace" | "xmlcharrefreplace" | "backslashreplace" | "namereplace" | "surrogatepass" | "surrogateescape"
            ) {
                return err!(ValueError, "cannot un-register built-in error handler '{n}'");
            }
            Ok(Ref::bool(codecs::unregister_error(a[0])?))
        }),
        MethodDef::new("lookup_error($module, name, /)", "The error handler of a name.", |a| {
            codecs::lookup_error(name(a[0], "lookup_error")?.unwrap_or("strict"))
        }),
        MethodDef::new("utf_8_encode($module, str, errors=None, /)", "", |a| encoded(a, "utf_8_encode", codecs::utf8_encode)),
        MethodDef::new("utf_8_decode($module, data, errors=None, final=False, /)", "", |a| {
            decoded(a, a[2], |d, e, f| codecs::utf8_decode(d, e, f))
        }),
        MethodDef::new("utf_7_encode($module, str, errors=None, /)", "", |a| {
            encoded(a, "utf_7_encode", |s, _| Ok(codecs::utf7_encode(s)))
        }),
        MethodDef::new("utf_7_decode($module, data, errors=None, final=False, /)", "", |a| {
            decoded(a, a[2], |d, e, f| codecs::utf7_decode(d, e, f))
        }),
        MethodDef::new("utf_16_encode($module, str, errors=None, byteorder=0, /)", "", |a| {
            let o = order(a[2])?;
            encoded(a, "utf_16_encode", |s, e| codecs::utf16_encode(s, e, o))
        }),
        MethodDef::new("utf_16_le_encode($module, str, errors=None, /)", "", |a| {
            encoded(a, "utf_16_le_encode", |s, e| codecs::utf16_encode(s, e, ByteOrder::Little))
        }),
        MethodDef::new("utf_16_be_encode($module, str, errors=None, /)", "", |a| {
            encoded(a, "utf_16_be_encode", |s, e| codecs::utf16_encode(s, e, ByteOrder::Big))
        }),
        MethodDef::new("utf_16_decode($module, data, errors=None, final=False, /)", "", |a| {
            decoded(a, a[2], |d, e, f| codecs::utf16_decode(d, e, ByteOrder::Marked, f).map(|r| (r.0, r.1)))
        }),
        MethodDef::new("utf_16_le_decode($module, data, errors=None, final=False, /)", "", |a| {
            decoded(a, a[2], |d, e, f| codecs::utf16_decode(d, e, ByteOrder::Little, f).map(|r| (r.0, r.1)))
        }),
        MethodDef::new("utf_16_be_decode($module, data, errors=None, final=False, /)", "", |a| {
            decoded(a, a[2], |d, e, f| codecs::utf16_decode(d, e, ByteOrder::Big, f).map(|r| (r.0, r.1)))
        }),
        MethodDef::new("utf_16_ex_decode($module, data, errors=None, byteorder=0, final=False,\n                 /)", "", |a| {
            extended(a, codecs::utf16_decode)
        }),
        MethodDef::new("utf_32_encode($module, str, errors=None, byteorder=0, /)", "", |a| {
            let o = order(a[2])?;
            encoded(a, "utf_32_encode", |s, e| codecs::utf32_encode(s, e, o))
        }),
        MethodDef::new("utf_32_le_encode($module, str, errors=None, /)", "", |a| {
            encoded(a, "utf_32_le_encode", |s, e| codecs::utf32_encode(s, e, ByteOrder::Little))
        }),
        MethodDef::new("utf_32_be_encode($module, str, errors=None, /)", "", |a| {
            encoded(a, "utf_32_be_encode", |s, e| codecs::utf32_encode(s, e, ByteOrder::Big))
        }),
        MethodDef::new("utf_32_decode($module, data, errors=None, final=False, /)", "", |a| {
            decoded(a, a[2], |d, e, f| codecs::utf32_decode(d, e, ByteOrder::Marked, f).map(|r| (r.0, r.1)))
        }),
        MethodDef::new("utf_32_le_decode($module, data, errors=None, final=False, /)", "", |a| {
            decoded(a, a[2], |d, e, f| codecs::utf32_decode(d, e, ByteOrder::Little, f).map(|r| (r.0, r.1)))
        }),
        MethodDef::new("utf_32_be_decode($module, data, errors=None, final=False, /)", "", |a| {
            decoded(a, a[2], |d, e, f| codecs::utf32_decode(d, e, ByteOrder::Big, f).map(|r| (r.0, r.1)))
        }),
        MethodDef::new("utf_32_ex_decode($module, data, errors=None, byteorder=0, final=False,\n                 /)", "", |a| {
            extended(a, codecs::utf32_decode)
        }),
        MethodDef::new("unicode_escape_encode($module, str, errors=None, /)", "", |a| {
            encoded(a, "unicode_escape_encode", |s, _| Ok(codecs::unicode_escape_encode(s)))
        }),
        MethodDef::new("unicode_escape_decode($module, data, errors=None, final=True, /)", "", |a| {
            decoded(a, a[2].or(Value::TRUE), |d, e, f| codecs::unicode_escape_decode(d, e, f))
        }),
        MethodDef::new("raw_unicode_escape_encode($module, str, errors=None, /)", "", |a| {
            encoded(a, "raw_unicode_escape_encode", |s, _| Ok(codecs::raw_unicode_escape_encode(s)))
        }),
        MethodDef::new("raw_unicode_escape_decode($module, data, errors=None, final=True, /)", "", |a| {
            decoded(a, a[2].or(Value::TRUE), |d, e, f| codecs::raw_unicode_escape_decode(d, e, f))
        }),
        MethodDef::new("latin_1_encode($module, str, errors=None, /)", "", |a| encoded(a, "latin_1_encode", codecs::latin1_encode)),
        MethodDef::new("latin_1_decode($module, data, errors=None, /)", "", |a| {
            decoded(a, Value::TRUE, |d, _, _| Ok((codecs::latin1_decode(d), d.len())))
        }),
        MethodDef::new("ascii_encode($module, str, errors=None, /)", "", |a| encoded(a, "ascii_encode", codecs::ascii_encode)),
        MethodDef::new("ascii_decode($module, data, errors=None, /)", "", |a| {
            decoded(a, Value::TRUE, |d, e, _| Ok((codecs::ascii_decode(d, e)?, d.len())))
        }),
        MethodDef::new("charmap_encode($module, str, errors=None, mapping=None, /)", "", |a| {
            encoded(a, "charmap_encode", |s, e| codecs::charmap_encode(s, e, a[2]))
        }),
        MethodDef::new("charmap_decode($module, data, errors=None, mapping=None, /)", "", |a| {
            decoded(a, Value::TRUE, |d, e, _| Ok((codecs::charmap_decode(d, e, a[2])?, d.len())))
        }),
        MethodDef::new("charmap_build($module, map, /)", "", |a| codecs::charmap_build(text(a[0], "charmap_build")?)),
        MethodDef::new("escape_encode($module, data, errors=None, /)", "", |a| {
            let Some(d) = bytes::as_bytes(&a[0]) else {
                return err!(TypeError, "escape_encode() argument 1 must be bytes, not {}", a[0].type_name());
            };
            Ok(tuple::of([bytes::from_vec(codecs::escape_encode(d)), int::from_usize(d.len())]))
        }),
        MethodDef::new("escape_decode($module, data, errors=None, /)", "", |a| {
            let errors = name(a[1], "escape_decode")?;
            let d = input(a[0])?;
            Ok(tuple::of([bytes::from_vec(codecs::escape_decode(&d, errors)?), int::from_usize(d.len())]))
        }),
        MethodDef::new("readbuffer_encode($module, data, errors=None, /)", "", |a| {
            let d = input(a[0])?;
            let n = d.len();
            Ok(tuple::of([bytes::from_vec(d), int::from_usize(n)]))
        }),
    ],
    init: None,
};

fn name(v: Value, function: &str) -> PyResult<Option<&'static str>> {
    if v.is_none_or_null() {
        return Ok(None);
    }
    if !strings::is_str(v) {
        return err!(TypeError, "{function}() argument must be str, not {}", v.type_name());
    }
    codecs::name_arg(v, function, "errors")
}

fn text(v: Value, function: &str) -> PyResult<&'static PyStr> {
    if !strings::is_str(v) {
        return err!(TypeError, "{function}() argument 1 must be str, not {}", v.type_name());
    }
    Ok(expect(v))
}

/// Bytes, or the UTF-8 of a str.
fn input(v: Value) -> PyResult<Vec<u8>> {
    match strings::as_str(&v) {
        Some(s) => Ok(s.to_utf8()?.as_bytes().to_vec()),
        None => buffer::to_vec(v),
    }
}

fn encoded(a: &[Value], function: &str, f: impl Fn(&PyStr, &Errors) -> PyResult<Vec<u8>>) -> PyResult {
    let s = text(a[0], function)?;
    let errors = Errors::new(name(a[1], function)?);
    let out = f(s, &errors)?;
    Ok(tuple::of([bytes::from_vec(out), int::from_usize(s.len())]))
}

fn decoded(a: &[Value], last: Value, f: impl Fn(&[u8], &Errors, bool) -> PyResult<(Ref, usize)>) -> PyResult {
    let errors = Errors::new(name(a[1], "decode")?);
    let last = !last.is_null() && protocol::is_true(last)?;
    let d = input(a[0])?;
    let (r, n) = f(&d, &errors, last)?;
    Ok(tuple::of([r, int::from_usize(n)]))
}

fn order(v: Value) -> PyResult<ByteOrder> {
    let o = if v.is_null() { 0 } else { int::to_i32(v)? };
    Ok(if o < 0 {
        ByteOrder::Little
    } else if o > 0 {
        ByteOrder::Big
    } else {
        ByteOrder::Marked
    })
}

fn extended(
    a: &[Value],
    f: impl Fn(&[u8], &Errors, ByteOrder, bool) -> PyResult<(Ref, usize, ByteOrder)>,
) -> PyResult {
    let errors = Errors::new(name(a[1], "decode")?);
    let o = order(a[2])?;
    let last = !a[3].is_null() && protocol::is_true(a[3])?;
    let d = input(a[0])?;
    let (r, n, found) = f(&d, &errors, o, last)?;
    let found = match found {
        ByteOrder::Little => -1,
        ByteOrder::Big => 1,
        ByteOrder::Marked => 0,
    };
    Ok(tuple::of([r, int::from_usize(n), int::from_i64(found)]))
}

fn transcode(a: &[Value], which: usize) -> PyResult {
    let function = if which == 0 { "encode" } else { "decode" };
    let encoding = codecs::name_arg(a[1], function, "encoding")?.unwrap_or("utf-8");
    let errors = codecs::name_arg(a[2], function, "errors")?;
    codecs::call_codec(encoding, which, a[0], errors, false)
}
