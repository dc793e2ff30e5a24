//! `bytes`: representation. Methods are in `bytes_methods.rs`.

use crate::object::{Header, alloc};
use crate::typeobject::{Type, TypeFlags};
use crate::value::{Ref, Value};
use std::cell::Cell;

/// A bytes object.
#[repr(C)]
pub struct PyBytes {
    pub header: Header,
    /// -1: not computed.
    pub hash: Cell<i64>,
    pub data: Box<[u8]>,
}
crate::object_impl!(PyBytes, crate::bytes_methods::BYTES_TYPE);

pub fn new_bytes(data: &[u8]) -> Ref {
    from_vec(data.to_vec())
}
pub fn from_vec(data: Vec<u8>) -> Ref {
    new_of_type(&crate::bytes_methods::BYTES_TYPE, data)
}
pub fn new_of_type(ty: Type, data: Vec<u8>) -> Ref {
    alloc(
        ty,
        PyBytes {
            header: Header::new(ty),
            hash: Cell::new(-1),
            data: data.into_boxed_slice(),
        },
    )
}
/// Instance of bytes or of a subclass.
#[inline(always)]
pub fn is_bytes(v: Value) -> bool {
    v.is_heap() && v.ty().has_flag(TypeFlags::BYTES_SUBCLASS)
}
/// The bytes, if the value is a bytes object.
#[inline(always)]
pub fn as_bytes(v: &Value) -> Option<&[u8]> {
    if is_bytes(*v) {
        // SAFETY: checked.
        Some(unsafe { &v.cast_unchecked::<PyBytes>().data })
    } else {
        None
    }
}
