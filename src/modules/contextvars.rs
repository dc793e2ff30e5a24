//! `_contextvars`.
use taipan_objects::native::ModuleDef;

pub static MODULE: ModuleDef = ModuleDef { name: "_contextvars", doc: "", functions: &[], init: None };
