//! Annotations: deferred into `__annotate__` functions, or kept as strings under the future import.

use super::expressions::COMPARE_GT;
use super::*;
use ruff_python_ast::{ExprContext, Parameter, Parameters};
use taipan_bytecode::opcode::op::*;

const CONSTANT_NOTIMPLEMENTEDERROR: i32 = 1;
/// The highest format that compiled `__annotate__` functions answer.
const VALUE_WITH_FAKE_GLOBALS: i64 = 2;

impl<'a> Compiler<'a> {
    /// Begins a function of one argument, the format, that refuses the formats it does not know.
    pub(super) fn setup_annotations_scope(
        &mut self,
        loc: Location,
        scope: ScopeId,
        name: Sym,
    ) -> Done {
        self.enter_scope(
            name,
            ScopeType::Annotations,
            scope,
            loc.lineno,
            None,
            [0, 1, 0],
        )?;
        self.op_i(LOAD_FAST, 0, loc);
        self.load_int(VALUE_WITH_FAKE_GLOBALS, loc);
        self.op_i(COMPARE_OP, COMPARE_GT, loc);
        let body = self.new_label();
        self.jump(POP_JUMP_IF_FALSE, body, loc);
        self.op_i(LOAD_COMMON_CONSTANT, CONSTANT_NOTIMPLEMENTEDERROR, loc);
        self.op_i(RAISE_VARARGS, 1, loc);
        self.use_label(body);
        Ok(())
    }

    fn finish_annotations_scope(&mut self, loc: Location) -> Done {
        self.op(RETURN_VALUE, loc);
        let mut code = self.assemble(true)?;
        // Inside, the argument has a name that no annotation can hide; outside it is `format`.
        code.localsplusnames[0] = self.str(known::FORMAT);
        self.make_closure(code, 0, loc)
    }

    pub(super) fn process_deferred_annotations(&mut self, loc: Location) -> Done {
        let deferred = std::mem::take(&mut self.unit().deferred);
        if deferred.is_empty() {
            return Ok(());
        }
        let scope_type = self.scope_type();
        let separate = scope_type == ScopeType::Module;
        if separate {
            let unit = self.unit();
            // Labels belong to a sequence, so the annotations' own one starts empty.
            let main = std::mem::take(&mut unit.seq);
            unit.stashed = Some(main);
        }
        let Some(block) = self.scope().annotation_block else {
            return Err(Failure::plain(
                FailureKind::Internal,
                "no scope for annotations",
            ));
        };
        let name = self.table.scope(block).name;
        self.setup_annotations_scope(loc, block, name)?;
        self.deferred_body(loc, &deferred, scope_type)?;
        self.finish_annotations_scope(loc)?;
        let target = if scope_type == ScopeType::Class {
            known::ANNOTATE_FUNC
        } else {
            known::ANNOTATE
        };
        self.name_op(target, ExprContext::Store, loc)?;
        if separate {
            let unit = self.unit();
            if let Some(main) = unit.stashed.take() {
                let annotations = std::mem::replace(&mut unit.seq, main);
                unit.seq.annotations = Some(Box::new(annotations));
            }
        }
        Ok(())
    }

