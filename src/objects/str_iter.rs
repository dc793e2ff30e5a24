//! Iterators over str: one type for ASCII strings and one for others.

use crate::err::PyResult;
use crate::native::MethodDef;
use crate::object::{Header, new_object};
use crate::strings::{self, expect};
use crate::typeobject::{Slots, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Slot, Value};
use crate::{int, protocol, tuple};
use std::cell::Cell;

macro_rules! iterator {
    ($t:ident, $ty:ident, $name:literal) => {
        #[doc = concat!("A `", $name, "`.")]
        #[repr(C)]
        pub struct $t {
            pub header: Header,
            /// The string; NULL when exhausted.
            pub text: Slot,
            pub index: Cell<usize>,
        }
        crate::object_impl!($t, $ty, |this, visit| visit(this.text.get()), |this| drop(
            this.text.take()
        ));

        pub static $ty: TypeObject = TypeObject::builtin(&TypeSpec {
            name: $name,
            flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
            slots: Slots {
                iter: Some(itself),
                iternext: Some(next::<$t>),
                ..Slots::of::<$t>()
            },
            methods: &[
                MethodDef::new(
                    "__length_hint__($self, /)",
                    "How many items are left, at least about.",
                    length_hint::<$t>,
                ),
                MethodDef::new("__reduce__($self, /)", "State for pickling.", reduce::<$t>),
                MethodDef::new(
                    "__setstate__($self, object, /)",
                    "Sets the position when unpickling.",
                    setstate::<$t>,
                ),
            ],
            ..TypeSpec::of::<$t>()
        });
        impl Cursor for $t {
            #[inline(always)]
            fn text(&self) -> &Slot {
                &self.text
            }
            #[inline(always)]
            fn index(&self) -> &Cell<usize> {
                &self.index
            }
        }
    };
}

trait Cursor: crate::object::Object {
    fn text(&self) -> &Slot;
    fn index(&self) -> &Cell<usize>;
}

iterator!(PyStrIterator, STR_ITERATOR_TYPE, "str_iterator");
iterator!(
    PyStrAsciiIterator,
    STR_ASCII_ITERATOR_TYPE,
    "str_ascii_iterator"
);

pub(crate) fn itself(v: Value) -> PyResult {
    Ok(v.to_ref())
}

/// `iter(s)`.
pub fn iter(v: Value) -> PyResult {
    let (text, index) = (Slot::new(v.to_ref()), Cell::new(0));
    Ok(if expect(v).is_ascii() {
        new_object(PyStrAsciiIterator {
            header: Header::new(&STR_ASCII_ITERATOR_TYPE),
            text,
            index,
        })
    } else {
        new_object(PyStrIterator {
            header: Header::new(&STR_ITERATOR_TYPE),
            text,
            index,
        })
    })
}

#[inline]
fn next<T: Cursor>(v: Value) -> PyResult<Option<Ref>> {
    // SAFETY: called through the type's slot only.
    let this = unsafe { v.cast_unchecked::<T>() };
    let text = this.text().get();
    if text.is_null() {
        return Ok(None);
    }
    let s = expect(text);
    let i = this.index().get();
    if i < s.len() {
        this.index().set(i + 1);
        return Ok(Some(strings::from_char(s.at(i))));
    }
    drop(this.text().take());
    Ok(None)
}
fn cursor<T: Cursor>(v: &Value) -> &T {
    // SAFETY: called through the type's methods only, which check self.
    unsafe { v.cast_unchecked::<T>() }
}
fn length_hint<T: Cursor>(a: &[Value]) -> PyResult {
    let this = cursor::<T>(&a[0]);
    let text = this.text().get();
    let n = if text.is_null() {
        0
    } else {
        expect(text).len().saturating_sub(this.index().get())
    };
    Ok(int::from_usize(n))
}
/// A function of the builtins module, for `__reduce__`.
pub(crate) fn builtin_function(name: &str) -> PyResult {
    let builtins = (crate::vm::hooks().import)("builtins")?;
    protocol::getattr_str(*builtins, name)
}
fn reduce<T: Cursor>(a: &[Value]) -> PyResult {
    let f = builtin_function("iter")?;
    let this = cursor::<T>(&a[0]);
    let text = this.text().get();
    if text.is_null() {
        return Ok(tuple::of([f, tuple::of([strings::empty()])]));
    }
    Ok(tuple::of([
        f,
        tuple::of([text.to_ref()]),
        int::from_usize(this.index().get()),
    ]))
}
fn setstate<T: Cursor>(a: &[Value]) -> PyResult {
    let this = cursor::<T>(&a[0]);
    let i = int::to_isize(a[1])?;
    let text = this.text().get();
    if !text.is_null() {
        this.index()
            .set((i.max(0) as usize).min(expect(text).len()));
    }
    Ok(Ref::NONE)
}
