//! Match and template objects.

use super::drive::Found;
use super::pattern::{Held, pattern_of};
use taipan_objects::err::PyResult;
use taipan_objects::native::{MemberDef, MethodDef};
use taipan_objects::object::{Header, new_object};
use taipan_objects::strings::{self, StrBuilder, expect};
use taipan_objects::typeobject::{Slots, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{buffer, bytes, dict, err, int, list, protocol, tuple};

/// The result of a successful match.
#[repr(C)]
pub struct Match {
    header: Header,
    pattern: Slot,
    string: Slot,
    pos: usize,
    endpos: usize,
    found: Found,
}
taipan_objects::object_impl!(
    Match,
    MATCH_TYPE,
    |this, visit| {
        visit(this.pattern.get());
        visit(this.string.get());
    },
    |_this| ()
);

pub static MATCH_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "re.Match",
    doc: "The result of re.match() and re.search().\nMatch objects always have a boolean value of True.",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots { repr: Some(repr), subscript: Some(|v, key| group_text(this(&v), key, Value::NONE)), ..Slots::of::<Match>() },
    methods: &[
        MethodDef::new("group($self, /, *args)", "Groups by number or name.", group),
        MethodDef::new("start($self, group=0, /)", "Where a group starts.", |a| {
            Ok(int::from_i64(span_of(a)?.0 as i64))
        }),
        MethodDef::new("end($self, group=0, /)", "Where a group ends.", |a| Ok(int::from_i64(span_of(a)?.1 as i64))),
        MethodDef::new("span($self, group=0, /)", "Where a group starts and ends.", |a| {
            let (s, e) = span_of(a)?;
            Ok(pair(s, e))
        }),
        MethodDef::new("groups($self, /, default=None)", "All groups, as a tuple.", groups),
        MethodDef::new("groupdict($self, /, default=None)", "All named groups, as a dict.", groupdict),
        MethodDef::new("expand($self, /, template)", "A template with its references filled.", |a| {
            let t = compile_template(this(&a[0]).pattern.get(), a[1])?;
            if t.is_a::<Template>() { expand_template(*t, this(&a[0])) } else { Ok(t) }
        }),
        MethodDef::new("__copy__($self, /)", "", |a| Ok(a[0].to_ref())),
        MethodDef::new("__deepcopy__($self, memo, /)", "", |a| Ok(a[0].to_ref())),
        MethodDef::new("__class_getitem__($type, object, /)", "", |a| taipan_objects::generic_alias::new_alias(a[0], a[1]))
            .class(),
    ],
    members: &[
        MemberDef::ro("string", "The string.", |v| Ok(this(&v).string.get_ref())),
        MemberDef::ro("re", "The pattern.", |v| Ok(this(&v).pattern.get_ref())),
        MemberDef::ro("pos", "Where the search began.", |v| Ok(int::from_usize(this(&v).pos))),
        MemberDef::ro("endpos", "Where the search had to end.", |v| Ok(int::from_usize(this(&v).endpos))),
        MemberDef::ro("lastindex", "Number of the last group.", |v| {
            let i = this(&v).found.last_index;
            Ok(if i >= 0 { int::from_i64(i as i64) } else { Ref::NONE })
        }),
        MemberDef::ro("lastgroup", "Name of the last group.", |v| {
            let m = this(&v);
            let p = m.pattern.get();
            let names = pattern_of(&p).indexgroup.get();
            let i = m.found.last_index;
            Ok(if i >= 0 {
                tuple::as_slice(names).get(i as usize).map_or(Ref::NONE, |n| n.to_ref())
            } else {
                Ref::NONE
            })
        }),
        MemberDef::ro("regs", "All spans.", |v| {
            let m = this(&v);
            Ok(tuple::from_refs(m.found.marks.chunks(2).map(|c| pair(c[0], c[1])).collect()))
        }),
    ],
    ..TypeSpec::of::<Match>()
});

fn this(v: &Value) -> &Match {
    // SAFETY: called with matches only.
    unsafe { v.cast_unchecked::<Match>() }
}

fn pair(a: isize, b: isize) -> Ref {
    tuple::of([int::from_i64(a as i64), int::from_i64(b as i64)])
}

pub fn new_match(pattern: Value, string: Value, pos: usize, endpos: usize, found: Found) -> Ref {
    new_object(Match {
        header: Header::new(&MATCH_TYPE),
        pattern: Slot::new(pattern.to_ref()),
        string: Slot::new(string.to_ref()),
        pos,
        endpos,
        found,
    })
}

