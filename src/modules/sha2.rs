//! `_sha2`.

use crate::digest_object::digest_type;
use ::sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::{int, module, type_ready};

digest_type!(Sha224Object, SHA224_TYPE, Sha224, "_sha2.SHA224Type", "sha224", 64, new_sha224);
digest_type!(Sha256Object, SHA256_TYPE, Sha256, "_sha2.SHA256Type", "sha256", 64, new_sha256);
digest_type!(Sha384Object, SHA384_TYPE, Sha384, "_sha2.SHA384Type", "sha384", 128, new_sha384);
digest_type!(Sha512Object, SHA512_TYPE, Sha512, "_sha2.SHA512Type", "sha512", 128, new_sha512);

pub static MODULE: ModuleDef = ModuleDef {
    name: "_sha2",
    doc: "",
    functions: &[
        MethodDef::new("sha224($module, /, data=b'', *, usedforsecurity=True, string=None)", "A new SHA-224 hash object.", new_sha224),
        MethodDef::new("sha256($module, /, data=b'', *, usedforsecurity=True, string=None)", "A new SHA-256 hash object.", new_sha256),
        MethodDef::new("sha384($module, /, data=b'', *, usedforsecurity=True, string=None)", "A new SHA-384 hash object.", new_sha384),
        MethodDef::new("sha512($module, /, data=b'', *, usedforsecurity=True, string=None)", "A new SHA-512 hash object.", new_sha512),
    ],
    init: Some(|m| {
        for t in [&SHA224_TYPE, &SHA256_TYPE, &SHA384_TYPE, &SHA512_TYPE] {
            type_ready::ready(t);
            module::add(m, t.name(), t.to_ref());
        }
        module::add(m, "_GIL_MINSIZE", int::from_i64(2048));
        Ok(())
    }),
};
