//! What Python sees of set and frozenset, and their iterator.

use crate::dict;
use crate::err::PyResult;
use crate::iterators::{builtin, self_iter};
use crate::native::{MethodDef, Signature};
use crate::object::{Header, new_object};
use crate::set::{self, PySet, add, expect, is_any_set, new_of_type};
use crate::strings::StrBuilder;
use crate::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Slot, Value};
use crate::{err, int, list, protocol, strings, tuple};
use std::cell::Cell;

fn is_frozen(v: Value) -> bool {
    v.ty().is_subtype(&FROZENSET_TYPE)
}

/// set or frozenset: what results of methods are made of.
fn base_type(v: Value) -> Type {
    if is_frozen(v) {
        &FROZENSET_TYPE
    } else {
        &SET_TYPE
    }
}

fn copy_of(v: Value) -> PyResult {
    let r = new_of_type(base_type(v));
    expect(*r).merge(expect(v))?;
    Ok(r)
}

fn set_new(ty: Type, _args: &[Value], _kwnames: Value) -> PyResult {
    Ok(new_of_type(ty))
}

fn set_init(this: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    static S: Signature = Signature::new("set(iterable=(), /)");
    if !kwnames.is_null() && !tuple::as_slice(kwnames).is_empty() {
        return err!(TypeError, "set() takes no keyword arguments");
    }
    S.bind(args, Value::NULL, |a| {
        expect(this).clear();
        match a[0].some() {
            Some(iterable) => set::update(this, iterable),
            None => Ok(()),
        }
    })
}

fn frozenset_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("frozenset(iterable=(), /)");
    let mut args = args;
    if !kwnames.is_null() && !tuple::as_slice(kwnames).is_empty() {
        let own_init =
            ty.slots().init.map(|f| f as usize) != FROZENSET_TYPE.slots().init.map(|f| f as usize);
        if ty.is(&FROZENSET_TYPE) || !own_init {
            return err!(TypeError, "frozenset() takes no keyword arguments");
        }
        args = &args[..args.len() - tuple::as_slice(kwnames).len()];
    }
    S.bind(args, Value::NULL, |a| {
        if ty.is(&FROZENSET_TYPE)
            && !a[0].is_null()
            && a[0].is_heap()
            && a[0].ty().is(&FROZENSET_TYPE)
        {
            return Ok(a[0].to_ref());
        }
        set::from_iterable(ty, a[0])
    })
}

fn set_repr(v: Value) -> PyResult {
    let this = expect(v);
    let name = v.ty().name();
    if this.len() == 0 {
        return Ok(strings::new_str(&format!("{name}()")));
    }
    if !protocol::repr_enter(v) {
        return Ok(strings::new_str(&format!("{name}(...)")));
    }
    let keys = this.keys();
    let mut out = StrBuilder::new();
    let plain = v.ty().is(&SET_TYPE);
    if !plain {
        out.push_str(name);
        out.push_str("(");
    }
    out.push_str("{");
    let r = crate::list_methods::repr_items(&mut out, |i| keys.get(i).cloned());
    protocol::repr_leave(v);
    r?;
    out.push_str(if plain { "}" } else { "})" });
    Ok(out.finish())
}

fn frozenset_hash(v: Value) -> PyResult<i64> {
    let this = expect(v);
    if this.hash.get() == -1 {
        this.hash.set(set::content_hash(this));
    }
    Ok(this.hash.get())
}

/// Hash and key for a look-up: a set that is not hashable stands for the frozenset of its items.
fn lookup_key(key: Value) -> PyResult<(Ref, i64)> {
    match set::element_hash(key) {
        Ok(h) => Ok((key.to_ref(), h)),
        Err(e) => {
            if is_any_set(key)
                && !is_frozen(key)
                && crate::err::clear_if(&crate::exceptions::TypeError)
            {
                let frozen = set::from_iterable(&FROZENSET_TYPE, key)?;
                let h = frozenset_hash(*frozen)?;
                return Ok((frozen, h));
            }
            Err(e)
        }
    }
}

fn set_contains(v: Value, key: Value) -> PyResult<bool> {
    let (k, h) = lookup_key(key)?;
    expect(v).contains_hash(*k, h)
}

fn set_length(v: Value) -> PyResult<usize> {
    Ok(expect(v).len())
}

