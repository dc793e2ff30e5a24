//! The module type.
use crate::typeobject::{TypeFlags, TypeObject, TypeSpec};

pub static MODULE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec { name: "module", flags: TypeFlags::BASETYPE | TypeFlags::HAVE_GC | TypeFlags::WEAKREFABLE, ..TypeSpec::of::<crate::module::PyModule>() });
