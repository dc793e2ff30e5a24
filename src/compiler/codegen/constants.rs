//! Which expressions are constants, and their values.

use super::*;
use crate::literals;
use ruff_python_ast::{ExprContext, Number, Operator, UnaryOp};

/// The value of `debug` that `__debug__` has at an optimization level, when `expr` is a constant at all.
pub(super) fn is_constant(expr: &Expr) -> bool {
    match expr {
        Expr::StringLiteral(_)
        | Expr::BytesLiteral(_)
        | Expr::NumberLiteral(_)
        | Expr::BooleanLiteral(_)
        | Expr::NoneLiteral(_)
        | Expr::EllipsisLiteral(_) => true,
        Expr::Name(name) => name.ctx == ExprContext::Load && name.id.as_str() == "__debug__",
        _ => false,
    }
}

impl<'a> Compiler<'a> {
    /// The value of a constant expression.
    pub(super) fn constant(&mut self, expr: &Expr) -> Result<Option<Const>, Failure> {
        Ok(Some(match expr {
            Expr::StringLiteral(literal) => Const::Str(literals::string(literal, self.source)),
            Expr::BytesLiteral(literal) => {
                Const::Bytes(literal.value.bytes().collect::<Vec<u8>>().into())
            }
            Expr::NumberLiteral(literal) => match &literal.value {
                Number::Int(value) => Const::Int(literals::integer(value, literal.range())?),
                Number::Float(value) => Const::Float(*value),
                Number::Complex { real, imag } => Const::Complex(*real, *imag),
            },
            Expr::BooleanLiteral(literal) => Const::bool(literal.value),
            Expr::NoneLiteral(_) => Const::None,
            Expr::EllipsisLiteral(_) => Const::Ellipsis,
            Expr::Name(_) if is_constant(expr) => Const::bool(self.optimize == 0),
            _ => return Ok(None),
        }))
    }

    /// The value of a literal in a pattern: also `-1` and `1 + 2j`.
    pub(super) fn pattern_constant(&mut self, expr: &Expr) -> Result<Option<Const>, Failure> {
        match expr {
            Expr::UnaryOp(unary) if unary.op == UnaryOp::USub => {
                let Some(value) = self.constant(&unary.operand)? else {
                    return Ok(None);
                };
                Ok(negated(value))
            }
            Expr::BinOp(binary) if matches!(binary.op, Operator::Add | Operator::Sub) => {
                let Some(right) = self.constant(&binary.right)? else {
                    return Ok(None);
                };
                let Some(left) = self.pattern_constant(&binary.left)? else {
                    return Ok(None);
                };
                Ok(sum(left, right, binary.op == Operator::Sub))
            }
            _ => self.constant(expr),
        }
    }
}

fn negated(value: Const) -> Option<Const> {
    Some(match value {
        Const::Int(value) => Const::Int(-value),
        Const::Float(value) => Const::Float(-value),
        Const::Complex(re, im) => Const::Complex(-re, -im),
        _ => return None,
    })
}

/// `left ± imaginary`
fn sum(left: Const, right: Const, subtract: bool) -> Option<Const> {
    let real = match &left {
        Const::Int(value) => literals::to_f64(value),
        Const::Float(value) => *value,
        _ => return None,
    };
    let Const::Complex(re, im) = right else {
        return None;
    };
    // A real operand leaves the imaginary part as it is, sign of zero included.
    Some(if subtract {
        Const::Complex(real - re, -im)
    } else {
        Const::Complex(real + re, im)
    })
}
