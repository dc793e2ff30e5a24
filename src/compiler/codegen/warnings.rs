//! Warnings about code that is legal and hardly meant.

use super::constants::is_constant;
use super::*;
use crate::error::{ErrorLocation, WarningKind};
use ruff_python_ast::{CmpOp, Number};

/// The type that a display or literal certainly has.
fn type_name(expr: &Expr, debug_is_bool: bool) -> Option<&'static str> {
    Some(match expr {
        Expr::Tuple(_) => "tuple",
        Expr::List(_) | Expr::ListComp(_) => "list",
        Expr::Dict(_) | Expr::DictComp(_) => "dict",
        Expr::Set(_) | Expr::SetComp(_) => "set",
        Expr::Generator(_) => "generator",
        Expr::Lambda(_) => "function",
        Expr::TString(_) => "string.templatelib.Template",
        Expr::FString(_) | Expr::StringLiteral(_) => "str",
        Expr::BytesLiteral(_) => "bytes",
        Expr::NumberLiteral(literal) => match literal.value {
            Number::Int(_) => "int",
            Number::Float(_) => "float",
            Number::Complex { .. } => "complex",
        },
        Expr::BooleanLiteral(_) => "bool",
        Expr::NoneLiteral(_) => "NoneType",
        Expr::EllipsisLiteral(_) => "ellipsis",
        Expr::Name(_) if debug_is_bool && is_constant(expr) => "bool",
        _ => return None,
    })
}

/// Whether comparing by identity makes sense.
fn has_identity(expr: &Expr) -> bool {
    match expr {
        Expr::Tuple(tuple) => !tuple.elts.iter().all(is_constant),
        Expr::StringLiteral(_) | Expr::BytesLiteral(_) | Expr::NumberLiteral(_) => false,
        _ => true,
    }
}

pub(super) fn warning(message: String, index: &SourceIndex, range: TextRange) -> Warning {
    let (line, column) = index.line_and_byte(range.start().to_usize());
    let (end_line, end_column) = index.line_and_byte(range.end().to_usize());
    Warning {
        kind: WarningKind::Syntax,
        msg: message,
        lineno: line as i32,
        location: Some(ErrorLocation {
            lineno: line as i32,
            offset: column as i32 + 1,
            end_lineno: Some(end_line as i32),
            end_offset: Some(end_column as i32 + 1),
        }),
    }
}

impl<'a> Compiler<'a> {
    pub(super) fn warn(&mut self, message: String, range: TextRange) {
        // The second copy of a `finally` body would repeat the first one's warnings.
        if self.disable_warnings == 0 {
            self.warnings.push(warning(message, self.index, range));
        }
    }

    pub(super) fn check_compare(&mut self, expr: &'a ast::ExprCompare) {
        let mut left = &*expr.left;
        for (&operator, right) in expr.ops.iter().zip(&expr.comparators) {
            if matches!(operator, CmpOp::Is | CmpOp::IsNot)
                && !(has_identity(left) && has_identity(right))
            {
                let literal = if has_identity(left) { right } else { left };
                let name = type_name(literal, true).unwrap_or("object");
                let message = if operator == CmpOp::Is {
                    format!("\"is\" with '{name}' literal. Did you mean \"==\"?")
                } else {
                    format!("\"is not\" with '{name}' literal. Did you mean \"!=\"?")
                };
                return self.warn(message, expr.range());
            }
            left = right;
        }
    }

    pub(super) fn check_caller(&mut self, func: &'a Expr) {
        if matches!(func, Expr::Lambda(_)) {
            return;
        }
        if let Some(name) = type_name(func, true) {
            self.warn(
                format!("'{name}' object is not callable; perhaps you missed a comma?"),
                func.range(),
            );
        }
    }

    pub(super) fn check_subscripter(&mut self, value: &'a Expr) {
        let suspicious = matches!(
            value,
            Expr::NoneLiteral(_)
                | Expr::EllipsisLiteral(_)
                | Expr::NumberLiteral(_)
                | Expr::BooleanLiteral(_)
                | Expr::Set(_)
                | Expr::SetComp(_)
                | Expr::Generator(_)
                | Expr::TString(_)
                | Expr::Lambda(_)
        );
        if suspicious && let Some(name) = type_name(value, true) {
            self.warn(
                format!("'{name}' object is not subscriptable; perhaps you missed a comma?"),
                value.range(),
            );
        }
    }

