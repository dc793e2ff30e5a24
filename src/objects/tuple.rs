//! `tuple`: representation and making. Methods are in `tuple_methods.rs`.

use crate::object::{Header, alloc_var};
use crate::typeobject::{Type, TypeFlags};
use crate::value::{Ref, Value};
use std::cell::{Cell, UnsafeCell};

/// A tuple; its items follow the struct.
#[repr(C)]
pub struct PyTuple {
    header: Header,
    len: Cell<usize>,
    /// Items behind the visible ones (structseq types).
    hidden: usize,
}
// SAFETY: repr(C) with a Header first, and a type of its own.
unsafe impl crate::object::Object for PyTuple {
    #[inline(always)]
    fn type_object() -> Type {
        &crate::tuple_methods::TUPLE_TYPE
    }
    fn traverse(&self, visit: &mut dyn FnMut(Value)) {
        for v in self.all_items() {
            visit(*v);
        }
    }
}

impl PyTuple {
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len.get()
    }
    #[inline(always)]
    pub fn items(&self) -> &[Value] {
        // SAFETY: `len` values follow the struct.
        unsafe {
            std::slice::from_raw_parts((self as *const PyTuple).add(1) as *const Value, self.len())
        }
    }
    /// With the hidden ones.
    pub fn all_items(&self) -> &[Value] {
        let n = self.len() + self.hidden;
        // SAFETY: `len + hidden` values follow the struct.
        unsafe { std::slice::from_raw_parts((self as *const PyTuple).add(1) as *const Value, n) }
    }
}

pub(crate) unsafe fn tuple_size(obj: *mut Header) -> usize {
    // SAFETY: called with tuples only.
    size_of::<PyTuple>() + unsafe { (*(obj as *const PyTuple)).all_items().len() } * 8
}

/// `drop_fields` slot.
pub(crate) unsafe fn tuple_drop(obj: *mut Header) {
    // SAFETY: called once, with a dying tuple.
    unsafe {
        for v in (*(obj as *const PyTuple)).all_items() {
            v.decref();
        }
    }
}

struct Empty(UnsafeCell<Value>);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Empty {}
static EMPTY: Empty = Empty(UnsafeCell::new(Value::NULL));

/// The empty tuple.
#[inline]
pub fn empty() -> Ref {
    // SAFETY: under the lock.
    unsafe {
        let e = EMPTY.0.get();
        if (*e).is_null() {
            let r = make(type_object(), 0, |_| unreachable!());
            (*r.as_ptr()).set_immortal();
            *e = r.into_value();
        }
        (*e).to_ref()
    }
}

fn type_object() -> Type {
    &crate::tuple_methods::TUPLE_TYPE
}

/// A tuple of type `ty` whose item `i` is `item(i)`. `item` must not run Python code.
#[inline]
pub fn make(ty: Type, len: usize, item: impl FnMut(usize) -> Ref) -> Ref {
    make_with_hidden(ty, len, 0, item)
}

/// As `make`, with `hidden` more items that only structseq members reach.
#[inline]
pub(crate) fn make_with_hidden(
    ty: Type,
    len: usize,
    hidden: usize,
    mut item: impl FnMut(usize) -> Ref,
) -> Ref {
    // SAFETY: all items are written before the collector sees the tuple.
    unsafe {
        let n = len + hidden;
        let p = alloc_var(
            ty,
            PyTuple {
                header: Header::new(ty),
                len: Cell::new(len),
                hidden,
            },
            n * 8,
        );
        let items = p.add(1) as *mut Value;
        for i in 0..n {
            items.add(i).write(item(i).into_value());
        }
        if ty.has_flag(TypeFlags::HAVE_GC) {
            crate::gc::track_new(p as *mut Header);
        }
        Ref::from_owned(Value::from_ptr(p as *const Header))
    }
}

/// A tuple that takes over the references.
pub fn from_refs(items: Vec<Ref>) -> Ref {
    if items.is_empty() {
        return empty();
    }
    let mut it = items.into_iter();
    make(type_object(), it.len(), |_| it.next().unwrap())
}

/// A tuple of counted copies.
pub fn from_values(items: &[Value]) -> Ref {
    if items.is_empty() {
        return empty();
    }
    make(type_object(), items.len(), |i| items[i].to_ref())
}

/// A tuple of an array of references.
pub fn of<const N: usize>(items: [Ref; N]) -> Ref {
    if N == 0 {
        return empty();
    }
    let mut it = items.into_iter();
    make(type_object(), N, |_| it.next().unwrap())
}

/// The items of a value known to be a tuple (or subclass).
#[inline(always)]
pub fn as_slice(v: Value) -> &'static [Value] {
    debug_assert!(is_tuple(v));
    // SAFETY: known to be a tuple; alive as long as the caller holds it.
    unsafe { (*(v.as_ptr() as *const PyTuple)).items() }
}

/// Instance of tuple or of a subclass.
#[inline(always)]
pub fn is_tuple(v: Value) -> bool {
    v.is_heap() && v.ty().has_flag(TypeFlags::TUPLE_SUBCLASS)
}

/// A tuple that takes over `n` references lying at `from` (a part of the value stack).
///
/// # Safety
/// The caller owns those references and forgets them.
#[inline]
pub unsafe fn from_stack(from: *const Value, n: usize) -> Ref {
    if n == 0 {
        return empty();
    }
    // SAFETY: the caller gives the counts.
    make(type_object(), n, |i| unsafe {
        Ref::from_owned(*from.add(i))
    })
}

/// `tuple(iterable)`; an exact tuple is itself.
pub fn from_iterable(iterable: Value) -> crate::err::PyResult {
    if iterable.is_exact::<PyTuple>() {
        return Ok(iterable.to_ref());
    }
    Ok(from_refs(crate::protocol::to_vec(iterable)?))
}

/// Item at a Python index (negative ones count from the end), borrowed.
#[inline(always)]
pub fn at(t: Value, i: i64) -> Option<Value> {
    let items = as_slice(t);
    let i = if i < 0 { i + items.len() as i64 } else { i };
    items.get(i as usize).copied()
}

/// Hash of a tuple of these items (xxHash's mixing of their hashes).
pub fn hash_items(items: &[Value]) -> crate::err::PyResult<i64> {
    const P1: u64 = 11400714785074694791;
    const P2: u64 = 14029467366897019727;
    const P5: u64 = 2870177450012600261;
    let mut acc = P5;
    for v in items {
        let lane = crate::dict::key_hash(*v)? as u64;
        acc = acc
            .wrapping_add(lane.wrapping_mul(P2))
            .rotate_left(31)
            .wrapping_mul(P1);
    }
    acc = acc.wrapping_add(items.len() as u64 ^ (P5 ^ 3527539));
    Ok(if acc == u64::MAX {
        1546275796
    } else {
        acc as i64
    })
}

/// Writes an item of a tuple nobody else has seen yet.
///
/// # Safety
/// The tuple is not shared, `i` in range.
pub unsafe fn init_item(t: Value, i: usize, item: Ref) {
    unsafe {
        let items = (t.as_ptr() as *mut PyTuple).add(1) as *mut Value;
        let old = std::mem::replace(&mut *items.add(i), item.into_value());
        old.decref();
    }
}
