//! `_json`: the fast parts of `json`.

mod encoder;
mod scanner;

use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::{module, type_ready};

pub static MODULE: ModuleDef = ModuleDef {
    name: "_json",
    doc: "json speedups\n",
    functions: &[
        MethodDef::new("encode_basestring_ascii($module, object, /)", "A string as JSON, in ASCII.", encoder::encode_basestring_ascii),
        MethodDef::new("encode_basestring($module, object, /)", "A string as JSON.", encoder::encode_basestring),
        MethodDef::new("scanstring($module, string, end, strict=True, /)", "The string that begins before an index, and where it ends.", scanner::scanstring),
    ],
    init: Some(|m| {
        type_ready::ready(&scanner::SCANNER_TYPE);
        type_ready::ready(&encoder::ENCODER_TYPE);
        module::add(m, "make_scanner", scanner::SCANNER_TYPE.to_ref());
        module::add(m, "make_encoder", encoder::ENCODER_TYPE.to_ref());
        Ok(())
    }),
};
