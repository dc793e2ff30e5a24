//! The first pass: one walk over the syntax tree that records what each block does with each name.

use super::*;
use crate::failure::too_deep;
use crate::future::{CO_FUTURE_ANNOTATIONS, PYCF_ALLOW_TOP_LEVEL_AWAIT, is_docstring};
use crate::literals::{self, Content};
use crate::locate::statement_range;
use crate::names::{self, Interner, Sym};
use ruff_python_ast::{
    self as ast, Expr, ExprContext, InterpolatedStringElement, Parameters, Pattern, Stmt, TypeParam,
};
use ruff_text_size::{Ranged, TextRange};

/// What is compiled.
#[derive(Clone, Copy)]
pub enum Top<'a> {
    /// A file, or one interactive statement.
    Body {
        /// The statements.
        body: &'a [Stmt],
        /// Whether a leading string is no docstring.
        interactive: bool,
    },
    /// An expression.
    Expression(&'a Expr),
}

struct Builder<'a, 'n> {
    table: Symtable,
    names: &'n mut Interner<'a>,
    source: &'a str,
    future: &'n Future,
    features: u32,
    keep_docstrings: bool,
    stack: Vec<ScopeId>,
    private: Option<Sym>,
    depth: u32,
    depth_limit: u32,
}

type Done = Result<(), Failure>;

pub(super) fn run<'a>(
    top: Top<'a>,
    source: &'a str,
    future: &Future,
    flags: u32,
    keep_docstrings: bool,
    depth_limit: u32,
    names: &mut Interner<'a>,
) -> Result<Symtable, Failure> {
    let mut builder = Builder {
        table: Symtable {
            scopes: Vec::new(),
            blocks: HashMap::default(),
            mangled_sets: Vec::new(),
            literal_warnings: Vec::new(),
        },
        names,
        source,
        future,
        features: flags | future.features,
        keep_docstrings,
        stack: Vec::new(),
        private: None,
        depth: 0,
        depth_limit,
    };
    builder.enter(
        names::TOP,
        BlockKind::Module,
        (0, Role::Body),
        TextRange::default(),
    )?;
    match top {
        Top::Body { body, interactive } => {
            let docstring = !interactive && builder.has_docstring(body);
            builder.cur().has_docstring = docstring;
            builder.visit_body(body)?;
        }
        Top::Expression(expr) => builder.visit_expr(expr)?,
    }
    builder.exit();
    Ok(builder.table)
}

