//! `_struct`.

use taipan_objects::native::ModuleDef;

/// `_struct`.
pub static MODULE: ModuleDef = ModuleDef { name: "_struct", doc: "", functions: &[], init: None };
