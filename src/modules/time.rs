//! `time`.
use taipan_objects::native::ModuleDef;

pub static MODULE: ModuleDef = ModuleDef { name: "time", doc: "", functions: &[], init: None };
