//! `binascii`.

use taipan_objects::native::ModuleDef;

/// `binascii`.
pub static MODULE: ModuleDef = ModuleDef { name: "binascii", doc: "", functions: &[], init: None };
