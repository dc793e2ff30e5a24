//! Error handlers of encodings, by name.

use crate::err::{PyResult, Raised};
use crate::native::MethodDef;
use crate::strings::{self, PyStr, StrBuilder, expect};
use crate::value::{Ref, Slot, Value};
use crate::{bytes, dict, err, exceptions, int, protocol, tuple};

/// What a handler put in the place of what could not be encoded.
pub enum Replacement {
    Text(Vec<u32>),
    Bytes(Vec<u8>),
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Strict,
    Ignore,
    Replace,
    Backslash,
    XmlCharRef,
    SurrogateEscape,
    SurrogatePass,
    NameReplace,
    /// Registered from Python.
    Custom,
}

/// The error handling of one encode or decode.
pub struct Errors {
    kind: Kind,
    name: String,
}

struct Registry(Slot);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Registry {}
/// Handlers registered from Python, a dict by name.
static REGISTRY: Registry = Registry(Slot::null());

fn kind_of(name: &str) -> Kind {
    match name {
        "strict" => Kind::Strict,
        "ignore" => Kind::Ignore,
        "replace" => Kind::Replace,
        "backslashreplace" => Kind::Backslash,
        "xmlcharrefreplace" => Kind::XmlCharRef,
        "surrogateescape" => Kind::SurrogateEscape,
        "surrogatepass" => Kind::SurrogatePass,
        "namereplace" => Kind::NameReplace,
        _ => Kind::Custom,
    }
}

/// `codecs.register_error`.
pub fn register_error(name: Value, handler: Value) -> PyResult<()> {
    if REGISTRY.0.is_null() {
        REGISTRY.0.set(dict::new_dict());
    }
    dict::set(REGISTRY.0.get(), name, handler)
}
/// Removes a handler; says whether it was there.
pub fn unregister_error(name: Value) -> PyResult<bool> {
    if REGISTRY.0.is_null() {
        return Ok(false);
    }
    dict::delete(REGISTRY.0.get(), name)
}
/// `codecs.lookup_error`.
pub fn lookup_error(name: &str) -> PyResult {
    if !REGISTRY.0.is_null() {
        let v = dict::get(REGISTRY.0.get(), *strings::new_str(name))?;
        if !v.is_null() {
            return Ok(v.to_ref());
        }
    }
    match HANDLERS
        .iter()
        .find(|h| h.name().strip_suffix("_errors") == Some(name))
    {
        Some(h) => Ok(crate::function::new_builtin(h, Value::NULL, Value::NONE)),
        None => err!(LookupError, "unknown error handler name '{name}'"),
    }
}

static HANDLERS: [MethodDef; 8] = [
    MethodDef::new("strict_errors(error, /)", "Raises the error.", |a| {
        handle(a[0], Kind::Strict)
    }),
    MethodDef::new(
        "ignore_errors(error, /)",
        "Leaves out what is malformed.",
        |a| handle(a[0], Kind::Ignore),
    ),
    MethodDef::new(
        "replace_errors(error, /)",
        "Puts a replacement mark.",
        |a| handle(a[0], Kind::Replace),
    ),
    MethodDef::new(
        "backslashreplace_errors(error, /)",
        "Puts backslash escapes.",
        |a| handle(a[0], Kind::Backslash),
    ),
    MethodDef::new(
        "xmlcharrefreplace_errors(error, /)",
        "Puts XML character references.",
        |a| handle(a[0], Kind::XmlCharRef),
    ),
    MethodDef::new(
        "namereplace_errors(error, /)",
        "Puts \\N{...} escapes.",
        |a| handle(a[0], Kind::NameReplace),
    ),
    MethodDef::new(
        "surrogatepass_errors(error, /)",
        "Lets surrogates through.",
        |a| handle(a[0], Kind::SurrogatePass),
    ),
    MethodDef::new(
        "surrogateescape_errors(error, /)",
        "Keeps bytes as lone surrogates.",
        |a| handle(a[0], Kind::SurrogateEscape),
    ),
];

fn attribute_usize(e: Value, name: &str) -> PyResult<usize> {
    let v = protocol::getattr_str(e, name)?;
    Ok(int::to_isize(*v)?.max(0) as usize)
}

