//! Weak references.
use crate::value::Value;

/// Clears the references to a dying object and calls their callbacks.
pub fn clear_weakrefs(_obj: Value) {}
