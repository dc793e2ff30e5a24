//! `_io` (in the making by FILEIO, who owns this folder and `stdio.rs`; IO goes on with `_thread`, `posix`, signals and sockets).

use taipan_objects::native::ModuleDef;

pub static MODULE: ModuleDef = ModuleDef { name: "_io", doc: "", functions: &[], init: None };
