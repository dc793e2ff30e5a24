//! What Python sees of dict. Views and iterators are in `dict_views.rs`.

use crate::dict::{self, PyDict, expect};
use crate::dict_views::{self, Part};
use crate::err::{PyResult, raise_with};
use crate::names::names;
use crate::native::MethodDef;
use crate::object::alloc;
use crate::strings::StrBuilder;
use crate::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Value};
use crate::{err, int, protocol, set, strings, tuple};

fn dict_new(ty: Type, _args: &[Value], _kwnames: Value) -> PyResult {
    Ok(alloc(ty, PyDict::new(ty)))
}

/// The work of `dict(…)` and `update(…)`: a mapping or pairs, then keywords.
fn update_from_call(d: Value, name: &str, args: &[Value], kwnames: Value) -> PyResult<()> {
    let kw = if kwnames.is_null() {
        &[][..]
    } else {
        tuple::as_slice(kwnames)
    };
    let npos = args.len() - kw.len();
    if npos > 1 {
        return err!(TypeError, "{name} expected at most 1 argument, got {npos}");
    }
    if npos == 1 {
        update_from(d, args[0])?;
    }
    for (k, v) in kw.iter().zip(&args[npos..]) {
        dict::set(d, *k, *v)?;
    }
    Ok(())
}

fn dict_init(d: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    update_from_call(d, "dict", args, kwnames)
}

/// `d.update(other)`: a dict, anything with `keys`, or pairs.
pub fn update_from(d: Value, other: Value) -> PyResult<()> {
    if other.is_exact::<PyDict>() {
        return merge(d, other, true);
    }
    if protocol::getattr_opt(other, names().keys)?.is_some() {
        return merge(d, other, true);
    }
    update_from_pairs(d, other)
}

/// Takes over the entries of a mapping; existing keys keep their values unless `overwrite`.
pub fn merge(d: Value, other: Value, overwrite: bool) -> PyResult<()> {
    let plain = other.is_exact::<PyDict>()
        || (dict::is_dict(other)
            && other.ty().slots().iter.map(|f| f as usize)
                == DICT_TYPE.slots().iter.map(|f| f as usize));
    if plain {
        let (dst, src) = (expect(d), expect(other));
        if std::ptr::eq(dst, src) || src.len() == 0 {
            return Ok(());
        }
        if dst.filled() == 0 && dst.len() == 0 {
            dict::copy_into(other, d);
            return Ok(());
        }
        let n = src.len();
        let mut pos = 0;
        while pos < src.filled() {
            let e = &src.entries()[pos];
            pos += 1;
            if e.key.is_null() {
                continue;
            }
            let (k, v, h) = (e.key.clone(), e.value.clone(), e.hash);
            match dst.find(*k, h)? {
                Some(i) if overwrite => dst.replace_at(i, v),
                Some(_) => {}
                None => dst.push(h, k, v),
            }
            if src.len() != n {
                return err!(RuntimeError, "dict mutated during update");
            }
        }
        return Ok(());
    }
    let keys = protocol::call_method(other, names().keys, &[])?;
    let it = protocol::iter(*keys)?;
    while let Some(k) = protocol::next(*it)? {
        if !overwrite && dict::contains(d, *k)? {
            continue;
        }
        let v = protocol::getitem(other, *k)?;
        dict::set_owned(d, k, v)?;
    }
    Ok(())
}

/// Adds a note to the pending exception.
fn add_note(text: String) {
    let exc = crate::vm::vm().take_pending();
    if protocol::call_method(*exc, names().add_note, &[*strings::new_str(&text)]).is_err() {
        drop(crate::vm::vm().take_pending());
    }
    crate::vm::vm().set_pending(exc);
}

fn update_from_pairs(d: Value, pairs: Value) -> PyResult<()> {
    let it = protocol::iter(pairs)?;
    let mut n = 0usize;
    while let Some(pair) = protocol::next(*it)? {
        let items;
        let pair_items: &[Value] = if tuple::is_tuple(*pair) && pair.is_exact::<tuple::PyTuple>() {
            tuple::as_slice(*pair)
        } else {
            if pair.ty().slots().iter.is_none() && pair.ty().slots().item.is_none() {
                let e = crate::raised!(TypeError, "object is not iterable");
                add_note(format!(
                    "Cannot convert dictionary update sequence element #{n} to a sequence"
                ));
                return Err(e);
            }
            items = protocol::to_vec(*pair)?;
            crate::value::values(&items)
        };
        if pair_items.len() != 2 {
            return err!(
                ValueError,
                "dictionary update sequence element #{n} has length {}; 2 is required",
                pair_items.len()
            );
        }
        let (k, v) = (pair_items[0].to_ref(), pair_items[1].to_ref());
        dict::set_owned(d, k, v)?;
        n += 1;
    }
    Ok(())
}

