//! `_locale`.
use taipan_objects::native::ModuleDef;

pub static MODULE: ModuleDef = ModuleDef { name: "_locale", doc: "", functions: &[], init: None };
