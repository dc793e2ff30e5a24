//! `_opcode`.
use taipan_objects::native::ModuleDef;

pub static MODULE: ModuleDef = ModuleDef { name: "_opcode", doc: "", functions: &[], init: None };