/// Calls `f` with the keys and hashes of a set as it goes on changing.
fn each(s: &PySet, mut f: impl FnMut(Value, i64) -> PyResult<bool>) -> PyResult<bool> {
    let mut pos = 0;
    while let Some((k, h)) = s.next_entry(&mut pos) {
        let k = k.to_ref();
        if !f(*k, h)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn subset(a: Value, b: Value) -> PyResult<bool> {
    let (x, y) = (expect(a), expect(b));
    if x.len() > y.len() {
        return Ok(false);
    }
    each(x, |k, h| y.contains_hash(k, h))
}

fn set_richcompare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if !is_any_set(a) || !is_any_set(b) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let (x, y) = (expect(a), expect(b));
    let equal = || -> PyResult<bool> {
        if x.len() != y.len() {
            return Ok(false);
        }
        if x.hash.get() != -1 && y.hash.get() != -1 && x.hash.get() != y.hash.get() {
            return Ok(false);
        }
        subset(a, b)
    };
    Ok(Ref::bool(match op {
        CompareOp::Eq => equal()?,
        CompareOp::Ne => !equal()?,
        CompareOp::Le => subset(a, b)?,
        CompareOp::Ge => subset(b, a)?,
        CompareOp::Lt => x.len() < y.len() && subset(a, b)?,
        CompareOp::Gt => x.len() > y.len() && subset(b, a)?,
    }))
}

fn intersection_of(a: Value, other: Value) -> PyResult {
    if a.is(other) {
        return copy_of(a);
    }
    let result = new_of_type(base_type(a));
    let out = expect(*result);
    if is_any_set(other) {
        let (mut x, mut y) = (expect(a), expect(other));
        if y.len() > x.len() {
            std::mem::swap(&mut x, &mut y);
        }
        each(y, |k, h| {
            if x.contains_hash(k, h)? {
                out.add_hash(k, h)?;
            }
            Ok(true)
        })?;
        return Ok(result);
    }
    let this = expect(a);
    protocol::for_each(other, |k| {
        let h = dict::key_hash(*k)?;
        if this.contains_hash(*k, h)? {
            out.add_hash(*k, h)?;
        }
        Ok(())
    })?;
    Ok(result)
}

fn difference_update_one(a: Value, other: Value) -> PyResult<()> {
    let this = expect(a);
    if a.is(other) {
        this.clear();
        return Ok(());
    }
    if is_any_set(other) {
        let mut other = other.to_ref();
        if expect(*other).len() >> 3 > this.len() {
            other = intersection_of(*other, a)?;
        }
        each(expect(*other), |k, h| {
            this.discard_hash(k, h)?;
            Ok(true)
        })?;
    } else {
        protocol::for_each(other, |k| {
            let h = set::element_hash(*k)?;
            this.discard_hash(*k, h)?;
            Ok(())
        })?;
    }
    this.shrink_if_sparse();
    Ok(())
}

fn difference_of(a: Value, other: Value) -> PyResult {
    let this = expect(a);
    let is_dict = other.is_exact::<dict::PyDict>();
    let n = if is_any_set(other) {
        expect(other).len()
    } else if is_dict {
        dict::expect(other).len()
    } else {
        usize::MAX
    };
    if n == usize::MAX || this.len() >> 2 > n {
        let r = copy_of(a)?;
        difference_update_one(*r, other)?;
        return Ok(r);
    }
    let result = new_of_type(base_type(a));
    let out = expect(*result);
    each(this, |k, h| {
        let there = if is_dict {
            dict::expect(other).find(k, h)?.is_some()
        } else {
            expect(other).contains_hash(k, h)?
        };
        if !there {
            out.add_hash(k, h)?;
        }
        Ok(true)
    })?;
    Ok(result)
}

fn symmetric_difference_update_one(a: Value, other: Value) -> PyResult<()> {
    let this = expect(a);
    if a.is(other) {
        this.clear();
        return Ok(());
    }
    let toggle = |k: Value, h: i64| -> PyResult<bool> {
        if !this.discard_hash(k, h)? {
            this.add_hash(k, h)?;
        }
        Ok(true)
    };
    if other.is_exact::<dict::PyDict>() {
        let mut pos = 0;
        while let Some(e) = dict::expect(other).entries().get(pos) {
            pos += 1;
            if !e.key.is_null() {
                let (k, h) = (e.key.clone(), e.hash);
                toggle(*k, h)?;
            }
        }
        return Ok(());
    }
    let other = if is_any_set(other) {
        other.to_ref()
    } else {
        set::from_iterable(base_type(a), other)?
    };
    each(expect(*other), toggle)?;
    Ok(())
}

fn both_sets(a: Value, b: Value) -> bool {
    is_any_set(a) && is_any_set(b)
}

fn set_or(a: Value, b: Value) -> PyResult {
    if !both_sets(a, b) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let r = copy_of(a)?;
    set::update(*r, b)?;
    Ok(r)
}
fn set_and(a: Value, b: Value) -> PyResult {
    if !both_sets(a, b) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    intersection_of(a, b)
}
fn set_subtract(a: Value, b: Value) -> PyResult {
    if !both_sets(a, b) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    difference_of(a, b)
}
fn set_xor(a: Value, b: Value) -> PyResult {
    if !both_sets(a, b) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let r = set::from_iterable(base_type(a), b)?;
    symmetric_difference_update_one(*r, a)?;
    Ok(r)
}
fn set_inplace_or(a: Value, b: Value) -> PyResult {
    if !is_any_set(b) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    set::update(a, b)?;
    Ok(a.to_ref())
}
fn set_inplace_and(a: Value, b: Value) -> PyResult {
    if !is_any_set(b) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let r = intersection_of(a, b)?;
    expect(a).swap(expect(*r));
    Ok(a.to_ref())
}
fn set_inplace_subtract(a: Value, b: Value) -> PyResult {
    if !is_any_set(b) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    difference_update_one(a, b)?;
    Ok(a.to_ref())
}
fn set_inplace_xor(a: Value, b: Value) -> PyResult {
    if !is_any_set(b) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    symmetric_difference_update_one(a, b)?;
    Ok(a.to_ref())
}

// ---------------------------------------------------------------- methods

fn m_add(args: &[Value]) -> PyResult {
    add(args[0], args[1])?;
    Ok(Ref::NONE)
}
fn m_discard(args: &[Value]) -> PyResult {
    let (k, h) = lookup_key(args[1])?;
    expect(args[0]).discard_hash(*k, h)?;
    Ok(Ref::NONE)
}
fn m_remove(args: &[Value]) -> PyResult {
    let (k, h) = lookup_key(args[1])?;
    if !expect(args[0]).discard_hash(*k, h)? {
        return Err(crate::err::raise_with(
            &crate::exceptions::KeyError,
            &[args[1]],
        ));
    }
    Ok(Ref::NONE)
}
fn m_pop(args: &[Value]) -> PyResult {
    match expect(args[0]).pop().some() {
        Some(k) => Ok(k),
        None => err!(KeyError, "pop from an empty set"),
    }
}
fn m_clear(args: &[Value]) -> PyResult {
    expect(args[0]).clear();
    Ok(Ref::NONE)
}
fn m_copy(args: &[Value]) -> PyResult {
    if args[0].ty().is(&FROZENSET_TYPE) {
        return Ok(args[0].to_ref());
    }
    copy_like(args[0])
}
fn copy_like(v: Value) -> PyResult {
    let ty = v.ty();
    let r = if ty.is(&SET_TYPE) || ty.is(&FROZENSET_TYPE) {
        new_of_type(ty)
    } else {
        new_of_type(base_type(v))
    };
    expect(*r).merge(expect(v))?;
    Ok(r)
}
fn m_update(args: &[Value]) -> PyResult {
    for other in tuple::as_slice(args[1]) {
        set::update(args[0], *other)?;
    }
    Ok(Ref::NONE)
}
fn m_union(args: &[Value]) -> PyResult {
    let r = copy_of(args[0])?;
    for other in tuple::as_slice(args[1]) {
        if !other.is(args[0]) {
            set::update(*r, *other)?;
        }
    }
    Ok(r)
}
fn m_intersection(args: &[Value]) -> PyResult {
    let others = tuple::as_slice(args[1]);
    if others.is_empty() {
        return copy_of(args[0]);
    }
    let mut r = args[0].to_ref();
    for other in others {
        r = intersection_of(*r, *other)?;
    }
    Ok(r)
}
fn m_intersection_update(args: &[Value]) -> PyResult {
    let r = m_intersection(args)?;
    expect(args[0]).swap(expect(*r));
    Ok(Ref::NONE)
}
fn m_difference(args: &[Value]) -> PyResult {
    let others = tuple::as_slice(args[1]);
    if others.is_empty() {
        return copy_of(args[0]);
    }
    let r = difference_of(args[0], others[0])?;
    for other in &others[1..] {
        difference_update_one(*r, *other)?;
    }
    Ok(r)
}
fn m_difference_update(args: &[Value]) -> PyResult {
    for other in tuple::as_slice(args[1]) {
        difference_update_one(args[0], *other)?;
    }
    Ok(Ref::NONE)
}
fn m_symmetric_difference(args: &[Value]) -> PyResult {
    let r = set::from_iterable(base_type(args[0]), args[1])?;
    symmetric_difference_update_one(*r, args[0])?;
    Ok(r)
}
fn m_symmetric_difference_update(args: &[Value]) -> PyResult {
    symmetric_difference_update_one(args[0], args[1])?;
    Ok(Ref::NONE)
}
fn m_isdisjoint(args: &[Value]) -> PyResult {
    let this = expect(args[0]);
    let other = args[1];
    if args[0].is(other) {
        return Ok(Ref::bool(this.len() == 0));
    }
    if is_any_set(other) {
        let (mut x, mut y) = (this, expect(other));
        if y.len() > x.len() {
            std::mem::swap(&mut x, &mut y);
        }
        return Ok(Ref::bool(each(y, |k, h| Ok(!x.contains_hash(k, h)?))?));
    }
    let it = protocol::iter(other)?;
    while let Some(k) = protocol::next(*it)? {
        let h = set::element_hash(*k)?;
        if this.contains_hash(*k, h)? {
            return Ok(Ref::bool(false));
        }
    }
    Ok(Ref::bool(true))
}
fn m_issubset(args: &[Value]) -> PyResult {
    if is_any_set(args[1]) {
        return Ok(Ref::bool(subset(args[0], args[1])?));
    }
    let common = intersection_of(args[0], args[1])?;
    Ok(Ref::bool(expect(*common).len() == expect(args[0]).len()))
}
fn m_issuperset(args: &[Value]) -> PyResult {
    if is_any_set(args[1]) {
        return Ok(Ref::bool(subset(args[1], args[0])?));
    }
    let it = protocol::iter(args[1])?;
    while let Some(k) = protocol::next(*it)? {
        let h = set::element_hash(*k)?;
        if !expect(args[0]).contains_hash(*k, h)? {
            return Ok(Ref::bool(false));
        }
    }
    Ok(Ref::bool(true))
}
fn m_reduce(args: &[Value]) -> PyResult {
    let items = list::new_list(expect(args[0]).keys());
    let state = protocol::call_method(args[0], crate::names::names().__getstate__, &[])?;
    Ok(tuple::of([
        args[0].ty().to_ref(),
        tuple::of([items]),
        state,
    ]))
}
fn m_sizeof(args: &[Value]) -> PyResult {
    Ok(int::from_usize(
        args[0].ty().basicsize() + expect(args[0]).extra_size(),
    ))
}
fn m_contains(args: &[Value]) -> PyResult {
    Ok(Ref::bool(set_contains(args[0], args[1])?))
}

const NEW_SLOTS: Slots = Slots {
    repr: Some(set_repr),
    richcompare: Some(set_richcompare),
    iter: Some(|v| Ok(set_iterator(v))),
    length: Some(set_length),
    contains: Some(set_contains),
    or: Some(set_or),
    and: Some(set_and),
    subtract: Some(set_subtract),
    xor: Some(set_xor),
    ..Slots::of::<PySet>()
};

pub static SET_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "set",
    doc: "Unordered collection of distinct hashable objects.",
    flags: TypeFlags::BASETYPE
        | TypeFlags::HAVE_GC
        | TypeFlags::WEAKREFABLE
        | TypeFlags::MATCH_SELF,
    text_signature: "(iterable=(), /)",
    slots: Slots {
        new: Some(set_new),
        init: Some(set_init),
        hash: Some(protocol::hash_not_implemented),
        inplace_or: Some(set_inplace_or),
        inplace_and: Some(set_inplace_and),
        inplace_subtract: Some(set_inplace_subtract),
        inplace_xor: Some(set_inplace_xor),
        ..NEW_SLOTS
    },
    methods: &[
        MethodDef::new("add($self, object, /)", "Add an element to a set.", m_add),
        MethodDef::new(
            "clear($self, /)",
            "Remove all elements from this set.",
            m_clear,
        ),
        MethodDef::new(
            "__contains__($self, object, /)",
            "x.__contains__(y) <==> y in x.",
            m_contains,
        ),
        MethodDef::new("copy($self, /)", "Return a shallow copy of a set.", m_copy),
        MethodDef::new(
            "discard($self, object, /)",
            "Remove an element if it is a member.",
            m_discard,
        ),
        MethodDef::new(
            "difference($self, /, *others)",
            "The elements of this set that are in none of the others.",
            m_difference,
        ),
        MethodDef::new(
            "difference_update($self, /, *others)",
            "Remove the elements of all others.",
            m_difference_update,
        ),
        MethodDef::new(
            "intersection($self, /, *others)",
            "The elements common to this set and all others.",
            m_intersection,
        ),
        MethodDef::new(
            "intersection_update($self, /, *others)",
            "Keep only elements that are in all others.",
            m_intersection_update,
        ),
        MethodDef::new(
            "isdisjoint($self, other, /)",
            "Whether the two sets have no element in common.",
            m_isdisjoint,
        ),
        MethodDef::new(
            "issubset($self, other, /)",
            "Report whether another set contains this set.",
            m_issubset,
        ),
        MethodDef::new(
            "issuperset($self, other, /)",
            "Report whether this set contains another set.",
            m_issuperset,
        ),
        MethodDef::new(
            "pop($self, /)",
            "Remove and return an arbitrary element; KeyError if there is none.",
            m_pop,
        ),
        MethodDef::new(
            "__reduce__($self, /)",
            "Return state information for pickling.",
            m_reduce,
        ),
        MethodDef::new(
            "remove($self, object, /)",
            "Remove an element, which must be a member; else KeyError.",
            m_remove,
        ),
        MethodDef::new(
            "__sizeof__($self, /)",
            "S.__sizeof__() -> size of S in memory, in bytes.",
            m_sizeof,
        ),
        MethodDef::new(
            "symmetric_difference($self, other, /)",
            "The elements that are in exactly one of the two sets.",
            m_symmetric_difference,
        ),
        MethodDef::new(
            "symmetric_difference_update($self, other, /)",
            "Keep the elements that are in exactly one of the two sets.",
            m_symmetric_difference_update,
        ),
        MethodDef::new(
            "union($self, /, *others)",
            "The elements of this set and all others.",
            m_union,
        ),
        MethodDef::new(
            "update($self, /, *others)",
            "Add the elements of all others.",
            m_update,
        ),
        MethodDef::new(
            "__class_getitem__($type, object, /)",
            "See PEP 585",
            crate::generic_alias::class_getitem,
        )
        .class(),
    ],
    ..TypeSpec::of::<PySet>()
});

