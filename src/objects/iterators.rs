//! Iterators over sequences and callables.
use crate::err::PyResult;
use crate::value::Value;

/// The iterator of objects that have only `__getitem__`.
pub fn sequence_iterator(_seq: Value) -> PyResult {
    crate::err::missing("the sequence iterator")
}
