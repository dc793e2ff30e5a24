//! `typing.Union`.
use crate::err::PyResult;
use crate::value::Value;
/// `int | str`.
pub fn type_or(_a: Value, _b: Value) -> PyResult {
    crate::err::missing("typing.Union")
}
