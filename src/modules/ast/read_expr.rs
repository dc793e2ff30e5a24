//! Expressions from node objects.

use super::read::{Node, Reader, check_name, new, not_assignable};
use super::schema::Kind;
use ruff_python_ast::str::Quote;
use ruff_python_ast::{
    self as r, ConversionFlag, Expr, ExprContext, InterpolatedStringElement, Number, Operator,
};
use ruff_text_size::{Ranged, TextRange, TextSize};
use taipan_compiler::tree::Place;
use taipan_objects::err::PyResult;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{bytes, complex, err, float, int, protocol, strings, tuple};

const LOAD: ExprContext = ExprContext::Load;

impl Reader {
    pub(super) fn read_expr(&mut self, object: Value, ctx: ExprContext) -> PyResult<Expr> {
        let node = self.open(object, "expr")?;
        let n = &node;
        let range = self.range(n);
        let assignable = matches!(
            n.kind(),
            Kind::Attribute | Kind::Subscript | Kind::Starred | Kind::Name | Kind::List | Kind::Tuple
        );
        if !assignable && ctx != LOAD {
            return not_assignable(ctx);
        }
        Ok(match n.kind() {
            Kind::BoolOp => {
                let (_op, op) = self.child(n, 0)?;
                let op = if op.kind() == Kind::And { r::BoolOp::And } else { r::BoolOp::Or };
                let values = self.exprs(n, 1, LOAD)?;
                if values.len() < 2 {
                    return err!(ValueError, "BoolOp with less than 2 values");
                }
                Expr::BoolOp(new!(ExprBoolOp, range, { op, values }))
            }
            Kind::NamedExpr => {
                let target = self.stored(n, 0)?;
                if !target.is_name_expr() {
                    return err!(TypeError, "NamedExpr target must be a Name");
                }
                Expr::Named(new!(ExprNamed, range, { target, value: self.boxed(n, 1)? }))
            }
            Kind::BinOp => {
                let left = self.boxed(n, 0)?;
                let op = self.operator(n, 1)?;
                Expr::BinOp(new!(ExprBinOp, range, { left, op, right: self.boxed(n, 2)? }))
            }
            Kind::UnaryOp => {
                let (_op, op) = self.child(n, 0)?;
                let op = match op.kind() {
                    Kind::Invert => r::UnaryOp::Invert,
                    Kind::Not => r::UnaryOp::Not,
                    Kind::UAdd => r::UnaryOp::UAdd,
                    _ => r::UnaryOp::USub,
                };
                Expr::UnaryOp(new!(ExprUnaryOp, range, { op, operand: self.boxed(n, 1)? }))
            }
            Kind::Lambda => {
                let parameters = Some(Box::new(self.parameters(n, 0)?));
                Expr::Lambda(new!(ExprLambda, range, { parameters, body: self.boxed(n, 1)? }))
            }
            Kind::IfExp => {
                let test = self.boxed(n, 0)?;
                let body = self.boxed(n, 1)?;
                Expr::If(new!(ExprIf, range, { test, body, orelse: self.boxed(n, 2)? }))
            }
            Kind::Dict => {
                let keys = self.items(n, 0)?;
                let values = self.exprs(n, 1, LOAD)?;
                if keys.len() != values.len() {
                    return err!(ValueError, "Dict doesn't have the same number of keys as values");
                }
                let mut items = Vec::new();
                for (key, value) in keys.iter().zip(values) {
                    let key = if key.is_none() { None } else { Some(self.read_expr(**key, LOAD)?) };
                    items.push(r::DictItem { key, value });
                }
                Expr::Dict(new!(ExprDict, range, { items }))
            }
            Kind::Set => Expr::Set(new!(ExprSet, range, { elts: self.exprs(n, 0, LOAD)? })),
            Kind::ListComp => {
                let generators = self.generators(n, 1)?;
                Expr::ListComp(new!(ExprListComp, range, { elt: self.boxed(n, 0)?, generators }))
            }
            Kind::SetComp => {
                let generators = self.generators(n, 1)?;
                Expr::SetComp(new!(ExprSetComp, range, { elt: self.boxed(n, 0)?, generators }))
            }
            Kind::DictComp => {
                let generators = self.generators(n, 2)?;
                let key = Some(self.boxed(n, 0)?);
                Expr::DictComp(new!(ExprDictComp, range, { key, value: self.boxed(n, 1)?, generators }))
            }
            Kind::GeneratorExp => {
                let generators = self.generators(n, 1)?;
                let elt = self.boxed(n, 0)?;
                Expr::Generator(new!(ExprGenerator, range, { elt, generators, parenthesized: true }))
            }
            Kind::Await => Expr::Await(new!(ExprAwait, range, { value: self.boxed(n, 0)? })),
            Kind::Yield => Expr::Yield(new!(ExprYield, range, { value: self.maybe(n, 0)? })),
            Kind::YieldFrom => Expr::YieldFrom(new!(ExprYieldFrom, range, { value: self.boxed(n, 0)? })),
            Kind::Compare => {
                let left = self.boxed(n, 0)?;
                let ops: Vec<r::CmpOp> =
                    self.children(n, 1)?.iter().map(|(_, op)| comparison(op.kind())).collect();
                let comparators = self.exprs(n, 2, LOAD)?;
                if comparators.is_empty() {
                    return err!(ValueError, "Compare has no comparators");
                }
                if comparators.len() != ops.len() {
                    return err!(ValueError, "Compare has a different number of comparators and operands");
                }
                Expr::Compare(
                    new!(ExprCompare, range, { left, ops: ops.into(), comparators: comparators.into() }),
                )
            }
            Kind::Call => {
                let func = self.boxed(n, 0)?;
                let args = self.exprs(n, 1, LOAD)?.into();
                let keywords = self.keywords(n, 2)?.into();
                let arguments = new!(Arguments, range, { args, keywords });
                Expr::Call(r::ExprCall {
                    node_index: Default::default(),
                    range_start: range.start(),
                    func,
                    arguments,
                })
            }
            Kind::FormattedValue => {
                let field = self.field(n)?;
                self.fstring(range, vec![InterpolatedStringElement::Interpolation(field)])
            }
            Kind::JoinedStr => {
                let elements = self.elements(n, 0)?;
                self.fstring(range, elements)
            }
            Kind::Interpolation => {
                let field = self.field(n)?;
                self.tstring(range, vec![InterpolatedStringElement::Interpolation(field)])
            }
            Kind::TemplateStr => {
                let elements = self.elements(n, 0)?;
                self.tstring(range, elements)
            }
            Kind::Constant => {
                let value = self.constant(n, 0)?;
                self.comment(n, 1)?;
                self.literal(n, range, *value)?
            }
            Kind::Attribute => {
                let value = self.boxed(n, 0)?;
                let mut attr = self.identifier(n, 1)?;
                let (line, end) = (n.place.end_line, n.place.end_column);
                let column = (end - attr.as_str().len() as i32).max(0);
                attr.range = self.made.range(Place { line, column, end_line: line, end_column: end });
                Expr::Attribute(new!(ExprAttribute, range, { value, attr, ctx: self.context(n, 2, ctx)? }))
            }
            Kind::Subscript => {
                let value = self.boxed(n, 0)?;
                let slice = self.boxed(n, 1)?;
                Expr::Subscript(new!(ExprSubscript, range, { value, slice, ctx: self.context(n, 2, ctx)? }))
            }
            Kind::Starred => {
                let found = self.context(n, 1, ctx)?;
                let value = Box::new(self.expr(n, 0, ctx)?);
                Expr::Starred(new!(ExprStarred, range, { value, ctx: found }))
            }
            Kind::Name => {
                let id = self.identifier(n, 0)?.id;
                check_name(&id)?;
                Expr::Name(new!(ExprName, range, { id, ctx: self.context(n, 1, ctx)? }))
            }
            Kind::List => {
                let found = self.context(n, 1, ctx)?;
                Expr::List(new!(ExprList, range, { elts: self.exprs(n, 0, ctx)?, ctx: found }))
            }
            Kind::Tuple => {
                let found = self.context(n, 1, ctx)?;
                let elts = self.exprs(n, 0, ctx)?;
                Expr::Tuple(new!(ExprTuple, range, { elts, ctx: found, parenthesized: true }))
            }
            _ => {
                let lower = self.maybe(n, 0)?;
                let upper = self.maybe(n, 1)?;
                Expr::Slice(new!(ExprSlice, range, { lower, upper, step: self.maybe(n, 2)? }))
            }
        })
    }