pub static FROZENSET_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "frozenset",
    doc: "Immutable unordered collection of distinct hashable objects.",
    flags: TypeFlags::BASETYPE
        | TypeFlags::HAVE_GC
        | TypeFlags::WEAKREFABLE
        | TypeFlags::MATCH_SELF,
    text_signature: "(iterable=(), /)",
    slots: Slots {
        new: Some(frozenset_new),
        hash: Some(frozenset_hash),
        ..NEW_SLOTS
    },
    methods: &[
        MethodDef::new(
            "__contains__($self, object, /)",
            "x.__contains__(y) <==> y in x.",
            m_contains,
        ),
        MethodDef::new("copy($self, /)", "Return a shallow copy of a set.", m_copy),
        MethodDef::new(
            "difference($self, /, *others)",
            "The elements of this set that are in none of the others.",
            m_difference,
        ),
        MethodDef::new(
            "intersection($self, /, *others)",
            "The elements common to this set and all others.",
            m_intersection,
        ),
        MethodDef::new(
            "isdisjoint($self, other, /)",
            "Whether the two sets have no element in common.",
            m_isdisjoint,
        ),
        MethodDef::new(
            "issubset($self, other, /)",
            "Report whether another set contains this set.",
            m_issubset,
        ),
        MethodDef::new(
            "issuperset($self, other, /)",
            "Report whether this set contains another set.",
            m_issuperset,
        ),
        MethodDef::new(
            "__reduce__($self, /)",
            "Return state information for pickling.",
            m_reduce,
        ),
        MethodDef::new(
            "__sizeof__($self, /)",
            "S.__sizeof__() -> size of S in memory, in bytes.",
            m_sizeof,
        ),
        MethodDef::new(
            "symmetric_difference($self, other, /)",
            "The elements that are in exactly one of the two sets.",
            m_symmetric_difference,
        ),
        MethodDef::new(
            "union($self, /, *others)",
            "The elements of this set and all others.",
            m_union,
        ),
        MethodDef::new(
            "__class_getitem__($type, object, /)",
            "See PEP 585",
            crate::generic_alias::class_getitem,
        )
        .class(),
    ],
    ..TypeSpec::of::<PySet>()
});

