//! `types.GenericAlias`.
use crate::err::PyResult;
use crate::value::Value;

/// `origin[args]`.
pub fn new_alias(_origin: Value, _args: Value) -> PyResult {
    crate::err::missing("types.GenericAlias")
}
