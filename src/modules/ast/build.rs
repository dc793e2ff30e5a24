//! From the parser's tree to node objects.

use super::schema::{Attributes, Classes, Kind, classes};
use ruff_python_ast::{
    self as r, Expr, ExprContext, ExceptHandler, FStringPart, InterpolatedElement, InterpolatedStringElement, Mod,
    Number, Parameters, Pattern, Stmt, TypeParam,
};
use ruff_text_size::{Ranged, TextLen, TextRange, TextSize};
use taipan_bytecode::Str;
use taipan_compiler::tree::Text;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{attributes, bytes, code_object, complex, float, int, list, strings};

/// Makes the objects of one tree.
///
/// Nothing here runs Python code: new nodes have no more than plain attributes.
pub struct Builder<'t> {
    text: Text<'t>,
    classes: &'static Classes,
    /// The level of optimization, if the tree is to be optimized.
    optimize: Option<u8>,
}

/// One piece of a formatted or template string.
enum Piece<'a> {
    Text(Str, TextRange),
    Field(&'a InterpolatedElement),
}

#[derive(Default)]
struct Pieces<'a> {
    done: Vec<Piece<'a>>,
    bytes: Vec<u8>,
    range: Option<TextRange>,
}

impl<'a> Pieces<'a> {
    fn text(&mut self, bytes: &[u8], range: TextRange) {
        if bytes.is_empty() {
            return;
        }
        self.bytes.extend_from_slice(bytes);
        self.range = Some(self.range.map_or(range, |first| TextRange::new(first.start(), range.end())));
    }
    fn flush(&mut self) {
        if let Some(range) = self.range.take() {
            let text = Str::from_wtf8(&self.bytes).unwrap_or_else(|| Str::new(""));
            self.bytes.clear();
            self.done.push(Piece::Text(text, range));
        }
    }
    fn elements(
        &mut self,
        text: &Text<'_>,
        elements: impl IntoIterator<Item = &'a InterpolatedStringElement>,
        raw: bool,
    ) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => {
                    let mut bytes = Vec::new();
                    text.interpolated_part(literal, raw, &mut bytes);
                    self.text(&bytes, literal.range());
                }
                InterpolatedStringElement::Interpolation(field) => {
                    if let Some(debug) = &field.debug_text {
                        let written = debug.as_str();
                        let range = TextRange::at(field.start() + TextSize::from(1), written.text_len());
                        self.text(text.without_comments(written).as_bytes(), range);
                    }
                    self.flush();
                    self.done.push(Piece::Field(field));
                }
            }
        }
    }
}

fn str_ref(s: &str) -> Ref {
    strings::intern_str(s)
}

fn int_ref(i: i32) -> Ref {
    int::from_i64(i as i64)
}

impl<'t> Builder<'t> {
    pub fn new(text: Text<'t>, optimize: Option<u8>) -> Builder<'t> {
        Builder { text, classes: classes(), optimize }
    }

    fn set(&self, node: &Ref, key: Value, value: &Ref) {
        let done = attributes::generic_setattr(**node, key, **value);
        debug_assert!(done.is_ok(), "nodes take any attribute");
    }

    /// A node with its fields in the order of the grammar.
    fn bare<const N: usize>(&self, kind: Kind, values: [Ref; N]) -> Ref {
        let class = self.classes.of(kind);
        let node = super::node::instance(class.ty);
        for (field, value) in class.fields.iter().zip(&values) {
            self.set(&node, field.key, value);
        }
        node
    }

    fn node<const N: usize>(&self, kind: Kind, range: TextRange, values: [Ref; N]) -> Ref {
        debug_assert!(self.classes.of(kind).attributes != Attributes::Nothing);
        let node = self.bare(kind, values);
        let place = self.text.place(range);
        let numbers = [place.line, place.column, place.end_line, place.end_column];
        for (key, number) in self.classes.place_keys.iter().zip(numbers) {
            self.set(&node, *key, &int_ref(number));
        }
        node
    }

    fn mark(&self, kind: Kind) -> Ref {
        self.classes.of(kind).singleton.clone()
    }

    fn many<'x, T: 'x>(&self, items: impl IntoIterator<Item = &'x T>, f: impl Fn(&Self, &'x T) -> Ref) -> Ref {
        list::new_list(items.into_iter().map(|item| f(self, item)).collect())
    }

