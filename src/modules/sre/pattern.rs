//! Pattern and scanner objects.

use super::drive::{Mode, Runner, Subject};
use super::results::{self, Match, Template};
use std::cell::Cell;
use taipan_objects::buffer::Buffer;
use taipan_objects::bytes::{self, PyBytes};
use taipan_objects::err::PyResult;
use taipan_objects::native::{MemberDef, MethodDef};
use taipan_objects::object::{Header, new_object};
use taipan_objects::strings::{self, PyStr, StrBuilder, expect};
use taipan_objects::typeobject::{CompareOp, Slots, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{buffer, dict, err, int, list, protocol, tuple};

/// A compiled pattern.
#[repr(C)]
pub struct Pattern {
    pub header: Header,
    /// The source, or None.
    pub pattern: Slot,
    /// Numbers of the groups by name, a dict.
    pub groupindex: Slot,
    /// Names of the groups by number, a tuple.
    pub indexgroup: Slot,
    pub flags: i64,
    pub groups: usize,
    pub code: Vec<u32>,
}
taipan_objects::object_impl!(
    Pattern,
    PATTERN_TYPE,
    |this, visit| for s in [&this.pattern, &this.groupindex, &this.indexgroup] {
        visit(s.get());
    },
    |_this| ()
);

pub static PATTERN_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "re.Pattern",
    doc: "Compiled regular expression object.",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION | TypeFlags::WEAKREFABLE,
    slots: Slots { repr: Some(repr), hash: Some(hash), richcompare: Some(richcompare), ..Slots::of::<Pattern>() },
    methods: &[
        MethodDef::new("match($self, /, string, pos=0, endpos=sys.maxsize)", "A match at the start, or None.", |a| {
            one(a, Mode::Match)
        }),
        MethodDef::new("fullmatch($self, /, string, pos=0, endpos=sys.maxsize)", "A match of the whole string, or None.", |a| {
            one(a, Mode::FullMatch)
        }),
        MethodDef::new("search($self, /, string, pos=0, endpos=sys.maxsize)", "The first match, or None.", |a| {
            one(a, Mode::Search)
        }),
        MethodDef::new("sub($self, /, repl, string, count=0)", "The string with matches replaced.", |a| Ok(substitute(a)?.0)),
        MethodDef::new("subn($self, /, repl, string, count=0)", "The string with matches replaced, and how many there were.", |a| {
            let (r, n) = substitute(a)?;
            Ok(tuple::of([r, int::from_usize(n)]))
        }),
        MethodDef::new("findall($self, /, string, pos=0, endpos=sys.maxsize)", "All matches, as a list.", findall),
        MethodDef::new("split($self, /, string, maxsplit=0)", "The parts between matches, as a list.", split),
        MethodDef::new("finditer($self, /, string, pos=0, endpos=sys.maxsize)", "An iterator of all matches.", finditer),
        MethodDef::new("scanner($self, /, string, pos=0, endpos=sys.maxsize)", "", |a| scanner(a)),
        MethodDef::new("__copy__($self, /)", "", |a| Ok(a[0].to_ref())),
        MethodDef::new("__deepcopy__($self, memo, /)", "", |a| Ok(a[0].to_ref())),
        MethodDef::new("__class_getitem__($type, object, /)", "", |a| taipan_objects::generic_alias::new_alias(a[0], a[1]))
            .class(),
    ],
    members: &[
        MemberDef::ro("pattern", "The source.", |v| Ok(pattern_of(&v).pattern.get_ref())),
        MemberDef::ro("flags", "The flags.", |v| Ok(int::from_i64(pattern_of(&v).flags))),
        MemberDef::ro("groupindex", "Numbers of the groups by name.", |v| Ok(pattern_of(&v).groupindex.get_ref())),
        MemberDef::ro("groups", "The number of groups.", |v| Ok(int::from_usize(pattern_of(&v).groups))),
    ],
    ..TypeSpec::of::<Pattern>()
});

/// A pattern value; to be used where it is known to be one.
pub fn pattern_of(v: &Value) -> &Pattern {
    // SAFETY: called with patterns only.
    unsafe { v.cast_unchecked::<Pattern>() }
}

