//! Functions, lambdas, classes, type parameters and type aliases.

use super::*;
use ruff_python_ast::{Decorator, ExprContext, Parameters, TypeParam};
use taipan_bytecode::opcode::op::*;

const INTRINSIC_TYPEVAR: i32 = 7;
const INTRINSIC_PARAMSPEC: i32 = 8;
const INTRINSIC_TYPEVARTUPLE: i32 = 9;
const INTRINSIC_SUBSCRIPT_GENERIC: i32 = 10;
const INTRINSIC_TYPEALIAS: i32 = 11;
const INTRINSIC_TYPEVAR_WITH_BOUND: i32 = 2;
const INTRINSIC_TYPEVAR_WITH_CONSTRAINTS: i32 = 3;
const INTRINSIC_SET_FUNCTION_TYPE_PARAMS: i32 = 4;
const INTRINSIC_SET_TYPEPARAM_DEFAULT: i32 = 5;

impl<'a> Compiler<'a> {
    fn decorators(&mut self, decorators: &'a [Decorator]) -> Done {
        self.visit_all(decorators.iter().map(|d| &d.expression))
    }

    fn apply_decorators(&mut self, decorators: &'a [Decorator]) {
        for decorator in decorators.iter().rev() {
            let loc = self.expr_loc(&decorator.expression);
            self.op_i(CALL, 0, loc);
        }
    }

    fn first_line(&self, decorators: &[Decorator], loc: Location) -> i32 {
        match decorators.first() {
            Some(first) => self.expr_loc(&first.expression).lineno,
            None => loc.lineno,
        }
    }

    /// Pushes the defaults; the flags of what was pushed.
    fn default_arguments(&mut self, params: &'a Parameters, loc: Location) -> Result<u32, Failure> {
        let mut function_flags = 0;
        let mut count = 0;
        for param in params.posonlyargs.iter().chain(&params.args) {
            if let Some(default) = &param.default {
                self.visit(default)?;
                count += 1;
            }
        }
        if count > 0 {
            self.op_i(BUILD_TUPLE, count, loc);
            function_flags |= MAKE_FUNCTION_DEFAULTS;
        }
        count = 0;
        for param in &params.kwonlyargs {
            if let Some(default) = &param.default {
                let name = self.sym(param.parameter.name.as_str());
                let name = self.mangle(name);
                self.load_sym(name, loc);
                self.visit(default)?;
                count += 1;
            }
        }
        if count > 0 {
            self.op_i(BUILD_MAP, count, loc);
            function_flags |= MAKE_FUNCTION_KWDEFAULTS;
        }
        Ok(function_flags)
    }

    fn generic_name(&mut self, name: &str) -> Sym {
        self.names
            .intern_copy(&format!("<generic parameters of {name}>"))
    }

    pub(super) fn visit_function(&mut self, def: &'a ast::StmtFunctionDef) -> Done {
        self.decorators(&def.decorator_list)?;
        let range = crate::locate::statement_range(self.source, &def.decorator_list, def.range());
        let loc = self.loc(range);
        let firstlineno = self.first_line(&def.decorator_list, loc);
        let mut function_flags = self.default_arguments(&def.parameters, loc)?;
        let name = self.sym(def.name.as_str());
        let mut typeparam_args = 0;
        if let Some(type_params) = def.type_params.as_deref() {
            typeparam_args = u32::from(function_flags & MAKE_FUNCTION_DEFAULTS != 0)
                + u32::from(function_flags & MAKE_FUNCTION_KWDEFAULTS != 0);
            if typeparam_args == 2 {
                self.op_i(SWAP, 2, loc);
            }
            let scope = self.scope_of(type_params, Role::TypeParams)?;
            let name = self.generic_name(def.name.as_str());
            self.enter_scope(
                name,
                ScopeType::Annotations,
                scope,
                firstlineno,
                None,
                [typeparam_args, 0, 0],
            )?;
            self.type_params(type_params)?;
            for i in 0..typeparam_args {
                self.op_i(LOAD_FAST, i as i32, loc);
            }
        }
        function_flags |=
            self.function_annotations(&def.parameters, def.returns.as_deref(), loc)?;
        self.function_body(def, function_flags, firstlineno, loc)?;
        if def.type_params.is_some() {
            self.op_i(SWAP, 2, loc);
            self.op_i(CALL_INTRINSIC_2, INTRINSIC_SET_FUNCTION_TYPE_PARAMS, loc);
            let code = self.assemble(false)?;
            self.make_closure(code, 0, loc)?;
            if typeparam_args > 0 {
                self.op_i(SWAP, typeparam_args as i32 + 1, loc);
                self.op_i(CALL, typeparam_args as i32 - 1, loc);
            } else {
                self.op(PUSH_NULL, loc);
                self.op_i(CALL, 0, loc);
            }
        }
        self.apply_decorators(&def.decorator_list);
        self.name_op(name, ExprContext::Store, loc)
    }

