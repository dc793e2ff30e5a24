//! `_symtable`: the compiler's symbol table as Python objects.

use std::sync::atomic::{AtomicI64, Ordering};
use taipan_compiler::parse::Mode;
use taipan_compiler::tree::{self, Block};
use taipan_compiler::{CompileOptions, Source};
use taipan_objects::err::PyResult;
use taipan_objects::native::{MemberDef, MethodDef, ModuleDef};
use taipan_objects::object::{Header, new_object};
use taipan_objects::typeobject::{Slots, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{dict, err, int, list, module, protocol, strings, type_ready};
use taipan_runtime::compile::{SourceText, raise_compile_error, source_text};

pub static MODULE: ModuleDef = ModuleDef {
    name: "_symtable",
    doc: "",
    functions: &[MethodDef::new(
        "symtable($module, source, filename, startstr, /)",
        "The symbol tables of a program.",
        symtable,
    )],
    init: Some(|m| {
        type_ready::ready(&ENTRY_TYPE);
        for (name, value) in CONSTANTS {
            module::add(m, name, int::from_i64(*value));
        }
        Ok(())
    }),
};

const CONSTANTS: &[(&str, i64)] = &[
    ("USE", 16),
    ("DEF_GLOBAL", 1),
    ("DEF_NONLOCAL", 8),
    ("DEF_LOCAL", 2),
    ("DEF_PARAM", 4),
    ("DEF_TYPE_PARAM", 1 << 10),
    ("DEF_FREE_CLASS", 1 << 6),
    ("DEF_IMPORT", 1 << 7),
    ("DEF_BOUND", 134 | (1 << 10)),
    ("DEF_ANNOT", 1 << 8),
    ("DEF_COMP_ITER", 1 << 9),
    ("DEF_COMP_CELL", 1 << 11),
    ("TYPE_FUNCTION", 0),
    ("TYPE_CLASS", 1),
    ("TYPE_MODULE", 2),
    ("TYPE_ANNOTATION", 3),
    ("TYPE_TYPE_ALIAS", 4),
    ("TYPE_TYPE_PARAMETERS", 5),
    ("TYPE_TYPE_VARIABLE", 6),
    ("LOCAL", 1),
    ("GLOBAL_EXPLICIT", 2),
    ("GLOBAL_IMPLICIT", 3),
    ("FREE", 4),
    ("CELL", 5),
    ("SCOPE_OFF", 12),
    ("SCOPE_MASK", 15),
];

/// The table of one block.
#[repr(C)]
pub struct Entry {
    header: Header,
    id: i64,
    kind: i64,
    line: i64,
    nested: bool,
    name: Slot,
    symbols: Slot,
    varnames: Slot,
    children: Slot,
}
taipan_objects::object_impl!(Entry, ENTRY_TYPE);

static ENTRY_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "symtable entry",
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        repr: Some(|v| {
            let e = entry(&v);
            let name = protocol::str_text(e.name.get())?;
            Ok(strings::new_str(&format!("<symtable entry {name}({}), line {}>", e.id, e.line)))
        }),
        ..Slots::of::<Entry>()
    },
    members: &[
        MemberDef::ro("id", "", |v| Ok(int::from_i64(entry(&v).id))),
        MemberDef::ro("name", "", |v| Ok(entry(&v).name.get_ref())),
        MemberDef::ro("symbols", "", |v| Ok(entry(&v).symbols.get_ref())),
        MemberDef::ro("varnames", "", |v| Ok(entry(&v).varnames.get_ref())),
        MemberDef::ro("children", "", |v| Ok(entry(&v).children.get_ref())),
        MemberDef::ro("nested", "", |v| Ok(int::from_i64(entry(&v).nested as i64))),
        MemberDef::ro("type", "", |v| Ok(int::from_i64(entry(&v).kind))),
        MemberDef::ro("lineno", "", |v| Ok(int::from_i64(entry(&v).line))),
    ],
    ..TypeSpec::of::<Entry>()
});

fn entry(v: &Value) -> &Entry {
    // SAFETY: called with entries only.
    unsafe { v.cast_unchecked::<Entry>() }
}

fn symtable(a: &[Value]) -> PyResult {
    let text = source_text(a[0], "symtable")?;
    let filename = taipan_runtime::sys::fsdecode(a[1])?;
    let filename = protocol::str_text(*filename)?;
    if !strings::is_str(a[2]) {
        return err!(TypeError, "symtable() argument 3 must be str, not {}", a[2].type_name());
    }
    let mode = match strings::to_text(a[2], "mode")?.as_str() {
        "exec" => Mode::Exec,
        "eval" => Mode::Eval,
        "single" => Mode::Single,
        _ => return err!(ValueError, "symtable() arg 3 must be 'exec' or 'eval' or 'single'"),
    };
    let mut options = CompileOptions::new(taipan_bytecode::Str::new(&filename));
    options.mode = mode;
    let source = match &text {
        SourceText::Text(t) => Source::Text(t),
        SourceText::Bytes(b) => Source::from(b.as_slice()),
    };
    let blocks = tree::blocks(source, &options).map_err(|e| raise_compile_error(&e, &filename))?;
    // Children come after their parents, but for annotations, which are entered late.
    let mut made: Vec<Ref> = Vec::with_capacity(blocks.len());
    for block in &blocks {
        made.push(new_entry(block)?);
    }
    for (block, object) in blocks.iter().zip(&made) {
        let children = block.children.iter().map(|&i| made[i].clone()).collect();
        entry(object).children.set(list::new_list(children));
    }
    Ok(made[0].clone())
}

fn new_entry(block: &Block) -> PyResult {
    static NEXT: AtomicI64 = AtomicI64::new(1);
    let symbols = dict::new_dict();
    for (name, flags) in &block.symbols {
        dict::set(*symbols, *strings::intern_str(name), *int::from_i64(*flags as i64))?;
    }
    let varnames = block.varnames.iter().map(|n| strings::intern_str(n)).collect();
    Ok(new_object(Entry {
        header: Header::new(&ENTRY_TYPE),
        id: NEXT.fetch_add(1, Ordering::Relaxed),
        kind: block.kind as i64,
        line: block.line as i64,
        nested: block.nested,
        name: Slot::new(strings::intern_str(&block.name)),
        symbols: Slot::new(symbols),
        varnames: Slot::new(list::new_list(varnames)),
        children: Slot::new(Ref::NONE),
    }))
}