// ---------------------------------------------------------------- iterator

/// Iterates a set.
#[repr(C)]
pub struct SetIter {
    pub header: Header,
    pub set: Slot,
    /// Length when iteration began; `usize::MAX` after a change was seen.
    used: Cell<usize>,
    position: Cell<usize>,
    remaining: Cell<usize>,
}
crate::object_impl!(
    SetIter,
    SET_ITERATOR_TYPE,
    |this, visit| visit(this.set.get()),
    |this| drop(this.set.take())
);

/// `iter(s)`.
pub fn set_iterator(s: Value) -> Ref {
    let n = expect(s).len();
    new_object(SetIter {
        header: Header::new(&SET_ITERATOR_TYPE),
        set: Slot::new(s.to_ref()),
        used: Cell::new(n),
        position: Cell::new(0),
        remaining: Cell::new(n),
    })
}

impl SetIter {
    /// The next item.
    #[inline]
    pub fn next(&self) -> PyResult<Option<Ref>> {
        let s = self.set.get();
        if s.is_null() {
            return Ok(None);
        }
        let this = expect(s);
        if self.used.get() != this.len() {
            self.used.set(usize::MAX);
            return err!(RuntimeError, "Set changed size during iteration");
        }
        let mut pos = self.position.get();
        let item = this.next_entry(&mut pos).map(|(k, _)| k.to_ref());
        self.position.set(pos);
        if item.is_none() {
            drop(self.set.take());
        } else {
            self.remaining.set(self.remaining.get().saturating_sub(1));
        }
        Ok(item)
    }
}

