//! `_json`.

use taipan_objects::native::ModuleDef;

/// `_json`.
pub static MODULE: ModuleDef = ModuleDef { name: "_json", doc: "", functions: &[], init: None };
