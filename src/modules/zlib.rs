//! `zlib`.

use taipan_objects::native::ModuleDef;

/// `zlib`.
pub static MODULE: ModuleDef = ModuleDef { name: "zlib", doc: "", functions: &[], init: None };