    fn generators(&mut self, n: &Node, i: usize) -> PyResult<Vec<r::Comprehension>> {
        let mut out = Vec::new();
        for (_object, c) in self.children(n, i)? {
            let target = self.expr(&c, 0, ExprContext::Store)?;
            let iter = self.expr(&c, 1, LOAD)?;
            let ifs = self.exprs(&c, 2, LOAD)?;
            let is_async = self.int(&c, 3)? != 0;
            let range = TextRange::new(target.start(), target.end());
            out.push(new!(Comprehension, range, { target, iter, ifs, is_async }));
        }
        if out.is_empty() {
            return err!(ValueError, "comprehension with no generators");
        }
        Ok(out)
    }

    pub(super) fn operator(&mut self, n: &Node, i: usize) -> PyResult<Operator> {
        let (_op, op) = self.child(n, i)?;
        Ok(match op.kind() {
            Kind::Add => Operator::Add,
            Kind::Sub => Operator::Sub,
            Kind::Mult => Operator::Mult,
            Kind::MatMult => Operator::MatMult,
            Kind::Div => Operator::Div,
            Kind::Mod => Operator::Mod,
            Kind::Pow => Operator::Pow,
            Kind::LShift => Operator::LShift,
            Kind::RShift => Operator::RShift,
            Kind::BitOr => Operator::BitOr,
            Kind::BitXor => Operator::BitXor,
            Kind::BitAnd => Operator::BitAnd,
            _ => Operator::FloorDiv,
        })
    }