    fn deferred_body(
        &mut self,
        loc: Location,
        deferred: &[(&'a ast::StmtAnnAssign, Option<i64>)],
        scope_type: ScopeType,
    ) -> Done {
        self.op_i(BUILD_MAP, 0, loc);
        for &(stmt, index) in deferred {
            let Expr::Name(target) = &*stmt.target else {
                continue;
            };
            let stmt_loc = self.loc(stmt.range());
            let name = self.sym(target.id.as_str());
            let private = self.unit_ref().private;
            let mangled = self.names.mangle(private, name);
            let not_set = self.new_label();
            if let Some(index) = index {
                self.load_int(index, stmt_loc);
                if scope_type == ScopeType::Class {
                    let arg = self.deref_arg(known::CONDITIONAL_ANNOTATIONS, true);
                    self.op_i(LOAD_DEREF, arg, stmt_loc);
                } else {
                    let arg = self.add_name(known::CONDITIONAL_ANNOTATIONS);
                    // The name's index is not shifted for the flag that LOAD_GLOBAL keeps in bit 0.
                    self.op_i(LOAD_GLOBAL, arg, stmt_loc);
                }
                self.op_i(CONTAINS_OP, 0, stmt_loc);
                self.jump(POP_JUMP_IF_FALSE, not_set, stmt_loc);
            }
            self.visit(&stmt.annotation)?;
            self.op_i(COPY, 2, stmt_loc);
            self.load_sym(mangled, stmt_loc);
            self.op(STORE_SUBSCR, loc);
            self.use_label(not_set);
        }
        Ok(())
    }

    pub(super) fn visit_ann_assign(&mut self, stmt: &'a ast::StmtAnnAssign) -> Done {
        let loc = self.loc(stmt.range());
        if let Some(value) = &stmt.value {
            self.visit(value)?;
            self.visit(&stmt.target)?;
        }
        match &*stmt.target {
            Expr::Name(target) => {
                let scope_type = self.scope_type();
                if !stmt.simple || !matches!(scope_type, ScopeType::Module | ScopeType::Class) {
                    return Ok(());
                }
                let name = self.sym(target.id.as_str());
                if self.future_annotations() {
                    self.annotation_text(&stmt.annotation);
                    let annotations = self.add_name(known::ANNOTATIONS);
                    self.op_i(LOAD_NAME, annotations, loc);
                    let mangled = self.mangle(name);
                    self.load_sym(mangled, loc);
                    self.op(STORE_SUBSCR, loc);
                    return Ok(());
                }
                let unit = self.unit();
                let conditional =
                    unit.scope_type == ScopeType::Module || unit.in_conditional_block > 0;
                let index = conditional.then(|| {
                    unit.next_conditional += 1;
                    unit.next_conditional - 1
                });
                unit.deferred.push((stmt, index));
                if let Some(index) = index {
                    if scope_type == ScopeType::Class {
                        let arg = self.deref_arg(known::CONDITIONAL_ANNOTATIONS, false);
                        self.op_i(LOAD_DEREF, arg, loc);
                    } else {
                        let arg = self.add_name(known::CONDITIONAL_ANNOTATIONS);
                        self.op_i(LOAD_NAME, arg, loc);
                    }
                    self.load_int(index, loc);
                    self.op_i(SET_ADD, 1, loc);
                    self.op(POP_TOP, loc);
                }
            }
            Expr::Attribute(target) => {
                if stmt.value.is_none() {
                    self.evaluate(&target.value)?;
                }
            }
            Expr::Subscript(target) => {
                if stmt.value.is_none() {
                    self.evaluate(&target.value)?;
                    self.evaluate_subscript(&target.slice)?;
                }
            }
            _ => {
                return self.error("illegal target for annotation", stmt.target.range());
            }
        }
        Ok(())
    }

    /// Evaluates for the errors only.
    fn evaluate(&mut self, expr: &'a Expr) -> Done {
        self.visit(expr)?;
        let loc = self.expr_loc(expr);
        self.op(POP_TOP, loc);
        Ok(())
    }

    fn evaluate_subscript(&mut self, expr: &'a Expr) -> Done {
        match expr {
            Expr::Slice(slice) => {
                for part in [&slice.lower, &slice.upper, &slice.step]
                    .into_iter()
                    .flatten()
                {
                    self.evaluate(part)?;
                }
                Ok(())
            }
            Expr::Tuple(tuple) => {
                for elt in &tuple.elts {
                    self.evaluate_subscript(elt)?;
                }
                Ok(())
            }
            _ => self.evaluate(expr),
        }
    }

    fn annotation_text(&mut self, annotation: &'a Expr) {
        let loc = self.expr_loc(annotation);
        let text = crate::unparse::unparse(annotation, self.source);
        self.load_const(Const::Str(text), loc);
    }

    /// Makes the `__annotate__` function of a function; the flag to attach it with.
    pub(super) fn function_annotations(
        &mut self,
        params: &'a Parameters,
        returns: Option<&'a Expr>,
        loc: Location,
    ) -> Result<u32, Failure> {
        let scope = self.scope_of(params, Role::Annotations)?;
        if !self.table.scope(scope).annotations_used {
            return Ok(0);
        }
        let name = self.table.scope(scope).name;
        self.setup_annotations_scope(loc, scope, name)?;
        let mut count = 0;
        for param in &params.args {
            self.parameter_annotation(&param.parameter, &mut count, loc)?;
        }
        for param in &params.posonlyargs {
            self.parameter_annotation(&param.parameter, &mut count, loc)?;
        }
        if let Some(param) = &params.vararg {
            self.parameter_annotation(param, &mut count, loc)?;
        }
        for param in &params.kwonlyargs {
            self.parameter_annotation(&param.parameter, &mut count, loc)?;
        }
        if let Some(param) = &params.kwarg {
            self.parameter_annotation(param, &mut count, loc)?;
        }
        if let Some(returns) = returns {
            self.one_annotation(known::RETURN, returns, &mut count, loc)?;
        }
        self.op_i(BUILD_MAP, count, loc);
        self.finish_annotations_scope(loc)?;
        Ok(MAKE_FUNCTION_ANNOTATE)
    }

    fn parameter_annotation(
        &mut self,
        param: &'a Parameter,
        count: &mut i32,
        loc: Location,
    ) -> Done {
        let Some(annotation) = param.annotation.as_deref() else {
            return Ok(());
        };
        let name = self.sym(param.name.as_str());
        self.one_annotation(name, annotation, count, loc)
    }

    fn one_annotation(
        &mut self,
        name: Sym,
        annotation: &'a Expr,
        count: &mut i32,
        loc: Location,
    ) -> Done {
        let name = self.mangle(name);
        self.load_sym(name, loc);
        if self.future_annotations() {
            self.annotation_text(annotation);
        } else if let Expr::Starred(starred) = annotation {
            // `*args: *Ts`
            self.visit(&starred.value)?;
            self.op_i(UNPACK_SEQUENCE, 1, loc);
        } else {
            self.visit(annotation)?;
        }
        *count += 1;
        Ok(())
    }
}
