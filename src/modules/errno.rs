//! `errno`.
use taipan_objects::native::ModuleDef;

pub static MODULE: ModuleDef = ModuleDef { name: "errno", doc: "", functions: &[], init: None };