    // ---------------------------------------------------------------- constants

    fn literal(&mut self, n: &Node, range: TextRange, v: Value) -> PyResult<Expr> {
        if v.is_none() {
            return Ok(Expr::NoneLiteral(new!(ExprNoneLiteral, range, {})));
        }
        if v.is_bool() {
            return Ok(Expr::BooleanLiteral(new!(ExprBooleanLiteral, range, { value: v.is(Value::TRUE) })));
        }
        if v.is(Value::ELLIPSIS) {
            return Ok(Expr::EllipsisLiteral(new!(ExprEllipsisLiteral, range, {})));
        }
        if let Some(f) = float::as_float(v) {
            return Ok(Expr::NumberLiteral(new!(ExprNumberLiteral, range, { value: Number::Float(f) })));
        }
        if let Some(c) = complex::as_complex(v) {
            let value = Number::Complex { real: c.re, imag: c.im };
            return Ok(Expr::NumberLiteral(new!(ExprNumberLiteral, range, { value })));
        }
        if let Some(i) = int::as_int(&v) {
            let i = i.to_ibig();
            let negative = i < dashu_int::IBig::ZERO;
            let digits = format!("{:x}", if negative { -i } else { i });
            let Ok(value) = r::Int::from_str_radix(&digits, 16, &format!("0x{digits}")) else {
                return err!(SystemError, "a number was expected");
            };
            let number = Expr::NumberLiteral(new!(ExprNumberLiteral, range, { value: Number::Int(value) }));
            if !negative {
                return Ok(number);
            }
            let operand = Box::new(number);
            return Ok(Expr::UnaryOp(new!(ExprUnaryOp, range, { op: r::UnaryOp::USub, operand })));
        }
        if let Some(b) = bytes::as_bytes(&v) {
            let inner = self.made.literal("b\"\"", n.place);
            let literal = new!(BytesLiteral, inner, { value: b.into(), flags: r::BytesLiteralFlags::empty() });
            let value = r::BytesLiteralValue::single(literal);
            return Ok(Expr::BytesLiteral(new!(ExprBytesLiteral, range, { value })));
        }
        if strings::is_str(v) {
            let (text, written) = spelled(v);
            let inner = self.made.literal(&format!("\"{written}\""), n.place);
            let flags = r::StringLiteralFlags::empty().with_quote_style(Quote::Double);
            let literal = new!(StringLiteral, inner, { value: text.into(), flags });
            let value = r::StringLiteralValue::single(literal);
            return Ok(Expr::StringLiteral(new!(ExprStringLiteral, range, { value })));
        }
        if tuple::is_tuple(v) {
            let mut elts = Vec::new();
            for item in tuple::as_slice(v) {
                elts.push(self.literal(n, range, *item)?);
            }
            return Ok(Expr::Tuple(new!(ExprTuple, range, { elts, ctx: LOAD, parenthesized: true })));
        }
        taipan_objects::err::missing(&format!("a Constant of type {}", v.type_name()))
    }

    // ---------------------------------------------------------------- formatted strings

    fn fstring(&mut self, range: TextRange, elements: Vec<InterpolatedStringElement>) -> Expr {
        let part = new!(FString, range, { elements: elements.into(), flags: r::FStringFlags::empty() });
        Expr::FString(new!(ExprFString, range, { value: r::FStringValue::single(part) }))
    }

    fn tstring(&mut self, range: TextRange, elements: Vec<InterpolatedStringElement>) -> Expr {
        let part = new!(TString, range, { elements: elements.into(), flags: r::TStringFlags::empty() });
        Expr::TString(new!(ExprTString, range, { value: r::TStringValue::single(part) }))
    }

    fn elements(&mut self, n: &Node, i: usize) -> PyResult<Vec<InterpolatedStringElement>> {
        let mut out = Vec::new();
        for object in self.items(n, i)? {
            if object.is_none() {
                return err!(ValueError, "None disallowed in expression list");
            }
            self.element(&object, &mut out)?;
        }
        Ok(out)
    }

