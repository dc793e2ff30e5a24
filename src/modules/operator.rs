//! `_operator`.
use taipan_objects::native::ModuleDef;

pub static MODULE: ModuleDef = ModuleDef { name: "_operator", doc: "", functions: &[], init: None };