impl<'a> Builder<'a, '_> {
    fn cur_id(&self) -> ScopeId {
        *self.stack.last().expect("inside a block")
    }

    fn cur(&mut self) -> &mut Scope {
        let id = self.cur_id();
        self.table.scope_mut(id)
    }

    fn has_docstring(&self, body: &[Stmt]) -> bool {
        self.keep_docstrings && body.first().is_some_and(is_docstring)
    }

    fn new_scope(&mut self, name: Sym, kind: BlockKind, key: Key) -> ScopeId {
        let (mut nested, mut method) = (false, false);
        if let Some(&cur) = self.stack.last() {
            let cur = self.table.scope(cur);
            nested = cur.nested || cur.is_function_like();
            method = cur.kind == BlockKind::Class && kind == BlockKind::Function;
        }
        let id = ScopeId(self.table.scopes.len() as u32);
        self.table.scopes.push(Scope {
            name,
            kind,
            symbols: SymMap::default(),
            varnames: Vec::new(),
            children: Vec::new(),
            directives: Vec::new(),
            mangled_names: None,
            nested,
            varargs: false,
            varkeywords: false,
            annotations_used: false,
            generator: false,
            coroutine: false,
            comprehension: None,
            needs_class_closure: false,
            needs_classdict: false,
            comp_inlined: false,
            comp_iter_target: false,
            comp_iter_expr: 0,
            can_see_class_scope: false,
            has_conditional_annotations: false,
            in_conditional_block: false,
            in_unevaluated_annotation: false,
            annotation_block: None,
            has_docstring: false,
            method,
            scope_info: "",
            range: TextRange::default(),
        });
        self.table.blocks.insert(key, id);
        id
    }

    /// Enters a block again; it is a child of its parent already.
    fn reenter(&mut self, id: ScopeId) {
        let iter_expr = self.cur().comp_iter_expr;
        self.table.scope_mut(id).comp_iter_expr = iter_expr;
        self.stack.push(id);
    }

    fn enter_existing(&mut self, id: ScopeId) {
        if let Some(&prev) = self.stack.last() {
            let outer = self.table.scope(prev);
            let (iter_expr, mangled) = (outer.comp_iter_expr, outer.mangled_names);
            let future = self.features & CO_FUTURE_ANNOTATIONS != 0;
            let scope = self.table.scope_mut(id);
            scope.comp_iter_expr = iter_expr;
            if scope.kind != BlockKind::Class && mangled.is_some() {
                scope.mangled_names = mangled;
            }
            // Annotations that become strings have no effect on the names around them.
            if !(future && scope.kind == BlockKind::Annotation) {
                self.table.scope_mut(prev).children.push(id);
            }
        }
        self.stack.push(id);
    }

    fn enter(&mut self, name: Sym, kind: BlockKind, key: Key, range: TextRange) -> Done {
        let id = self.new_scope(name, kind, key);
        self.table.scope_mut(id).range = range;
        self.enter_existing(id);
        if matches!(
            kind,
            BlockKind::Annotation | BlockKind::TypeVariable | BlockKind::TypeAlias
        ) {
            self.add_def(names::DOT_FORMAT, DEF_PARAM, range)?;
            self.add_def(names::DOT_FORMAT, USE, range)?;
        }
        Ok(())
    }

    fn exit(&mut self) {
        self.stack.pop();
    }

    fn lookup_in(&mut self, scope: ScopeId, name: Sym) -> u32 {
        let name = self
            .table
            .maybe_mangle(self.names, self.private, scope, name);
        self.table.scope(scope).flags(name)
    }

    fn add_def_in(&mut self, scope: ScopeId, name: Sym, flag: u32, range: TextRange) -> Done {
        let cur = self.cur_id();
        let mangled = self.table.maybe_mangle(self.names, self.private, cur, name);
        let block = self.table.scope_mut(scope);
        let mut value = block.flags(mangled);
        if flag & value & DEF_PARAM != 0 {
            return Err(Failure::syntax(
                format!(
                    "duplicate argument '{}' in function definition",
                    self.names.text(name)
                ),
                range,
            ));
        }
        if flag & value & DEF_TYPE_PARAM != 0 {
            return Err(Failure::syntax(
                format!("duplicate type parameter '{}'", self.names.text(name)),
                range,
            ));
        }
        value |= flag;
        if block.comp_iter_target {
            if value & (DEF_GLOBAL | DEF_NONLOCAL) != 0 {
                return Err(Failure::syntax(
                    format!(
                        "comprehension inner loop cannot rebind assignment expression target '{}'",
                        self.names.text(name)
                    ),
                    range,
                ));
            }
            value |= DEF_COMP_ITER;
        }
        block.symbols.insert(mangled, value);
        if flag & DEF_PARAM != 0 {
            block.varnames.push(mangled);
        } else if flag & DEF_GLOBAL != 0 {
            let top = &mut self.table.scopes[0].symbols;
            let value = top.get(mangled).unwrap_or(0) | flag;
            top.insert(mangled, value);
        }
        Ok(())
    }

    fn check_name(&self, name: Sym, range: TextRange, ctx: ExprContext) -> Done {
        if name == names::DEBUG {
            match ctx {
                ExprContext::Store => {
                    return Err(Failure::syntax("cannot assign to __debug__", range));
                }
                ExprContext::Del => {
                    return Err(Failure::syntax("cannot delete __debug__", range));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn add_def_ctx(&mut self, name: Sym, flag: u32, range: TextRange, ctx: ExprContext) -> Done {
        if flag & (DEF_PARAM | DEF_LOCAL | DEF_IMPORT) != 0 {
            self.check_name(name, range, ctx)?;
        }
        let cur = self.cur_id();
        if flag & DEF_TYPE_PARAM != 0
            && let Some(set) = self.table.scope(cur).mangled_names
        {
            self.table.mangled_sets[set as usize].insert(name);
        }
        self.add_def_in(cur, name, flag, range)
    }

    fn add_def(&mut self, name: Sym, flag: u32, range: TextRange) -> Done {
        let ctx = if flag == USE {
            ExprContext::Load
        } else {
            ExprContext::Store
        };
        self.add_def_ctx(name, flag, range, ctx)
    }

    fn define(&mut self, name: &'a ast::Identifier, flag: u32, range: TextRange) -> Done {
        let name = self.names.intern(name.as_str());
        self.add_def(name, flag, range)
    }

    fn record_directive(&mut self, name: Sym, range: TextRange) {
        let cur = self.cur_id();
        let name = self.table.maybe_mangle(self.names, self.private, cur, name);
        self.cur().directives.push((name, range));
    }

    fn allows_top_level_await(&self) -> bool {
        self.features & PYCF_ALLOW_TOP_LEVEL_AWAIT != 0
            && self.table.scope(self.cur_id()).kind == BlockKind::Module
    }

    fn is_async_def(&self) -> bool {
        let scope = self.table.scope(self.cur_id());
        scope.kind == BlockKind::Function && scope.coroutine
    }

    fn descend(&mut self) -> Done {
        self.depth += 1;
        if self.depth > self.depth_limit {
            return Err(too_deep());
        }
        Ok(())
    }

    fn visit_body(&mut self, body: &'a [Stmt]) -> Done {
        for stmt in body {
            self.visit_stmt(stmt)?;
        }
        Ok(())
    }

    fn visit_conditional(&mut self, bodies: &[&'a [Stmt]]) -> Done {
        let was = std::mem::replace(&mut self.cur().in_conditional_block, true);
        for body in bodies {
            self.visit_body(body)?;
        }
        self.cur().in_conditional_block = was;
        Ok(())
    }

    fn visit_exprs(&mut self, exprs: impl IntoIterator<Item = &'a Expr>) -> Done {
        for expr in exprs {
            self.visit_expr(expr)?;
        }
        Ok(())
    }

    fn visit_opt(&mut self, expr: Option<&'a Expr>) -> Done {
        expr.map_or(Ok(()), |expr| self.visit_expr(expr))
    }

    fn enter_type_params(
        &mut self,
        name: Sym,
        params: &'a ast::TypeParams,
        has_kwdefaults: bool,
        is_function: bool,
        is_class: bool,
        range: TextRange,
    ) -> Done {
        let in_class = self.cur().kind == BlockKind::Class;
        self.enter(
            name,
            BlockKind::TypeParameters,
            key(params, Role::TypeParams),
            range,
        )?;
        if in_class {
            self.cur().can_see_class_scope = true;
            self.add_def(names::CLASSDICT, USE, range)?;
        }
        if is_class {
            for name in [names::DOT_TYPE_PARAMS, names::DOT_GENERIC_BASE] {
                self.add_def(name, DEF_LOCAL, range)?;
                self.add_def(name, USE, range)?;
            }
        }
        if is_function {
            self.add_def(names::DOT_DEFAULTS, DEF_PARAM, range)?;
        }
        if has_kwdefaults {
            self.add_def(names::DOT_KWDEFAULTS, DEF_PARAM, range)?;
        }
        Ok(())
    }

    fn visit_defaults(&mut self, params: &'a Parameters) -> Done {
        for param in params
            .posonlyargs
            .iter()
            .chain(&params.args)
            .chain(&params.kwonlyargs)
        {
            self.visit_opt(param.default.as_deref())?;
        }
        Ok(())
    }

    fn visit_function(&mut self, def: &'a ast::StmtFunctionDef) -> Done {
        let range = statement_range(self.source, &def.decorator_list, def.range());
        self.define(&def.name, DEF_LOCAL, range)?;
        self.visit_defaults(&def.parameters)?;
        self.visit_exprs(def.decorator_list.iter().map(|d| &d.expression))?;
        let name = self.names.intern(def.name.as_str());
        if let Some(params) = def.type_params.as_deref() {
            let kwdefaults = def
                .parameters
                .kwonlyargs
                .iter()
                .any(|p| p.default.is_some());
            self.enter_type_params(name, params, kwdefaults, true, false, range)?;
            self.visit_type_params(params)?;
        }
        let id = self.new_scope(name, BlockKind::Function, key(def, Role::Body));
        self.table.scope_mut(id).range =
            statement_range(self.source, &def.decorator_list, def.range());
        let docstring = self.has_docstring(&def.body);
        self.table.scope_mut(id).has_docstring = docstring;
        self.visit_annotations(&def.parameters, def.returns.as_deref(), range)?;
        self.enter_existing(id);
        if def.is_async {
            self.cur().coroutine = true;
        }
        self.visit_parameters(&def.parameters)?;
        self.visit_body(&def.body)?;
        self.exit();
        if def.type_params.is_some() {
            self.exit();
        }
        Ok(())
    }

    fn visit_class(&mut self, def: &'a ast::StmtClassDef) -> Done {
        let range = statement_range(self.source, &def.decorator_list, def.range());
        self.define(&def.name, DEF_LOCAL, range)?;
        self.visit_exprs(def.decorator_list.iter().map(|d| &d.expression))?;
        let outer_private = self.private;
        let name = self.names.intern(def.name.as_str());
        if let Some(params) = def.type_params.as_deref() {
            self.enter_type_params(name, params, false, false, true, range)?;
            self.private = Some(name);
            let set = self.table.mangled_sets.len() as u32;
            self.table.mangled_sets.push(SymSet::default());
            self.cur().mangled_names = Some(set);
            self.visit_type_params(params)?;
        }
        if let Some(arguments) = def.arguments.as_deref() {
            self.visit_arguments(arguments)?;
        }
        self.enter(name, BlockKind::Class, key(def, Role::Body), range)?;
        self.private = Some(name);
        if def.type_params.is_some() {
            self.add_def(names::TYPE_PARAMS, DEF_LOCAL, range)?;
            self.add_def(names::DOT_TYPE_PARAMS, USE, range)?;
        }
        let docstring = self.has_docstring(&def.body);
        self.cur().has_docstring = docstring;
        self.visit_body(&def.body)?;
        self.exit();
        if def.type_params.is_some() {
            self.exit();
        }
        self.private = outer_private;
        Ok(())
    }

    fn visit_type_alias(&mut self, stmt: &'a ast::StmtTypeAlias) -> Done {
        self.visit_expr(&stmt.name)?;
        let Expr::Name(target) = &*stmt.name else {
            return Err(Failure::syntax("invalid syntax", stmt.name.range()));
        };
        let name = self.names.intern(target.id.as_str());
        let in_class = self.cur().kind == BlockKind::Class;
        if let Some(params) = stmt.type_params.as_deref() {
            self.enter_type_params(name, params, false, false, false, stmt.range())?;
            self.visit_type_params(params)?;
        }
        self.enter(
            name,
            BlockKind::TypeAlias,
            key(stmt, Role::Body),
            stmt.range(),
        )?;
        self.cur().can_see_class_scope = in_class;
        if in_class {
            self.add_def(names::CLASSDICT, USE, stmt.value.range())?;
        }
        self.visit_expr(&stmt.value)?;
        self.exit();
        if stmt.type_params.is_some() {
            self.exit();
        }
        Ok(())
    }

    fn visit_ann_assign(&mut self, stmt: &'a ast::StmtAnnAssign) -> Done {
        self.cur().annotations_used = true;
        if let Expr::Name(target) = &*stmt.target {
            let name = self.names.intern(target.id.as_str());
            let cur_id = self.cur_id();
            let cur = self.lookup_in(cur_id, name);
            if cur & (DEF_GLOBAL | DEF_NONLOCAL) != 0 && cur_id != self.table.top() && stmt.simple {
                let what = if cur & DEF_GLOBAL != 0 {
                    "global"
                } else {
                    "nonlocal"
                };
                return Err(Failure::syntax(
                    format!("annotated name '{}' can't be {what}", target.id),
                    stmt.range(),
                ));
            }
            if stmt.simple {
                self.add_def(name, DEF_ANNOT | DEF_LOCAL, target.range())?;
            } else if stmt.value.is_some() {
                self.add_def(name, DEF_LOCAL, target.range())?;
            }
        } else {
            self.visit_expr(&stmt.target)?;
        }
        self.visit_annotation(&stmt.annotation)?;
        self.visit_opt(stmt.value.as_deref())
    }

    fn visit_annotation(&mut self, annotation: &'a Expr) -> Done {
        let range = annotation.range();
        let parent = self.cur_id();
        let scope = self.cur();
        let kind = scope.kind;
        let unevaluated = kind == BlockKind::Function;
        // A module can be run in part, so its annotations always count as conditional.
        let conditional =
            kind == BlockKind::Module || (kind == BlockKind::Class && scope.in_conditional_block);
        if conditional && !scope.has_conditional_annotations {
            scope.has_conditional_annotations = true;
            self.add_def(names::CONDITIONAL_ANNOTATIONS, USE, range)?;
        }
        match self.table.scope(parent).annotation_block {
            Some(block) => self.reenter(block),
            None => {
                self.enter(
                    names::ANNOTATE,
                    BlockKind::Annotation,
                    (parent.0 as usize, Role::Annotations),
                    range,
                )?;
                let block = self.cur_id();
                self.table.scope_mut(parent).annotation_block = Some(block);
                let future = self.features & CO_FUTURE_ANNOTATIONS != 0;
                if kind == BlockKind::Class && !future {
                    self.cur().can_see_class_scope = true;
                    self.add_def(names::CLASSDICT, USE, range)?;
                }
            }
        }
        self.cur().in_unevaluated_annotation = unevaluated;
        let done = self.visit_expr(annotation);
        self.cur().in_unevaluated_annotation = false;
        self.exit();
        done
    }

    fn visit_annotations(
        &mut self,
        params: &'a Parameters,
        returns: Option<&'a Expr>,
        range: TextRange,
    ) -> Done {
        let scope = self.cur();
        let sees_class = scope.can_see_class_scope || scope.kind == BlockKind::Class;
        self.enter(
            names::ANNOTATE,
            BlockKind::Annotation,
            key(params, Role::Annotations),
            range,
        )?;
        if sees_class {
            self.cur().can_see_class_scope = true;
            self.add_def(names::CLASSDICT, USE, range)?;
        }
        let plain = params
            .posonlyargs
            .iter()
            .chain(&params.args)
            .map(|p| &p.parameter);
        let variadic = params.vararg.iter().chain(&params.kwarg).map(|p| &**p);
        let kwonly = params.kwonlyargs.iter().map(|p| &p.parameter);
        let annotations = plain
            .chain(variadic)
            .chain(kwonly)
            .filter_map(|p| p.annotation.as_deref())
            .chain(returns);
        for annotation in annotations {
            self.cur().annotations_used = true;
            self.visit_expr(annotation)?;
        }
        self.exit();
        Ok(())
    }

    fn visit_parameters(&mut self, params: &'a Parameters) -> Done {
        let plain = params
            .posonlyargs
            .iter()
            .chain(&params.args)
            .chain(&params.kwonlyargs);
        for param in plain {
            self.define(&param.parameter.name, DEF_PARAM, param.parameter.range())?;
        }
        // The stars are no part of the argument.
        if let Some(param) = &params.vararg {
            let range = TextRange::new(param.name.start(), param.end());
            self.define(&param.name, DEF_PARAM, range)?;
            self.cur().varargs = true;
        }
        if let Some(param) = &params.kwarg {
            let range = TextRange::new(param.name.start(), param.end());
            self.define(&param.name, DEF_PARAM, range)?;
            self.cur().varkeywords = true;
        }
        Ok(())
    }

    fn visit_type_params(&mut self, params: &'a ast::TypeParams) -> Done {
        for param in &params.type_params {
            self.descend()?;
            let (name, default, what) = match param {
                TypeParam::TypeVar(p) => (&p.name, p.default.as_deref(), "a TypeVar default"),
                TypeParam::TypeVarTuple(p) => {
                    (&p.name, p.default.as_deref(), "a TypeVarTuple default")
                }
                TypeParam::ParamSpec(p) => (&p.name, p.default.as_deref(), "a ParamSpec default"),
            };
            self.define(name, DEF_TYPE_PARAM | DEF_LOCAL, param.range())?;
            let name = self.names.intern(name.as_str());
            if name == names::CLASSDICT {
                return Err(Failure::syntax(
                    "reserved name '__classdict__' cannot be used for type parameter",
                    param.range(),
                ));
            }
            let mut role = Role::Bound;
            if let TypeParam::TypeVar(p) = param {
                role = Role::Default;
                if let Some(bound) = p.bound.as_deref() {
                    let what = if bound.is_tuple_expr() {
                        "a TypeVar constraint"
                    } else {
                        "a TypeVar bound"
                    };
                    self.visit_type_variable(bound, name, key(param, Role::Bound), what)?;
                }
            }
            if let Some(default) = default {
                self.visit_type_variable(default, name, key(param, role), what)?;
            }
            self.depth -= 1;
        }
        Ok(())
    }

    fn visit_type_variable(
        &mut self,
        expr: &'a Expr,
        name: Sym,
        key: Key,
        what: &'static str,
    ) -> Done {
        let sees_class = self.cur().can_see_class_scope;
        self.enter(name, BlockKind::TypeVariable, key, expr.range())?;
        self.cur().can_see_class_scope = sees_class;
        if sees_class {
            self.add_def(names::CLASSDICT, USE, expr.range())?;
        }
        self.cur().scope_info = what;
        self.visit_expr(expr)?;
        self.exit();
        Ok(())
    }

    fn require_coroutine(&mut self, what: &str, range: TextRange) -> Done {
        if self.allows_top_level_await() {
            self.cur().coroutine = true;
        }
        if !self.cur().coroutine {
            return Err(Failure::syntax(
                format!("'async {what}' outside async function"),
                range,
            ));
        }
        Ok(())
    }

    fn visit_directive(
        &mut self,
        identifiers: &'a [ast::Identifier],
        range: TextRange,
        flag: u32,
        what: &str,
    ) -> Done {
        for identifier in identifiers {
            let name = self.names.intern(identifier.as_str());
            let cur_id = self.cur_id();
            let cur = self.lookup_in(cur_id, name);
            if cur & (DEF_PARAM | DEF_LOCAL | USE | DEF_ANNOT) != 0 {
                let message = if cur & DEF_PARAM != 0 {
                    format!("name '{identifier}' is parameter and {what}")
                } else if cur & USE != 0 {
                    format!("name '{identifier}' is used prior to {what} declaration")
                } else if cur & DEF_ANNOT != 0 {
                    format!("annotated name '{identifier}' can't be {what}")
                } else {
                    format!("name '{identifier}' is assigned to before {what} declaration")
                };
                return Err(Failure::syntax(message, range));
            }
            self.add_def(name, flag, range)?;
            self.record_directive(name, range);
        }
        Ok(())
    }

    fn visit_alias(&mut self, alias: &'a ast::Alias) -> Done {
        let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
        if name == "*" {
            if self.cur().kind != BlockKind::Module {
                return Err(Failure::syntax(
                    "import * only allowed at module level",
                    alias.range(),
                ));
            }
            return Ok(());
        }
        let stored = name.split_once('.').map_or(name, |(first, _)| first);
        let stored = self.names.intern(stored);
        self.add_def(stored, DEF_IMPORT, alias.range())
    }

    fn visit_import_from(&mut self, stmt: &'a ast::StmtImportFrom) -> Done {
        for alias in &stmt.names {
            self.visit_alias(alias)?;
        }
        if stmt.level == 0
            && stmt
                .module
                .as_ref()
                .is_some_and(|m| m.as_str() == "__future__")
            && self
                .future
                .last
                .is_none_or(|last| stmt.start() > last.end())
        {
            return Err(Failure::syntax(
                "from __future__ imports must occur at the beginning of the file",
                stmt.range(),
            ));
        }
        Ok(())
    }

    fn visit_stmt(&mut self, stmt: &'a Stmt) -> Done {
        self.descend()?;
        match stmt {
            Stmt::FunctionDef(def) => self.visit_function(def)?,
            Stmt::ClassDef(def) => self.visit_class(def)?,
            Stmt::TypeAlias(stmt) => self.visit_type_alias(stmt)?,
            Stmt::Return(stmt) => self.visit_opt(stmt.value.as_deref())?,
            Stmt::Delete(stmt) => self.visit_exprs(&stmt.targets)?,
            Stmt::Assign(stmt) => {
                self.visit_exprs(&stmt.targets)?;
                self.visit_expr(&stmt.value)?;
            }
            Stmt::AnnAssign(stmt) => self.visit_ann_assign(stmt)?,
            Stmt::AugAssign(stmt) => {
                self.visit_expr(&stmt.target)?;
                self.visit_expr(&stmt.value)?;
            }
            Stmt::For(stmt) => {
                if stmt.is_async {
                    self.require_coroutine("for", stmt.range())?;
                }
                self.visit_expr(&stmt.target)?;
                self.visit_expr(&stmt.iter)?;
                self.visit_conditional(&[&stmt.body, &stmt.orelse])?;
            }
            Stmt::While(stmt) => {
                self.visit_expr(&stmt.test)?;
                self.visit_conditional(&[&stmt.body, &stmt.orelse])?;
            }
            Stmt::If(stmt) => {
                self.visit_expr(&stmt.test)?;
                self.visit_conditional(&[&stmt.body])?;
                for clause in &stmt.elif_else_clauses {
                    let was = std::mem::replace(&mut self.cur().in_conditional_block, true);
                    self.visit_opt(clause.test.as_ref())?;
                    self.visit_body(&clause.body)?;
                    self.cur().in_conditional_block = was;
                }
            }
            Stmt::Match(stmt) => {
                self.visit_expr(&stmt.subject)?;
                let was = std::mem::replace(&mut self.cur().in_conditional_block, true);
                for case in &stmt.cases {
                    self.visit_pattern(&case.pattern)?;
                    self.visit_opt(case.guard.as_deref())?;
                    self.visit_body(&case.body)?;
                }
                self.cur().in_conditional_block = was;
            }
            Stmt::Raise(stmt) => {
                self.visit_opt(stmt.exc.as_deref())?;
                self.visit_opt(stmt.cause.as_deref())?;
            }
            Stmt::Try(stmt) => {
                let was = std::mem::replace(&mut self.cur().in_conditional_block, true);
                self.visit_body(&stmt.body)?;
                for handler in &stmt.handlers {
                    let ast::ExceptHandler::ExceptHandler(handler) = handler;
                    self.visit_opt(handler.type_.as_deref())?;
                    if let Some(name) = &handler.name {
                        self.define(name, DEF_LOCAL, handler.range())?;
                    }
                    self.visit_body(&handler.body)?;
                }
                self.visit_body(&stmt.orelse)?;
                self.visit_body(&stmt.finalbody)?;
                self.cur().in_conditional_block = was;
            }
            Stmt::Assert(stmt) => {
                self.visit_expr(&stmt.test)?;
                self.visit_opt(stmt.msg.as_deref())?;
            }
            Stmt::Import(stmt) => {
                for alias in &stmt.names {
                    self.visit_alias(alias)?;
                }
            }
            Stmt::ImportFrom(stmt) => self.visit_import_from(stmt)?,
            Stmt::Global(stmt) => {
                self.visit_directive(&stmt.names, stmt.range(), DEF_GLOBAL, "global")?;
            }
            Stmt::Nonlocal(stmt) => {
                self.visit_directive(&stmt.names, stmt.range(), DEF_NONLOCAL, "nonlocal")?;
            }
            Stmt::Expr(stmt) => self.visit_expr(&stmt.value)?,
            Stmt::With(stmt) => {
                if stmt.is_async {
                    self.require_coroutine("with", stmt.range())?;
                }
                let was = std::mem::replace(&mut self.cur().in_conditional_block, true);
                for item in &stmt.items {
                    self.visit_expr(&item.context_expr)?;
                    self.visit_opt(item.optional_vars.as_deref())?;
                }
                self.visit_body(&stmt.body)?;
                self.cur().in_conditional_block = was;
            }
            Stmt::Pass(_) | Stmt::Break(_) | Stmt::Continue(_) => {}
            Stmt::IpyEscapeCommand(stmt) => {
                return Err(Failure::syntax("invalid syntax", stmt.range()));
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn raise_if_annotation(&mut self, what: &str, range: TextRange) -> Done {
        let scope = self.cur();
        let message = match scope.kind {
            BlockKind::Annotation => format!("{what} cannot be used within an annotation"),
            BlockKind::TypeVariable => format!("{what} cannot be used within {}", scope.scope_info),
            BlockKind::TypeAlias => format!("{what} cannot be used within a type alias"),
            BlockKind::TypeParameters => {
                format!("{what} cannot be used within the definition of a generic")
            }
            _ => return Ok(()),
        };
        Err(Failure::syntax(message, range))
    }

    fn extend_named_scope(&mut self, target: &'a ast::ExprName) -> Done {
        let name = self.names.intern(target.id.as_str());
        let range = target.range();
        for at in (0..self.stack.len()).rev() {
            let id = self.stack[at];
            let scope = self.table.scope(id);
            let kind = scope.kind;
            if scope.comprehension.is_some() {
                let flags = self.lookup_in(id, name);
                if flags & DEF_COMP_ITER != 0 && flags & DEF_LOCAL != 0 {
                    return Err(Failure::syntax(
                        format!(
                            "assignment expression cannot rebind comprehension iteration variable '{}'",
                            target.id
                        ),
                        range,
                    ));
                }
                continue;
            }
            let place = match kind {
                BlockKind::Function => {
                    let flags = self.lookup_in(id, name);
                    let flag = if flags & DEF_GLOBAL != 0 {
                        DEF_GLOBAL
                    } else {
                        DEF_NONLOCAL
                    };
                    self.add_def(name, flag, range)?;
                    self.record_directive(name, range);
                    return self.add_def_in(id, name, DEF_LOCAL, range);
                }
                BlockKind::Module => {
                    self.add_def(name, DEF_GLOBAL, range)?;
                    self.record_directive(name, range);
                    return self.add_def_in(id, name, DEF_GLOBAL, range);
                }
                BlockKind::Annotation => continue,
                BlockKind::Class => "in a class body",
                BlockKind::TypeParameters => "within the definition of a generic",
                BlockKind::TypeAlias => "in a type alias",
                BlockKind::TypeVariable => "in a TypeVar bound",
            };
            return Err(Failure::syntax(
                format!("assignment expression within a comprehension cannot be used {place}"),
                range,
            ));
        }
        Ok(())
    }

    fn visit_named(&mut self, expr: &'a ast::ExprNamed) -> Done {
        self.raise_if_annotation("named expression", expr.range())?;
        if self.cur().comp_iter_expr > 0 {
            return Err(Failure::syntax(
                "assignment expression cannot be used in a comprehension iterable expression",
                expr.range(),
            ));
        }
        if self.cur().comprehension.is_some()
            && let Expr::Name(target) = &*expr.target
        {
            self.extend_named_scope(target)?;
        }
        self.visit_expr(&expr.value)?;
        self.visit_expr(&expr.target)
    }

    fn visit_arguments(&mut self, arguments: &'a ast::Arguments) -> Done {
        self.visit_exprs(&arguments.args)?;
        for keyword in &arguments.keywords {
            if let Some(arg) = &keyword.arg {
                let name = self.names.intern(arg.as_str());
                self.check_name(name, keyword.range(), ExprContext::Store)?;
            }
        }
        self.visit_exprs(arguments.keywords.iter().map(|k| &k.value))
    }

    fn visit_yield(&mut self, value: Option<&'a Expr>, range: TextRange) -> Done {
        self.raise_if_annotation("yield expression", range)?;
        self.visit_opt(value)?;
        let scope = self.cur();
        scope.generator = true;
        let what = match scope.comprehension {
            None => return Ok(()),
            Some(Comprehension::List) => "list comprehension",
            Some(Comprehension::Set) => "set comprehension",
            Some(Comprehension::Dict) => "dict comprehension",
            Some(Comprehension::Generator) => "generator expression",
        };
        Err(Failure::syntax(format!("'yield' inside {what}"), range))
    }

    fn visit_await(&mut self, expr: &'a ast::ExprAwait) -> Done {
        let range = expr.range();
        self.raise_if_annotation("await expression", range)?;
        if !self.allows_top_level_await() {
            if !self.cur().is_function_like() {
                return Err(Failure::syntax("'await' outside function", range));
            }
            if !self.is_async_def() && self.cur().comprehension.is_none() {
                return Err(Failure::syntax("'await' outside async function", range));
            }
        }
        self.visit_expr(&expr.value)?;
        self.cur().coroutine = true;
        Ok(())
    }

    fn visit_lambda(&mut self, expr: &'a ast::ExprLambda) -> Done {
        if let Some(params) = expr.parameters.as_deref() {
            self.visit_defaults(params)?;
        }
        self.enter(
            names::LAMBDA,
            BlockKind::Function,
            key(expr, Role::Body),
            expr.range(),
        )?;
        if let Some(params) = expr.parameters.as_deref() {
            self.visit_parameters(params)?;
        }
        self.visit_expr(&expr.body)?;
        self.exit();
        Ok(())
    }

    fn visit_comprehension(
        &mut self,
        kind: Comprehension,
        key: Key,
        range: TextRange,
        generators: &'a [ast::Comprehension],
        elements: [Option<&'a Expr>; 2],
    ) -> Done {
        let name = match kind {
            Comprehension::List => names::LISTCOMP,
            Comprehension::Set => names::SETCOMP,
            Comprehension::Dict => names::DICTCOMP,
            Comprehension::Generator => names::GENEXPR,
        };
        let outermost = &generators[0];
        self.cur().comp_iter_expr += 1;
        self.visit_expr(&outermost.iter)?;
        self.cur().comp_iter_expr -= 1;
        self.enter(name, BlockKind::Function, key, range)?;
        self.cur().comprehension = Some(kind);
        if outermost.is_async {
            self.cur().coroutine = true;
        }
        self.add_def(names::DOT_ZERO, DEF_PARAM, range)?;
        self.cur().comp_iter_target = true;
        self.visit_expr(&outermost.target)?;
        self.cur().comp_iter_target = false;
        self.visit_exprs(&outermost.ifs)?;
        for generator in &generators[1..] {
            self.cur().comp_iter_target = true;
            self.visit_expr(&generator.target)?;
            self.cur().comp_iter_target = false;
            self.cur().comp_iter_expr += 1;
            self.visit_expr(&generator.iter)?;
            self.cur().comp_iter_expr -= 1;
            self.visit_exprs(&generator.ifs)?;
            if generator.is_async {
                self.cur().coroutine = true;
            }
        }
        for element in elements.into_iter().flatten() {
            self.visit_expr(element)?;
        }
        let is_generator = kind == Comprehension::Generator;
        self.cur().generator = is_generator;
        let is_async = self.cur().coroutine && !is_generator;
        self.exit();
        if is_async
            && !self.is_async_def()
            && self.cur().comprehension.is_none()
            && !self.allows_top_level_await()
        {
            return Err(Failure::syntax(
                "asynchronous comprehension outside of an asynchronous function",
                range,
            ));
        }
        if is_async {
            self.cur().coroutine = true;
        }
        Ok(())
    }

    fn visit_elements(
        &mut self,
        elements: impl IntoIterator<Item = &'a InterpolatedStringElement>,
        raw: bool,
    ) -> Done {
        for element in elements {
            match element {
                InterpolatedStringElement::Interpolation(element) => {
                    self.visit_expr(&element.expression)?;
                    if let Some(spec) = &element.format_spec {
                        self.descend()?;
                        self.visit_elements(spec.elements.iter(), raw)?;
                        self.depth -= 1;
                    }
                }
                InterpolatedStringElement::Literal(literal) => {
                    if !raw {
                        self.check_escapes(literal.range(), Content::Interpolated);
                    }
                }
            }
        }
        Ok(())
    }

    fn check_escapes(&mut self, range: TextRange, content: Content) {
        let warnings = &mut self.table.literal_warnings;
        literals::invalid_escapes(self.source, range, content, warnings);
    }

    fn check_number(&mut self, range: TextRange) {
        let found = literals::number_before_keyword(self.source, range);
        self.table.literal_warnings.extend(found);
    }

    fn visit_expr(&mut self, expr: &'a Expr) -> Done {
        self.descend()?;
        match expr {
            Expr::Named(expr) => self.visit_named(expr)?,
            Expr::BoolOp(expr) => self.visit_exprs(&expr.values)?,
            Expr::BinOp(expr) => {
                self.visit_expr(&expr.left)?;
                self.visit_expr(&expr.right)?;
            }
            Expr::UnaryOp(expr) => self.visit_expr(&expr.operand)?,
            Expr::Lambda(expr) => self.visit_lambda(expr)?,
            Expr::If(expr) => {
                self.visit_expr(&expr.test)?;
                self.visit_expr(&expr.body)?;
                self.visit_expr(&expr.orelse)?;
            }
            Expr::Dict(expr) => {
                self.visit_exprs(expr.items.iter().filter_map(|item| item.key.as_ref()))?;
                self.visit_exprs(expr.items.iter().map(|item| &item.value))?;
            }
            Expr::Set(expr) => self.visit_exprs(&expr.elts)?,
            Expr::ListComp(e) => self.visit_comprehension(
                Comprehension::List,
                key(e, Role::Body),
                e.range(),
                &e.generators,
                [Some(&e.elt), None],
            )?,
            Expr::SetComp(e) => self.visit_comprehension(
                Comprehension::Set,
                key(e, Role::Body),
                e.range(),
                &e.generators,
                [Some(&e.elt), None],
            )?,
            Expr::DictComp(e) => self.visit_comprehension(
                Comprehension::Dict,
                key(e, Role::Body),
                e.range(),
                &e.generators,
                [Some(&e.value), e.key.as_deref()],
            )?,
            Expr::Generator(e) => self.visit_comprehension(
                Comprehension::Generator,
                key(e, Role::Body),
                e.range(),
                &e.generators,
                [Some(&e.elt), None],
            )?,
            Expr::Yield(expr) => self.visit_yield(expr.value.as_deref(), expr.range())?,
            Expr::YieldFrom(expr) => self.visit_yield(Some(&expr.value), expr.range())?,
            Expr::Await(expr) => self.visit_await(expr)?,
            Expr::Compare(expr) => {
                self.visit_expr(&expr.left)?;
                self.visit_exprs(&expr.comparators)?;
            }
            Expr::Call(expr) => {
                self.visit_expr(&expr.func)?;
                self.visit_arguments(&expr.arguments)?;
            }
            Expr::FString(expr) => {
                for part in &expr.value {
                    match part {
                        ast::FStringPart::FString(part) => {
                            let raw = part.flags.prefix().is_raw();
                            self.visit_elements(part.elements.iter(), raw)?;
                        }
                        ast::FStringPart::Literal(part) => {
                            if !part.flags.prefix().is_raw() {
                                self.check_escapes(part.content_range(), Content::Text);
                            }
                        }
                    }
                }
            }
            Expr::TString(expr) => {
                for part in &expr.value {
                    let raw = part.flags.prefix().is_raw();
                    self.visit_elements(part.elements.iter(), raw)?;
                }
            }
            Expr::StringLiteral(literal) => {
                for part in &literal.value {
                    if !part.flags.prefix().is_raw() {
                        self.check_escapes(part.content_range(), Content::Text);
                    }
                }
            }
            Expr::BytesLiteral(literal) => {
                for part in &literal.value {
                    if !part.flags.prefix().is_raw() {
                        self.check_escapes(part.content_range(), Content::Bytes);
                    }
                }
            }
            Expr::NumberLiteral(literal) => self.check_number(literal.range()),
            Expr::BooleanLiteral(_) | Expr::NoneLiteral(_) | Expr::EllipsisLiteral(_) => {}
            Expr::Attribute(expr) => {
                let attr = self.names.intern(expr.attr.as_str());
                self.check_name(attr, expr.range(), expr.ctx)?;
                self.visit_expr(&expr.value)?;
            }
            Expr::Subscript(expr) => {
                self.visit_expr(&expr.value)?;
                self.visit_expr(&expr.slice)?;
            }
            Expr::Starred(expr) => self.visit_expr(&expr.value)?,
            Expr::Slice(expr) => {
                self.visit_opt(expr.lower.as_deref())?;
                self.visit_opt(expr.upper.as_deref())?;
                self.visit_opt(expr.step.as_deref())?;
            }
            Expr::Name(expr) => self.visit_name(expr)?,
            Expr::List(expr) => self.visit_exprs(&expr.elts)?,
            Expr::Tuple(expr) => self.visit_exprs(&expr.elts)?,
            Expr::IpyEscapeCommand(expr) => {
                return Err(Failure::syntax("invalid syntax", expr.range()));
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn visit_name(&mut self, expr: &'a ast::ExprName) -> Done {
        if self.cur().in_unevaluated_annotation {
            return Ok(());
        }
        let name = self.names.intern(expr.id.as_str());
        let load = expr.ctx == ExprContext::Load;
        // A constant before the blocks are built: it is no use of a name.
        if load && name == names::DEBUG {
            return Ok(());
        }
        let flag = if load { USE } else { DEF_LOCAL };
        self.add_def_ctx(name, flag, expr.range(), expr.ctx)?;
        if load && name == names::SUPER && self.cur().is_function_like() {
            self.add_def(names::CLASS, USE, expr.range())?;
        }
        Ok(())
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) -> Done {
        self.descend()?;
        let range = pattern.range();
        match pattern {
            Pattern::MatchValue(p) => self.visit_expr(&p.value)?,
            Pattern::MatchSingleton(_) => {}
            Pattern::MatchSequence(p) => {
                for pattern in &p.patterns {
                    self.visit_pattern(pattern)?;
                }
            }
            Pattern::MatchStar(p) => {
                if let Some(name) = &p.name {
                    self.define(name, DEF_LOCAL, range)?;
                }
            }
            Pattern::MatchMapping(p) => {
                self.visit_exprs(&p.keys)?;
                for pattern in &p.patterns {
                    self.visit_pattern(pattern)?;
                }
                if let Some(name) = &p.rest {
                    self.define(name, DEF_LOCAL, range)?;
                }
            }
            Pattern::MatchClass(p) => {
                self.visit_expr(&p.cls)?;
                for pattern in &p.arguments.patterns {
                    self.visit_pattern(pattern)?;
                }
                for keyword in &p.arguments.keywords {
                    let name = self.names.intern(keyword.attr.as_str());
                    self.check_name(name, keyword.pattern.range(), ExprContext::Store)?;
                }
                for keyword in &p.arguments.keywords {
                    self.visit_pattern(&keyword.pattern)?;
                }
            }
            Pattern::MatchAs(p) => {
                if let Some(pattern) = &p.pattern {
                    self.visit_pattern(pattern)?;
                }
                if let Some(name) = &p.name {
                    self.define(name, DEF_LOCAL, range)?;
                }
            }
            Pattern::MatchOr(p) => {
                for pattern in &p.patterns {
                    self.visit_pattern(pattern)?;
                }
            }
        }
        self.depth -= 1;
        Ok(())
    }
}