    fn exprs<'x>(&self, items: impl IntoIterator<Item = &'x Expr>) -> Ref {
        self.many(items, |b, e| b.expr(e))
    }

    fn maybe(&self, e: Option<&Expr>) -> Ref {
        e.map_or(Ref::NONE, |e| self.expr(e))
    }

    fn maybe_name(&self, name: Option<&r::Identifier>) -> Ref {
        name.map_or(Ref::NONE, |name| str_ref(name.as_str()))
    }

    fn body(&self, body: &[Stmt]) -> Ref {
        self.many(body, |b, s| b.stmt(s))
    }

    /// A body that may begin with a docstring.
    fn documented(&self, body: &[Stmt], in_module: bool) -> Ref {
        if self.optimize == Some(2)
            && let [Stmt::Expr(first), rest @ ..] = body
            && first.value.is_string_literal_expr()
        {
            if rest.is_empty() && !in_module {
                return list::new_list(vec![self.node(Kind::Pass, first.range(), [])]);
            }
            return self.body(rest);
        }
        self.body(body)
    }

    /// The whole tree; `interactive` makes an `Interactive`.
    pub fn module(&self, tree: &Mod, interactive: bool) -> Ref {
        match tree {
            Mod::Module(m) if interactive => self.bare(Kind::Interactive, [self.body(&m.body)]),
            Mod::Module(m) => {
                self.bare(Kind::Module, [self.documented(&m.body, true), list::new_list(Vec::new())])
            }
            Mod::Expression(e) => self.bare(Kind::Expression, [self.expr(&e.body)]),
        }
    }

    /// One expression of a tree, for function types.
    pub fn expression(&self, e: &Expr) -> Ref {
        self.expr(e)
    }

    // ---------------------------------------------------------------- statements

    fn stmt(&self, stmt: &Stmt) -> Ref {
        let range = stmt.range();
        match stmt {
            Stmt::FunctionDef(s) => {
                let range = self.text.definition_range(&s.decorator_list, range);
                let kind = if s.is_async { Kind::AsyncFunctionDef } else { Kind::FunctionDef };
                let values = [
                    str_ref(s.name.as_str()),
                    self.arguments(Some(&s.parameters)),
                    self.documented(&s.body, false),
                    self.exprs(s.decorator_list.iter().map(|d| &d.expression)),
                    self.maybe(s.returns.as_deref()),
                    Ref::NONE,
                    self.type_params(s.type_params.as_deref()),
                ];
                self.node(kind, range, values)
            }
            Stmt::ClassDef(s) => {
                let range = self.text.definition_range(&s.decorator_list, range);
                let (bases, keywords) = match &s.arguments {
                    Some(a) => (self.positional(a), self.many(&a.keywords, |b, k| b.keyword(k))),
                    None => (list::new_list(Vec::new()), list::new_list(Vec::new())),
                };
                let values = [
                    str_ref(s.name.as_str()),
                    bases,
                    keywords,
                    self.documented(&s.body, false),
                    self.exprs(s.decorator_list.iter().map(|d| &d.expression)),
                    self.type_params(s.type_params.as_deref()),
                ];
                self.node(Kind::ClassDef, range, values)
            }
            Stmt::Return(s) => self.node(Kind::Return, range, [self.maybe(s.value.as_deref())]),
            Stmt::Delete(s) => self.node(Kind::Delete, range, [self.exprs(&s.targets)]),
            Stmt::TypeAlias(s) => {
                let values =
                    [self.expr(&s.name), self.type_params(s.type_params.as_deref()), self.expr(&s.value)];
                self.node(Kind::TypeAlias, range, values)
            }
            Stmt::Assign(s) => {
                self.node(Kind::Assign, range, [self.exprs(&s.targets), self.expr(&s.value), Ref::NONE])
            }
            Stmt::AugAssign(s) => {
                let op = self.mark(operator(s.op));
                self.node(Kind::AugAssign, range, [self.expr(&s.target), op, self.expr(&s.value)])
            }
            Stmt::AnnAssign(s) => {
                let values = [
                    self.expr(&s.target),
                    self.expr(&s.annotation),
                    self.maybe(s.value.as_deref()),
                    int_ref(s.simple as i32),
                ];
                self.node(Kind::AnnAssign, range, values)
            }
            Stmt::For(s) => {
                let kind = if s.is_async { Kind::AsyncFor } else { Kind::For };
                let values = [
                    self.expr(&s.target),
                    self.expr(&s.iter),
                    self.body(&s.body),
                    self.body(&s.orelse),
                    Ref::NONE,
                ];
                self.node(kind, self.text.block_range(range), values)
            }
            Stmt::While(s) => {
                let values = [self.expr(&s.test), self.body(&s.body), self.body(&s.orelse)];
                self.node(Kind::While, self.text.block_range(range), values)
            }
            Stmt::If(s) => {
                let range = self.text.block_range(range);
                let values =
                    [self.expr(&s.test), self.body(&s.body), self.clauses(&s.elif_else_clauses, range.end())];
                self.node(Kind::If, range, values)
            }
            Stmt::With(s) => {
                let kind = if s.is_async { Kind::AsyncWith } else { Kind::With };
                let items = self.many(&s.items, |b, item| {
                    let values = [b.expr(&item.context_expr), b.maybe(item.optional_vars.as_deref())];
                    b.bare(Kind::withitem, values)
                });
                self.node(kind, self.text.block_range(range), [items, self.body(&s.body), Ref::NONE])
            }
            Stmt::Match(s) => {
                let cases = self.many(&s.cases, |b, case| {
                    let values = [b.pattern(&case.pattern), b.maybe(case.guard.as_deref()), b.body(&case.body)];
                    b.bare(Kind::match_case, values)
                });
                self.node(Kind::Match, self.text.block_range(range), [self.expr(&s.subject), cases])
            }
            Stmt::Raise(s) => {
                self.node(Kind::Raise, range, [self.maybe(s.exc.as_deref()), self.maybe(s.cause.as_deref())])
            }
            Stmt::Try(s) => {
                let kind = if s.is_star { Kind::TryStar } else { Kind::Try };
                let handlers = self.many(&s.handlers, |b, handler| {
                    let ExceptHandler::ExceptHandler(h) = handler;
                    let values = [b.maybe(h.type_.as_deref()), b.maybe_name(h.name.as_ref()), b.body(&h.body)];
                    b.node(Kind::ExceptHandler, b.text.block_range(h.range()), values)
                });
                let values = [self.body(&s.body), handlers, self.body(&s.orelse), self.body(&s.finalbody)];
                self.node(kind, self.text.block_range(range), values)
            }
            Stmt::Assert(s) => {
                self.node(Kind::Assert, range, [self.expr(&s.test), self.maybe(s.msg.as_deref())])
            }
            Stmt::Import(s) => self.node(Kind::Import, range, [self.many(&s.names, |b, a| b.alias(a))]),
            Stmt::ImportFrom(s) => {
                let values = [
                    self.maybe_name(s.module.as_ref()),
                    self.many(&s.names, |b, a| b.alias(a)),
                    int_ref(s.level as i32),
                ];
                self.node(Kind::ImportFrom, range, values)
            }
            Stmt::Global(s) => {
                self.node(Kind::Global, range, [self.many(&s.names, |_, n| str_ref(n.as_str()))])
            }
            Stmt::Nonlocal(s) => {
                self.node(Kind::Nonlocal, range, [self.many(&s.names, |_, n| str_ref(n.as_str()))])
            }
            Stmt::Expr(s) => self.node(Kind::Expr, range, [self.expr(&s.value)]),
            Stmt::Break(_) => self.node(Kind::Break, range, []),
            Stmt::Continue(_) => self.node(Kind::Continue, range, []),
            // IPython's commands cannot come from Python text.
            Stmt::Pass(_) | Stmt::IpyEscapeCommand(_) => self.node(Kind::Pass, range, []),
        }
    }

    /// `elif` is an `If` in the `orelse` of the one before.
    fn clauses(&self, clauses: &[r::ElifElseClause], end: TextSize) -> Ref {
        let mut orelse = list::new_list(Vec::new());
        for clause in clauses.iter().rev() {
            orelse = match &clause.test {
                None => self.body(&clause.body),
                Some(test) => {
                    let range = TextRange::new(clause.start(), end.max(clause.start()));
                    let node = self.node(Kind::If, range, [self.expr(test), self.body(&clause.body), orelse]);
                    list::new_list(vec![node])
                }
            };
        }
        orelse
    }

    fn alias(&self, a: &r::Alias) -> Ref {
        self.node(Kind::alias, a.range(), [str_ref(a.name.as_str()), self.maybe_name(a.asname.as_ref())])
    }

    fn keyword(&self, k: &r::Keyword) -> Ref {
        self.node(Kind::keyword, k.range(), [self.maybe_name(k.arg.as_ref()), self.expr(&k.value)])
    }

    fn arguments(&self, parameters: Option<&Parameters>) -> Ref {
        let empty = Parameters::default();
        let p = parameters.unwrap_or(&empty);
        let positional = p.posonlyargs.iter().chain(&p.args);
        let values = [
            self.many(&p.posonlyargs, |b, a| b.arg(&a.parameter)),
            self.many(&p.args, |b, a| b.arg(&a.parameter)),
            p.vararg.as_ref().map_or(Ref::NONE, |a| self.arg(a)),
            self.many(&p.kwonlyargs, |b, a| b.arg(&a.parameter)),
            self.many(&p.kwonlyargs, |b, a| b.maybe(a.default.as_deref())),
            p.kwarg.as_ref().map_or(Ref::NONE, |a| self.arg(a)),
            self.exprs(positional.filter_map(|a| a.default.as_deref())),
        ];
        self.bare(Kind::arguments, values)
    }

    fn arg(&self, p: &r::Parameter) -> Ref {
        // The stars of `*args` are not part of it.
        let range = TextRange::new(p.name.start(), p.end().max(p.name.start()));
        self.node(Kind::arg, range, [str_ref(p.name.as_str()), self.maybe(p.annotation.as_deref()), Ref::NONE])
    }

    fn type_params(&self, params: Option<&r::TypeParams>) -> Ref {
        let Some(params) = params else { return list::new_list(Vec::new()) };
        self.many(&params.type_params, |b, p| match p {
            TypeParam::TypeVar(p) => {
                let values =
                    [str_ref(p.name.as_str()), b.maybe(p.bound.as_deref()), b.maybe(p.default.as_deref())];
                b.node(Kind::TypeVar, p.range(), values)
            }
            TypeParam::ParamSpec(p) => {
                b.node(Kind::ParamSpec, p.range(), [str_ref(p.name.as_str()), b.maybe(p.default.as_deref())])
            }
            TypeParam::TypeVarTuple(p) => {
                b.node(Kind::TypeVarTuple, p.range(), [str_ref(p.name.as_str()), b.maybe(p.default.as_deref())])
            }
        })
    }

    // ---------------------------------------------------------------- expressions

    /// The positional arguments of a call; a generator that is the only one has the call's parentheses.
    fn positional(&self, a: &r::Arguments) -> Ref {
        if let [Expr::Generator(g)] = &*a.args
            && !g.parenthesized
        {
            let values = [self.expr(&g.elt), self.comprehensions(&g.generators)];
            return list::new_list(vec![self.node(Kind::GeneratorExp, a.range(), values)]);
        }
        self.exprs(&a.args)
    }

    fn comprehensions(&self, generators: &[r::Comprehension]) -> Ref {
        self.many(generators, |b, c| {
            let values = [b.expr(&c.target), b.expr(&c.iter), b.exprs(&c.ifs), int_ref(c.is_async as i32)];
            b.bare(Kind::comprehension, values)
        })
    }

    fn context(&self, ctx: ExprContext) -> Ref {
        self.mark(match ctx {
            ExprContext::Store => Kind::Store,
            ExprContext::Del => Kind::Del,
            ExprContext::Load | ExprContext::Invalid => Kind::Load,
        })
    }

    fn constant(&self, range: TextRange, value: Ref) -> Ref {
        self.node(Kind::Constant, range, [value, Ref::NONE])
    }

    fn number(&self, n: &Number) -> Ref {
        match n {
            Number::Int(i) => int::from_ibig(self.text.integer(i)),
            Number::Float(f) => float::from_f64(*f),
            Number::Complex { real, imag } => complex::new_complex(*real, *imag),
        }
    }

    fn expr(&self, expr: &Expr) -> Ref {
        let range = expr.range();
        match expr {
            Expr::BoolOp(e) => {
                let op = self.mark(match e.op {
                    r::BoolOp::And => Kind::And,
                    r::BoolOp::Or => Kind::Or,
                });
                self.node(Kind::BoolOp, range, [op, self.exprs(&e.values)])
            }
            Expr::Named(e) => self.node(Kind::NamedExpr, range, [self.expr(&e.target), self.expr(&e.value)]),
            Expr::BinOp(e) => {
                let values = [self.expr(&e.left), self.mark(operator(e.op)), self.expr(&e.right)];
                self.node(Kind::BinOp, range, values)
            }
            Expr::UnaryOp(e) => {
                let op = self.mark(match e.op {
                    r::UnaryOp::Invert => Kind::Invert,
                    r::UnaryOp::Not => Kind::Not,
                    r::UnaryOp::UAdd => Kind::UAdd,
                    r::UnaryOp::USub => Kind::USub,
                });
                self.node(Kind::UnaryOp, range, [op, self.expr(&e.operand)])
            }
            Expr::Lambda(e) => {
                self.node(Kind::Lambda, range, [self.arguments(e.parameters.as_deref()), self.expr(&e.body)])
            }
            Expr::If(e) => {
                let values = [self.expr(&e.test), self.expr(&e.body), self.expr(&e.orelse)];
                self.node(Kind::IfExp, range, values)
            }
            Expr::Dict(e) => {
                let keys = self.many(&e.items, |b, item| b.maybe(item.key.as_ref()));
                self.node(Kind::Dict, range, [keys, self.exprs(e.items.iter().map(|item| &item.value))])
            }
            Expr::Set(e) => self.node(Kind::Set, range, [self.exprs(&e.elts)]),
            Expr::ListComp(e) => {
                self.node(Kind::ListComp, range, [self.expr(&e.elt), self.comprehensions(&e.generators)])
            }
            Expr::SetComp(e) => {
                self.node(Kind::SetComp, range, [self.expr(&e.elt), self.comprehensions(&e.generators)])
            }
            Expr::DictComp(e) => {
                let values =
                    [self.maybe(e.key.as_deref()), self.expr(&e.value), self.comprehensions(&e.generators)];
                self.node(Kind::DictComp, range, values)
            }
            Expr::Generator(e) => {
                self.node(Kind::GeneratorExp, range, [self.expr(&e.elt), self.comprehensions(&e.generators)])
            }
            Expr::Await(e) => self.node(Kind::Await, range, [self.expr(&e.value)]),
            Expr::Yield(e) => self.node(Kind::Yield, range, [self.maybe(e.value.as_deref())]),
            Expr::YieldFrom(e) => self.node(Kind::YieldFrom, range, [self.expr(&e.value)]),
            Expr::Compare(e) => {
                let ops = self.many(&e.ops, |b, op| b.mark(comparison(*op)));
                self.node(Kind::Compare, range, [self.expr(&e.left), ops, self.exprs(&e.comparators)])
            }
            Expr::Call(e) => {
                let keywords = self.many(&e.arguments.keywords, |b, k| b.keyword(k));
                self.node(Kind::Call, range, [self.expr(&e.func), self.positional(&e.arguments), keywords])
            }
            Expr::FString(e) => {
                let mut pieces = Pieces::default();
                for part in &e.value {
                    match part {
                        FStringPart::Literal(literal) => {
                            let mut bytes = Vec::new();
                            self.text.string_part(literal, &mut bytes);
                            pieces.text(&bytes, literal.range());
                        }
                        FStringPart::FString(part) => {
                            pieces.elements(&self.text, part.elements.iter(), part.flags.prefix().is_raw());
                        }
                    }
                }
                self.node(Kind::JoinedStr, range, [self.pieces(pieces, false)])
            }
            Expr::TString(e) => {
                let mut pieces = Pieces::default();
                for part in &e.value {
                    pieces.elements(&self.text, part.elements.iter(), part.flags.prefix().is_raw());
                }
                self.node(Kind::TemplateStr, range, [self.pieces(pieces, true)])
            }
            Expr::StringLiteral(e) => {
                let kind = if e.value.is_unicode() { str_ref("u") } else { Ref::NONE };
                self.node(Kind::Constant, range, [code_object::str_from(&self.text.string(e)), kind])
            }
            Expr::BytesLiteral(e) => {
                self.constant(range, bytes::from_vec(e.value.bytes().collect::<Vec<u8>>()))
            }
            Expr::NumberLiteral(e) => self.constant(range, self.number(&e.value)),
            Expr::BooleanLiteral(e) => self.constant(range, Ref::bool(e.value)),
            Expr::NoneLiteral(_) => self.constant(range, Ref::NONE),
            Expr::EllipsisLiteral(_) => self.constant(range, Ref::immediate(Value::ELLIPSIS)),
            Expr::Attribute(e) => {
                let values = [self.expr(&e.value), str_ref(e.attr.as_str()), self.context(e.ctx)];
                self.node(Kind::Attribute, range, values)
            }
            Expr::Subscript(e) => {
                let values = [self.expr(&e.value), self.expr(&e.slice), self.context(e.ctx)];
                self.node(Kind::Subscript, range, values)
            }
            Expr::Starred(e) => self.node(Kind::Starred, range, [self.expr(&e.value), self.context(e.ctx)]),
            Expr::Name(e) => {
                if let Some(level) = self.optimize
                    && e.ctx == ExprContext::Load
                    && e.id.as_str() == "__debug__"
                {
                    return self.constant(range, Ref::bool(level == 0));
                }
                self.node(Kind::Name, range, [str_ref(e.id.as_str()), self.context(e.ctx)])
            }
            Expr::List(e) => self.node(Kind::List, range, [self.exprs(&e.elts), self.context(e.ctx)]),
            Expr::Tuple(e) => self.node(Kind::Tuple, range, [self.exprs(&e.elts), self.context(e.ctx)]),
            Expr::Slice(e) => {
                let values = [
                    self.maybe(e.lower.as_deref()),
                    self.maybe(e.upper.as_deref()),
                    self.maybe(e.step.as_deref()),
                ];
                self.node(Kind::Slice, range, values)
            }
            // IPython's commands cannot come from Python text.
            Expr::IpyEscapeCommand(_) => self.constant(range, Ref::NONE),
        }
    }

    fn pieces(&self, mut pieces: Pieces<'_>, template: bool) -> Ref {
        pieces.flush();
        self.many(&pieces.done, |b, piece| match piece {
            Piece::Text(text, range) => b.constant(*range, code_object::str_from(text)),
            Piece::Field(field) => b.field(field, template),
        })
    }

    fn field(&self, field: &InterpolatedElement, template: bool) -> Ref {
        let conversion = match field.conversion {
            r::ConversionFlag::None if field.debug_text.is_some() && field.format_spec.is_none() => 'r' as i32,
            flag => flag as i8 as i32,
        };
        let spec = field.format_spec.as_ref().map_or(Ref::NONE, |spec| {
            let mut pieces = Pieces::default();
            pieces.elements(&self.text, spec.elements.iter(), false);
            let mut range = spec.range();
            let colon = range.start().to_usize();
            if colon > 0 && self.text.text.as_bytes().get(colon - 1) == Some(&b':') {
                range = TextRange::new(range.start() - TextSize::from(1), range.end());
            }
            self.node(Kind::JoinedStr, range, [self.pieces(pieces, false)])
        });
        let value = self.expr(&field.expression);
        if template {
            let text = strings::new_str(&self.text.interpolation_text(field));
            return self.node(Kind::Interpolation, field.range(), [value, text, int_ref(conversion), spec]);
        }
        self.node(Kind::FormattedValue, field.range(), [value, int_ref(conversion), spec])
    }

    // ---------------------------------------------------------------- patterns

    fn pattern(&self, pattern: &Pattern) -> Ref {
        let range = pattern.range();
        match pattern {
            Pattern::MatchValue(p) => self.node(Kind::MatchValue, range, [self.expr(&p.value)]),
            Pattern::MatchSingleton(p) => {
                let value = match p.value {
                    r::Singleton::None => Ref::NONE,
                    r::Singleton::True => Ref::bool(true),
                    r::Singleton::False => Ref::bool(false),
                };
                self.node(Kind::MatchSingleton, range, [value])
            }
            Pattern::MatchSequence(p) => {
                self.node(Kind::MatchSequence, range, [self.many(&p.patterns, |b, p| b.pattern(p))])
            }
            Pattern::MatchMapping(p) => {
                let values = [
                    self.exprs(&p.keys),
                    self.many(&p.patterns, |b, p| b.pattern(p)),
                    self.maybe_name(p.rest.as_ref()),
                ];
                self.node(Kind::MatchMapping, range, values)
            }
            Pattern::MatchClass(p) => {
                let values = [
                    self.expr(&p.cls),
                    self.many(&p.arguments.patterns, |b, p| b.pattern(p)),
                    self.many(&p.arguments.keywords, |_, k| str_ref(k.attr.as_str())),
                    self.many(&p.arguments.keywords, |b, k| b.pattern(&k.pattern)),
                ];
                self.node(Kind::MatchClass, range, values)
            }
            Pattern::MatchStar(p) => self.node(Kind::MatchStar, range, [self.maybe_name(p.name.as_ref())]),
            Pattern::MatchAs(p) => {
                let inner = p.pattern.as_ref().map_or(Ref::NONE, |p| self.pattern(p));
                self.node(Kind::MatchAs, range, [inner, self.maybe_name(p.name.as_ref())])
            }
            Pattern::MatchOr(p) => {
                self.node(Kind::MatchOr, range, [self.many(&p.patterns, |b, p| b.pattern(p))])
            }
        }
    }
}

