//! Statements, parameters and patterns from node objects.

use super::read::{Node, Reader, check_name, new};
use super::schema::Kind;
use ruff_python_ast::{self as r, Expr, ExprContext, Identifier, Pattern, Stmt, TypeParam};
use ruff_text_size::{Ranged, TextRange};
use taipan_objects::err;
use taipan_objects::err::PyResult;
use taipan_objects::value::{Ref, Value};

const LOAD: ExprContext = ExprContext::Load;
const STORE: ExprContext = ExprContext::Store;

impl Reader {
    pub(super) fn read_stmt(&mut self, object: Value) -> PyResult<Stmt> {
        let node = self.open(object, "stmt")?;
        let n = &node;
        let range = self.range(n);
        Ok(match n.kind() {
            Kind::FunctionDef | Kind::AsyncFunctionDef => {
                let is_async = n.kind() == Kind::AsyncFunctionDef;
                let name = self.identifier(n, 0)?;
                let parameters = Box::new(self.parameters(n, 1)?);
                let body = self.body(n, 2)?.into();
                let decorator_list = self.decorators(n, 3)?.into();
                let returns = self.maybe(n, 4)?;
                self.comment(n, 5)?;
                let type_params = self.type_params(n, 6)?;
                Stmt::FunctionDef(new!(StmtFunctionDef, range, {
                    is_async, decorator_list, name, type_params, parameters, returns, body,
                }))
            }
            Kind::ClassDef => {
                let name = self.identifier(n, 0)?;
                let args: Box<[Expr]> = self.exprs(n, 1, LOAD)?.into();
                let keywords = self.keywords(n, 2)?;
                let body = self.body(n, 3)?.into();
                let decorator_list = self.decorators(n, 4)?.into();
                let type_params = self.type_params(n, 5)?;
                let arguments = if args.is_empty() && keywords.is_empty() {
                    None
                } else {
                    Some(Box::new(new!(Arguments, range, { args, keywords: keywords.into() })))
                };
                Stmt::ClassDef(new!(StmtClassDef, range, { decorator_list, name, type_params, arguments, body }))
            }
            Kind::Return => Stmt::Return(new!(StmtReturn, range, { value: self.maybe(n, 0)? })),
            Kind::Delete => {
                let targets = self.nonempty_exprs(n, 0, ExprContext::Del)?;
                Stmt::Delete(new!(StmtDelete, range, { targets }))
            }
            Kind::Assign => {
                let targets = self.nonempty_exprs(n, 0, STORE)?;
                let value = self.boxed(n, 1)?;
                self.comment(n, 2)?;
                Stmt::Assign(new!(StmtAssign, range, { targets, value }))
            }
            Kind::TypeAlias => {
                let name = self.stored(n, 0)?;
                if !name.is_name_expr() {
                    return err!(TypeError, "TypeAlias with non-Name name");
                }
                let type_params = self.type_params(n, 1)?;
                Stmt::TypeAlias(new!(StmtTypeAlias, range, { name, type_params, value: self.boxed(n, 2)? }))
            }
            Kind::AugAssign => {
                let target = self.stored(n, 0)?;
                let op = self.operator(n, 1)?;
                Stmt::AugAssign(new!(StmtAugAssign, range, { target, op, value: self.boxed(n, 2)? }))
            }
            Kind::AnnAssign => {
                let target = self.stored(n, 0)?;
                let annotation = self.boxed(n, 1)?;
                let value = self.maybe(n, 2)?;
                let simple = self.int(n, 3)? != 0;
                if simple && !target.is_name_expr() {
                    return err!(TypeError, "AnnAssign with simple non-Name target");
                }
                Stmt::AnnAssign(new!(StmtAnnAssign, range, { target, annotation, value, simple }))
            }
            Kind::For | Kind::AsyncFor => {
                let is_async = n.kind() == Kind::AsyncFor;
                let target = self.stored(n, 0)?;
                let iter = self.boxed(n, 1)?;
                let body = self.body(n, 2)?.into();
                let orelse = self.stmts(n, 3)?.into();
                self.comment(n, 4)?;
                Stmt::For(new!(StmtFor, range, { is_async, target, iter, body, orelse }))
            }
            Kind::While => {
                let test = self.boxed(n, 0)?;
                let body = self.body(n, 1)?.into();
                Stmt::While(new!(StmtWhile, range, { test, body, orelse: self.stmts(n, 2)?.into() }))
            }
            Kind::If => {
                let test = self.boxed(n, 0)?;
                let body = self.body(n, 1)?.into();
                let orelse = self.stmts(n, 2)?;
                Stmt::If(new!(StmtIf, range, { test, body, elif_else_clauses: self.clauses(orelse) }))
            }
            Kind::With | Kind::AsyncWith => {
                let is_async = n.kind() == Kind::AsyncWith;
                let mut items = Vec::new();
                for (_object, item) in self.nonempty_children(n, 0)? {
                    let context_expr = self.expr(&item, 0, LOAD)?;
                    let optional_vars = self.maybe_stored(&item, 1)?;
                    items.push(new!(WithItem, range, { context_expr, optional_vars }));
                }
                let body = self.body(n, 1)?.into();
                self.comment(n, 2)?;
                Stmt::With(new!(StmtWith, range, { is_async, items, body }))
            }
            Kind::Match => {
                let subject = self.boxed(n, 0)?;
                let mut cases = Vec::new();
                for (_object, case) in self.nonempty_children(n, 1)? {
                    let pattern = self.pattern_field(&case, 0)?;
                    let guard = self.maybe(&case, 1)?;
                    let body = self.body(&case, 2)?.into();
                    cases.push(new!(MatchCase, range, { pattern, guard, body }));
                }
                Stmt::Match(new!(StmtMatch, range, { subject, cases }))
            }
            Kind::Raise => {
                let exc = self.maybe(n, 0)?;
                let cause = self.maybe(n, 1)?;
                if exc.is_none() && cause.is_some() {
                    return err!(ValueError, "Raise with cause but no exception");
                }
                Stmt::Raise(new!(StmtRaise, range, { exc, cause }))
            }
            Kind::Try | Kind::TryStar => {
                let name = n.kind().name();
                let body = self.body(n, 0)?.into();
                let handlers = self.handlers(n, 1)?;
                let orelse = self.stmts(n, 2)?;
                let finalbody = self.stmts(n, 3)?;
                if handlers.is_empty() && finalbody.is_empty() {
                    return err!(ValueError, "{name} has neither except handlers nor finalbody");
                }
                if handlers.is_empty() && !orelse.is_empty() {
                    return err!(ValueError, "{name} has orelse but no except handlers");
                }
                if !finalbody.is_empty() {
                    self.made.mention_finally();
                }
                Stmt::Try(new!(StmtTry, range, {
                    body, handlers, orelse: orelse.into(), finalbody: finalbody.into(),
                    is_star: n.kind() == Kind::TryStar,
                }))
            }
            Kind::Assert => {
                let test = self.boxed(n, 0)?;
                Stmt::Assert(new!(StmtAssert, range, { test, msg: self.maybe(n, 1)? }))
            }
            Kind::Import => Stmt::Import(new!(StmtImport, range, { names: self.aliases(n, 0)?, is_lazy: false })),
            Kind::ImportFrom => {
                let level = self.maybe_int(n, 2)?;
                if level < 0 {
                    return err!(ValueError, "Negative ImportFrom level");
                }
                let module = self.maybe_identifier(n, 0)?;
                let names = self.aliases(n, 1)?;
                Stmt::ImportFrom(new!(StmtImportFrom, range, { module, names, level: level as u32, is_lazy: false }))
            }
            Kind::Global => Stmt::Global(new!(StmtGlobal, range, { names: self.nonempty_identifiers(n, 0)? })),
            Kind::Nonlocal => {
                Stmt::Nonlocal(new!(StmtNonlocal, range, { names: self.nonempty_identifiers(n, 0)? }))
            }
            Kind::Expr => Stmt::Expr(new!(StmtExpr, range, { value: self.boxed(n, 0)? })),
            Kind::Break => Stmt::Break(new!(StmtBreak, range, {})),
            Kind::Continue => Stmt::Continue(new!(StmtContinue, range, {})),
            _ => Stmt::Pass(new!(StmtPass, range, {})),
        })
    }

