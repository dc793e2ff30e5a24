//! `list`: representation and making. Methods are in `list_methods.rs`.

use crate::object::{Header, new_object};
use crate::typeobject::TypeFlags;
use crate::value::{Ref, Value};
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
}

/// A list that takes over the references.
pub fn new_list(items: Vec<Ref>) -> Ref {
    new_object(PyList { header: Header::new(&crate::list_methods::LIST_TYPE), items: UnsafeCell::new(items) })
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
