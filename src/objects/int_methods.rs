//! Arithmetic and methods of int and bool.
use crate::typeobject::{TypeFlags, TypeObject, TypeSpec};

pub static INT_TYPE: TypeObject = TypeObject::builtin(&TypeSpec { name: "int", flags: TypeFlags::BASETYPE | TypeFlags::INT_SUBCLASS | TypeFlags::MATCH_SELF, ..TypeSpec::of::<crate::int::PyInt>() });

pub static BOOL_TYPE: TypeObject = TypeObject::builtin(&TypeSpec { name: "bool", base: Some(&INT_TYPE), flags: TypeFlags::INT_SUBCLASS | TypeFlags::MATCH_SELF, ..TypeSpec::of::<crate::int::PyInt>() });
