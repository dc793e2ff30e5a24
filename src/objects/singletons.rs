//! The types of None, Ellipsis and NotImplemented.
use crate::object::Header;
use crate::typeobject::{TypeObject, TypeSpec};

/// Layout of values that have none: the special constants.
#[repr(C)]
pub struct NoInstance {
    header: Header,
}
crate::object_impl!(NoInstance, NONE_TYPE);

pub static NONE_TYPE: TypeObject =
    TypeObject::builtin(&TypeSpec { name: "NoneType", ..TypeSpec::of::<NoInstance>() });
pub static ELLIPSIS_TYPE: TypeObject =
    TypeObject::builtin(&TypeSpec { name: "ellipsis", ..TypeSpec::of::<NoInstance>() });
pub static NOT_IMPLEMENTED_TYPE: TypeObject =
    TypeObject::builtin(&TypeSpec { name: "NotImplementedType", ..TypeSpec::of::<NoInstance>() });