    /// A lone `If` after `else` is an `elif`.
    fn clauses(&mut self, mut orelse: Vec<Stmt>) -> Vec<r::ElifElseClause> {
        if orelse.is_empty() {
            return Vec::new();
        }
        if orelse.len() == 1
            && let Some(Stmt::If(_)) = orelse.first()
            && let Some(Stmt::If(inner)) = orelse.pop()
        {
            let mut clauses =
                vec![new!(ElifElseClause, inner.range, { test: Some(*inner.test), body: inner.body })];
            clauses.extend(inner.elif_else_clauses);
            return clauses;
        }
        let start = orelse.first().map(|s| s.range()).unwrap_or_default();
        vec![new!(ElifElseClause, start, { test: None, body: orelse.into() })]
    }

    fn maybe_stored(&mut self, n: &Node, i: usize) -> PyResult<Option<Box<Expr>>> {
        match self.optional_object(n, i)? {
            Some(object) => Ok(Some(Box::new(self.read_expr(*object, STORE)?))),
            None => Ok(None),
        }
    }

    fn decorators(&mut self, n: &Node, i: usize) -> PyResult<Vec<r::Decorator>> {
        let out = self.exprs(n, i, LOAD)?;
        Ok(out.into_iter().map(|expression| new!(Decorator, expression.range(), { expression })).collect())
    }

