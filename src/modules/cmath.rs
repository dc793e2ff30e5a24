//! `cmath`.
use taipan_objects::native::ModuleDef;

pub static MODULE: ModuleDef = ModuleDef { name: "cmath", doc: "", functions: &[], init: None };
