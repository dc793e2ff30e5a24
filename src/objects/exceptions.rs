//! Exceptions: representation and making. The types' behaviour is in `exception_types.rs`.

use crate::object::{Header, Object};
use crate::strings::PyStr;
use crate::tuple;
use crate::typeobject::Type;
use crate::value::{Ref, Slot, Value};
use std::cell::{Cell, UnsafeCell};

pub use crate::exception_types::*;

/// Every exception; subclasses with fields of their own keep them in `extra`.
#[repr(C)]
pub struct PyException {
    pub header: Header,
    pub args: Slot,
    /// A traceback, or NULL.
    pub traceback: Slot,
    pub context: Slot,
    pub cause: Slot,
    /// `__notes__`, a list, or NULL.
    pub notes: Slot,
    /// `__dict__`, or NULL.
    pub dict: Slot,
    pub suppress_context: Cell<bool>,
    /// Fields of the concrete native type, in its own order (see `exception_types.rs`): OSError's errno, SyntaxError's lineno, …
    pub extra: UnsafeCell<Vec<Ref>>,
}
crate::object_impl!(
    PyException,
    crate::exception_types::BaseException,
    |this, visit| {
        for s in [&this.args, &this.traceback, &this.context, &this.cause, &this.notes, &this.dict] {
            visit(s.get());
        }
        for r in this.extra() {
            visit(**r);
        }
    },
    |this| {
        for s in [&this.traceback, &this.context, &this.cause, &this.notes, &this.dict] {
            drop(s.take());
        }
        drop(std::mem::take(this.extra_mut()));
    }
);

impl PyException {
    pub fn extra(&self) -> &Vec<Ref> {
        // SAFETY: not kept across anything that may run Python code.
        unsafe { &*self.extra.get() }
    }
    pub fn extra_mut(&self) -> &mut Vec<Ref> {
        // SAFETY: not kept across anything that may run Python code.
        unsafe { &mut *self.extra.get() }
    }
    /// Extra field `i`, NULL if not set.
    pub fn field(&self, i: usize) -> Value {
        self.extra().get(i).map_or(Value::NULL, |r| **r)
    }
    pub fn set_field(&self, i: usize, v: Ref) {
        let e = self.extra_mut();
        while e.len() <= i {
            e.push(Ref::NULL);
        }
        let old = std::mem::replace(&mut e[i], v);
        drop(old);
    }
}

/// An empty exception object of type `ty`.
pub fn alloc_exception(ty: Type, args: Ref) -> Ref {
    crate::object::alloc(
        ty,
        PyException {
            header: Header::new(ty),
            args: Slot::new(args),
            traceback: Slot::null(),
            context: Slot::null(),
            cause: Slot::null(),
            notes: Slot::null(),
            dict: Slot::null(),
            suppress_context: Cell::new(false),
            extra: UnsafeCell::new(Vec::new()),
        },
    )
}

/// `ty(*args)`; if making it raises, that exception instead.
pub fn new_exception(ty: Type, args: &[Value]) -> Ref {
    match crate::protocol::call(ty.value(), args) {
        Ok(e) if e.is_a::<PyException>() => e,
        Ok(e) => crate::exceptions::alloc_exception(
            &TypeError,
            tuple::of([crate::strings::new_str(&format!(
                "calling {} should have returned an instance of BaseException, not {}",
                ty.name(),
                e.type_name()
            ))]),
        ),
        Err(_) => crate::vm::vm().take_pending(),
    }
}

/// The value as an exception; to be used where it is known to be one.
#[inline(always)]
pub fn expect(v: Value) -> &'static PyException {
    debug_assert!(v.is_a::<PyException>());
    // SAFETY: known to be an exception; alive as long as the caller holds it.
    unsafe { &*(v.as_ptr() as *const PyException) }
}

/// Instance of BaseException.
#[inline(always)]
pub fn is_exception(v: Value) -> bool {
    v.is_heap() && v.ty().has_flag(crate::typeobject::TypeFlags::EXC_SUBCLASS)
}

/// Sets `__context__` of an exception about to be raised to the one being handled, without making a cycle.
pub fn attach_context(exc: Value) {
    let handled = crate::vm::vm().handled();
    if handled.is_null() || handled.is_none() || handled.is(exc) {
        return;
    }
    let e = expect(exc);
    // A chain from the handled exception back to this one would be a cycle: cut it there.
    let mut at = handled;
    let mut slow = handled;
    let mut odd = false;
    loop {
        let next = expect(at).context.get();
        if next.is_null() {
            break;
        }
        if next.is(exc) {
            drop(expect(at).context.take());
            break;
        }
        at = next;
        if odd {
            slow = expect(slow).context.get();
            if slow.is(at) {
                break;
            }
        }
        odd = !odd;
    }
    e.context.set(handled.to_ref());
}

/// UnicodeEncodeError for the lone surrogate at `i`.
pub fn surrogates_not_allowed(s: &PyStr, i: usize) -> crate::err::Raised {
    use crate::{int, strings};
    let obj = Value::from_obj(s);
    let mut end = i + 1;
    while end < s.len() && (0xd800..0xe000).contains(&s.at(end)) {
        end += 1;
    }
    crate::err::raise_with(
        &UnicodeEncodeError,
        &[
            *strings::new_str("utf-8"),
            obj,
            *int::from_usize(i),
            *int::from_usize(end),
            *strings::new_str("surrogates not allowed"),
        ],
    )
}

#[allow(dead_code)]
fn _check() -> Type {
    PyException::type_object()
}
