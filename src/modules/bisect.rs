//! `_bisect`.
use taipan_objects::native::ModuleDef;

pub static MODULE: ModuleDef = ModuleDef { name: "_bisect", doc: "", functions: &[], init: None };