fn operator(op: r::Operator) -> Kind {
    match op {
        r::Operator::Add => Kind::Add,
        r::Operator::Sub => Kind::Sub,
        r::Operator::Mult => Kind::Mult,
        r::Operator::MatMult => Kind::MatMult,
        r::Operator::Div => Kind::Div,
        r::Operator::Mod => Kind::Mod,
        r::Operator::Pow => Kind::Pow,
        r::Operator::LShift => Kind::LShift,
        r::Operator::RShift => Kind::RShift,
        r::Operator::BitOr => Kind::BitOr,
        r::Operator::BitXor => Kind::BitXor,
        r::Operator::BitAnd => Kind::BitAnd,
        r::Operator::FloorDiv => Kind::FloorDiv,
    }
}

fn comparison(op: r::CmpOp) -> Kind {
    match op {
        r::CmpOp::Eq => Kind::Eq,
        r::CmpOp::NotEq => Kind::NotEq,
        r::CmpOp::Lt => Kind::Lt,
        r::CmpOp::LtE => Kind::LtE,
        r::CmpOp::Gt => Kind::Gt,
        r::CmpOp::GtE => Kind::GtE,
        r::CmpOp::Is => Kind::Is,
        r::CmpOp::IsNot => Kind::IsNot,
        r::CmpOp::In => Kind::In,
        r::CmpOp::NotIn => Kind::NotIn,
    }
}
