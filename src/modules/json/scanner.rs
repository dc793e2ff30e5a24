//! Reading JSON.

use std::collections::HashMap;
use taipan_objects::err::{PyResult, Raised};
use taipan_objects::native::{MemberDef, Signature};
use taipan_objects::object::{Header, alloc};
use taipan_objects::strings::{self, PyStr, StrBuilder, expect};
use taipan_objects::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{dict, err, float, int, list, protocol, tuple, with_str};

/// A `make_scanner`.
#[repr(C)]
pub struct Scanner {
    header: Header,
    strict: bool,
    object_hook: Slot,
    object_pairs_hook: Slot,
    parse_float: Slot,
    parse_int: Slot,
    parse_constant: Slot,
}
taipan_objects::object_impl!(
    Scanner,
    SCANNER_TYPE,
    |this, visit| for s in
        [&this.object_hook, &this.object_pairs_hook, &this.parse_float, &this.parse_int, &this.parse_constant]
    {
        visit(s.get());
    },
    |this| for s in
        [&this.object_hook, &this.object_pairs_hook, &this.parse_float, &this.parse_int, &this.parse_constant]
    {
        s.set(Ref::NONE);
    }
);

fn this(v: &Value) -> &Scanner {
    // SAFETY: called with scanners only.
    unsafe { v.cast_unchecked::<Scanner>() }
}

pub static SCANNER_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_json.Scanner",
    doc: "JSON scanner object",
    flags: TypeFlags::BASETYPE | TypeFlags::HAVE_GC,
    slots: Slots { new: Some(new), call: Some(call), ..Slots::of::<Scanner>() },
    members: &[
        MemberDef::ro("strict", "", |v| Ok(Ref::bool(this(&v).strict))),
        MemberDef::ro("object_hook", "", |v| Ok(this(&v).object_hook.get_ref())),
        MemberDef::ro("object_pairs_hook", "", |v| Ok(this(&v).object_pairs_hook.get_ref())),
        MemberDef::ro("parse_float", "", |v| Ok(this(&v).parse_float.get_ref())),
        MemberDef::ro("parse_int", "", |v| Ok(this(&v).parse_int.get_ref())),
        MemberDef::ro("parse_constant", "", |v| Ok(this(&v).parse_constant.get_ref())),
    ],
    ..TypeSpec::of::<Scanner>()
});

fn new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static SIGNATURE: Signature = Signature::new("make_scanner(context)");
    SIGNATURE.bind(args, kwnames, |a| {
        let get = |name| protocol::getattr_str(a[0], name);
        let strict = protocol::is_true(*get("strict")?)?;
        let slot = |name| get(name).map(Slot::new);
        Ok(alloc(
            ty,
            Scanner {
                header: Header::new(ty),
                strict,
                object_hook: slot("object_hook")?,
                object_pairs_hook: slot("object_pairs_hook")?,
                parse_float: slot("parse_float")?,
                parse_int: slot("parse_int")?,
                parse_constant: slot("parse_constant")?,
            },
        ))
    })
}

fn call(v: Value, args: &[Value], kwnames: Value) -> PyResult {
    static SIGNATURE: Signature = Signature::new("scan_once(string, idx)");
    SIGNATURE.bind(args, kwnames, |a| {
        if !strings::is_str(a[0]) {
            return err!(TypeError, "first argument must be a string, not {}", a[0].type_name());
        }
        let i = int::to_isize(a[1])?;
        if i < 0 {
            return err!(ValueError, "idx cannot be negative");
        }
        let s = expect(a[0]);
        let mut reader = Reader { scanner: this(&v), text: a[0], memo: HashMap::new(), depth: 0 };
        let (r, end) = with_str!(s.data(), d => reader.value(d, i as usize))?;
        Ok(tuple::of([r, int::from_usize(end)]))
    })
}

fn stop_iteration(i: usize) -> Raised {
    taipan_objects::err::raise_with(&taipan_objects::exceptions::StopIteration, &[*int::from_usize(i)])
}