/// `_sre.compile`.
pub fn compile(a: &[Value]) -> PyResult {
    let flags = int::to_i64(a[1])?;
    if !list::is_list(a[2]) {
        return err!(TypeError, "compile() argument 'code' must be list, not {}", a[2].type_name());
    }
    let mut code = Vec::new();
    for v in list::expect(a[2]).items() {
        match int::to_i64(**v)? {
            c @ 0..=0xffff_ffff => code.push(c as u32),
            _ => return err!(OverflowError, "regular expression code size limit exceeded"),
        }
    }
    let groups = int::to_i64(a[3])? as usize;
    if !dict::is_dict(a[4]) {
        return err!(TypeError, "compile() argument 'groupindex' must be dict, not {}", a[4].type_name());
    }
    if !tuple::is_tuple(a[5]) {
        return err!(TypeError, "compile() argument 'indexgroup' must be tuple, not {}", a[5].type_name());
    }
    Ok(new_object(Pattern {
        header: Header::new(&PATTERN_TYPE),
        pattern: Slot::new(a[0].to_ref()),
        groupindex: Slot::new(a[4].to_ref()),
        indexgroup: Slot::new(a[5].to_ref()),
        flags,
        groups,
        code,
    }))
}

fn repr(v: Value) -> PyResult {
    let p = pattern_of(&v);
    let mut flags = p.flags;
    if strings::is_str(p.pattern.get()) && flags & (4 | 32 | 256) == 32 {
        flags &= !32;
    }
    let mut names = Vec::new();
    for (name, bit) in [
        ("re.IGNORECASE", 2),
        ("re.LOCALE", 4),
        ("re.MULTILINE", 8),
        ("re.DOTALL", 16),
        ("re.VERBOSE", 64),
        ("re.DEBUG", 128),
        ("re.ASCII", 256),
        ("re.UNICODE", 32),
    ] {
        if flags & bit != 0 {
            names.push(name.to_string());
            flags &= !bit;
        }
    }
    if flags != 0 {
        names.push(format!("0x{flags:x}"));
    }
    let r = protocol::repr(p.pattern.get())?;
    let text = expect(*r);
    let shown = strings::substring(text, 0, text.len().min(200));
    let mut out = StrBuilder::new();
    out.push_str("re.compile(");
    out.push_pystr(expect(*shown));
    if !names.is_empty() {
        out.push_str(", ");
        out.push_str(&names.join("|"));
    }
    out.push_str(")");
    Ok(out.finish())
}
fn hash(v: Value) -> PyResult<i64> {
    let p = pattern_of(&v);
    let h = protocol::hash(p.pattern.get())?;
    let code = p.code.iter().fold(0i64, |h, c| h.wrapping_mul(31).wrapping_add(*c as i64));
    Ok(taipan_objects::hash::fix(h ^ code ^ p.flags ^ p.groups as i64))
}
fn richcompare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) || !a.is_a::<Pattern>() || !b.is_a::<Pattern>() {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let (x, y) = (pattern_of(&a), pattern_of(&b));
    let same = a.is(b)
        || (x.flags == y.flags
            && x.code == y.code
            && x.pattern.get().ty().is(y.pattern.get().ty())
            && protocol::eq(x.pattern.get(), y.pattern.get())?);
    Ok(Ref::bool(same == (op == CompareOp::Eq)))
}

/// A subject with what keeps its memory in place.
pub struct Held {
    string: Ref,
    buffer: Option<Buffer>,
}

impl Held {
    /// Checks that the pattern and the string are of the same kind.
    pub fn new(pattern: &Pattern, string: Value) -> PyResult<Held> {
        let p = pattern.pattern.get();
        if strings::is_str(string) {
            if !p.is_none() && !strings::is_str(p) {
                return err!(TypeError, "cannot use a bytes pattern on a string-like object");
            }
            return Ok(Held { string: string.to_ref(), buffer: None });
        }
        if string.ty().slots().get_buffer.is_none() {
            return err!(TypeError, "expected string or bytes-like object, got '{}'", string.type_name());
        }
        if strings::is_str(p) {
            return err!(TypeError, "cannot use a string pattern on a bytes-like object");
        }
        let buffer = if bytes::is_bytes(string) { None } else { Some(buffer::get(string, 0)?) };
        Ok(Held { string: string.to_ref(), buffer })
    }
    pub fn subject(&self) -> Subject<'_> {
        if let Some(b) = &self.buffer {
            // SAFETY: the exporter keeps the memory while the buffer is held; matching runs no Python code.
            return Subject { bytes: unsafe { b.bytes() }, kind: 1 };
        }
        match strings::as_str(&self.string) {
            Some(s) => Subject { bytes: s.raw_bytes(), kind: s.kind() },
            None => Subject { bytes: bytes::as_bytes(&self.string).unwrap_or(&[]), kind: 1 },
        }
    }
    pub fn len(&self) -> usize {
        let s = self.subject();
        s.bytes.len() / s.kind as usize
    }
    /// Part of the subject as str or bytes.
    pub fn slice(&self, start: usize, end: usize) -> Ref {
        if let Some(s) = strings::as_str(&self.string) {
            if start == 0 && end == s.len() && self.string.is_exact::<PyStr>() {
                return self.string.clone();
            }
            return strings::substring(s, start, end.max(start));
        }
        let d = self.subject().bytes;
        if start == 0 && end == d.len() && self.string.is_exact::<PyBytes>() {
            return self.string.clone();
        }
        bytes::new_bytes(&d[start..end.max(start)])
    }
    fn empty(&self) -> Ref {
        if strings::is_str(*self.string) { strings::empty() } else { bytes::new_bytes(b"") }
    }
}

