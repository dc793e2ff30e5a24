//! Slots of Python-defined classes.
use crate::typeobject::Type;
use crate::value::Value;
pub fn update_slots_for(_ty: Type, _name: Value) {}