/// A handler called from Python with an exception.
fn handle(e: Value, kind: Kind) -> PyResult {
    let ty = e.ty();
    let encode = ty.is_subtype(&exceptions::UnicodeEncodeError);
    let decode = ty.is_subtype(&exceptions::UnicodeDecodeError);
    let translate = ty.is_subtype(&exceptions::UnicodeTranslateError);
    if kind == Kind::Strict {
        if exceptions::is_exception(e) {
            return Err(crate::err::set_exception(e.to_ref()));
        }
        return err!(TypeError, "codec must pass exception instance");
    }
    let supported = match kind {
        Kind::Ignore | Kind::Replace | Kind::Backslash => encode || decode || translate,
        Kind::XmlCharRef | Kind::NameReplace => encode,
        _ => encode || decode,
    };
    if !supported {
        return err!(
            TypeError,
            "don't know how to handle {} in error callback",
            ty.name()
        );
    }
    let (start, end) = (attribute_usize(e, "start")?, attribute_usize(e, "end")?);
    let object = protocol::getattr_str(e, "object")?;
    let encoding = if translate {
        String::new()
    } else {
        protocol::str_text(*protocol::getattr_str(e, "encoding")?)?
    };
    let handler = Errors {
        kind,
        name: String::new(),
    };
    let original = |r: Raised| {
        let _ = r;
        drop(crate::vm::vm().take_pending());
        crate::err::set_exception(e.to_ref())
    };
    if decode {
        let Some(data) = bytes::as_bytes(&object) else {
            return err!(TypeError, "object attribute must be bytes");
        };
        let (start, end) = (start.min(data.len()), end.min(data.len()));
        let mut out = StrBuilder::new();
        let next = match handler.native_decode(&encoding, data, start, end, &mut out) {
            Some(n) => n,
            None => return Err(crate::err::set_exception(e.to_ref())),
        };
        return Ok(tuple::of([out.finish(), int::from_usize(next)]));
    }
    let Some(text) = strings::as_str(&object) else {
        return err!(TypeError, "object attribute must be str");
    };
    let (start, end) = (start.min(text.len()), end.min(text.len()));
    if translate && kind == Kind::Replace {
        return Ok(tuple::of([
            strings::from_code_points(&vec![0xfffd; end.saturating_sub(start)]),
            int::from_usize(end),
        ]));
    }
    match handler
        .native_encode(&encoding, text, start, end)
        .map_err(original)?
    {
        Some((Replacement::Text(t), next)) => Ok(tuple::of([
            strings::from_code_points(&t),
            int::from_usize(next),
        ])),
        Some((Replacement::Bytes(b), next)) => {
            Ok(tuple::of([bytes::from_vec(b), int::from_usize(next)]))
        }
        None => Err(crate::err::set_exception(e.to_ref())),
    }
}

/// Width of a unit and byte order of the encodings surrogatepass knows.
enum Utf {
    Utf8,
    Utf16(bool),
    Utf32(bool),
}
fn utf_kind(encoding: &str) -> Option<Utf> {
    let e: String = encoding.to_ascii_lowercase().replace('_', "-");
    Some(match e.as_str() {
        "utf-8" | "utf8" | "cp-utf8" | "cp65001" => Utf::Utf8,
        "utf-16" | "utf16" | "utf-16-le" | "utf-16le" => Utf::Utf16(false),
        "utf-16-be" | "utf-16be" => Utf::Utf16(true),
        "utf-32" | "utf32" | "utf-32-le" | "utf-32le" => Utf::Utf32(false),
        "utf-32-be" | "utf-32be" => Utf::Utf32(true),
        _ => return None,
    })
}

fn backslash(c: u32, out: &mut Vec<u32>) {
    let text = if c < 256 {
        format!("\\x{c:02x}")
    } else if c < 65536 {
        format!("\\u{c:04x}")
    } else {
        format!("\\U{c:08x}")
    };
    out.extend(text.bytes().map(|b| b as u32));
}

impl Errors {
    pub fn new(name: Option<&str>) -> Errors {
        let name = name.unwrap_or("strict");
        Errors {
            kind: kind_of(name),
            name: name.to_string(),
        }
    }

