//! Code from a tree of Python objects: through its source text, as `ast.unparse` writes it.

use super::classes::{class, is_node};
use taipan_compiler::Source;
use taipan_compiler::parse::Mode;
use taipan_objects::err::PyResult;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{err, protocol, strings};

/// Compiles a tree; `None` if the value is no tree.
pub fn compile(
    tree: Value,
    filename: &str,
    mode: &str,
    flags: u32,
    optimize: u8,
) -> PyResult<Option<Ref>> {
    if !is_node(tree) {
        return Ok(None);
    }
    let (wanted, compiler_mode) = match mode {
        "eval" => ("Expression", Mode::Eval),
        "single" => ("Interactive", Mode::Single),
        _ => ("Module", Mode::Exec),
    };
    if !protocol::isinstance(tree, class(wanted))? {
        return err!(
            TypeError,
            "expected {wanted} node, got {}",
            tree.type_name()
        );
    }
    let ast = (taipan_objects::vm::hooks().import)("ast")?;
    let unparse = protocol::getattr_str(*ast, "unparse")?;
    // `unparse` knows modules and expressions; an interactive statement is written as a module.
    let shown = if wanted == "Interactive" {
        let body = protocol::getattr_str(tree, "body")?;
        super::classes::new_node(
            "Module",
            &[
                ("body", body),
                ("type_ignores", taipan_objects::list::new_list(Vec::new())),
            ],
        )?
    } else {
        tree.to_ref()
    };
    let text = protocol::call(*unparse, &[*shown])?;
    let mut text = strings::to_text(*text, "source")?;
    if wanted == "Interactive" {
        text.push('\n');
    }
    taipan_runtime::compile::compile_source(
        Source::Text(&text),
        filename,
        compiler_mode,
        flags & !0x400,
        optimize,
    )
    .map(Some)
}
