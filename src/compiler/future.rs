//! `from __future__ import …`

use crate::failure::Failure;
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

/// `barry_as_FLUFL`
pub const CO_FUTURE_BARRY_AS_BDFL: u32 = 0x40_0000;
/// `generator_stop`
pub const CO_FUTURE_GENERATOR_STOP: u32 = 0x80_0000;
/// `annotations`
pub const CO_FUTURE_ANNOTATIONS: u32 = 0x100_0000;
/// The flags that code objects inherit from the compiler's.
pub const PYCF_MASK: u32 = 0x2_0000
    | 0x4_0000
    | 0x8_0000
    | 0x10_0000
    | 0x20_0000
    | CO_FUTURE_BARRY_AS_BDFL
    | CO_FUTURE_GENERATOR_STOP
    | CO_FUTURE_ANNOTATIONS;
/// `await` at the top level is allowed.
pub const PYCF_ALLOW_TOP_LEVEL_AWAIT: u32 = 0x2000;

/// The features a module asks for.
#[derive(Default, Clone)]
pub struct Future {
    /// `CO_FUTURE_*`
    pub features: u32,
    /// The last of the statements that may stand at the beginning.
    pub last: Option<TextRange>,
}

/// Whether a statement is a plain string.
pub fn is_docstring(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Expr(expr) if matches!(&*expr.value, Expr::StringLiteral(_)))
}

/// Reads the future statements of a body.
pub fn scan(body: &[Stmt]) -> Result<Future, Failure> {
    let mut future = Future::default();
    let start = usize::from(body.first().is_some_and(is_docstring));
    for stmt in &body[start..] {
        let Stmt::ImportFrom(import) = stmt else {
            break;
        };
        if import.level != 0
            || import
                .module
                .as_ref()
                .is_none_or(|m| m.as_str() != "__future__")
        {
            break;
        }
        for alias in &import.names {
            match alias.name.as_str() {
                "nested_scopes" | "generators" | "division" | "absolute_import"
                | "with_statement" | "print_function" | "unicode_literals" | "generator_stop" => {}
                "barry_as_FLUFL" => future.features |= CO_FUTURE_BARRY_AS_BDFL,
                "annotations" => future.features |= CO_FUTURE_ANNOTATIONS,
                "braces" => return Err(Failure::syntax("not a chance", alias.range())),
                other => {
                    return Err(Failure::syntax(
                        format!("future feature {other} is not defined"),
                        alias.range(),
                    ));
                }
            }
        }
        future.last = Some(import.range());
    }
    Ok(future)
}
