//! `_heapq`.
use taipan_objects::native::ModuleDef;

pub static MODULE: ModuleDef = ModuleDef { name: "_heapq", doc: "", functions: &[], init: None };