#[cold]
fn decode_error(message: &str, text: Value, at: usize) -> Raised {
    let made = (|| {
        let decoder = (taipan_objects::vm::hooks().import)("json.decoder")?;
        let ty = protocol::getattr_str(*decoder, "JSONDecodeError")?;
        protocol::call(*ty, &[*strings::new_str(message), text, *int::from_usize(at)])
    })();
    match made {
        Ok(e) => taipan_objects::err::set_exception(e),
        Err(e) => e,
    }
}

struct Reader<'a> {
    scanner: &'a Scanner,
    text: Value,
    /// Keys of objects, so that equal ones are one string.
    memo: HashMap<Vec<u8>, Ref>,
    depth: usize,
}

/// A unit of the text.
trait Unit: Copy {
    fn code(self) -> u32;
}
impl Unit for u8 {
    #[inline(always)]
    fn code(self) -> u32 {
        self as u32
    }
}
impl Unit for u16 {
    #[inline(always)]
    fn code(self) -> u32 {
        self as u32
    }
}
impl Unit for u32 {
    #[inline(always)]
    fn code(self) -> u32 {
        self
    }
}

#[inline(always)]
fn skip_space<T: Unit>(d: &[T], mut i: usize) -> usize {
    while i < d.len() && matches!(d[i].code(), 32 | 9 | 10 | 13) {
        i += 1;
    }
    i
}
#[inline(always)]
fn is<T: Unit>(d: &[T], i: usize, c: u8) -> bool {
    i < d.len() && d[i].code() == c as u32
}
fn starts<T: Unit>(d: &[T], i: usize, word: &[u8]) -> bool {
    d.len() - i >= word.len() && d[i..].iter().zip(word).all(|(a, b)| a.code() == *b as u32)
}

/// The string whose opening quote stands before `begin`.
fn string<T: Unit>(d: &[T], begin: usize, strict: bool, text: Value) -> PyResult<(Ref, usize)> {
    let mut i = begin;
    // The usual string has no escapes.
    let mut max = 0;
    while i < d.len() {
        let c = d[i].code();
        if c == '"' as u32 {
            let part = &d[begin..i];
            let r = if max < 256 {
                strings::build_latin1(part.len(), max < 128, |out| {
                    for (o, c) in out.iter_mut().zip(part) {
                        *o = c.code() as u8;
                    }
                })
            } else {
                strings::from_code_points(&part.iter().map(|c| c.code()).collect::<Vec<_>>())
            };
            return Ok((r, i + 1));
        }
        if c == '\\' as u32 || (c < 32 && strict) {
            break;
        }
        max |= c;
        i += 1;
    }
    let mut out = StrBuilder::with_capacity(i - begin + 16);
    for c in &d[begin..i] {
        out.push(c.code());
    }
    loop {
        let Some(c) = d.get(i) else {
            return Err(decode_error("Unterminated string starting at", text, begin - 1));
        };
        let c = c.code();
        if c == '"' as u32 {
            return Ok((out.finish(), i + 1));
        }
        if c != '\\' as u32 {
            if c < 32 && strict {
                return Err(decode_error("Invalid control character at", text, i));
            }
            out.push(c);
            i += 1;
            continue;
        }
        let Some(e) = d.get(i + 1) else {
            return Err(decode_error("Unterminated string starting at", text, begin - 1));
        };
        let simple = match char::from_u32(e.code()) {
            Some(c @ ('"' | '\\' | '/')) => c as u32,
            Some('b') => 8,
            Some('f') => 12,
            Some('n') => 10,
            Some('r') => 13,
            Some('t') => 9,
            Some('u') => {
                let unit = |i: usize| -> Option<u32> {
                    let digits = d.get(i..i + 4)?;
                    digits.iter().try_fold(0, |n, c| Some(n * 16 + char::from_u32(c.code())?.to_digit(16)?))
                };
                let Some(mut c) = unit(i + 2) else {
                    return Err(decode_error("Invalid \\uXXXX escape", text, i + 1));
                };
                i += 6;
                if (0xd800..0xdc00).contains(&c)
                    && is(d, i, b'\\')
                    && is(d, i + 1, b'u')
                    && let Some(low @ 0xdc00..0xe000) = unit(i + 2)
                {
                    c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                    i += 6;
                }
                out.push(c);
                continue;
            }
            _ => return Err(decode_error("Invalid \\escape", text, i)),
        };
        out.push(simple);
        i += 2;
    }
}

