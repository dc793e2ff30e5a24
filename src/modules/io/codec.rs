//! Decoding and encoding step by step, as text streams need it: natively for the common encodings, by the codecs of the registry otherwise.

use super::newlines::{Newlines, split_state};
use super::{call0, index_i64, tp_name};
use std::cell::RefCell;
use taipan_objects::codecs::{self, Errors};
use taipan_objects::err::PyResult;
use taipan_objects::names::names;
use taipan_objects::strings::{self, PyStr, StrData, expect};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{bytes, err, int, protocol, tuple};

/// Encodings that need no codec object.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Native {
    Utf8,
    Ascii,
    Latin1,
}

/// The native encoding of this name.
fn native(name: &str) -> Option<Native> {
    if name.len() > 12 {
        return None;
    }
    let plain: String = name.chars().map(|c| if c == '_' || c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect();
    Some(match plain.as_str() {
        "utf-8" | "utf8" | "u8" | "utf" | "cp65001" => Native::Utf8,
        "ascii" | "us-ascii" | "646" => Native::Ascii,
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "8859" | "cp819" | "l1" | "latin" => Native::Latin1,
        _ => return None,
    })
}

/// An encoding: native, or the registry's codec.
pub(super) enum Codec {
    Native(Native),
    Registered(Ref),
}

/// Looks an encoding up; LookupError if it is unknown or does not belong to text.
pub(super) fn lookup(encoding: &str) -> PyResult<Codec> {
    if let Some(n) = native(encoding) {
        return Ok(Codec::Native(n));
    }
    if encoding.contains('\0') {
        return err!(ValueError, "embedded null character");
    }
    let info = codecs::lookup(encoding)?;
    if !info.is_exact::<tuple::PyTuple>()
        && let Some(t) = protocol::getattr_opt(*info, names()._is_text_encoding)?
        && !protocol::is_true(*t)?
    {
        return err!(LookupError, "'{encoding}' is not a text encoding; use codecs.open() to handle arbitrary codecs");
    }
    Ok(Codec::Registered(info))
}

// ---------------------------------------------------------------- decoding

/// Decodes input piece by piece, line ends included.
pub(super) struct Decoder {
    native: Option<Native>,
    /// The codec's incremental decoder, if not native.
    object: Slot,
    errors: Box<str>,
    /// Bytes at the end that are not a whole character.
    incomplete: RefCell<Vec<u8>>,
    /// Recognition of line ends, if any line end is one.
    pub(super) newlines: Option<Newlines>,
}

impl Decoder {
    pub(super) fn new(codec: &Codec, errors: &str, newlines: Option<Newlines>) -> PyResult<Decoder> {
        let (native, object) = match codec {
            Codec::Native(n) => (Some(*n), Ref::NULL),
            Codec::Registered(info) => {
                let make = protocol::getattr(**info, names().incrementaldecoder)?;
                (None, protocol::call(*make, &[*strings::new_str(errors)])?)
            }
        };
        Ok(Decoder { native, object: Slot::new(object), errors: errors.into(), incomplete: RefCell::default(), newlines })
    }
    pub(super) fn traverse(&self, visit: &mut dyn FnMut(Value)) {
        visit(self.object.get());
    }

    /// Decodes the next piece: an object with a buffer.
    pub(super) fn decode(&self, input: Value, last: bool) -> PyResult {
        let text = match self.native {
            None => {
                let object = self.object.get_ref();
                let t = protocol::call_method(*object, names().decode, &[input, Value::from_bool(last)])?;
                if !strings::is_str(*t) {
                    return err!(TypeError, "decoder should return a string result, not '{}'", tp_name(*t));
                }
                t
            }
            Some(n) => match bytes::as_bytes(&input) {
                Some(d) => self.decode_native(n, d, last)?,
                None => self.decode_native(n, &taipan_objects::buffer::to_vec(input)?, last)?,
            },
        };
        Ok(match &self.newlines {
            Some(n) => n.process(text, last),
            None => text,
        })
    }
    fn decode_native(&self, native: Native, data: &[u8], last: bool) -> PyResult {
        match native {
            Native::Latin1 => Ok(codecs::latin1_decode(data)),
            Native::Ascii => {
                if data.is_ascii() {
                    return Ok(strings::new_latin1(data));
                }
                codecs::ascii_decode(data, &Errors::new(Some(&self.errors)))
            }
            Native::Utf8 => {
                let held = self.incomplete.take();
                if held.is_empty() && data.is_ascii() {
                    return Ok(strings::new_latin1(data));
                }
                let joined;
                let data = if held.is_empty() {
                    data
                } else {
                    joined = [&held[..], data].concat();
                    &joined
                };
                let (text, used) = codecs::utf8_decode(data, &Errors::new(Some(&self.errors)), last)?;
                if used < data.len() {
                    *self.incomplete.borrow_mut() = data[used..].to_vec();
                }
                Ok(text)
            }
        }
    }
    /// Bytes held back, and the state as a number.
    pub(super) fn state(&self) -> PyResult<(Ref, u64)> {
        let (held, flags) = if self.native.is_some() {
            (bytes::new_bytes(&self.incomplete.borrow()), 0)
        } else {
            let object = self.object.get_ref();
            let (held, flags) = split_state(*call0(*object, names().getstate)?)?;
            if !bytes::is_bytes(*held) {
                return err!(TypeError, "illegal decoder state: the first item should be a bytes object, not '{}'", tp_name(*held));
            }
            (held, index_i64(*flags)? as u64)
        };
        Ok(match &self.newlines {
            Some(n) => (held, flags << 1 | n.pending.get() as u64),
            None => (held, flags),
        })
    }
    pub(super) fn set_state(&self, held: &[u8], flags: u64) -> PyResult<()> {
        let flags = match &self.newlines {
            Some(n) => {
                n.pending.set(flags & 1 != 0);
                flags >> 1
            }
            None => flags,
        };
        if self.native.is_some() {
            *self.incomplete.borrow_mut() = held.to_vec();
            return Ok(());
        }
        let object = self.object.get_ref();
        let state = tuple::of([bytes::new_bytes(held), int::from_u64(flags)]);
        protocol::call_method(*object, names().setstate, &[*state])?;
        Ok(())
    }
    pub(super) fn reset(&self) -> PyResult<()> {
        if let Some(n) = &self.newlines {
            n.reset();
        }
        if self.native.is_some() {
            self.incomplete.borrow_mut().clear();
            return Ok(());
        }
        let object = self.object.get_ref();
        call0(*object, names().reset).map(|_| ())
    }
}

// ---------------------------------------------------------------- encoding

/// Encodes text piece by piece.
pub(super) struct Encoder {
    native: Option<Native>,
    /// The codec's incremental encoder, if not native.
    object: Slot,
    errors: Box<str>,
}

impl Encoder {
    pub(super) fn new(codec: &Codec, errors: &str) -> PyResult<Encoder> {
        let (native, object) = match codec {
            Codec::Native(n) => (Some(*n), Ref::NULL),
            Codec::Registered(info) => {
                let make = protocol::getattr(**info, names().incrementalencoder)?;
                (None, protocol::call(*make, &[*strings::new_str(errors)])?)
            }
        };
        Ok(Encoder { native, object: Slot::new(object), errors: errors.into() })
    }
    pub(super) fn traverse(&self, visit: &mut dyn FnMut(Value)) {
        visit(self.object.get());
    }
    pub(super) fn is_native(&self) -> bool {
        self.native.is_some()
    }
    /// The encoded text, if it is the text's own memory.
    #[inline]
    pub(super) fn as_is<'a>(&self, s: &'a PyStr) -> Option<&'a [u8]> {
        match self.native? {
            Native::Latin1 if s.kind() == 1 => Some(s.raw_bytes()),
            _ if s.is_ascii() => Some(s.raw_bytes()),
            _ => None,
        }
    }
    pub(super) fn encode(&self, text: Value) -> PyResult<Vec<u8>> {
        let s = expect(text);
        let errors = || Errors::new(Some(&self.errors));
        match self.native {
            Some(Native::Utf8) => match utf8(s) {
                Some(v) => Ok(v),
                None => codecs::utf8_encode(s, &errors()),
            },
            Some(Native::Ascii) => codecs::ascii_encode(s, &errors()),
            Some(Native::Latin1) => codecs::latin1_encode(s, &errors()),
            None => {
                let object = self.object.get_ref();
                let b = protocol::call_method(*object, names().encode, &[text])?;
                match bytes::as_bytes(&b) {
                    Some(d) => Ok(d.to_vec()),
                    None => err!(TypeError, "encoder should return a bytes object, not '{}'", tp_name(*b)),
                }
            }
        }
    }
    /// Tells the codec whether the next text is the first of the stream.
    pub(super) fn restart(&self, at_start: bool) -> PyResult<()> {
        if self.native.is_some() {
            return Ok(());
        }
        let object = self.object.get_ref();
        if at_start {
            call0(*object, names().reset)?;
        } else {
            protocol::call_method(*object, names().setstate, &[Value::small_int(0)])?;
        }
        Ok(())
    }
}

/// UTF-8 of text without lone surrogates.
fn utf8(s: &PyStr) -> Option<Vec<u8>> {
    match s.data() {
        StrData::Latin1(_) => None,
        StrData::Ucs2(d) => {
            let mut out = Vec::with_capacity(d.len() * 3);
            for &c in d {
                if c < 0x80 {
                    out.push(c as u8);
                } else if c < 0x800 {
                    out.extend_from_slice(&[0xc0 | (c >> 6) as u8, 0x80 | (c & 63) as u8]);
                } else if (0xd800..0xe000).contains(&c) {
                    return None;
                } else {
                    out.extend_from_slice(&[0xe0 | (c >> 12) as u8, 0x80 | (c >> 6 & 63) as u8, 0x80 | (c & 63) as u8]);
                }
            }
            Some(out)
        }
        StrData::Ucs4(d) => {
            let mut out = Vec::with_capacity(d.len() * 4);
            let mut b = [0; 4];
            for &c in d {
                out.extend_from_slice(char::from_u32(c)?.encode_utf8(&mut b).as_bytes());
            }
            Some(out)
        }
    }
}