    pub(super) fn keywords(&mut self, n: &Node, i: usize) -> PyResult<Vec<r::Keyword>> {
        let mut out = Vec::new();
        for (_object, k) in self.children(n, i)? {
            let range = self.range(&k);
            let arg = self.maybe_identifier(&k, 0)?;
            out.push(new!(Keyword, range, { arg, value: self.expr(&k, 1, LOAD)? }));
        }
        Ok(out)
    }

    fn aliases(&mut self, n: &Node, i: usize) -> PyResult<Vec<r::Alias>> {
        let mut out = Vec::new();
        for (_object, a) in self.nonempty_children(n, i)? {
            let range = self.range(&a);
            let name = self.identifier(&a, 0)?;
            out.push(new!(Alias, range, { name, asname: self.maybe_identifier(&a, 1)? }));
        }
        Ok(out)
    }

    fn handlers(&mut self, n: &Node, i: usize) -> PyResult<Vec<r::ExceptHandler>> {
        let mut out = Vec::new();
        for (_object, h) in self.children(n, i)? {
            let range = self.range(&h);
            let type_ = self.maybe(&h, 0)?;
            let name = self.maybe_identifier(&h, 1)?;
            let body = self.body(&h, 2)?.into();
            let handler = new!(ExceptHandlerExceptHandler, range, { type_, name, body });
            out.push(r::ExceptHandler::ExceptHandler(handler));
        }
        Ok(out)
    }

    pub(super) fn parameters(&mut self, n: &Node, i: usize) -> PyResult<r::Parameters> {
        let (_object, args) = self.child(n, i)?;
        let a = &args;
        let range = TextRange::default();
        let posonly = self.params(a, 0)?;
        let normal = self.params(a, 1)?;
        let vararg = self.maybe_param(a, 2)?;
        let kwonly = self.params(a, 3)?;
        let kwarg = self.maybe_param(a, 5)?;
        let mut kw_defaults = Vec::new();
        for object in self.items(a, 4)? {
            kw_defaults.push(if object.is_none() {
                None
            } else {
                Some(Box::new(self.read_expr(*object, LOAD)?))
            });
        }
        let defaults = self.exprs(a, 6, LOAD)?;
        let count = posonly.len() + normal.len();
        if defaults.len() > count {
            return err!(ValueError, "more positional defaults than args on arguments");
        }
        if kw_defaults.len() != kwonly.len() {
            return err!(ValueError, "length of kwonlyargs is not the same as kw_defaults on arguments");
        }
        let bare = count - defaults.len();
        let mut defaults = std::iter::repeat_with(|| None).take(bare).chain(defaults.into_iter().map(|d| Some(Box::new(d))));
        let mut positional = |list: Vec<r::Parameter>| -> Vec<r::ParameterWithDefault> {
            list.into_iter().map(|parameter| with_default(parameter, defaults.next().flatten())).collect()
        };
        let posonlyargs = positional(posonly).into();
        let args = positional(normal).into();
        let kwonlyargs: Vec<_> = kwonly.into_iter().zip(kw_defaults).map(|(p, d)| with_default(p, d)).collect();
        Ok(new!(Parameters, range, { posonlyargs, args, vararg, kwonlyargs: kwonlyargs.into(), kwarg }))
    }

