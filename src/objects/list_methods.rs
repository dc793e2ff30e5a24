//! Methods of list.
use crate::typeobject::{TypeFlags, TypeObject, TypeSpec};

pub static LIST_TYPE: TypeObject = TypeObject::builtin(&TypeSpec { name: "list", flags: TypeFlags::BASETYPE | TypeFlags::HAVE_GC | TypeFlags::LIST_SUBCLASS | TypeFlags::MATCH_SELF | TypeFlags::SEQUENCE, ..TypeSpec::of::<crate::list::PyList>() });