    fn element(&mut self, object: &Ref, out: &mut Vec<InterpolatedStringElement>) -> PyResult<()> {
        let node = self.open(**object, "expr")?;
        match node.kind() {
            Kind::Constant => {
                let value = self.constant(&node, 0)?;
                self.comment(&node, 1)?;
                // The code formats what is no string.
                let value = if strings::is_str(*value) { value } else { protocol::str(*value)? };
                let (text, written) = spelled(*value);
                let written = if written.is_empty() { "\0".to_owned() } else { written };
                let range = self.made.literal(&written, node.place);
                let literal = new!(InterpolatedStringLiteralElement, range, { value: text.into() });
                out.push(InterpolatedStringElement::Literal(literal));
            }
            Kind::FormattedValue | Kind::Interpolation => {
                out.push(InterpolatedStringElement::Interpolation(self.field(&node)?));
            }
            Kind::JoinedStr => out.extend(self.elements(&node, 0)?),
            kind => {
                return taipan_objects::err::missing(&format!("{} among the values of a JoinedStr", kind.name()));
            }
        }
        Ok(())
    }

    /// A field of a formatted or template string.
    fn field(&mut self, n: &Node) -> PyResult<r::InterpolatedElement> {
        let template = n.kind() == Kind::Interpolation;
        let at = template as usize;
        let expression = self.boxed(n, 0)?;
        let text = if template {
            let v = self.constant(n, 1)?;
            protocol::str_text(*v)?
        } else {
            String::new()
        };
        let conversion = match self.int(n, 1 + at)? {
            -1 => ConversionFlag::None,
            115 => ConversionFlag::Str,
            114 => ConversionFlag::Repr,
            97 => ConversionFlag::Ascii,
            other => return err!(SystemError, "Unrecognized conversion character {other}"),
        };
        // The compiler reads the expression's text between the braces, up to `!` and `:`.
        let mut written = format!("{{{text}");
        if conversion != ConversionFlag::None {
            written.push('!');
        }
        let spec = self.maybe_spec(n, 2 + at)?;
        let before = written.len() as u32;
        if spec.is_some() {
            written.push_str(":}");
        } else {
            written.push('}');
        }
        let range = self.made.literal(&written, n.place);
        let format_spec = spec.map(|elements| {
            let start = range.start() + TextSize::from(before);
            let spec_range = TextRange::new(start + TextSize::from(1), range.end());
            Box::new(new!(InterpolatedStringFormatSpec, spec_range, { elements: elements.into() }))
        });
        Ok(new!(InterpolatedElement, range, { expression, debug_text: None, conversion, format_spec }))
    }

    fn maybe_spec(&mut self, n: &Node, i: usize) -> PyResult<Option<Vec<InterpolatedStringElement>>> {
        let Some((object, node)) = self.optional_child(n, i)? else { return Ok(None) };
        let mut out = Vec::new();
        match node.kind() {
            Kind::JoinedStr | Kind::Constant | Kind::FormattedValue => self.element(&object, &mut out)?,
            // Any other expression formats to the same text when it is a string, as it must be.
            _ => {
                let expression = Box::new(self.read_expr(*object, LOAD)?);
                let range = self.range(&node);
                let conversion = ConversionFlag::None;
                out.push(InterpolatedStringElement::Interpolation(
                    new!(InterpolatedElement, range, { expression, debug_text: None, conversion, format_spec: None }),
                ));
            }
        }
        Ok(Some(out))
    }
}

/// The text that the tree can carry, and its spelling with escapes if it cannot carry all of it.
fn spelled(v: Value) -> (String, String) {
    let s = strings::expect(v);
    if let Ok(text) = s.to_utf8()
        && !text.contains('\u{FFFD}')
    {
        return (text.into_owned(), String::new());
    }
    if !taipan_objects::vm::vm().pending().is_null() {
        drop(taipan_objects::vm::vm().take_pending());
    }
    let (mut text, mut written) = (String::new(), String::new());
    for point in s.data().iter() {
        match char::from_u32(point) {
            Some(c) if c.is_ascii() || c == '\u{FFFD}' => {
                text.push(c);
                written.push_str(&format!("\\u{point:04x}"));
            }
            Some(c) => {
                text.push(c);
                written.push(c);
            }
            None => {
                text.push('\u{FFFD}');
                written.push_str(&format!("\\u{point:04x}"));
            }
        }
    }
    (text, written)
}

fn comparison(kind: Kind) -> r::CmpOp {
    match kind {
        Kind::Eq => r::CmpOp::Eq,
        Kind::NotEq => r::CmpOp::NotEq,
        Kind::Lt => r::CmpOp::Lt,
        Kind::LtE => r::CmpOp::LtE,
        Kind::Gt => r::CmpOp::Gt,
        Kind::GtE => r::CmpOp::GtE,
        Kind::Is => r::CmpOp::Is,
        Kind::IsNot => r::CmpOp::IsNot,
        Kind::In => r::CmpOp::In,
        _ => r::CmpOp::NotIn,
    }
}
