//! Line ends: what they are translated to, where lines end, and `IncrementalNewlineDecoder`.

use super::{bool_arg, find_byte, tp_name, value_error};
use std::cell::Cell;
use taipan_objects::err::PyResult;
use taipan_objects::names::names;
use taipan_objects::native::{GetSetDef, MethodDef, Signature};
use taipan_objects::object::{Header, alloc, instance};
use taipan_objects::strings::{self, PyStr, StrData, expect};
use taipan_objects::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{bytes, err, int, object_impl, protocol, tuple, with_str};

const CR: u8 = 1;
const LF: u8 = 2;
const CRLF: u8 = 4;

/// State of the recognition of line ends in a stream of text.
#[derive(Default)]
pub(super) struct Newlines {
    pub(super) translate: Cell<bool>,
    /// A carriage return was held back: a line feed may follow it.
    pub(super) pending: Cell<bool>,
    seen: Cell<u8>,
}

impl Newlines {
    pub(super) fn new(translate: bool) -> Newlines {
        Newlines { translate: Cell::new(translate), ..Newlines::default() }
    }
    pub(super) fn reset(&self) {
        self.pending.set(false);
        self.seen.set(0);
    }
    /// The kinds of line ends met so far: None, one of them, or a tuple.
    pub(super) fn seen(&self) -> Ref {
        let all: Vec<Ref> = [(CR, "\r"), (LF, "\n"), (CRLF, "\r\n")]
            .iter()
            .filter(|k| self.seen.get() & k.0 != 0)
            .map(|k| strings::new_str(k.1))
            .collect();
        match all.len() {
            0 => Ref::NONE,
            1 => all[0].clone(),
            _ => tuple::from_refs(all),
        }
    }
    /// Translates the next piece of text, or only notes its line ends.
    pub(super) fn process(&self, text: Ref, last: bool) -> Ref {
        let mut text = text;
        if self.pending.get() && (last || expect(*text).len() > 0) {
            text = strings::concat(expect(*strings::latin1_char(b'\r')), expect(*text));
            self.pending.set(false);
        }
        let s = expect(*text);
        let n = s.len();
        // Held back also where nothing is translated, so that a line that ends with both comes in one piece.
        if !last && n > 0 && s.at(n - 1) == '\r' as u32 {
            text = strings::substring(s, 0, n - 1);
            self.pending.set(true);
        }
        let s = expect(*text);
        if s.len() == 0 {
            return text;
        }
        if !contains(s, b'\r') {
            if self.seen.get() & LF == 0 && contains(s, b'\n') {
                self.seen.set(self.seen.get() | LF);
            }
            return text;
        }
        let mut seen = self.seen.get();
        if !self.translate.get() {
            with_str!(s.data(), d => {
                let mut i = 0;
                while i < d.len() && seen != CR | LF | CRLF {
                    match d[i] as u32 {
                        10 => seen |= LF,
                        13 if d.get(i + 1).is_some_and(|c| *c as u32 == 10) => {
                            seen |= CRLF;
                            i += 1;
                        }
                        13 => seen |= CR,
                        _ => {}
                    }
                    i += 1;
                }
            });
            self.seen.set(seen);
            return text;
        }
        macro_rules! translated {
            ($d:expr, $t:ty) => {{
                let d: &[$t] = $d;
                let mut out: Vec<$t> = Vec::with_capacity(d.len());
                let mut i = 0;
                while i < d.len() {
                    let c = d[i];
                    i += 1;
                    if c == 13 {
                        if d.get(i) == Some(&10) {
                            seen |= CRLF;
                            i += 1;
                        } else {
                            seen |= CR;
                        }
                        out.push(10);
                    } else {
                        if c == 10 {
                            seen |= LF;
                        }
                        out.push(c);
                    }
                }
                out
            }};
        }
        let r = match s.data() {
            StrData::Latin1(d) => strings::new_latin1(&translated!(d, u8)),
            StrData::Ucs2(d) => strings::from_data(StrData::Ucs2(&translated!(d, u16))),
            StrData::Ucs4(d) => strings::from_code_points(&translated!(d, u32)),
        };
        self.seen.set(seen);
        r
    }
}

/// Whether an ASCII character occurs.
pub(super) fn contains(s: &PyStr, c: u8) -> bool {
    find_in(s.data(), 0, c).is_some()
}

