//! From source text to a tree of Python objects.

use super::classes::{new_node, set, singleton};
use ruff_python_ast::{self as ast, Expr, Mod, Pattern, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};
use taipan_compiler::parse::{self, Mode, ParseFlags};
use taipan_compiler::source::{self, Origin, SourceIndex};
use taipan_compiler::{literals, locate};
use taipan_objects::err::PyResult;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{bytes, code_object, float, int, list, protocol, strings, tuple, types};
use taipan_runtime::compile::{SourceText, raise_compile_error, source_text};

struct Maker<'a> {
    text: &'a str,
    index: SourceIndex,
}

/// Parses; the hook of `compile(…, PyCF_ONLY_AST)`.
pub fn parse(
    source: Value,
    filename: &str,
    mode: &str,
    flags: u32,
    _optimize: i64,
    _feature: i64,
) -> PyResult {
    let given = source_text(source, "compile")?;
    let text = match &given {
        SourceText::Text(t) => source::from_text(t),
        SourceText::Bytes(b) => source::from_bytes(b, Origin::Bytes, None),
    };
    let text = match text {
        Ok(t) => t,
        Err(e) => return Err(raise_compile_error(&e, filename)),
    };
    if mode == "func_type" {
        return function_type(&text, filename, flags);
    }
    let parse_mode = match mode {
        "eval" => Mode::Eval,
        "single" => Mode::Single,
        _ => Mode::Exec,
    };
    parse::with_stack_for(&text, || {
        let index = SourceIndex::new(&text);
        let tree = match parse::parse(
            &text,
            &index,
            ParseFlags {
                mode: parse_mode,
                flags,
            },
        ) {
            Ok(t) => t,
            Err(mut e) => {
                if e.text.is_none()
                    && let Some(loc) = e.location
                {
                    e.text = Some(index.line_text(&text, loc.lineno.max(1) as usize).into());
                }
                return Err(raise_compile_error(&e, filename));
            }
        };
        let maker = Maker { text: &text, index };
        match &tree {
            Mod::Module(m) => {
                let body = maker.statements(&m.body)?;
                if parse_mode == Mode::Single {
                    new_node("Interactive", &[("body", body)])
                } else {
                    new_node("Module", &[("body", body), ("type_ignores", empty())])
                }
            }
            Mod::Expression(e) => new_node("Expression", &[("body", maker.expr(&e.body)?)]),
        }
    })
}

/// `(int, str) -> bool`, as in comments about types.
fn function_type(text: &str, filename: &str, flags: u32) -> PyResult {
    let bad = || {
        let details = tuple::of([
            strings::new_str(filename),
            int::from_i64(1),
            int::from_i64(1),
            strings::new_str(text),
        ]);
        Err(taipan_objects::err::raise_with(
            &taipan_objects::exceptions::SyntaxError,
            &[*strings::new_str("invalid syntax"), *details],
        ))
    };
    let Some((arguments, returns)) = text.rsplit_once("->") else {
        return bad();
    };
    let parse_expr = |text: &str, of: fn(&Maker, &Expr) -> PyResult| -> PyResult {
        let index = SourceIndex::new(text);
        match parse::parse(
            text,
            &index,
            ParseFlags {
                mode: Mode::Eval,
                flags,
            },
        ) {
            Ok(Mod::Expression(e)) => of(&Maker { text, index }, &e.body),
            Ok(_) => bad(),
            Err(e) => Err(raise_compile_error(&e, filename)),
        }
    };
    let call = format!("_{}", arguments.trim());
    let arguments = parse_expr(&call, |m, e| match e {
        Expr::Call(c) => m.exprs(&c.arguments.args),
        _ => Ok(empty()),
    })?;
    let returns = parse_expr(returns.trim(), |m, e| m.expr(e))?;
    new_node(
        "FunctionType",
        &[("argtypes", arguments), ("returns", returns)],
    )
}

