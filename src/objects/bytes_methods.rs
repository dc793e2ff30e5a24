//! Methods of bytes.
use crate::typeobject::{TypeFlags, TypeObject, TypeSpec};

pub static BYTES_TYPE: TypeObject = TypeObject::builtin(&TypeSpec { name: "bytes", flags: TypeFlags::BASETYPE | TypeFlags::BYTES_SUBCLASS | TypeFlags::MATCH_SELF, ..TypeSpec::of::<crate::bytes::PyBytes>() });
