//! `_sre`: the regular expression engine behind `re`.

mod drive;
mod pattern;
mod results;

use taipan_objects::err::PyResult;
use taipan_objects::module;
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{int, strings, unicode};

pub static MODULE: ModuleDef = ModuleDef {
    name: "_sre",
    doc: "",
    functions: &[
        MethodDef::new(
            "compile($module, /, pattern, flags, code, groups, groupindex,\n        indexgroup)",
            "A pattern object from compiled code.",
            pattern::compile,
        ),
        MethodDef::new("template($module, pattern, template, /)", "A template object for substitution.", results::template),
        MethodDef::new("getcodesize($module, /)", "Size of a code word in bytes.", |_| Ok(int::from_i64(4))),
        MethodDef::new("ascii_iscased($module, character, /)", "", |a| {
            let c = int::to_i32(a[0])?;
            Ok(Ref::bool((0..128).contains(&c) && (c as u8).is_ascii_alphabetic()))
        }),
        MethodDef::new("ascii_tolower($module, character, /)", "", |a| {
            let c = int::to_i32(a[0])?;
            Ok(int::from_i64(if (0..128).contains(&c) { (c as u8).to_ascii_lowercase() as i64 } else { c as i64 }))
        }),
        MethodDef::new("unicode_iscased($module, character, /)", "", |a| {
            let c = int::to_i32(a[0])? as u32;
            Ok(Ref::bool(unicode::simple_lower(c) != c || unicode::simple_upper(c) != c))
        }),
        MethodDef::new("unicode_tolower($module, character, /)", "", |a| {
            let c = int::to_i32(a[0])? as u32;
            Ok(int::from_i64(unicode::simple_lower(c) as i64))
        }),
    ],
    init: Some(init),
};

fn init(m: Value) -> PyResult<()> {
    for t in [&pattern::PATTERN_TYPE, &results::MATCH_TYPE, &pattern::SCANNER_TYPE, &results::TEMPLATE_TYPE] {
        taipan_objects::type_ready::ready(t);
    }
    for (name, value) in [("MAGIC", 20230612), ("CODESIZE", 4), ("MAXREPEAT", 4294967295), ("MAXGROUPS", 1073741823)] {
        module::add(m, name, int::from_i64(value));
    }
    module::add(m, "copyright", strings::new_str(" SRE 2.2.2 Copyright (c) 1997-2002 by Secret Labs AB "));
    Ok(())
}