fn dict_repr(v: Value) -> PyResult {
    let this = expect(v);
    if this.len() == 0 {
        return Ok(strings::new_str("{}"));
    }
    if !protocol::repr_enter(v) {
        return Ok(strings::new_str("{...}"));
    }
    let mut out = StrBuilder::new();
    out.push_str("{");
    let mut body = || -> PyResult<()> {
        let mut pos = 0;
        let mut first = true;
        while let Some((k, v)) = this.next_entry(&mut pos) {
            let (k, v) = (k.to_ref(), v.to_ref());
            if !first {
                out.push_str(", ");
            }
            first = false;
            out.push_pystr(strings::expect(*protocol::repr(*k)?));
            out.push_str(": ");
            out.push_pystr(strings::expect(*protocol::repr(*v)?));
        }
        Ok(())
    };
    let r = body();
    protocol::repr_leave(v);
    r?;
    out.push_str("}");
    Ok(out.finish())
}

fn dict_length(v: Value) -> PyResult<usize> {
    Ok(expect(v).len())
}

/// `d[key]`, with `__missing__` for subclasses.
pub fn dict_subscript(d: Value, key: Value) -> PyResult {
    let v = dict::get(d, key)?;
    if !v.is_null() {
        return Ok(v.to_ref());
    }
    if !d.is_exact::<PyDict>()
        && let Some(r) = protocol::call_special(d, names().__missing__, &[key])?
    {
        return Ok(r);
    }
    Err(raise_with(&crate::exceptions::KeyError, &[key]))
}

fn dict_ass_subscript(d: Value, key: Value, value: Value) -> PyResult<()> {
    if value.is_null() {
        if !dict::delete(d, key)? {
            return Err(raise_with(&crate::exceptions::KeyError, &[key]));
        }
        return Ok(());
    }
    dict::set(d, key, value)
}