    /// UnicodeEncodeError, pending.
    pub fn strict_encode_error(
        encoding: &str,
        s: &PyStr,
        start: usize,
        end: usize,
        reason: &str,
    ) -> Raised {
        crate::err::set_exception(Errors::make_encode_error(encoding, s, start, end, reason))
    }
    fn make_encode_error(encoding: &str, s: &PyStr, start: usize, end: usize, reason: &str) -> Ref {
        exceptions::new_exception(
            &exceptions::UnicodeEncodeError,
            &[
                *strings::new_str(encoding),
                Value::from_obj(s),
                *int::from_usize(start),
                *int::from_usize(end),
                *strings::new_str(reason),
            ],
        )
    }
    fn make_decode_error(
        encoding: &str,
        data: &[u8],
        start: usize,
        end: usize,
        reason: &str,
    ) -> Ref {
        exceptions::new_exception(
            &exceptions::UnicodeDecodeError,
            &[
                *strings::new_str(encoding),
                *bytes::new_bytes(data),
                *int::from_usize(start),
                *int::from_usize(end),
                *strings::new_str(reason),
            ],
        )
    }

    /// `None`: as strict.
    fn native_encode(
        &self,
        encoding: &str,
        s: &PyStr,
        start: usize,
        end: usize,
    ) -> PyResult<Option<(Replacement, usize)>> {
        let mut text = Vec::new();
        match self.kind {
            Kind::Ignore => {}
            Kind::Replace => text.resize(end.saturating_sub(start), '?' as u32),
            Kind::Backslash => {
                for i in start..end {
                    backslash(s.at(i), &mut text);
                }
            }
            Kind::XmlCharRef => {
                for i in start..end {
                    text.extend(format!("&#{};", s.at(i)).bytes().map(|b| b as u32));
                }
            }
            Kind::NameReplace => {
                let unicodedata = (crate::vm::hooks().import)("unicodedata")?;
                for i in start..end {
                    let c = s.at(i);
                    let name = protocol::call_method_str(
                        *unicodedata,
                        "name",
                        &[*strings::from_char(c), Value::NONE],
                    )?;
                    if name.is_none() {
                        backslash(c, &mut text);
                    } else {
                        text.extend(
                            format!("\\N{{{}}}", expect(*name).to_string_lossy())
                                .bytes()
                                .map(|b| b as u32),
                        );
                    }
                }
            }
            Kind::SurrogateEscape => {
                let mut out = Vec::new();
                for i in start..end {
                    match s.at(i) {
                        c @ 0xdc80..=0xdcff => out.push((c - 0xdc00) as u8),
                        _ => return Ok(None),
                    }
                }
                return Ok(Some((Replacement::Bytes(out), end)));
            }
            Kind::SurrogatePass => {
                let Some(utf) = utf_kind(encoding) else {
                    return Ok(None);
                };
                let mut out = Vec::new();
                for i in start..end {
                    let c = s.at(i);
                    if !(0xd800..0xe000).contains(&c) {
                        return Ok(None);
                    }
                    match utf {
                        Utf::Utf8 => out.extend([
                            0xe0 | (c >> 12) as u8,
                            0x80 | (c >> 6 & 63) as u8,
                            0x80 | (c & 63) as u8,
                        ]),
                        Utf::Utf16(false) => out.extend((c as u16).to_le_bytes()),
                        Utf::Utf16(true) => out.extend((c as u16).to_be_bytes()),
                        Utf::Utf32(false) => out.extend(c.to_le_bytes()),
                        Utf::Utf32(true) => out.extend(c.to_be_bytes()),
                    }
                }
                return Ok(Some((Replacement::Bytes(out), end)));
            }
            Kind::Strict | Kind::Custom => return Ok(None),
        }
        Ok(Some((Replacement::Text(text), end)))
    }

    /// What takes the place of `s[start..end]`, and where to go on.
    #[cold]
    pub fn encode_error(
        &self,
        encoding: &str,
        s: &PyStr,
        start: usize,
        end: usize,
        reason: &str,
    ) -> PyResult<(Replacement, usize)> {
        if self.kind != Kind::Custom {
            return match self.native_encode(encoding, s, start, end)? {
                Some(r) => Ok(r),
                None => Err(Errors::strict_encode_error(encoding, s, start, end, reason)),
            };
        }
        let handler = lookup_error(&self.name)?;
        let exc = Errors::make_encode_error(encoding, s, start, end, reason);
        let r = protocol::call(*handler, &[*exc])?;
        let (value, next) = unpack(
            *r,
            s.len(),
            "encoding error handler must return (str/bytes, int) tuple",
        )?;
        if let Some(t) = strings::as_str(&value) {
            return Ok((Replacement::Text(t.data().to_vec()), next));
        }
        match bytes::as_bytes(&value) {
            Some(b) => Ok((Replacement::Bytes(b.to_vec()), next)),
            None => err!(
                TypeError,
                "encoding error handler must return (str/bytes, int) tuple"
            ),
        }
    }