fn range(pos: Value, endpos: Value, len: usize) -> PyResult<(usize, usize)> {
    let clip = |v: Value, default: usize| -> PyResult<usize> {
        if v.is_null() {
            return Ok(default);
        }
        Ok((int::to_isize_clipped(v)?.max(0) as usize).min(len))
    };
    let start = clip(pos, 0)?;
    let end = clip(endpos, len)?;
    Ok((start, end))
}

fn one(a: &[Value], mode: Mode) -> PyResult {
    let p = pattern_of(&a[0]);
    let held = Held::new(p, a[1])?;
    let (start, end) = range(a[2], a[3], held.len())?;
    let mut runner = Runner::new(held.subject(), &p.code, p.groups, start, end);
    match runner.run(mode) {
        Some(_) => Ok(results::new_match(a[0], a[1], start, end, runner.found())),
        None => Ok(Ref::NONE),
    }
}

fn findall(a: &[Value]) -> PyResult {
    let p = pattern_of(&a[0]);
    let held = Held::new(p, a[1])?;
    let (start, end) = range(a[2], a[3], held.len())?;
    let mut runner = Runner::new(held.subject(), &p.code, p.groups, start, end);
    let mut out = Vec::new();
    let group = |r: &Runner, i: usize| r.group(i).map_or_else(|| held.empty(), |(a, b)| held.slice(a, b));
    while let Some((from, to)) = runner.run(Mode::Search) {
        out.push(match p.groups {
            0 => held.slice(from, to),
            1 => group(&runner, 1),
            n => tuple::from_refs((1..=n).map(|i| group(&runner, i)).collect()),
        });
        runner.advance();
    }
    Ok(list::new_list(out))
}

fn split(a: &[Value]) -> PyResult {
    let p = pattern_of(&a[0]);
    let held = Held::new(p, a[1])?;
    let max = if a[2].is_null() { 0 } else { int::to_isize(a[2])? };
    let len = held.len();
    let mut runner = Runner::new(held.subject(), &p.code, p.groups, 0, len);
    let mut out = Vec::new();
    let mut last = 0;
    let mut n = 0;
    while max == 0 || n < max {
        let Some((from, to)) = runner.run(Mode::Search) else { break };
        out.push(held.slice(last, from));
        for i in 1..=p.groups {
            out.push(runner.group(i).map_or(Ref::NONE, |(a, b)| held.slice(a, b)));
        }
        n += 1;
        last = to;
        runner.advance();
    }
    out.push(held.slice(last, len));
    Ok(list::new_list(out))
}

/// How a replacement is made.
enum Filter {
    Call,
    Literal(Ref),
    Template(Ref),
}

fn filter(p: Value, repl: Value) -> PyResult<Filter> {
    if repl.ty().slots().call.is_some() {
        return Ok(Filter::Call);
    }
    let literal = match strings::as_str(&repl) {
        Some(s) => !s.data().iter().any(|c| c == '\\' as u32),
        None => {
            if repl.ty().slots().get_buffer.is_some() {
                !buffer::to_vec(repl)?.contains(&b'\\')
            } else {
                false
            }
        }
    };
    if literal {
        return Ok(Filter::Literal(repl.to_ref()));
    }
    let t = results::compile_template(p, repl)?;
    if let Some(t) = t.cast::<Template>()
        && t.parts.is_empty()
    {
        return Ok(Filter::Literal(t.literal.get_ref()));
    }
    if t.is_a::<Template>() { Ok(Filter::Template(t)) } else { Ok(Filter::Literal(t)) }
}

