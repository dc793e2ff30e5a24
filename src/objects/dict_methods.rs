//! Methods of dict and its views.
use crate::typeobject::{TypeFlags, TypeObject, TypeSpec};

pub static DICT_TYPE: TypeObject = TypeObject::builtin(&TypeSpec { name: "dict", flags: TypeFlags::BASETYPE | TypeFlags::HAVE_GC | TypeFlags::DICT_SUBCLASS | TypeFlags::MATCH_SELF | TypeFlags::MAPPING, ..TypeSpec::of::<crate::dict::PyDict>() });
