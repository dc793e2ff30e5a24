//! Methods of tuple.
use crate::typeobject::{Slots, TypeFlags, TypeObject, TypeSpec};

pub static TUPLE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec { name: "tuple", slots: Slots { drop_fields: Some(crate::tuple::tuple_drop), var_size: Some(crate::tuple::tuple_size), ..Slots::of::<crate::tuple::PyTuple>() }, flags: TypeFlags::BASETYPE | TypeFlags::HAVE_GC | TypeFlags::VAR_SIZED | TypeFlags::TUPLE_SUBCLASS | TypeFlags::MATCH_SELF | TypeFlags::SEQUENCE, ..TypeSpec::of::<crate::tuple::PyTuple>() });