impl Match {
    fn groups(&self) -> usize {
        self.found.marks.len() / 2 - 1
    }
    fn span(&self, i: usize) -> (isize, isize) {
        (self.found.marks[2 * i], self.found.marks[2 * i + 1])
    }
    /// Text of group `i`, `default` if it took no part.
    fn text(&self, i: usize, default: Value) -> PyResult {
        let (a, b) = self.span(i);
        if a < 0 || b < 0 {
            return Ok(default.to_ref());
        }
        let p = self.pattern.get();
        let held = Held::new(pattern_of(&p), self.string.get())?;
        let n = held.len();
        Ok(held.slice((a as usize).min(n), (b as usize).min(n)))
    }
    fn index(&self, key: Value) -> PyResult<usize> {
        let mut i = None;
        if let Some(n) = key.as_small_int() {
            i = Some(n);
        } else if key.ty().slots().index.is_some() {
            i = Some(int::to_i64(key)?);
        } else {
            let p = self.pattern.get();
            let found = match dict::get(pattern_of(&p).groupindex.get(), key) {
                Ok(v) => v,
                Err(e) => {
                    if !taipan_objects::err::clear_if(&taipan_objects::exceptions::TypeError) {
                        return Err(e);
                    }
                    Value::NULL
                }
            };
            if !found.is_null() {
                i = found.as_small_int();
            }
        }
        match i {
            Some(i) if i >= 0 && i as usize <= self.groups() => Ok(i as usize),
            _ => err!(IndexError, "no such group"),
        }
    }
}

fn group_text(m: &Match, key: Value, default: Value) -> PyResult {
    m.text(m.index(key)?, default)
}
fn span_of(a: &[Value]) -> PyResult<(isize, isize)> {
    let m = this(&a[0]);
    let i = if a[1].is_null() { 0 } else { m.index(a[1])? };
    Ok(m.span(i))
}
fn group(a: &[Value]) -> PyResult {
    let m = this(&a[0]);
    let keys = tuple::as_slice(a[1]);
    match keys {
        [] => m.text(0, Value::NONE),
        [one] => group_text(m, *one, Value::NONE),
        _ => {
            let mut out = Vec::with_capacity(keys.len());
            for k in keys {
                out.push(group_text(m, *k, Value::NONE)?);
            }
            Ok(tuple::from_refs(out))
        }
    }
}
fn groups(a: &[Value]) -> PyResult {
    let m = this(&a[0]);
    let default = a[1].or(Value::NONE);
    let mut out = Vec::with_capacity(m.groups());
    for i in 1..=m.groups() {
        out.push(m.text(i, default)?);
    }
    Ok(tuple::from_refs(out))
}
fn groupdict(a: &[Value]) -> PyResult {
    let m = this(&a[0]);
    let default = a[1].or(Value::NONE);
    let p = m.pattern.get();
    let out = dict::new_dict();
    for (name, i) in dict::items(pattern_of(&p).groupindex.get()) {
        let v = m.text(int::to_i64(*i)? as usize, default)?;
        dict::set(*out, *name, *v)?;
    }
    Ok(out)
}
fn repr(v: Value) -> PyResult {
    let m = this(&v);
    let (a, b) = m.span(0);
    let text = protocol::repr(*m.text(0, Value::NONE)?)?;
    let t = expect(*text);
    let shown = strings::substring(t, 0, t.len().min(50));
    let mut out = StrBuilder::new();
    out.push_str(&format!("<{} object; span=({a}, {b}), match=", v.ty().full_name()));
    out.push_pystr(expect(*shown));
    out.push_str(">");
    Ok(out.finish())
}

/// A replacement with references to groups.
#[repr(C)]
pub struct Template {
    header: Header,
    /// Text before the first reference.
    pub literal: Slot,
    /// Group numbers, each with the text that follows (NULL if none).
    pub parts: Vec<(usize, Ref)>,
}
taipan_objects::object_impl!(Template, TEMPLATE_TYPE);
pub static TEMPLATE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_sre.SRE_Template",
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots::of::<Template>(),
    ..TypeSpec::of::<Template>()
});

/// `_sre.template(pattern, [literal, group, literal, group, …])`.
pub fn template(a: &[Value]) -> PyResult {
    let invalid = || err!(TypeError, "invalid template");
    if !list::is_list(a[1]) {
        return err!(TypeError, "template() argument 2 must be list, not {}", a[1].type_name());
    }
    let items = list::expect(a[1]).items();
    if items.is_empty() || items.len() % 2 == 0 {
        return invalid();
    }
    let mut parts = Vec::new();
    for c in items[1..].chunks(2) {
        let i = int::to_i64(*c[0])?;
        if i < 0 {
            return invalid();
        }
        parts.push((i as usize, c[1].clone()));
    }
    Ok(new_object(Template { header: Header::new(&TEMPLATE_TYPE), literal: Slot::new(items[0].clone()), parts }))
}

/// `re._compile_template(pattern, repl)`.
pub fn compile_template(pattern: Value, repl: Value) -> PyResult {
    let re = (taipan_objects::vm::hooks().import)("re")?;
    protocol::call_method_str(*re, "_compile_template", &[pattern, repl])
}

pub fn expand_template(t: Value, m: &Match) -> PyResult {
    let Some(t) = t.cast::<Template>() else { return err!(TypeError, "invalid template") };
    let mut items = vec![t.literal.get_ref()];
    for (i, text) in &t.parts {
        if *i > m.groups() {
            return err!(IndexError, "no such group");
        }
        let g = m.text(*i, Value::NONE)?;
        if !g.is_none() {
            items.push(g);
        }
        items.push(text.clone());
    }
    if strings::is_str(t.literal.get()) {
        return taipan_objects::str_find::join_refs(*strings::empty(), &items);
    }
    let mut out = Vec::new();
    for item in &items {
        out.extend(buffer::to_vec(**item)?);
    }
    Ok(bytes::from_vec(out))
}
