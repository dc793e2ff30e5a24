//! `math`.
use taipan_objects::native::ModuleDef;

pub static MODULE: ModuleDef = ModuleDef { name: "math", doc: "", functions: &[], init: None };
