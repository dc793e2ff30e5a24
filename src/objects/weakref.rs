//! Weak references.
use crate::value::Value;

/// Clears the references to a dying object and calls their callbacks.
pub fn clear_weakrefs(_obj: Value) {}

/// `__weakref__` of instances.
pub fn first_weakref(_obj: Value) -> crate::err::PyResult {
    Ok(crate::value::Ref::NONE)
}
