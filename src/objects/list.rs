//! `list`: representation, making, and the operations the interpreter calls directly. Methods are in `list_methods.rs`.

use crate::err::PyResult;
use crate::object::{Header, new_object};
use crate::typeobject::{Type, TypeFlags};
use crate::value::{Ref, Value};
use crate::{protocol, tuple};
use std::cell::UnsafeCell;

/// A list. Rule: no reference into `items` is kept across anything that may run Python code (comparison, `repr`, dropping an item).
#[repr(C)]
pub struct PyList {
    pub header: Header,
    pub items: UnsafeCell<Vec<Ref>>,
}
crate::object_impl!(
    PyList,
    crate::list_methods::LIST_TYPE,
    |this, visit| for v in this.items() {
        visit(**v)
    },
    |this| drop(std::mem::take(this.items_mut()))
);

impl PyList {
    #[inline(always)]
    pub fn new(ty: Type, items: Vec<Ref>) -> PyList {
        PyList {
            header: Header::new(ty),
            items: UnsafeCell::new(items),
        }
    }
    #[inline(always)]
    pub fn items(&self) -> &[Ref] {
        // SAFETY: see the rule at the struct.
        unsafe { &*self.items.get() }
    }
    #[inline(always)]
    pub fn items_mut(&self) -> &mut Vec<Ref> {
        // SAFETY: see the rule at the struct.
        unsafe { &mut *self.items.get() }
    }
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.items().len()
    }
    /// A counted copy of item `i`, or `None` past the end.
    #[inline(always)]
    pub fn get(&self, i: usize) -> Option<Ref> {
        self.items().get(i).cloned()
    }
    /// Item at a Python index (negative ones count from the end), borrowed.
    #[inline(always)]
    pub fn at(&self, i: i64) -> Option<Value> {
        let items = self.items();
        let i = if i < 0 { i + items.len() as i64 } else { i };
        items.get(i as usize).map(|v| **v)
    }
    /// Replaces the item at a Python index; gives the item back if there is none such.
    #[inline(always)]
    pub fn set_at(&self, i: i64, v: Ref) -> Result<(), Ref> {
        let items = self.items_mut();
        let i = if i < 0 { i + items.len() as i64 } else { i };
        match items.get_mut(i as usize) {
            Some(place) => {
                let old = std::mem::replace(place, v);
                drop(old);
                Ok(())
            }
            None => Err(v),
        }
    }
    /// Appends.
    #[inline(always)]
    pub fn push(&self, v: Ref) {
        self.items_mut().push(v);
    }
    /// Counted copies of all items.
    pub fn to_vec(&self) -> Vec<Ref> {
        self.items().to_vec()
    }
}

/// A list that takes over the references.
#[inline]
pub fn new_list(items: Vec<Ref>) -> Ref {
    new_object(PyList::new(&crate::list_methods::LIST_TYPE, items))
}

/// A list of counted copies.
pub fn from_values(items: &[Value]) -> Ref {
    new_list(items.iter().map(|v| v.to_ref()).collect())
}

/// A list that takes over `n` references lying at `from` (a part of the value stack).
///
/// # Safety
/// The caller owns those references and forgets them.
#[inline]
pub unsafe fn from_stack(from: *const Value, n: usize) -> Ref {
    let mut items: Vec<Ref> = Vec::with_capacity(n);
    // SAFETY: Ref is a transparent wrapper of Value; the caller gives the counts.
    unsafe {
        std::ptr::copy_nonoverlapping(from as *const Ref, items.as_mut_ptr(), n);
        items.set_len(n);
    }
    new_list(items)
}

/// Instance of list or of a subclass.
#[inline(always)]
pub fn is_list(v: Value) -> bool {
    v.is_heap() && v.ty().has_flag(TypeFlags::LIST_SUBCLASS)
}

/// The value as `PyList`; to be used where it is known to be one.
#[inline(always)]
pub fn expect(v: Value) -> &'static PyList {
    debug_assert!(is_list(v));
    // SAFETY: known to be a list; alive as long as the caller holds it.
    unsafe { &*(v.as_ptr() as *const PyList) }
}

/// `list(iterable)`.
pub fn from_iterable(iterable: Value) -> PyResult {
    Ok(new_list(protocol::to_vec(iterable)?))
}

/// `l.append(v)`.
#[inline(always)]
pub fn append(l: Value, v: Ref) {
    expect(l).push(v);
}

/// `l.extend(iterable)`.
pub fn extend(l: Value, iterable: Value) -> PyResult<()> {
    let this = expect(l);
    if iterable.is_exact::<PyList>() {
        let other = expect(iterable).to_vec();
        this.items_mut().extend(other);
        return Ok(());
    }
    if iterable.is_exact::<tuple::PyTuple>() {
        this.items_mut()
            .extend(tuple::as_slice(iterable).iter().map(|v| v.to_ref()));
        return Ok(());
    }
    let it = protocol::iter(iterable)?;
    let n = protocol::length_hint(iterable, 0)?;
    this.items_mut().reserve(n.min(1 << 24));
    while let Some(v) = protocol::next(*it)? {
        this.push(v);
    }
    Ok(())
}

/// `l.pop()`, NULL if the list is empty.
#[inline(always)]
pub fn pop_last(l: Value) -> Ref {
    expect(l).items_mut().pop().unwrap_or(Ref::NULL)
}

/// `tuple(l)` for a list.
pub fn to_tuple(l: Value) -> Ref {
    tuple::from_values(crate::value::values(expect(l).items()))
}