    fn param(&mut self, a: &Node) -> PyResult<r::Parameter> {
        let range = self.range(a);
        let mut name = self.identifier(a, 0)?;
        check_name(name.as_str())?;
        // The compiler joins the beginning of the name and the end of the parameter.
        name.range = range;
        let annotation = self.maybe(a, 1)?;
        self.comment(a, 2)?;
        Ok(new!(Parameter, range, { name, annotation }))
    }

    fn params(&mut self, a: &Node, i: usize) -> PyResult<Vec<r::Parameter>> {
        let mut out = Vec::new();
        for (_object, p) in self.children(a, i)? {
            out.push(self.param(&p)?);
        }
        Ok(out)
    }

    fn maybe_param(&mut self, a: &Node, i: usize) -> PyResult<Option<Box<r::Parameter>>> {
        match self.optional_child(a, i)? {
            Some((_object, p)) => Ok(Some(Box::new(self.param(&p)?))),
            None => Ok(None),
        }
    }

    fn type_params(&mut self, n: &Node, i: usize) -> PyResult<Option<Box<r::TypeParams>>> {
        let mut out = Vec::new();
        for (_object, p) in self.children(n, i)? {
            let range = self.range(&p);
            let name = self.identifier(&p, 0)?;
            check_name(name.as_str())?;
            out.push(match p.kind() {
                Kind::TypeVar => {
                    let bound = self.maybe(&p, 1)?;
                    TypeParam::TypeVar(new!(TypeParamTypeVar, range, { name, bound, default: self.maybe(&p, 2)? }))
                }
                Kind::ParamSpec => {
                    TypeParam::ParamSpec(new!(TypeParamParamSpec, range, { name, default: self.maybe(&p, 1)? }))
                }
                _ => TypeParam::TypeVarTuple(
                    new!(TypeParamTypeVarTuple, range, { name, default: self.maybe(&p, 1)? }),
                ),
            });
        }
        if out.is_empty() {
            return Ok(None);
        }
        let range = out.first().map(|p| p.range()).unwrap_or_default();
        Ok(Some(Box::new(new!(TypeParams, range, { type_params: out }))))
    }

    // ---------------------------------------------------------------- patterns

    fn pattern_field(&mut self, n: &Node, i: usize) -> PyResult<Pattern> {
        let (_object, p) = self.child(n, i)?;
        self.pattern(&p, false)
    }

    fn patterns(&mut self, n: &Node, i: usize, stars: bool) -> PyResult<Vec<Pattern>> {
        let mut out = Vec::new();
        for (_object, p) in self.children(n, i)? {
            out.push(self.pattern(&p, stars)?);
        }
        Ok(out)
    }

