//! Exceptions: representation and making. The types' behaviour is in `exception_types.rs`.

use crate::object::Header;
use crate::strings::PyStr;
use crate::tuple;
use crate::typeobject::Type;
use crate::value::{Ref, Slot, Value};
use std::cell::{Cell, UnsafeCell};

pub use crate::exception_types::*;

/// Every exception; subclasses with fields of their own keep them in `extra`. `__notes__` is in the instance's `__dict__`.
#[repr(C)]
pub struct PyException {
    pub header: Header,
    pub args: Slot,
    /// A traceback, or NULL.
    pub traceback: Slot,
    pub context: Slot,
    pub cause: Slot,
    pub suppress_context: Cell<bool>,
    /// Fields of the concrete native type, in its own order (see `exception_types.rs`): OSError's errno, SyntaxError's lineno, …
    pub extra: UnsafeCell<Vec<Ref>>,
}
crate::object_impl!(
    PyException,
    crate::exception_types::BaseException,
    |this, visit| {
        for s in [&this.args, &this.traceback, &this.context, &this.cause] {
            visit(s.get());
        }
        for r in this.extra() {
            visit(**r);
        }
    },
    |this| {
        for s in [&this.traceback, &this.context, &this.cause] {
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
            suppress_context: Cell::new(false),
            extra: UnsafeCell::new(Vec::new()),
        },
    )
}

/// `ty(*args)`; if making it raises, that exception instead.
pub fn new_exception(ty: Type, args: &[Value]) -> Ref {
    if is_plain(ty) {
        return alloc_exception(ty, tuple::from_values(args));
    }
    match crate::protocol::call(ty.value(), args) {
        Ok(e) if is_exception(*e) => e,
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

/// Whether making an instance of the native type needs nothing but storing `args`.
#[inline]
fn is_plain(ty: Type) -> bool {
    use crate::exception_methods::{base_init, base_new};
    let s = ty.slots();
    !ty.is_heap_type()
        && s.init
            .is_none_or(|f| f as usize == base_init as *const () as usize || is_lazy_init(f))
        && s.new
            .is_none_or(|f| f as usize == base_new as *const () as usize)
}

/// `__init__` of types whose field is worked out from `args` when asked for.
fn is_lazy_init(f: crate::typeobject::InitFn) -> bool {
    f as usize == crate::exception_fields::lazy_init as *const () as usize
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

/// OSError (of the subclass for `errno`) with the system's text and up to two file names.
pub fn os_error(
    errno: i32,
    filename: Option<Value>,
    filename2: Option<Value>,
) -> crate::err::Raised {
    let text = error_text(errno);
    let mut args = vec![*crate::int::from_i64(errno as i64), *text];
    if let Some(f) = filename {
        args.push(f);
        if let Some(f2) = filename2 {
            args.extend([Value::NONE, f2]);
        }
    }
    crate::err::raise_with(&OSError, &args)
}

/// OSError for the calling thread's `errno`.
pub fn last_os_error(filename: Option<Value>) -> crate::err::Raised {
    os_error(
        std::io::Error::last_os_error().raw_os_error().unwrap_or(0),
        filename,
        None,
    )
}

/// The system's text for an error number.
pub fn error_text(errno: i32) -> Ref {
    // SAFETY: strerror gives a NUL-terminated string; only one thread runs here at a time.
    let text = unsafe { std::ffi::CStr::from_ptr(libc::strerror(errno)) };
    crate::strings::new_str(&text.to_string_lossy())
}

/// AttributeError with its `name` and `obj` set, for suggestions.
#[cold]
pub fn attribute_error(obj: Value, name: Value, message: &str) -> crate::err::Raised {
    let e = alloc_exception(
        &AttributeError,
        tuple::of([crate::strings::new_str(message)]),
    );
    let x = expect(*e);
    x.set_field(0, name.to_ref());
    x.set_field(1, obj.to_ref());
    crate::err::set_exception(e)
}

/// NameError (or a subclass) with its `name` set.
#[cold]
pub fn name_error(ty: Type, name: Value, message: &str) -> crate::err::Raised {
    let e = alloc_exception(ty, tuple::of([crate::strings::new_str(message)]));
    expect(*e).set_field(0, name.to_ref());
    crate::err::set_exception(e)
}

/// StopIteration that carries `value`.
pub fn stop_iteration(value: Value) -> crate::err::Raised {
    let args = if value.is_none() {
        tuple::empty()
    } else {
        tuple::from_values(&[value])
    };
    crate::err::set_exception(alloc_exception(&StopIteration, args))
}

/// `value` of a StopIteration.
pub fn stop_iteration_value(exc: Value) -> Ref {
    crate::exception_fields::lazy_field(exc)
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
