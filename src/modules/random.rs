//! `_random`.
use taipan_objects::native::ModuleDef;

pub static MODULE: ModuleDef = ModuleDef { name: "_random", doc: "", functions: &[], init: None };
