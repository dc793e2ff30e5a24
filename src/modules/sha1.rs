//! `_sha1`.

use crate::digest_object::digest_type;
use ::sha1::{Digest, Sha1};
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::{int, module, type_ready};

digest_type!(Sha1Object, SHA1_TYPE, Sha1, "_sha1.sha1", "sha1", 64, new_sha1);

pub static MODULE: ModuleDef = ModuleDef {
    name: "_sha1",
    doc: "",
    functions: &[MethodDef::new(
        "sha1($module, /, data=b'', *, usedforsecurity=True, string=None)",
        "A new SHA1 hash object.",
        new_sha1,
    )],
    init: Some(|m| {
        type_ready::ready(&SHA1_TYPE);
        module::add(m, "SHA1Type", SHA1_TYPE.to_ref());
        module::add(m, "_GIL_MINSIZE", int::from_i64(2048));
        Ok(())
    }),
};