fn equal(a: Value, b: Value) -> PyResult<bool> {
    let (x, y) = (expect(a), expect(b));
    if x.len() != y.len() {
        return Ok(false);
    }
    let mut pos = 0;
    while pos < x.filled() {
        let e = &x.entries()[pos];
        pos += 1;
        if e.key.is_null() {
            continue;
        }
        let (k, v, h) = (e.key.clone(), e.value.clone(), e.hash);
        let other = match y.find(*k, h)? {
            Some(i) => y.entries()[i].value.clone(),
            None => return Ok(false),
        };
        if !protocol::eq(*v, *other)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn dict_richcompare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if !dict::is_dict(a) || !dict::is_dict(b) || !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    Ok(Ref::bool(equal(a, b)? == (op == CompareOp::Eq)))
}

fn dict_or(a: Value, b: Value) -> PyResult {
    if !dict::is_dict(a) || !dict::is_dict(b) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let r = dict::copy(a);
    update_from(*r, b)?;
    Ok(r)
}

fn dict_inplace_or(a: Value, b: Value) -> PyResult {
    update_from(a, b)?;
    Ok(a.to_ref())
}

// ---------------------------------------------------------------- methods

fn m_get(args: &[Value]) -> PyResult {
    let v = dict::get(args[0], args[1])?;
    Ok(v.or(args[2].or(Value::NONE)).to_ref())
}
fn m_setdefault(args: &[Value]) -> PyResult {
    dict::setdefault(args[0], args[1], args[2].or(Value::NONE))
}
fn m_pop(args: &[Value]) -> PyResult {
    let this = expect(args[0]);
    if this.len() > 0
        && let Some(v) = dict::pop(args[0], args[1])?.some()
    {
        return Ok(v);
    }
    match args[2].some() {
        Some(default) => Ok(default.to_ref()),
        None => Err(raise_with(&crate::exceptions::KeyError, &[args[1]])),
    }
}
fn m_popitem(args: &[Value]) -> PyResult {
    match dict::popitem(args[0]) {
        Some((k, v)) => Ok(tuple::of([k, v])),
        None => err!(KeyError, "popitem(): dictionary is empty"),
    }
}
fn m_clear(args: &[Value]) -> PyResult {
    dict::clear(args[0]);
    Ok(Ref::NONE)
}
fn m_copy(args: &[Value]) -> PyResult {
    Ok(dict::copy(args[0]))
}
fn m_update(args: &[Value], kwnames: Value) -> PyResult {
    update_from_call(args[0], "update", &args[1..], kwnames)?;
    Ok(Ref::NONE)
}
fn m_keys(args: &[Value]) -> PyResult {
    Ok(dict_views::new_view(args[0], Part::Keys))
}
fn m_values(args: &[Value]) -> PyResult {
    Ok(dict_views::new_view(args[0], Part::Values))
}
fn m_items(args: &[Value]) -> PyResult {
    Ok(dict_views::new_view(args[0], Part::Items))
}
fn m_contains(args: &[Value]) -> PyResult {
    Ok(Ref::bool(dict::contains(args[0], args[1])?))
}
fn m_getitem(args: &[Value]) -> PyResult {
    dict_subscript(args[0], args[1])
}
fn m_reversed(args: &[Value]) -> PyResult {
    Ok(dict_views::new_reverse_iterator(args[0], Part::Keys))
}
fn m_sizeof(args: &[Value]) -> PyResult {
    Ok(int::from_usize(
        args[0].ty().basicsize() + expect(args[0]).extra_size(),
    ))
}

fn m_fromkeys(args: &[Value]) -> PyResult {
    let value = args[2].or(Value::NONE);
    let d = protocol::call(args[0], &[])?;
    if d.is_exact::<PyDict>() {
        if set::is_any_set(args[1]) {
            let mut pos = 0;
            while let Some((k, h)) = set::expect(args[1]).next_entry(&mut pos) {
                let k = k.to_ref();
                dict::set_with_hash(*d, *k, h, value)?;
            }
        } else {
            protocol::for_each(args[1], |k| dict::set_owned(*d, k, value.to_ref()))?;
        }
        return Ok(d);
    }
    protocol::for_each(args[1], |k| protocol::setitem(*d, *k, value))?;
    Ok(d)
}

pub static DICT_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "dict",
    doc: "dict() -> new empty dictionary\ndict(mapping) -> new dictionary with the mapping's (key, value) pairs\ndict(iterable) -> new dictionary with the pairs of the iterable\ndict(**kwargs) -> new dictionary with the name=value pairs of the keywords",
    flags: TypeFlags::BASETYPE
        | TypeFlags::HAVE_GC
        | TypeFlags::DICT_SUBCLASS
        | TypeFlags::MATCH_SELF
        | TypeFlags::MAPPING,
    slots: Slots {
        new: Some(dict_new),
        init: Some(dict_init),
        repr: Some(dict_repr),
        hash: Some(protocol::hash_not_implemented),
        richcompare: Some(dict_richcompare),
        iter: Some(|v| Ok(dict_views::new_iterator(v, Part::Keys))),
        or: Some(dict_or),
        inplace_or: Some(dict_inplace_or),
        contains: Some(dict::contains),
        map_length: Some(dict_length),
        subscript: Some(dict_subscript),
        ass_subscript: Some(dict_ass_subscript),
        ..Slots::of::<PyDict>()
    },
    methods: &[
        MethodDef::new(
            "__contains__($self, key, /)",
            "True if the dictionary has the specified key, else False.",
            m_contains,
        ),
        MethodDef::new("__getitem__($self, key, /)", "Return self[key].", m_getitem),
        MethodDef::new(
            "__reversed__($self, /)",
            "Return a reverse iterator over the dict keys.",
            m_reversed,
        ),
        MethodDef::new(
            "__sizeof__($self, /)",
            "Return the size of the dict in memory.",
            m_sizeof,
        ),
        MethodDef::new(
            "clear($self, /)",
            "Remove all items from the dict.",
            m_clear,
        ),
        MethodDef::new(
            "copy($self, /)",
            "Return a shallow copy of the dict.",
            m_copy,
        ),
        MethodDef::new(
            "fromkeys($type, iterable, value=None, /)",
            "A new dictionary with keys from iterable, all with the same value.",
            m_fromkeys,
        )
        .class(),
        MethodDef::new(
            "get($self, key, default=None, /)",
            "The value for key if it is in the dictionary, else default.",
            m_get,
        ),
        MethodDef::new(
            "items($self, /)",
            "Return a set-like object providing a view on the dict's items.",
            m_items,
        ),
        MethodDef::new(
            "keys($self, /)",
            "Return a set-like object providing a view on the dict's keys.",
            m_keys,
        ),
        MethodDef::new(
            "pop($self, key, default=<unrepresentable>, /)",
            "Remove a key and return its value, or default if it is missing; KeyError without one.",
            m_pop,
        ),
        MethodDef::new(
            "popitem($self, /)",
            "Remove and return the newest (key, value) pair; KeyError if there is none.",
            m_popitem,
        ),
        MethodDef::new(
            "setdefault($self, key, default=None, /)",
            "Insert key with default unless it is there; its value.",
            m_setdefault,
        ),
        MethodDef::raw(
            "update",
            "Take over the entries of a mapping or of (key, value) pairs, then those given by keywords.",
            m_update,
        ),
        MethodDef::new(
            "values($self, /)",
            "Return an object providing a view on the dict's values.",
            m_values,
        ),
        MethodDef::new(
            "__class_getitem__($type, object, /)",
            "See PEP 585",
            crate::generic_alias::class_getitem,
        )
        .class(),
    ],
    ..TypeSpec::of::<PyDict>()
});
