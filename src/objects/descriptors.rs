//! Descriptors of native types.
use crate::typeobject::{TypeFlags, TypeObject, TypeSpec};

pub static METHOD_DESCR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec { name: "method_descriptor", flags: TypeFlags::METHOD_DESCRIPTOR, ..TypeSpec::of::<crate::function::PyMethodDescr>() });