    fn pattern(&mut self, p: &Node, star_allowed: bool) -> PyResult<Pattern> {
        let range = self.range(p);
        Ok(match p.kind() {
            Kind::MatchValue => {
                let value = self.boxed(p, 0)?;
                check_pattern_value(&value)?;
                Pattern::MatchValue(new!(PatternMatchValue, range, { value }))
            }
            Kind::MatchSingleton => {
                let v = self.constant(p, 0)?;
                let value = if v.is_none() {
                    r::Singleton::None
                } else if v.is_bool() {
                    if v.is(Value::TRUE) { r::Singleton::True } else { r::Singleton::False }
                } else {
                    return err!(ValueError, "MatchSingleton can only contain True, False and None");
                };
                Pattern::MatchSingleton(new!(PatternMatchSingleton, range, { value }))
            }
            Kind::MatchSequence => {
                Pattern::MatchSequence(new!(PatternMatchSequence, range, { patterns: self.patterns(p, 0, true)? }))
            }
            Kind::MatchMapping => {
                let keys = self.exprs(p, 0, LOAD)?;
                let patterns = self.patterns(p, 1, false)?;
                if keys.len() != patterns.len() {
                    return err!(ValueError, "MatchMapping doesn't have the same number of keys as patterns");
                }
                let rest = self.capture(p, 2)?;
                for key in keys.iter().filter(|k| !k.is_none_literal_expr() && !k.is_boolean_literal_expr()) {
                    check_pattern_value(key)?;
                }
                Pattern::MatchMapping(
                    new!(PatternMatchMapping, range, { keys: keys.into(), patterns: patterns.into(), rest }),
                )
            }
            Kind::MatchClass => {
                let cls = self.boxed(p, 0)?;
                let patterns = self.patterns(p, 1, false)?;
                let attrs = self.identifiers(p, 2)?;
                let values = self.patterns(p, 3, false)?;
                if attrs.len() != values.len() {
                    return err!(
                        ValueError,
                        "MatchClass doesn't have the same number of keyword attributes as patterns"
                    );
                }
                let mut class = &*cls;
                while let Expr::Attribute(a) = class {
                    class = &a.value;
                }
                if !class.is_name_expr() {
                    return err!(ValueError, "MatchClass cls field can only contain Name or Attribute nodes.");
                }
                let mut keywords = Vec::new();
                for (attr, pattern) in attrs.into_iter().zip(values) {
                    check_name(attr.as_str())?;
                    keywords.push(new!(PatternKeyword, range, { attr, pattern }));
                }
                let arguments = new!(PatternArguments, range, { patterns: patterns.into(), keywords });
                Pattern::MatchClass(new!(PatternMatchClass, range, { cls, arguments }))
            }
            Kind::MatchStar => {
                if !star_allowed {
                    return err!(ValueError, "can't use MatchStar here");
                }
                Pattern::MatchStar(new!(PatternMatchStar, range, { name: self.capture(p, 0)? }))
            }
            Kind::MatchAs => {
                let inner = self.optional_child(p, 0)?;
                let name = self.capture(p, 1)?;
                if name.is_none() && inner.is_some() {
                    return err!(ValueError, "MatchAs must specify a target name if a pattern is given");
                }
                let pattern = match inner {
                    Some((_object, inner)) => Some(Box::new(self.pattern(&inner, false)?)),
                    None => None,
                };
                Pattern::MatchAs(new!(PatternMatchAs, range, { pattern, name }))
            }
            _ => {
                let patterns = self.patterns(p, 0, false)?;
                if patterns.len() < 2 {
                    return err!(ValueError, "MatchOr requires at least 2 patterns");
                }
                Pattern::MatchOr(new!(PatternMatchOr, range, { patterns }))
            }
        })
    }

    fn capture(&mut self, p: &Node, i: usize) -> PyResult<Option<Identifier>> {
        let name = self.maybe_identifier(p, i)?;
        if let Some(name) = &name {
            if name.as_str() == "_" {
                return err!(ValueError, "can't capture name '_' in patterns");
            }
            check_name(name.as_str())?;
        }
        Ok(name)
    }

    fn optional_object(&mut self, n: &Node, i: usize) -> PyResult<Option<Ref>> {
        Ok(self.optional_child(n, i)?.map(|(object, _)| object))
    }
}

fn with_default(parameter: r::Parameter, default: Option<Box<Expr>>) -> r::ParameterWithDefault {
    new!(ParameterWithDefault, parameter.range, { parameter, default })
}

fn is_real(e: &Expr) -> bool {
    matches!(e, Expr::NumberLiteral(n) if !matches!(n.value, r::Number::Complex { .. }))
}

fn is_negative(e: &Expr, number: fn(&Expr) -> bool) -> bool {
    matches!(e, Expr::UnaryOp(u) if u.op == r::UnaryOp::USub && number(&u.operand))
}

/// What a value pattern may compare with.
fn check_pattern_value(e: &Expr) -> PyResult<()> {
    let fine = match e {
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::BytesLiteral(_) | Expr::Attribute(_) => true,
        Expr::FString(_) | Expr::TString(_) => true,
        Expr::BooleanLiteral(_) | Expr::NoneLiteral(_) | Expr::EllipsisLiteral(_) => {
            return err!(ValueError, "unexpected constant inside of a literal pattern");
        }
        Expr::Tuple(t) if t.elts.iter().all(|e| e.is_literal_expr()) => {
            return err!(ValueError, "unexpected constant inside of a literal pattern");
        }
        Expr::UnaryOp(_) => is_negative(e, |e| e.is_number_literal_expr()),
        Expr::BinOp(b) => {
            matches!(b.op, r::Operator::Add | r::Operator::Sub)
                && (is_real(&b.left) || is_negative(&b.left, is_real))
                && b.right.is_number_literal_expr()
                && !is_real(&b.right)
        }
        _ => false,
    };
    if fine { Ok(()) } else { err!(ValueError, "patterns may only match literals and attribute lookups") }
}