    pub(super) fn check_index(&mut self, value: &'a Expr, index: &'a Expr) {
        let Some(index_name) = type_name(index, true) else {
            return;
        };
        let indexable = matches!(
            value,
            Expr::StringLiteral(_)
                | Expr::BytesLiteral(_)
                | Expr::Tuple(_)
                | Expr::List(_)
                | Expr::ListComp(_)
                | Expr::FString(_)
        );
        if !indexable || matches!(index_name, "int" | "bool" | "slice") {
            return;
        }
        let name = type_name(value, true).unwrap_or("object");
        self.warn(
            format!(
                "{name} indices must be integers or slices, not {index_name}; perhaps you missed a comma?"
            ),
            value.range(),
        );
    }
}

/// What surrounds a statement, for PEP 765.
#[derive(Clone, Copy, Default)]
struct Around {
    finally: bool,
    function: bool,
    in_loop: bool,
}

/// Warns of `return`, `break` and `continue` that leave a `finally` block.
pub(super) fn control_flow_in_finally(
    top: Top<'_>,
    input: &Input<'_>,
    warnings: &mut Vec<Warning>,
) {
    if let Top::Body { body, .. } = top
        && input.source.contains("finally")
    {
        let mut checker = FinallyChecker { input, warnings };
        checker.body(body, Around::default(), 0);
    }
}

struct FinallyChecker<'a, 'w> {
    input: &'w Input<'a>,
    warnings: &'w mut Vec<Warning>,
}

impl FinallyChecker<'_, '_> {
    fn leaves(&mut self, keyword: &str, range: TextRange) {
        self.warnings.push(warning(
            format!("'{keyword}' in a 'finally' block"),
            self.input.index,
            range,
        ));
    }

    fn body(&mut self, body: &[Stmt], around: Around, depth: u32) {
        if depth > self.input.depth_limit {
            return;
        }
        let depth = depth + 1;
        for stmt in body {
            match stmt {
                Stmt::FunctionDef(def) => {
                    let inner = Around {
                        function: true,
                        ..Around::default()
                    };
                    self.body(&def.body, inner, depth);
                }
                Stmt::ClassDef(def) => self.body(&def.body, around, depth),
                Stmt::For(stmt) => {
                    self.loop_body(&stmt.body, depth);
                    self.body(&stmt.orelse, around, depth);
                }
                Stmt::While(stmt) => {
                    self.loop_body(&stmt.body, depth);
                    self.body(&stmt.orelse, around, depth);
                }
                Stmt::If(stmt) => {
                    self.body(&stmt.body, around, depth);
                    for clause in &stmt.elif_else_clauses {
                        self.body(&clause.body, around, depth);
                    }
                }
                Stmt::With(stmt) => self.body(&stmt.body, around, depth),
                Stmt::Match(stmt) => {
                    for case in &stmt.cases {
                        self.body(&case.body, around, depth);
                    }
                }
                Stmt::Try(stmt) => {
                    self.body(&stmt.body, around, depth);
                    for handler in &stmt.handlers {
                        let ast::ExceptHandler::ExceptHandler(handler) = handler;
                        self.body(&handler.body, around, depth);
                    }
                    self.body(&stmt.orelse, around, depth);
                    let inner = Around {
                        finally: true,
                        ..Around::default()
                    };
                    self.body(&stmt.finalbody, inner, depth);
                }
                Stmt::Return(stmt) if around.finally && !around.function => {
                    self.leaves("return", stmt.range());
                }
                Stmt::Break(stmt) if around.finally && !around.in_loop => {
                    self.leaves("break", stmt.range());
                }
                Stmt::Continue(stmt) if around.finally && !around.in_loop => {
                    self.leaves("continue", stmt.range());
                }
                _ => {}
            }
        }
    }

    fn loop_body(&mut self, body: &[Stmt], depth: u32) {
        let inner = Around {
            in_loop: true,
            ..Around::default()
        };
        self.body(body, inner, depth);
    }
}
