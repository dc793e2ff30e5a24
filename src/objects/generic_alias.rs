//! `types.GenericAlias`.
use crate::err::PyResult;
use crate::value::Value;

/// `origin[args]`.
pub fn new_alias(_origin: Value, _args: Value) -> PyResult {
    crate::err::missing("types.GenericAlias")
}

/// `__class_getitem__` of the builtin types that are generic.
pub fn class_getitem(args: &[Value]) -> PyResult {
    new_alias(args[0], args[1])
}
