//! Arithmetic and methods of float.
use crate::typeobject::{TypeFlags, TypeObject, TypeSpec};

pub static FLOAT_TYPE: TypeObject = TypeObject::builtin(&TypeSpec { name: "float", flags: TypeFlags::BASETYPE | TypeFlags::MATCH_SELF, ..TypeSpec::of::<crate::float::PyFloat>() });

/// `to_f64` for what is not a float: `__float__`, then `__index__`.
pub fn real_number(v: crate::value::Value) -> crate::err::PyResult<f64> {
    crate::err!(TypeError, "must be real number, not {}", v.type_name())
}