/// Arguments: pattern, repl, string, count.
fn substitute(a: &[Value]) -> PyResult<(Ref, usize)> {
    let p = pattern_of(&a[0]);
    let count = if a[3].is_null() { 0 } else { int::to_isize(a[3])? };
    let how = filter(a[0], a[1])?;
    let held = Held::new(p, a[2])?;
    let len = held.len();
    let is_str = strings::is_str(a[2]);
    let mut runner = Runner::new(held.subject(), &p.code, p.groups, 0, len);
    let mut items: Vec<Ref> = Vec::new();
    let mut last = 0;
    let mut n = 0;
    while count == 0 || n < count {
        let Some((from, to)) = runner.run(Mode::Search) else { break };
        if last < from {
            items.push(held.slice(last, from));
        }
        let item = match &how {
            Filter::Literal(l) => l.clone(),
            Filter::Call => {
                let m = results::new_match(a[0], a[2], 0, len, runner.found());
                protocol::call(a[1], &[*m])?
            }
            Filter::Template(t) => {
                let m = results::new_match(a[0], a[2], 0, len, runner.found());
                results::expand_template(**t, m.cast::<Match>().expect("a match"))?
            }
        };
        if !item.is_none() {
            items.push(item);
        }
        n += 1;
        last = to;
        runner.advance();
    }
    if n == 0 {
        return Ok((held.slice(0, len), 0));
    }
    if last < len {
        items.push(held.slice(last, len));
    }
    let joined = if is_str {
        taipan_objects::str_find::join_refs(*strings::empty(), &items)?
    } else {
        let mut out = Vec::new();
        for (i, item) in items.iter().enumerate() {
            if item.ty().slots().get_buffer.is_none() {
                return err!(TypeError, "sequence item {i}: expected a bytes-like object, {} found", item.type_name());
            }
            out.extend(buffer::to_vec(**item)?);
        }
        bytes::from_vec(out)
    };
    Ok((joined, n as usize))
}

/// A search that is continued: `Pattern.scanner` and the iterator of `finditer`.
#[repr(C)]
pub struct Scanner {
    header: Header,
    pattern: Slot,
    string: Slot,
    start: Cell<usize>,
    end: usize,
    pos: usize,
    must_advance: Cell<bool>,
    done: Cell<bool>,
}
taipan_objects::object_impl!(
    Scanner,
    SCANNER_TYPE,
    |this, visit| {
        visit(this.pattern.get());
        visit(this.string.get());
    },
    |_this| ()
);
pub static SCANNER_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_sre.SRE_Scanner",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots::of::<Scanner>(),
    methods: &[
        MethodDef::new("match($self, /)", "", |a| step(a[0], Mode::Match)),
        MethodDef::new("search($self, /)", "", |a| step(a[0], Mode::Search)),
    ],
    members: &[MemberDef::ro("pattern", "", |v| {
        Ok(v.cast::<Scanner>().map_or(Ref::NONE, |s| s.pattern.get_ref()))
    })],
    ..TypeSpec::of::<Scanner>()
});

fn scanner(a: &[Value]) -> PyResult {
    let held = Held::new(pattern_of(&a[0]), a[1])?;
    let (start, end) = range(a[2], a[3], held.len())?;
    Ok(new_object(Scanner {
        header: Header::new(&SCANNER_TYPE),
        pattern: Slot::new(a[0].to_ref()),
        string: Slot::new(a[1].to_ref()),
        start: Cell::new(start),
        end,
        pos: start,
        must_advance: Cell::new(false),
        done: Cell::new(false),
    }))
}

fn step(v: Value, mode: Mode) -> PyResult {
    let Some(s) = v.cast::<Scanner>() else { return Ok(Ref::NONE) };
    if s.done.get() {
        return Ok(Ref::NONE);
    }
    let pattern = s.pattern.get();
    let p = pattern_of(&pattern);
    let held = Held::new(p, s.string.get())?;
    let end = s.end.min(held.len());
    let mut runner = Runner::new(held.subject(), &p.code, p.groups, s.start.get(), end);
    runner.must_advance = s.must_advance.get();
    match runner.run(mode) {
        Some(_) => {
            let m = results::new_match(s.pattern.get(), s.string.get(), s.pos, s.end, runner.found());
            runner.advance();
            s.must_advance.set(runner.must_advance);
            s.start.set(runner.start);
            Ok(m)
        }
        None => {
            s.done.set(true);
            Ok(Ref::NONE)
        }
    }
}

fn finditer(a: &[Value]) -> PyResult {
    let s = scanner(a)?;
    let search = protocol::getattr_str(*s, "search")?;
    Ok(taipan_objects::iterators::callable_iterator(*search, Value::NONE))
}
