//! Creation of classes.
use crate::err::PyResult;
use crate::typeobject::Type;
use crate::value::Value;
pub fn type_new(_meta: Type, _args: &[Value], _kwnames: Value) -> PyResult {
    crate::err::missing("class creation")
}
pub fn set_bases(_v: Value, _value: Value) -> PyResult<()> {
    crate::err::missing("assignment to __bases__")
}