fn iter_of(v: Value) -> &'static SetIter {
    // SAFETY: slots and methods get an instance of their own type; alive during the call.
    unsafe { &*(v.as_ptr() as *const SetIter) }
}

fn iter_hint(args: &[Value]) -> PyResult {
    let it = iter_of(args[0]);
    let s = it.set.get();
    let n = if !s.is_null() && it.used.get() == expect(s).len() {
        it.remaining.get()
    } else {
        0
    };
    Ok(int::from_usize(n))
}

fn iter_reduce(args: &[Value]) -> PyResult {
    let it = iter_of(args[0]);
    let mut rest = Vec::new();
    let s = it.set.get();
    if !s.is_null() {
        if it.used.get() != expect(s).len() {
            return err!(RuntimeError, "Set changed size during iteration");
        }
        let mut pos = it.position.get();
        while let Some((k, _)) = expect(s).next_entry(&mut pos) {
            rest.push(k.to_ref());
        }
    }
    Ok(tuple::of([
        builtin("iter")?,
        tuple::of([list::new_list(rest)]),
    ]))
}

pub static SET_ITERATOR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "set_iterator",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        iter: Some(self_iter),
        iternext: Some(|v| iter_of(v).next()),
        ..Slots::of::<SetIter>()
    },
    methods: &[
        MethodDef::new(
            "__length_hint__($self, /)",
            "Private method returning an estimate of len(list(it)).",
            iter_hint,
        ),
        MethodDef::new(
            "__reduce__($self, /)",
            "Return state information for pickling.",
            iter_reduce,
        ),
    ],
    ..TypeSpec::of::<SetIter>()
});