/// Position of an ASCII character at or after `from`.
pub(super) fn find_in(d: StrData, from: usize, c: u8) -> Option<usize> {
    match d {
        StrData::Latin1(s) => find_byte(&s[from..], c).map(|i| i + from),
        StrData::Ucs2(s) => s[from..].iter().position(|x| *x == c as u16).map(|i| i + from),
        StrData::Ucs4(s) => s[from..].iter().position(|x| *x == c as u32).map(|i| i + from),
    }
}

/// How a stream recognises the end of a line.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum LineEnd {
    /// Line feed: translated text, or the only end asked for.
    Lf,
    /// Any of the three.
    Universal,
    Cr,
    CrLf,
}

/// Where lines end in text.
pub(super) enum Line {
    /// The line ends before this position.
    Ends(usize),
    /// No end was found, and none will be before this position.
    Open(usize),
}

/// Looks for the end of the line that starts at `start`.
pub(super) fn find_line(d: StrData, start: usize, end: LineEnd) -> Line {
    let n = d.len();
    match end {
        LineEnd::Lf => find_in(d, start, b'\n').map_or(Line::Open(n), |i| Line::Ends(i + 1)),
        LineEnd::Cr => find_in(d, start, b'\r').map_or(Line::Open(n), |i| Line::Ends(i + 1)),
        LineEnd::CrLf => {
            let mut at = start;
            while let Some(i) = find_in(d, at, b'\r') {
                if i + 1 == n {
                    return Line::Open(i);
                }
                if d.at(i + 1) == 10 {
                    return Line::Ends(i + 2);
                }
                at = i + 1;
            }
            Line::Open(n)
        }
        LineEnd::Universal => {
            let found = with_str!(d, s => s[start..].iter().position(|c| *c as u32 == 10 || *c as u32 == 13));
            match found.map(|i| i + start) {
                None => Line::Open(n),
                Some(i) if d.at(i) == 13 && i + 1 < n && d.at(i + 1) == 10 => Line::Ends(i + 2),
                Some(i) => Line::Ends(i + 1),
            }
        }
    }
}

/// What a `newline` argument asks for.
pub(super) struct NewlineMode {
    /// Any line end is recognised.
    pub(super) universal: bool,
    /// … and read as a line feed.
    pub(super) translate: bool,
    pub(super) end: LineEnd,
    /// What a line feed is written as, if not as itself.
    pub(super) write_as: Option<&'static str>,
}

/// Reads a `newline` argument. NULL and None are the same.
pub(super) fn newline_mode(v: Value) -> PyResult<NewlineMode> {
    if v.is_none_or_null() {
        return Ok(NewlineMode { universal: true, translate: true, end: LineEnd::Lf, write_as: None });
    }
    let s = expect(v);
    let mode = |end, write_as| NewlineMode { universal: false, translate: false, end, write_as };
    Ok(if s.len() == 0 {
        NewlineMode { universal: true, translate: false, end: LineEnd::Universal, write_as: None }
    } else if s.eq_str("\n") {
        mode(LineEnd::Lf, None)
    } else if s.eq_str("\r") {
        mode(LineEnd::Cr, Some("\r"))
    } else if s.eq_str("\r\n") {
        mode(LineEnd::CrLf, Some("\r\n"))
    } else {
        return Err(value_error(&format!("illegal newline value: {}", protocol::repr_text(v)?)));
    })
}

// ---------------------------------------------------------------- the type

/// `IncrementalNewlineDecoder`.
#[repr(C)]
pub struct NewlineDecoder {
    header: Header,
    decoder: Slot,
    state: Newlines,
    ready: Cell<bool>,
}
object_impl!(NewlineDecoder, INCREMENTAL_NEWLINE_DECODER_TYPE, |this, visit| visit(this.decoder.get()), |this| drop(
    this.decoder.take()
));