    fn function_body(
        &mut self,
        def: &'a ast::StmtFunctionDef,
        function_flags: u32,
        firstlineno: i32,
        loc: Location,
    ) -> Done {
        let scope_type = if def.is_async {
            ScopeType::AsyncFunction
        } else {
            ScopeType::Function
        };
        let scope = self.scope_of(def, Role::Body)?;
        let name = self.sym(def.name.as_str());
        self.enter_scope(
            name,
            scope_type,
            scope,
            firstlineno,
            None,
            counts(&def.parameters),
        )?;
        let (docstring, suspends) = {
            let scope = self.scope();
            (scope.has_docstring, scope.coroutine || scope.generator)
        };
        let mut body = &*def.body;
        if docstring {
            let (text, _) = self.docstring(body)?;
            self.unit().consts.add(Const::Str(text));
            body = &body[1..];
        }
        let start = self.new_label();
        self.use_label(start);
        if suspends {
            self.push_fblock(
                FBlock {
                    kind: FBlockKind::StopIteration,
                    block: Some(start),
                    exit: None,
                    loc: NO_LOCATION,
                    datum: unit::Datum::None,
                },
                None,
            )?;
        }
        if !docstring {
            body = self.without_docstring(body)?;
        }
        self.visit_body(body)?;
        if suspends {
            self.wrap_in_stopiteration_handler();
            self.pop_fblock(FBlockKind::StopIteration);
        }
        let code = self.assemble(true)?;
        self.make_closure(code, function_flags, loc)
    }

    pub(super) fn visit_lambda(&mut self, expr: &'a ast::ExprLambda) -> Done {
        let loc = self.loc(expr.range());
        let mut function_flags = 0;
        let mut arg_counts = [0; 3];
        if let Some(params) = expr.parameters.as_deref() {
            function_flags = self.default_arguments(params, loc)?;
            arg_counts = counts(params);
        }
        let scope = self.scope_of(expr, Role::Body)?;
        self.enter_scope(
            known::ANON_LAMBDA,
            ScopeType::Lambda,
            scope,
            loc.lineno,
            None,
            arg_counts,
        )?;
        self.visit(&expr.body)?;
        let code = if self.scope().generator {
            self.assemble(false)?
        } else {
            let body_loc = self.expr_loc(&expr.body);
            self.op(RETURN_VALUE, body_loc);
            self.assemble(true)?
        };
        self.make_closure(code, function_flags, loc)
    }

    // Classes.

    pub(super) fn visit_class(&mut self, def: &'a ast::StmtClassDef) -> Done {
        self.decorators(&def.decorator_list)?;
        let range = crate::locate::statement_range(self.source, &def.decorator_list, def.range());
        let loc = self.loc(range);
        let firstlineno = self.first_line(&def.decorator_list, loc);
        let name = self.sym(def.name.as_str());
        if let Some(type_params) = def.type_params.as_deref() {
            let scope = self.scope_of(type_params, Role::TypeParams)?;
            let generic = self.generic_name(def.name.as_str());
            self.enter_scope(
                generic,
                ScopeType::Annotations,
                scope,
                firstlineno,
                Some(name),
                [0; 3],
            )?;
            self.type_params(type_params)?;
            self.name_op(known::DOT_TYPE_PARAMS, ExprContext::Store, loc)?;
        }
        self.class_body(def, firstlineno, loc)?;
        if def.type_params.is_some() {
            self.name_op(known::DOT_TYPE_PARAMS, ExprContext::Load, loc)?;
            self.op_i(CALL_INTRINSIC_1, INTRINSIC_SUBSCRIPT_GENERIC, loc);
            self.name_op(known::DOT_GENERIC_BASE, ExprContext::Store, loc)?;
            self.call_with(
                loc,
                2,
                def.bases(),
                Some(known::DOT_GENERIC_BASE),
                def.keywords(),
            )?;
            let code = self.assemble(false)?;
            self.make_closure(code, 0, loc)?;
            self.op(PUSH_NULL, loc);
            self.op_i(CALL, 0, loc);
        } else {
            self.call_with(loc, 2, def.bases(), None, def.keywords())?;
        }
        self.apply_decorators(&def.decorator_list);
        self.name_op(name, ExprContext::Store, loc)
    }

