//! `float`: representation. Arithmetic and methods are in `float_methods.rs`.

use crate::err::PyResult;
use crate::object::{Header, alloc};
use crate::typeobject::Type;
use crate::value::{Ref, Value};

/// A float on the heap: magnitude from 2^513, inf, nan, or an instance of a subclass.
#[repr(C)]
pub struct PyFloat {
    pub header: Header,
    pub value: f64,
}
crate::object_impl!(PyFloat, crate::float_methods::FLOAT_TYPE);

#[inline(always)]
pub fn from_f64(f: f64) -> Ref {
    match Value::try_immediate_float(f) {
        Some(v) => Ref::immediate(v),
        None => boxed(f),
    }
}
#[cold]
#[inline(never)]
fn boxed(f: f64) -> Ref {
    new_of_type(&crate::float_methods::FLOAT_TYPE, f)
}
/// An instance of `ty` (a subclass of float) with this number.
pub fn new_of_type(ty: Type, f: f64) -> Ref {
    alloc(
        ty,
        PyFloat {
            header: Header::new(ty),
            value: f,
        },
    )
}
/// The number, if the value is a float or an instance of a subclass (not for ints).
#[inline(always)]
pub fn as_float(v: Value) -> Option<f64> {
    match v.as_immediate_float() {
        Some(f) => Some(f),
        None => v.cast::<PyFloat>().map(|f| f.value),
    }
}
/// As CPython's "d" argument format: floats, `__float__`, `__index__`; TypeError "must be real number, not X".
pub fn to_f64(v: Value) -> PyResult<f64> {
    if let Some(f) = as_float(v) {
        return Ok(f);
    }
    crate::float_methods::real_number(v)
}
