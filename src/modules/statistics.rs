//! `_statistics`.
use taipan_objects::native::ModuleDef;

pub static MODULE: ModuleDef = ModuleDef { name: "_statistics", doc: "", functions: &[], init: None };