/// `scanstring(string, end, strict=True)`.
pub fn scanstring(a: &[Value]) -> PyResult {
    let strict = a[2].is_null() || protocol::is_true(a[2])?;
    let end = int::to_isize(a[1])?;
    if !strings::is_str(a[0]) {
        return err!(TypeError, "first argument must be a string, not {}", a[0].type_name());
    }
    let s: &PyStr = expect(a[0]);
    if end < 0 || end as usize > s.len() {
        return err!(ValueError, "end is out of bounds");
    }
    let (r, i) = with_str!(s.data(), d => string(d, end as usize, strict, a[0]))?;
    Ok(tuple::of([r, int::from_usize(i)]))
}

impl Reader<'_> {
    fn value<T: Unit>(&mut self, d: &[T], i: usize) -> PyResult<(Ref, usize)> {
        let Some(c) = d.get(i) else { return Err(stop_iteration(i)) };
        match char::from_u32(c.code()) {
            Some('"') => string(d, i + 1, self.scanner.strict, self.text),
            Some('{') => {
                taipan_objects::vm::vm().check_native_stack(" while decoding a JSON object from a unicode string")?;
                self.nested(|r| r.object(d, i + 1))
            }
            Some('[') => {
                taipan_objects::vm::vm().check_native_stack(" while decoding a JSON array from a unicode string")?;
                self.nested(|r| r.array(d, i + 1))
            }
            Some('n') if starts(d, i, b"null") => Ok((Ref::NONE, i + 4)),
            Some('t') if starts(d, i, b"true") => Ok((Ref::bool(true), i + 4)),
            Some('f') if starts(d, i, b"false") => Ok((Ref::bool(false), i + 5)),
            Some('N') if starts(d, i, b"NaN") => self.constant("NaN", i),
            Some('I') if starts(d, i, b"Infinity") => self.constant("Infinity", i),
            Some('-') if starts(d, i, b"-Infinity") => self.constant("-Infinity", i),
            _ => self.number(d, i),
        }
    }

    /// Forgets the keys when the outermost value is done, as each call of the scanner starts anew.
    fn nested<R>(&mut self, f: impl FnOnce(&mut Self) -> R) -> R {
        self.depth += 1;
        let r = f(self);
        self.depth -= 1;
        r
    }

    fn constant(&self, name: &str, i: usize) -> PyResult<(Ref, usize)> {
        let r = protocol::call(self.scanner.parse_constant.get(), &[*strings::intern_str(name)])?;
        Ok((r, i + name.len()))
    }

    fn number<T: Unit>(&self, d: &[T], start: usize) -> PyResult<(Ref, usize)> {
        let digit = |i: usize| i < d.len() && (48..58).contains(&d[i].code());
        let mut i = start;
        if is(d, i, b'-') {
            i += 1;
        }
        if is(d, i, b'0') {
            i += 1;
        } else if digit(i) {
            while digit(i) {
                i += 1;
            }
        } else {
            return Err(stop_iteration(start));
        }
        let mut is_float = false;
        if is(d, i, b'.') && digit(i + 1) {
            is_float = true;
            i += 2;
            while digit(i) {
                i += 1;
            }
        }
        if is(d, i, b'e') || is(d, i, b'E') {
            let mut j = i + 1;
            if is(d, j, b'+') || is(d, j, b'-') {
                j += 1;
            }
            if digit(j) {
                while digit(j) {
                    j += 1;
                }
                is_float = true;
                i = j;
            }
        }
        let text: Vec<u8> = d[start..i].iter().map(|c| c.code() as u8).collect();
        let custom = if is_float { self.scanner.parse_float.get() } else { self.scanner.parse_int.get() };
        let native = if is_float { &taipan_objects::types::FLOAT_TYPE } else { &taipan_objects::types::INT_TYPE };
        if custom.is(native.value()) {
            if let Ok(t) = std::str::from_utf8(&text) {
                if is_float {
                    if let Ok(f) = t.parse::<f64>() {
                        return Ok((float::from_f64(f), i));
                    }
                } else if t.len() < 18
                    && let Ok(n) = t.parse::<i64>()
                {
                    return Ok((int::from_i64(n), i));
                }
            }
        }
        Ok((protocol::call(custom, &[*strings::new_latin1(&text)])?, i))
    }

    /// The string for a key; equal keys share one.
    fn key(&mut self, k: Ref) -> Ref {
        let s = expect(*k);
        let mut name = s.raw_bytes().to_vec();
        name.push(s.kind());
        self.memo.entry(name).or_insert(k).clone()
    }

    fn object<T: Unit>(&mut self, d: &[T], start: usize) -> PyResult<(Ref, usize)> {
        let pairs_hook = self.scanner.object_pairs_hook.get();
        let has_pairs = !pairs_hook.is_none();
        let mut pairs = Vec::new();
        let out = if has_pairs { Ref::NULL } else { dict::new_dict() };
        let mut i = skip_space(d, start);
        if is(d, i, b'}') {
            i += 1;
        } else {
            loop {
                if !is(d, i, b'"') {
                    return Err(decode_error("Expecting property name enclosed in double quotes", self.text, i));
                }
                let (k, next) = string(d, i + 1, self.scanner.strict, self.text)?;
                let k = self.key(k);
                i = skip_space(d, next);
                if !is(d, i, b':') {
                    return Err(decode_error("Expecting ':' delimiter", self.text, i));
                }
                i = skip_space(d, i + 1);
                let (v, next) = self.member(d, i)?;
                if has_pairs {
                    pairs.push(tuple::of([k, v]));
                } else {
                    dict::set(*out, *k, *v)?;
                }
                i = skip_space(d, next);
                if is(d, i, b'}') {
                    i += 1;
                    break;
                }
                if !is(d, i, b',') {
                    return Err(decode_error("Expecting ',' delimiter", self.text, i));
                }
                let comma = i;
                i = skip_space(d, i + 1);
                if is(d, i, b'}') {
                    return Err(decode_error("Illegal trailing comma before end of object", self.text, comma));
                }
            }
        }
        if has_pairs {
            return Ok((protocol::call(pairs_hook, &[*list::new_list(pairs)])?, i));
        }
        let hook = self.scanner.object_hook.get();
        if !hook.is_none() {
            return Ok((protocol::call(hook, &[*out])?, i));
        }
        Ok((out, i))
    }

    /// A value inside a container: what is no value is an error there.
    fn member<T: Unit>(&mut self, d: &[T], i: usize) -> PyResult<(Ref, usize)> {
        self.value(d, i)
    }

    fn array<T: Unit>(&mut self, d: &[T], start: usize) -> PyResult<(Ref, usize)> {
        let mut items = Vec::new();
        let mut i = skip_space(d, start);
        if is(d, i, b']') {
            return Ok((list::new_list(items), i + 1));
        }
        loop {
            let (v, next) = self.member(d, i)?;
            items.push(v);
            i = skip_space(d, next);
            if is(d, i, b']') {
                return Ok((list::new_list(items), i + 1));
            }
            if !is(d, i, b',') {
                return Err(decode_error("Expecting ',' delimiter", self.text, i));
            }
            let comma = i;
            i = skip_space(d, i + 1);
            if is(d, i, b']') {
                return Err(decode_error("Illegal trailing comma before end of array", self.text, comma));
            }
        }
    }
}

