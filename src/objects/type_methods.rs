//! `type` and `object`.
use crate::object::Header;
use crate::typeobject::{TypeFlags, TypeObject, TypeSpec};

crate::object_impl!(TypeObject, TYPE_TYPE);

/// Layout of a plain object.
#[repr(C)]
pub struct PyObject {
    pub header: Header,
}
crate::object_impl!(PyObject, OBJECT_TYPE);

pub static OBJECT_TYPE: TypeObject =
    TypeObject::builtin(&TypeSpec { name: "object", flags: TypeFlags::BASETYPE, ..TypeSpec::of::<PyObject>() });
pub static TYPE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "type",
    flags: TypeFlags::BASETYPE | TypeFlags::HAVE_GC | TypeFlags::TYPE_SUBCLASS | TypeFlags::METHOD_DESCRIPTOR & 0,
    ..TypeSpec::of::<TypeObject>()
});