fn empty() -> Ref {
    list::new_list(Vec::new())
}

fn text(s: &str) -> Ref {
    strings::new_str(s)
}

/// An identifier, which is an interned string.
fn name(i: &ast::Identifier) -> Ref {
    strings::intern_str(i.as_str())
}

fn optional_name(i: &Option<ast::Identifier>) -> Ref {
    i.as_ref().map_or(Ref::NONE, name)
}

fn operator(op: impl std::fmt::Debug) -> Ref {
    singleton(&format!("{op:?}"))
}

fn context(ctx: ast::ExprContext) -> Ref {
    match ctx {
        ast::ExprContext::Store => singleton("Store"),
        ast::ExprContext::Del => singleton("Del"),
        _ => singleton("Load"),
    }
}

impl Maker<'_> {
    /// A node with its place in the source.
    fn placed(&self, class: &str, range: TextRange, fields: &[(&'static str, Ref)]) -> PyResult {
        let node = new_node(class, fields)?;
        let (line, column) = self.index.line_and_byte(range.start().to_usize());
        let (end_line, end_column) = self.index.line_and_byte(range.end().to_usize());
        for (attribute, n) in [
            ("lineno", line),
            ("col_offset", column),
            ("end_lineno", end_line),
            ("end_col_offset", end_column),
        ] {
            set(*node, attribute, &int::from_usize(n))?;
        }
        Ok(node)
    }

    fn list<T>(&self, items: &[T], mut make: impl FnMut(&T) -> PyResult) -> PyResult {
        let mut out = Vec::with_capacity(items.len());
        for i in items {
            out.push(make(i)?);
        }
        Ok(list::new_list(out))
    }

    fn statements(&self, body: &[Stmt]) -> PyResult {
        self.list(body, |s| self.stmt(s))
    }

    fn exprs(&self, items: &[Expr]) -> PyResult {
        self.list(items, |e| self.expr(e))
    }

    fn optional(&self, e: Option<&Expr>) -> PyResult {
        e.map_or(Ok(Ref::NONE), |e| self.expr(e))
    }

    fn stmt(&self, s: &Stmt) -> PyResult {
        let range = s.range();
        let block = locate::block_range(self.text, range);
        match s {
            Stmt::FunctionDef(f) => self.placed(
                if f.is_async {
                    "AsyncFunctionDef"
                } else {
                    "FunctionDef"
                },
                locate::statement_range(self.text, &f.decorator_list, f.range),
                &[
                    ("name", name(&f.name)),
                    ("args", self.parameters(Some(&f.parameters))?),
                    ("body", self.statements(&f.body)?),
                    (
                        "decorator_list",
                        self.list(&f.decorator_list, |d| self.expr(&d.expression))?,
                    ),
                    ("returns", self.optional(f.returns.as_deref())?),
                    ("type_comment", Ref::NONE),
                    ("type_params", self.type_params(f.type_params.as_deref())?),
                ],
            ),
            Stmt::ClassDef(c) => self.placed(
                "ClassDef",
                locate::statement_range(self.text, &c.decorator_list, c.range),
                &[
                    ("name", name(&c.name)),
                    ("bases", self.exprs(c.bases())?),
                    ("keywords", self.list(c.keywords(), |k| self.keyword(k))?),
                    ("body", self.statements(&c.body)?),
                    (
                        "decorator_list",
                        self.list(&c.decorator_list, |d| self.expr(&d.expression))?,
                    ),
                    ("type_params", self.type_params(c.type_params.as_deref())?),
                ],
            ),
            Stmt::Return(r) => self.placed(
                "Return",
                range,
                &[("value", self.optional(r.value.as_deref())?)],
            ),
            Stmt::Delete(d) => {
                self.placed("Delete", range, &[("targets", self.exprs(&d.targets)?)])
            }
            Stmt::TypeAlias(t) => self.placed(
                "TypeAlias",
                range,
                &[
                    ("name", self.expr(&t.name)?),
                    ("type_params", self.type_params(t.type_params.as_deref())?),
                    ("value", self.expr(&t.value)?),
                ],
            ),
            Stmt::Assign(a) => self.placed(
                "Assign",
                range,
                &[
                    ("targets", self.exprs(&a.targets)?),
                    ("value", self.expr(&a.value)?),
                    ("type_comment", Ref::NONE),
                ],
            ),
            Stmt::AugAssign(a) => self.placed(
                "AugAssign",
                range,
                &[
                    ("target", self.expr(&a.target)?),
                    ("op", operator(a.op)),
                    ("value", self.expr(&a.value)?),
                ],
            ),
            Stmt::AnnAssign(a) => self.placed(
                "AnnAssign",
                range,
                &[
                    ("target", self.expr(&a.target)?),
                    ("annotation", self.expr(&a.annotation)?),
                    ("value", self.optional(a.value.as_deref())?),
                    ("simple", int::from_i64(a.simple as i64)),
                ],
            ),
            Stmt::For(f) => self.placed(
                if f.is_async { "AsyncFor" } else { "For" },
                block,
                &[
                    ("target", self.expr(&f.target)?),
                    ("iter", self.expr(&f.iter)?),
                    ("body", self.statements(&f.body)?),
                    ("orelse", self.statements(&f.orelse)?),
                    ("type_comment", Ref::NONE),
                ],
            ),
            Stmt::While(w) => self.placed(
                "While",
                block,
                &[
                    ("test", self.expr(&w.test)?),
                    ("body", self.statements(&w.body)?),
                    ("orelse", self.statements(&w.orelse)?),
                ],
            ),
            Stmt::If(i) => {
                let orelse = self.else_clauses(&i.elif_else_clauses, block.end())?;
                self.placed(
                    "If",
                    block,
                    &[
                        ("test", self.expr(&i.test)?),
                        ("body", self.statements(&i.body)?),
                        ("orelse", orelse),
                    ],
                )
            }
            Stmt::With(w) => self.placed(
                if w.is_async { "AsyncWith" } else { "With" },
                block,
                &[
                    (
                        "items",
                        self.list(&w.items, |i| {
                            new_node(
                                "withitem",
                                &[
                                    ("context_expr", self.expr(&i.context_expr)?),
                                    ("optional_vars", self.optional(i.optional_vars.as_deref())?),
                                ],
                            )
                        })?,
                    ),
                    ("body", self.statements(&w.body)?),
                    ("type_comment", Ref::NONE),
                ],
            ),
            Stmt::Match(m) => self.placed(
                "Match",
                block,
                &[
                    ("subject", self.expr(&m.subject)?),
                    (
                        "cases",
                        self.list(&m.cases, |c| {
                            new_node(
                                "match_case",
                                &[
                                    ("pattern", self.pattern(&c.pattern)?),
                                    ("guard", self.optional(c.guard.as_deref())?),
                                    ("body", self.statements(&c.body)?),
                                ],
                            )
                        })?,
                    ),
                ],
            ),
            Stmt::Raise(r) => self.placed(
                "Raise",
                range,
                &[
                    ("exc", self.optional(r.exc.as_deref())?),
                    ("cause", self.optional(r.cause.as_deref())?),
                ],
            ),
            Stmt::Try(t) => self.placed(
                if t.is_star { "TryStar" } else { "Try" },
                block,
                &[
                    ("body", self.statements(&t.body)?),
                    (
                        "handlers",
                        self.list(&t.handlers, |h| {
                            let ast::ExceptHandler::ExceptHandler(h) = h;
                            self.placed(
                                "ExceptHandler",
                                locate::block_range(self.text, h.range),
                                &[
                                    ("type", self.optional(h.type_.as_deref())?),
                                    ("name", optional_name(&h.name)),
                                    ("body", self.statements(&h.body)?),
                                ],
                            )
                        })?,
                    ),
                    ("orelse", self.statements(&t.orelse)?),
                    ("finalbody", self.statements(&t.finalbody)?),
                ],
            ),
            Stmt::Assert(a) => self.placed(
                "Assert",
                range,
                &[
                    ("test", self.expr(&a.test)?),
                    ("msg", self.optional(a.msg.as_deref())?),
                ],
            ),
            Stmt::Import(i) => self.placed(
                "Import",
                range,
                &[("names", self.list(&i.names, |a| self.alias(a))?)],
            ),
            Stmt::ImportFrom(i) => self.placed(
                "ImportFrom",
                range,
                &[
                    ("module", optional_name(&i.module)),
                    ("names", self.list(&i.names, |a| self.alias(a))?),
                    ("level", int::from_i64(i.level as i64)),
                ],
            ),
            Stmt::Global(g) => self.placed(
                "Global",
                range,
                &[("names", self.list(&g.names, |n| Ok(name(n)))?)],
            ),
            Stmt::Nonlocal(n) => self.placed(
                "Nonlocal",
                range,
                &[("names", self.list(&n.names, |n| Ok(name(n)))?)],
            ),
            Stmt::Expr(e) => self.placed("Expr", range, &[("value", self.expr(&e.value)?)]),
            Stmt::Pass(_) => self.placed("Pass", range, &[]),
            Stmt::Break(_) => self.placed("Break", range, &[]),
            Stmt::Continue(_) => self.placed("Continue", range, &[]),
            Stmt::IpyEscapeCommand(_) => taipan_objects::err::missing("a shell escape in source"),
        }
    }

    fn else_clauses(&self, clauses: &[ast::ElifElseClause], end: TextSize) -> PyResult {
        let Some((first, rest)) = clauses.split_first() else {
            return Ok(empty());
        };
        let body = self.statements(&first.body)?;
        match &first.test {
            None => Ok(body),
            Some(test) => {
                let orelse = self.else_clauses(rest, end)?;
                let node = self.placed(
                    "If",
                    TextRange::new(first.range.start(), end),
                    &[
                        ("test", self.expr(test)?),
                        ("body", body),
                        ("orelse", orelse),
                    ],
                )?;
                Ok(list::new_list(vec![node]))
            }
        }
    }

    fn alias(&self, a: &ast::Alias) -> PyResult {
        self.placed(
            "alias",
            a.range,
            &[
                ("name", name(&a.name)),
                ("asname", optional_name(&a.asname)),
            ],
        )
    }

    fn keyword(&self, k: &ast::Keyword) -> PyResult {
        self.placed(
            "keyword",
            k.range,
            &[
                ("arg", optional_name(&k.arg)),
                ("value", self.expr(&k.value)?),
            ],
        )
    }

    fn parameter(&self, p: &ast::Parameter) -> PyResult {
        self.parameter_at(p, p.range)
    }

    fn parameter_at(&self, p: &ast::Parameter, range: TextRange) -> PyResult {
        self.placed(
            "arg",
            range,
            &[
                ("arg", name(&p.name)),
                ("annotation", self.optional(p.annotation.as_deref())?),
                ("type_comment", Ref::NONE),
            ],
        )
    }

    fn parameters(&self, p: Option<&ast::Parameters>) -> PyResult {
        let none = ast::Parameters::default();
        let p = p.unwrap_or(&none);
        let many =
            |ps: &[ast::ParameterWithDefault]| self.list(ps, |p| self.parameter(&p.parameter));
        let star = |p: &Option<Box<ast::Parameter>>| match p {
            None => Ok(Ref::NONE),
            // The stars are not part of the place.
            Some(p) => self.parameter_at(p, TextRange::new(p.name.range.start(), p.range.end())),
        };
        let mut defaults = Vec::new();
        for p in p.posonlyargs.iter().chain(&p.args) {
            if let Some(d) = &p.default {
                defaults.push(self.expr(d)?);
            }
        }
        new_node(
            "arguments",
            &[
                ("posonlyargs", many(&p.posonlyargs)?),
                ("args", many(&p.args)?),
                ("vararg", star(&p.vararg)?),
                ("kwonlyargs", many(&p.kwonlyargs)?),
                (
                    "kw_defaults",
                    self.list(&p.kwonlyargs, |p| self.optional(p.default.as_deref()))?,
                ),
                ("kwarg", star(&p.kwarg)?),
                ("defaults", list::new_list(defaults)),
            ],
        )
    }

    fn type_params(&self, t: Option<&ast::TypeParams>) -> PyResult {
        let Some(t) = t else { return Ok(empty()) };
        self.list(&t.type_params, |p| match p {
            ast::TypeParam::TypeVar(v) => self.placed(
                "TypeVar",
                v.range,
                &[
                    ("name", name(&v.name)),
                    ("bound", self.optional(v.bound.as_deref())?),
                    ("default_value", self.optional(v.default.as_deref())?),
                ],
            ),
            ast::TypeParam::ParamSpec(v) => self.placed(
                "ParamSpec",
                v.range,
                &[
                    ("name", name(&v.name)),
                    ("default_value", self.optional(v.default.as_deref())?),
                ],
            ),
            ast::TypeParam::TypeVarTuple(v) => self.placed(
                "TypeVarTuple",
                v.range,
                &[
                    ("name", name(&v.name)),
                    ("default_value", self.optional(v.default.as_deref())?),
                ],
            ),
        })
    }

    fn generators(&self, generators: &[ast::Comprehension]) -> PyResult {
        self.list(generators, |g| {
            new_node(
                "comprehension",
                &[
                    ("target", self.expr(&g.target)?),
                    ("iter", self.expr(&g.iter)?),
                    ("ifs", self.exprs(&g.ifs)?),
                    ("is_async", int::from_i64(g.is_async as i64)),
                ],
            )
        })
    }

    fn constant(&self, range: TextRange, value: Ref, kind: Ref) -> PyResult {
        self.placed("Constant", range, &[("value", value), ("kind", kind)])
    }

    fn expr(&self, e: &Expr) -> PyResult {
        let range = e.range();
        match e {
            Expr::BoolOp(b) => self.placed(
                "BoolOp",
                range,
                &[("op", operator(b.op)), ("values", self.exprs(&b.values)?)],
            ),
            Expr::Named(n) => self.placed(
                "NamedExpr",
                range,
                &[
                    ("target", self.expr(&n.target)?),
                    ("value", self.expr(&n.value)?),
                ],
            ),
            Expr::BinOp(b) => self.placed(
                "BinOp",
                range,
                &[
                    ("left", self.expr(&b.left)?),
                    ("op", operator(b.op)),
                    ("right", self.expr(&b.right)?),
                ],
            ),
            Expr::UnaryOp(u) => self.placed(
                "UnaryOp",
                range,
                &[("op", operator(u.op)), ("operand", self.expr(&u.operand)?)],
            ),
            Expr::Lambda(l) => self.placed(
                "Lambda",
                range,
                &[
                    ("args", self.parameters(l.parameters.as_deref())?),
                    ("body", self.expr(&l.body)?),
                ],
            ),
            Expr::If(i) => self.placed(
                "IfExp",
                range,
                &[
                    ("test", self.expr(&i.test)?),
                    ("body", self.expr(&i.body)?),
                    ("orelse", self.expr(&i.orelse)?),
                ],
            ),
            Expr::Dict(d) => self.placed(
                "Dict",
                range,
                &[
                    (
                        "keys",
                        self.list(&d.items, |i| self.optional(i.key.as_ref()))?,
                    ),
                    ("values", self.list(&d.items, |i| self.expr(&i.value))?),
                ],
            ),
            Expr::Set(s) => self.placed("Set", range, &[("elts", self.exprs(&s.elts)?)]),
            Expr::ListComp(c) => self.placed(
                "ListComp",
                range,
                &[
                    ("elt", self.expr(&c.elt)?),
                    ("generators", self.generators(&c.generators)?),
                ],
            ),
            Expr::SetComp(c) => self.placed(
                "SetComp",
                range,
                &[
                    ("elt", self.expr(&c.elt)?),
                    ("generators", self.generators(&c.generators)?),
                ],
            ),
            Expr::DictComp(c) => self.placed(
                "DictComp",
                range,
                &[
                    ("key", self.optional(c.key.as_deref())?),
                    ("value", self.expr(&c.value)?),
                    ("generators", self.generators(&c.generators)?),
                ],
            ),
            Expr::Generator(c) => self.placed(
                "GeneratorExp",
                range,
                &[
                    ("elt", self.expr(&c.elt)?),
                    ("generators", self.generators(&c.generators)?),
                ],
            ),
            Expr::Await(a) => self.placed("Await", range, &[("value", self.expr(&a.value)?)]),
            Expr::Yield(y) => self.placed(
                "Yield",
                range,
                &[("value", self.optional(y.value.as_deref())?)],
            ),
            Expr::YieldFrom(y) => {
                self.placed("YieldFrom", range, &[("value", self.expr(&y.value)?)])
            }
            Expr::Compare(c) => self.placed(
                "Compare",
                range,
                &[
                    ("left", self.expr(&c.left)?),
                    ("ops", self.list(&c.ops, |op| Ok(operator(op)))?),
                    ("comparators", self.exprs(&c.comparators)?),
                ],
            ),
            Expr::Call(c) => {
                let func = self.expr(&c.func)?;
                let args = match &*c.arguments.args {
                    // A generator without parentheses of its own takes those of the call.
                    [Expr::Generator(g)] if !g.parenthesized => {
                        let node = self.placed(
                            "GeneratorExp",
                            c.arguments.range,
                            &[
                                ("elt", self.expr(&g.elt)?),
                                ("generators", self.generators(&g.generators)?),
                            ],
                        )?;
                        list::new_list(vec![node])
                    }
                    args => self.exprs(args)?,
                };
                let keywords = self.list(&c.arguments.keywords, |k| self.keyword(k))?;
                self.placed(
                    "Call",
                    range,
                    &[("func", func), ("args", args), ("keywords", keywords)],
                )
            }
            Expr::FString(f) => self.f_string(f),
            Expr::TString(t) => self.t_string(t),
            Expr::StringLiteral(s) => {
                let kind = if s.value.is_unicode() {
                    text("u")
                } else {
                    Ref::NONE
                };
                self.constant(
                    range,
                    code_object::str_from(&literals::string(s, self.text)),
                    kind,
                )
            }
            Expr::BytesLiteral(b) => {
                let data: Vec<u8> = b.value.bytes().collect();
                self.constant(range, bytes::new_bytes(&data), Ref::NONE)
            }
            Expr::NumberLiteral(n) => {
                let value = match &n.value {
                    ast::Number::Int(i) => match i.as_i64() {
                        Some(i) => int::from_i64(i),
                        None => protocol::call(
                            types::INT_TYPE.value(),
                            &[*text(&i.to_string()), Value::small_int(0)],
                        )?,
                    },
                    ast::Number::Float(f) => float::from_f64(*f),
                    ast::Number::Complex { real, imag } => protocol::call(
                        types::COMPLEX_TYPE.value(),
                        &[*float::from_f64(*real), *float::from_f64(*imag)],
                    )?,
                };
                self.constant(range, value, Ref::NONE)
            }
            Expr::BooleanLiteral(b) => self.constant(range, Ref::bool(b.value), Ref::NONE),
            Expr::NoneLiteral(_) => self.constant(range, Ref::NONE, Ref::NONE),
            Expr::EllipsisLiteral(_) => {
                self.constant(range, Ref::immediate(Value::ELLIPSIS), Ref::NONE)
            }
            Expr::Attribute(a) => self.placed(
                "Attribute",
                range,
                &[
                    ("value", self.expr(&a.value)?),
                    ("attr", name(&a.attr)),
                    ("ctx", context(a.ctx)),
                ],
            ),
            Expr::Subscript(s) => self.placed(
                "Subscript",
                range,
                &[
                    ("value", self.expr(&s.value)?),
                    ("slice", self.expr(&s.slice)?),
                    ("ctx", context(s.ctx)),
                ],
            ),
            Expr::Starred(s) => self.placed(
                "Starred",
                range,
                &[("value", self.expr(&s.value)?), ("ctx", context(s.ctx))],
            ),
            Expr::Name(n) => self.placed(
                "Name",
                range,
                &[
                    ("id", strings::intern_str(n.id.as_str())),
                    ("ctx", context(n.ctx)),
                ],
            ),
            Expr::List(l) => self.placed(
                "List",
                range,
                &[("elts", self.exprs(&l.elts)?), ("ctx", context(l.ctx))],
            ),
            Expr::Tuple(t) => self.placed(
                "Tuple",
                range,
                &[("elts", self.exprs(&t.elts)?), ("ctx", context(t.ctx))],
            ),
            Expr::Slice(s) => self.placed(
                "Slice",
                range,
                &[
                    ("lower", self.optional(s.lower.as_deref())?),
                    ("upper", self.optional(s.upper.as_deref())?),
                    ("step", self.optional(s.step.as_deref())?),
                ],
            ),
            Expr::IpyEscapeCommand(_) => taipan_objects::err::missing("a shell escape in source"),
        }
    }

    /// Adds literal text to the constant being collected.
    fn collect(pending: &mut Option<(TextRange, String)>, range: TextRange, s: &str) {
        if s.is_empty() {
            return;
        }
        match pending {
            Some((r, t)) => {
                *r = TextRange::new(r.start(), range.end());
                t.push_str(s);
            }
            None => *pending = Some((range, s.to_string())),
        }
    }

    fn flush(&self, pending: &mut Option<(TextRange, String)>, out: &mut Vec<Ref>) -> PyResult<()> {
        if let Some((range, s)) = pending.take() {
            out.push(self.constant(range, text(&s), Ref::NONE)?);
        }
        Ok(())
    }

    fn elements(
        &self,
        elements: &ast::InterpolatedStringElements,
        template: bool,
        pending: &mut Option<(TextRange, String)>,
        out: &mut Vec<Ref>,
    ) -> PyResult<()> {
        for element in elements {
            match element {
                ast::InterpolatedStringElement::Literal(l) => {
                    Self::collect(pending, l.range, &l.value)
                }
                ast::InterpolatedStringElement::Interpolation(i) => {
                    let mut conversion = i.conversion as i64;
                    if let Some(debug) = &i.debug_text {
                        let start = i.range.start() + TextSize::from(1);
                        let end = start + TextSize::of(debug.as_str());
                        Self::collect(pending, TextRange::new(start, end), debug.as_str());
                        if conversion == -1 && i.format_spec.is_none() {
                            conversion = 'r' as i64;
                        }
                    }
                    self.flush(pending, out)?;
                    let spec = match &i.format_spec {
                        None => Ref::NONE,
                        Some(spec) => {
                            let (mut pending, mut values) = (None, Vec::new());
                            self.elements(&spec.elements, false, &mut pending, &mut values)?;
                            self.flush(&mut pending, &mut values)?;
                            // The colon belongs to it.
                            let colon = spec.range.start() - TextSize::from(1);
                            let range = TextRange::new(colon, spec.range.end());
                            self.placed("JoinedStr", range, &[("values", list::new_list(values))])?
                        }
                    };
                    let value = self.expr(&i.expression)?;
                    let conversion = int::from_i64(conversion);
                    out.push(if template {
                        let r = i.expression.range();
                        let shown = text(&self.text[r.start().to_usize()..r.end().to_usize()]);
                        self.placed(
                            "Interpolation",
                            i.range,
                            &[
                                ("value", value),
                                ("str", shown),
                                ("conversion", conversion),
                                ("format_spec", spec),
                            ],
                        )?
                    } else {
                        self.placed(
                            "FormattedValue",
                            i.range,
                            &[
                                ("value", value),
                                ("conversion", conversion),
                                ("format_spec", spec),
                            ],
                        )?
                    });
                }
            }
        }
        Ok(())
    }

    fn f_string(&self, f: &ast::ExprFString) -> PyResult {
        let (mut pending, mut values) = (None, Vec::new());
        for part in f.value.iter() {
            match part {
                ast::FStringPart::Literal(s) => Self::collect(&mut pending, s.range, &s.value),
                ast::FStringPart::FString(s) => {
                    self.elements(&s.elements, false, &mut pending, &mut values)?
                }
            }
        }
        self.flush(&mut pending, &mut values)?;
        self.placed("JoinedStr", f.range, &[("values", list::new_list(values))])
    }

    fn t_string(&self, t: &ast::ExprTString) -> PyResult {
        let (mut pending, mut values) = (None, Vec::new());
        for part in t.value.iter() {
            self.elements(&part.elements, true, &mut pending, &mut values)?;
        }
        self.flush(&mut pending, &mut values)?;
        self.placed(
            "TemplateStr",
            t.range,
            &[("values", list::new_list(values))],
        )
    }

    fn patterns(&self, patterns: &[Pattern]) -> PyResult {
        self.list(patterns, |p| self.pattern(p))
    }

    fn pattern(&self, p: &Pattern) -> PyResult {
        let range = p.range();
        match p {
            Pattern::MatchValue(v) => {
                self.placed("MatchValue", range, &[("value", self.expr(&v.value)?)])
            }
            Pattern::MatchSingleton(s) => {
                let value = match s.value {
                    ast::Singleton::None => Ref::NONE,
                    ast::Singleton::True => Ref::bool(true),
                    ast::Singleton::False => Ref::bool(false),
                };
                self.placed("MatchSingleton", range, &[("value", value)])
            }
            Pattern::MatchSequence(s) => self.placed(
                "MatchSequence",
                range,
                &[("patterns", self.patterns(&s.patterns)?)],
            ),
            Pattern::MatchMapping(m) => self.placed(
                "MatchMapping",
                range,
                &[
                    ("keys", self.exprs(&m.keys)?),
                    ("patterns", self.patterns(&m.patterns)?),
                    ("rest", optional_name(&m.rest)),
                ],
            ),
            Pattern::MatchClass(c) => self.placed(
                "MatchClass",
                range,
                &[
                    ("cls", self.expr(&c.cls)?),
                    ("patterns", self.patterns(&c.arguments.patterns)?),
                    (
                        "kwd_attrs",
                        self.list(&c.arguments.keywords, |k| Ok(name(&k.attr)))?,
                    ),
                    (
                        "kwd_patterns",
                        self.list(&c.arguments.keywords, |k| self.pattern(&k.pattern))?,
                    ),
                ],
            ),
            Pattern::MatchStar(s) => {
                self.placed("MatchStar", range, &[("name", optional_name(&s.name))])
            }
            Pattern::MatchAs(a) => {
                let inner = a
                    .pattern
                    .as_deref()
                    .map_or(Ok(Ref::NONE), |p| self.pattern(p))?;
                self.placed(
                    "MatchAs",
                    range,
                    &[("pattern", inner), ("name", optional_name(&a.name))],
                )
            }
            Pattern::MatchOr(o) => self.placed(
                "MatchOr",
                range,
                &[("patterns", self.patterns(&o.patterns)?)],
            ),
        }
    }
}
