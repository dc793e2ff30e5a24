//! `_md5`.

use crate::digest_object::digest_type;
use md5::{Digest, Md5};
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::{int, module, type_ready};

digest_type!(Md5Object, MD5_TYPE, Md5, "_md5.md5", "md5", 64, new_md5);

pub static MODULE: ModuleDef = ModuleDef {
    name: "_md5",
    doc: "",
    functions: &[MethodDef::new("md5($module, /, data=b'', *, usedforsecurity=True, string=None)", "A new MD5 hash object.", new_md5)],
    init: Some(|m| {
        type_ready::ready(&MD5_TYPE);
        module::add(m, "MD5Type", MD5_TYPE.to_ref());
        module::add(m, "_GIL_MINSIZE", int::from_i64(2048));
        Ok(())
    }),
};