    fn native_decode(
        &self,
        encoding: &str,
        data: &[u8],
        start: usize,
        end: usize,
        out: &mut StrBuilder,
    ) -> Option<usize> {
        match self.kind {
            Kind::Ignore => Some(end),
            Kind::Replace => {
                out.push(0xfffd);
                Some(end)
            }
            Kind::Backslash => {
                for b in &data[start..end] {
                    out.push_ascii(format!("\\x{b:02x}").as_bytes());
                }
                Some(end)
            }
            Kind::SurrogateEscape => {
                let n = data[start..end]
                    .iter()
                    .take(4)
                    .take_while(|b| **b >= 128)
                    .count();
                if n == 0 {
                    return None;
                }
                for b in &data[start..start + n] {
                    out.push(0xdc00 + *b as u32);
                }
                Some(start + n)
            }
            Kind::SurrogatePass => {
                let rest = &data[start..];
                let (c, n) = match utf_kind(encoding)? {
                    Utf::Utf8 => match rest {
                        [a, b, c, ..]
                            if a & 0xf0 == 0xe0 && b & 0xc0 == 0x80 && c & 0xc0 == 0x80 =>
                        {
                            (
                                (*a as u32 & 15) << 12 | (*b as u32 & 63) << 6 | (*c as u32 & 63),
                                3,
                            )
                        }
                        _ => return None,
                    },
                    Utf::Utf16(big) => match rest {
                        [a, b, ..] => {
                            let pair = [*a, *b];
                            (
                                if big {
                                    u16::from_be_bytes(pair)
                                } else {
                                    u16::from_le_bytes(pair)
                                } as u32,
                                2,
                            )
                        }
                        _ => return None,
                    },
                    Utf::Utf32(big) => match rest {
                        [a, b, c, d, ..] => {
                            let four = [*a, *b, *c, *d];
                            (
                                if big {
                                    u32::from_be_bytes(four)
                                } else {
                                    u32::from_le_bytes(four)
                                },
                                4,
                            )
                        }
                        _ => return None,
                    },
                };
                if !(0xd800..0xe000).contains(&c) {
                    return None;
                }
                out.push(c);
                Some(start + n)
            }
            _ => None,
        }
    }

    /// Puts what takes the place of `data[start..end]` into `out`, and says where to go on.
    #[cold]
    pub fn decode_error(
        &self,
        encoding: &str,
        data: &[u8],
        start: usize,
        end: usize,
        reason: &str,
        out: &mut StrBuilder,
    ) -> PyResult<usize> {
        if self.kind != Kind::Custom {
            if let Some(next) = self.native_decode(encoding, data, start, end, out) {
                return Ok(next);
            }
            if matches!(self.kind, Kind::XmlCharRef | Kind::NameReplace) {
                return err!(
                    TypeError,
                    "don't know how to handle UnicodeDecodeError in error callback"
                );
            }
            return Err(crate::err::set_exception(Errors::make_decode_error(
                encoding, data, start, end, reason,
            )));
        }
        let handler = lookup_error(&self.name)?;
        let exc = Errors::make_decode_error(encoding, data, start, end, reason);
        let r = protocol::call(*handler, &[*exc])?;
        let message = "decoding error handler must return (str, int) tuple";
        let (value, next) = unpack(*r, data.len(), message)?;
        match strings::as_str(&value) {
            Some(t) => out.push_pystr(t),
            None => return err!(TypeError, "{message}"),
        }
        Ok(next)
    }
    /// Whether malformed input raises.
    pub fn is_strict(&self) -> bool {
        self.kind == Kind::Strict
    }
}

fn unpack(r: Value, len: usize, message: &str) -> PyResult<(Ref, usize)> {
    if !tuple::is_tuple(r) {
        return err!(TypeError, "{message}");
    }
    let [value, position] = tuple::as_slice(r) else {
        return err!(TypeError, "{message}");
    };
    if !int::is_int(*position) {
        return err!(TypeError, "{message}");
    }
    let p = int::to_isize(*position)?;
    let at = if p < 0 { p + len as isize } else { p };
    if at < 0 || at as usize > len {
        return err!(IndexError, "position {p} from error handler out of bounds");
    }
    Ok((value.to_ref(), at as usize))
}