    fn class_body(
        &mut self,
        def: &'a ast::StmtClassDef,
        firstlineno: i32,
        stmt_loc: Location,
    ) -> Done {
        let scope = self.scope_of(def, Role::Body)?;
        let name = self.sym(def.name.as_str());
        self.enter_scope(
            name,
            ScopeType::Class,
            scope,
            firstlineno,
            Some(name),
            [0; 3],
        )?;
        let loc = Location::new(firstlineno, firstlineno, 0, 0);
        self.name_op(known::NAME, ExprContext::Load, loc)?;
        self.name_op(known::MODULE, ExprContext::Store, loc)?;
        let qualname = self.unit_ref().qualname.clone();
        self.load_const(Const::Str(qualname), loc);
        self.name_op(known::QUALNAME, ExprContext::Store, loc)?;
        self.load_int(i64::from(firstlineno), loc);
        self.name_op(known::FIRSTLINENO, ExprContext::Store, loc)?;
        if def.type_params.is_some() {
            self.name_op(known::DOT_TYPE_PARAMS, ExprContext::Load, loc)?;
            self.name_op(known::TYPE_PARAMS, ExprContext::Store, loc)?;
        }
        let (classdict, conditional, class_closure) = {
            let scope = self.scope();
            (
                scope.needs_classdict,
                scope.has_conditional_annotations,
                scope.needs_class_closure,
            )
        };
        if classdict {
            self.op(LOAD_LOCALS, loc);
            let arg = self.deref_arg(known::CLASSDICT, false);
            self.op_i(STORE_DEREF, arg, loc);
        }
        if conditional {
            self.op_i(BUILD_SET, 0, loc);
            let arg = self.deref_arg(known::CONDITIONAL_ANNOTATIONS, false);
            self.op_i(STORE_DEREF, arg, loc);
        }
        self.body(loc, &def.body, false)?;
        let attributes = self.static_attributes();
        self.load_const(attributes, NO_LOCATION);
        self.name_op(known::STATIC_ATTRIBUTES, ExprContext::Store, NO_LOCATION)?;
        if classdict {
            let arg = self.deref_arg(known::CLASSDICT, false);
            self.op_i(LOAD_CLOSURE, arg, NO_LOCATION);
            self.name_op(known::CLASSDICTCELL, ExprContext::Store, NO_LOCATION)?;
        }
        if class_closure {
            let arg = self.deref_arg(known::CLASS, false);
            self.op_i(LOAD_CLOSURE, arg, NO_LOCATION);
            self.op_i(COPY, 1, NO_LOCATION);
            self.name_op(known::CLASSCELL, ExprContext::Store, NO_LOCATION)?;
        } else {
            self.load_none(NO_LOCATION);
        }
        self.op(RETURN_VALUE, NO_LOCATION);
        let code = self.assemble(true)?;
        self.op(LOAD_BUILD_CLASS, stmt_loc);
        self.op(PUSH_NULL, stmt_loc);
        self.make_closure(code, 0, stmt_loc)?;
        self.load_sym(name, stmt_loc);
        Ok(())
    }

    fn static_attributes(&mut self) -> Const {
        let mut attributes = std::mem::take(&mut self.unit().static_attributes);
        attributes.sort_by_key(|&name| self.names.text(name));
        let attributes: Vec<Const> = attributes
            .into_iter()
            .map(|name| Const::Str(self.str(name)))
            .collect();
        Const::Tuple(attributes.into())
    }

    // Type parameters.