fn new(ty: Type, _args: &[Value], _kwnames: Value) -> PyResult {
    Ok(alloc(
        ty,
        NewlineDecoder { header: Header::new(ty), decoder: Slot::null(), state: Newlines::default(), ready: Cell::new(false) },
    ))
}
fn init(v: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    static S: Signature = Signature::new("IncrementalNewlineDecoder(decoder, translate, errors='strict')");
    S.bind(args, kwnames, |a| {
        let this = instance::<NewlineDecoder>(v);
        let translate = bool_arg(a[1], false)?;
        this.decoder.set(a[0].to_ref());
        this.state.translate.set(translate);
        this.state.reset();
        this.ready.set(true);
        Ok(())
    })
}
fn ready(v: Value) -> PyResult<&'static NewlineDecoder> {
    let this = instance::<NewlineDecoder>(v);
    if this.ready.get() { Ok(this) } else { Err(value_error("IncrementalNewlineDecoder.__init__() not called")) }
}
fn decode(a: &[Value]) -> PyResult {
    let this = ready(a[0])?;
    let last = bool_arg(a[2], false)?;
    let decoder = this.decoder.get_ref();
    let text = if decoder.is_none() {
        a[1].to_ref()
    } else {
        protocol::call_method(*decoder, names().decode, &[a[1], Value::from_bool(last)])?
    };
    if !strings::is_str(*text) {
        return err!(TypeError, "decoder should return a string result, not '{}'", tp_name(*text));
    }
    Ok(this.state.process(text, last))
}
fn getstate(a: &[Value]) -> PyResult {
    let this = ready(a[0])?;
    let decoder = this.decoder.get_ref();
    let (buffer, flags) = if decoder.is_none() {
        (bytes::new_bytes(&[]), int::from_i64(0))
    } else {
        let state = super::call0(*decoder, names().getstate)?;
        split_state(*state)?
    };
    let flags = super::index_i64(*flags)? as u64;
    Ok(tuple::of([buffer, int::from_u64(flags << 1 | this.state.pending.get() as u64)]))
}
/// The two parts of a decoder's state.
pub(super) fn split_state(state: Value) -> PyResult<(Ref, Ref)> {
    if !tuple::is_tuple(state) {
        return err!(TypeError, "illegal decoder state");
    }
    match tuple::as_slice(state) {
        [b, f] => Ok((b.to_ref(), f.to_ref())),
        _ => err!(TypeError, "illegal decoder state"),
    }
}
fn setstate(a: &[Value]) -> PyResult {
    let this = ready(a[0])?;
    if !tuple::is_tuple(a[1]) {
        return err!(TypeError, "state argument must be a tuple");
    }
    let [buffer, flags] = tuple::as_slice(a[1]) else {
        return err!(TypeError, "setstate(): illegal state argument");
    };
    let flags = match int::as_int(flags) {
        Some(f) => f.to_i64().unwrap_or(0) as u64,
        None => return err!(TypeError, "setstate(): illegal state argument"),
    };
    this.state.pending.set(flags & 1 != 0);
    let decoder = this.decoder.get_ref();
    if decoder.is_none() {
        return Ok(Ref::NONE);
    }
    let inner = tuple::of([buffer.to_ref(), int::from_u64(flags >> 1)]);
    protocol::call_method(*decoder, names().setstate, &[*inner])
}
fn reset(a: &[Value]) -> PyResult {
    let this = ready(a[0])?;
    this.state.reset();
    let decoder = this.decoder.get_ref();
    if decoder.is_none() { Ok(Ref::NONE) } else { super::call0(*decoder, names().reset) }
}

pub static INCREMENTAL_NEWLINE_DECODER_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_io.IncrementalNewlineDecoder",
    doc: "Codec used when reading a file in universal newlines mode.\n\nIt wraps another incremental decoder, translating \\r\\n and \\r into \\n.\nIt also records the types of newlines encountered.  When used with\ntranslate=False, it ensures that the newline sequence is returned in\none piece. When used with decoder=None, it expects unicode strings as\ndecode input and translates newlines without first invoking an external\ndecoder.",
    flags: TypeFlags::HAVE_GC | TypeFlags::BASETYPE,
    text_signature: "(decoder, translate, errors='strict')",
    slots: Slots { new: Some(new), init: Some(init), ..Slots::of::<NewlineDecoder>() },
    methods: &[
        MethodDef::new("decode($self, /, input, final=False)", "Decodes the next piece of input.", decode),
        MethodDef::new("getstate($self, /)", "State of the decoder.", getstate),
        MethodDef::new("setstate($self, state, /)", "Takes over a state.", setstate),
        MethodDef::new("reset($self, /)", "Starts anew.", reset),
    ],
    getset: &[GetSetDef::ro("newlines", "Line ends met so far.", |v| Ok(ready(v)?.state.seen()))],
    ..TypeSpec::of::<NewlineDecoder>()
});