    fn type_params(&mut self, params: &'a ast::TypeParams) -> Done {
        let mut seen_default = false;
        for param in &params.type_params {
            let loc = self.loc(param.range());
            let (name, default) = match param {
                TypeParam::TypeVar(p) => (&p.name, p.default.as_deref()),
                TypeParam::TypeVarTuple(p) => (&p.name, p.default.as_deref()),
                TypeParam::ParamSpec(p) => (&p.name, p.default.as_deref()),
            };
            let text = name.as_str();
            let name = self.sym(text);
            self.load_sym(name, loc);
            let mut role = Role::Bound;
            match param {
                TypeParam::TypeVar(p) => {
                    role = Role::Default;
                    if let Some(bound) = p.bound.as_deref() {
                        let scope = self.scope_of(param, Role::Bound)?;
                        self.type_variable(bound, name, scope, false)?;
                        let intrinsic = if bound.is_tuple_expr() {
                            INTRINSIC_TYPEVAR_WITH_CONSTRAINTS
                        } else {
                            INTRINSIC_TYPEVAR_WITH_BOUND
                        };
                        self.op_i(CALL_INTRINSIC_2, intrinsic, loc);
                    } else {
                        self.op_i(CALL_INTRINSIC_1, INTRINSIC_TYPEVAR, loc);
                    }
                }
                TypeParam::TypeVarTuple(_) => {
                    self.op_i(CALL_INTRINSIC_1, INTRINSIC_TYPEVARTUPLE, loc);
                }
                TypeParam::ParamSpec(_) => {
                    self.op_i(CALL_INTRINSIC_1, INTRINSIC_PARAMSPEC, loc);
                }
            }
            if let Some(default) = default {
                let scope = self.scope_of(param, role)?;
                let starred = matches!(param, TypeParam::TypeVarTuple(_));
                self.type_variable(default, name, scope, starred)?;
                self.op_i(CALL_INTRINSIC_2, INTRINSIC_SET_TYPEPARAM_DEFAULT, loc);
                seen_default = true;
            } else if seen_default {
                return self.error(
                    format!("non-default type parameter '{text}' follows default type parameter"),
                    param.range(),
                );
            }
            self.op_i(COPY, 1, loc);
            self.name_op(name, ExprContext::Store, loc)?;
        }
        let loc = self.loc(params.type_params[0].range());
        self.op_i(BUILD_TUPLE, params.type_params.len() as i32, loc);
        Ok(())
    }

    /// The lazily evaluated bound or default of a type parameter.
    fn type_variable(&mut self, expr: &'a Expr, name: Sym, scope: ScopeId, starred: bool) -> Done {
        let loc = self.expr_loc(expr);
        self.load_const(Const::Tuple([Const::int(1)].into()), loc);
        self.setup_annotations_scope(loc, scope, name)?;
        match expr {
            Expr::Starred(inner) if starred => {
                self.visit(&inner.value)?;
                self.op_i(UNPACK_SEQUENCE, 1, loc);
            }
            _ => self.visit(expr)?,
        }
        self.op(RETURN_VALUE, loc);
        let code = self.assemble(true)?;
        self.make_closure(code, MAKE_FUNCTION_DEFAULTS, loc)
    }

    pub(super) fn visit_type_alias(&mut self, stmt: &'a ast::StmtTypeAlias) -> Done {
        let loc = self.loc(stmt.range());
        let Expr::Name(target) = &*stmt.name else {
            return self.error("invalid syntax", stmt.name.range());
        };
        let name = self.sym(target.id.as_str());
        if let Some(type_params) = stmt.type_params.as_deref() {
            let scope = self.scope_of(type_params, Role::TypeParams)?;
            let generic = self.generic_name(target.id.as_str());
            self.enter_scope(
                generic,
                ScopeType::Annotations,
                scope,
                loc.lineno,
                None,
                [0; 3],
            )?;
            self.load_sym(name, loc);
            self.type_params(type_params)?;
        } else {
            self.load_sym(name, loc);
            self.load_none(loc);
        }
        self.load_const(Const::Tuple([Const::int(1)].into()), loc);
        let scope = self.scope_of(stmt, Role::Body)?;
        self.setup_annotations_scope(loc, scope, name)?;
        self.visit(&stmt.value)?;
        self.op(RETURN_VALUE, loc);
        let code = self.assemble(false)?;
        self.make_closure(code, MAKE_FUNCTION_DEFAULTS, loc)?;
        self.op_i(BUILD_TUPLE, 3, loc);
        self.op_i(CALL_INTRINSIC_1, INTRINSIC_TYPEALIAS, loc);
        if stmt.type_params.is_some() {
            let code = self.assemble(false)?;
            self.make_closure(code, 0, loc)?;
            self.op(PUSH_NULL, loc);
            self.op_i(CALL, 0, loc);
        }
        self.name_op(name, ExprContext::Store, loc)
    }
}

fn counts(params: &Parameters) -> [u32; 3] {
    [
        params.args.len() as u32,
        params.posonlyargs.len() as u32,
        params.kwonlyargs.len() as u32,
    ]
}
