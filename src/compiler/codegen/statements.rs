//! Simple statements, and which function compiles which statement.

use super::expressions::{
    INTRINSIC_IMPORT_STAR, INTRINSIC_PRINT, NB_SUBSCR, binary_arg, two_part_slice,
};
use super::*;
use ruff_python_ast::ExprContext;
use taipan_bytecode::opcode::op::*;

const CONSTANT_ASSERTIONERROR: i32 = 0;

impl<'a> Compiler<'a> {
    pub(super) fn visit_stmt(&mut self, stmt: &'a Stmt) -> Done {
        self.descend()?;
        match stmt {
            Stmt::For(_)
            | Stmt::While(_)
            | Stmt::If(_)
            | Stmt::Match(_)
            | Stmt::Try(_)
            | Stmt::With(_) => {
                self.unit().in_conditional_block += 1;
                self.visit_compound(stmt)?;
                self.unit().in_conditional_block -= 1;
            }
            _ => self.visit_simple(stmt)?,
        }
        self.depth -= 1;
        Ok(())
    }

    fn visit_compound(&mut self, stmt: &'a Stmt) -> Done {
        match stmt {
            Stmt::For(stmt) => self.visit_for(stmt),
            Stmt::While(stmt) => self.visit_while(stmt),
            Stmt::If(stmt) => self.visit_if(stmt),
            Stmt::Match(stmt) => self.visit_match(stmt),
            Stmt::Try(stmt) => self.visit_try(stmt),
            Stmt::With(stmt) => self.visit_with(stmt, 0),
            _ => self.visit_simple(stmt),
        }
    }

    fn visit_simple(&mut self, stmt: &'a Stmt) -> Done {
        match stmt {
            Stmt::FunctionDef(def) => self.visit_function(def),
            Stmt::ClassDef(def) => self.visit_class(def),
            Stmt::TypeAlias(stmt) => self.visit_type_alias(stmt),
            Stmt::Return(stmt) => self.visit_return(stmt),
            Stmt::Delete(stmt) => self.visit_all(&stmt.targets),
            Stmt::Assign(assign) => {
                self.visit(&assign.value)?;
                let loc = self.loc(stmt.range());
                let (last, rest) = assign.targets.split_last().expect("a target");
                for target in rest {
                    self.op_i(COPY, 1, loc);
                    self.visit(target)?;
                }
                self.visit(last)
            }
            Stmt::AugAssign(stmt) => self.visit_aug_assign(stmt),
            Stmt::AnnAssign(stmt) => self.visit_ann_assign(stmt),
            Stmt::Raise(raise) => {
                let mut n = 0;
                if let Some(exc) = &raise.exc {
                    self.visit(exc)?;
                    n = 1;
                    if let Some(cause) = &raise.cause {
                        self.visit(cause)?;
                        n = 2;
                    }
                }
                let loc = self.loc(stmt.range());
                self.op_i(RAISE_VARARGS, n, loc);
                Ok(())
            }
            Stmt::Assert(stmt) => self.visit_assert(stmt),
            Stmt::Import(stmt) => self.visit_import(stmt),
            Stmt::ImportFrom(stmt) => self.visit_import_from(stmt),
            Stmt::Global(_) | Stmt::Nonlocal(_) => Ok(()),
            Stmt::Expr(expr) => {
                let loc = self.loc(stmt.range());
                self.visit_expr_stmt(&expr.value, loc)
            }
            Stmt::Pass(_) => {
                let loc = self.loc(stmt.range());
                self.op(NOP, loc);
                Ok(())
            }
            Stmt::Break(_) => self.visit_break(stmt.range()),
            Stmt::Continue(_) => self.visit_continue(stmt.range()),
            Stmt::For(_)
            | Stmt::While(_)
            | Stmt::If(_)
            | Stmt::Match(_)
            | Stmt::Try(_)
            | Stmt::With(_) => self.visit_compound(stmt),
            Stmt::IpyEscapeCommand(_) => self.error("invalid syntax", stmt.range()),
        }
    }

    fn visit_expr_stmt(&mut self, value: &'a Expr, loc: Location) -> Done {
        if self.interactive && self.units.len() == 1 {
            self.visit(value)?;
            self.op_i(CALL_INTRINSIC_1, INTRINSIC_PRINT, loc);
            self.op(POP_TOP, NO_LOCATION);
            return Ok(());
        }
        if constants::is_constant(value) {
            self.op(NOP, loc);
            return Ok(());
        }
        self.visit(value)?;
        self.op(POP_TOP, NO_LOCATION);
        Ok(())
    }

    fn visit_aug_assign(&mut self, stmt: &'a ast::StmtAugAssign) -> Done {
        let target = &*stmt.target;
        let mut loc = self.loc(target.range());
        let stmt_loc = self.loc(stmt.range());
        let operator = binary_arg(stmt.op, true);
        match target {
            Expr::Attribute(attribute) => {
                self.visit(&attribute.value)?;
                self.op_i(COPY, 1, loc);
                loc = self.attr_loc(loc, attribute);
                let attr = self.sym(attribute.attr.as_str());
                self.load_attr(attr, loc);
                self.visit(&stmt.value)?;
                self.op_i(BINARY_OP, operator, stmt_loc);
                self.op_i(SWAP, 2, loc);
                self.op_name(STORE_ATTR, attr, 0, 0, loc);
            }
            Expr::Subscript(subscript) => {
                self.visit(&subscript.value)?;
                if let Some(slice) = two_part_slice(&subscript.slice) {
                    self.slice_parts(slice)?;
                    self.op_i(COPY, 3, loc);
                    self.op_i(COPY, 3, loc);
                    self.op_i(COPY, 3, loc);
                    self.op(BINARY_SLICE, loc);
                    self.visit(&stmt.value)?;
                    self.op_i(BINARY_OP, operator, stmt_loc);
                    self.op_i(SWAP, 4, loc);
                    self.op_i(SWAP, 3, loc);
                    self.op_i(SWAP, 2, loc);
                    self.op(STORE_SLICE, loc);
                } else {
                    self.visit(&subscript.slice)?;
                    self.op_i(COPY, 2, loc);
                    self.op_i(COPY, 2, loc);
                    self.op_i(BINARY_OP, NB_SUBSCR, loc);
                    self.visit(&stmt.value)?;
                    self.op_i(BINARY_OP, operator, stmt_loc);
                    self.op_i(SWAP, 3, loc);
                    self.op_i(SWAP, 2, loc);
                    self.op(STORE_SUBSCR, loc);
                }
            }
            Expr::Name(name) => {
                let name = self.sym(name.id.as_str());
                self.name_op(name, ExprContext::Load, loc)?;
                self.visit(&stmt.value)?;
                self.op_i(BINARY_OP, operator, stmt_loc);
                self.name_op(name, ExprContext::Store, loc)?;
            }
            _ => {
                return self.error(
                    "illegal expression for augmented assignment",
                    target.range(),
                );
            }
        }
        Ok(())
    }

    fn visit_assert(&mut self, stmt: &'a ast::StmtAssert) -> Done {
        if let Expr::Tuple(tuple) = &*stmt.test
            && !tuple.elts.is_empty()
        {
            self.warn(
                "assertion is always true, perhaps remove parentheses?".to_owned(),
                stmt.range(),
            );
        }
        if self.optimize > 0 {
            return Ok(());
        }
        let loc = self.loc(stmt.range());
        let end = self.new_label();
        self.jump_if(&stmt.test, end, true)?;
        self.op_i(LOAD_COMMON_CONSTANT, CONSTANT_ASSERTIONERROR, loc);
        if let Some(msg) = &stmt.msg {
            self.visit(msg)?;
            self.op_i(CALL, 0, loc);
        }
        let test_loc = self.expr_loc(&stmt.test);
        self.op_i(RAISE_VARARGS, 1, test_loc);
        self.use_label(end);
        Ok(())
    }

    fn visit_import(&mut self, stmt: &'a ast::StmtImport) -> Done {
        let loc = self.loc(stmt.range());
        for alias in &stmt.names {
            self.load_int(0, loc);
            self.load_none(loc);
            let module = alias.name.as_str();
            let name = self.sym(module);
            self.op_name(IMPORT_NAME, name, 0, 0, loc);
            let mut parts = module.split('.');
            let first = parts.next().unwrap_or(module);
            let Some(asname) = &alias.asname else {
                let first = self.sym(first);
                self.name_op(first, ExprContext::Store, loc)?;
                continue;
            };
            let asname = self.sym(asname.as_str());
            // Walks from the package to the submodule that is bound.
            let mut walked = false;
            for part in parts {
                if walked {
                    self.op_i(SWAP, 2, loc);
                    self.op(POP_TOP, loc);
                }
                let part = self.sym(part);
                let arg = self.add_name(part);
                self.op_i(IMPORT_FROM, arg, loc);
                walked = true;
            }
            self.name_op(asname, ExprContext::Store, loc)?;
            if walked {
                self.op(POP_TOP, loc);
            }
        }
        Ok(())
    }

    fn visit_import_from(&mut self, stmt: &'a ast::StmtImportFrom) -> Done {
        let loc = self.loc(stmt.range());
        self.load_int(i64::from(stmt.level), loc);
        let mut names = Vec::with_capacity(stmt.names.len());
        for alias in &stmt.names {
            let name = self.sym(alias.name.as_str());
            names.push(Const::Str(self.str(name)));
        }
        self.load_const(Const::Tuple(names.into()), loc);
        let module = match &stmt.module {
            Some(module) => self.sym(module.as_str()),
            None => known::EMPTY,
        };
        self.op_name(IMPORT_NAME, module, 0, 0, loc);
        for alias in &stmt.names {
            let name = alias.name.as_str();
            if name == "*" {
                self.op_i(CALL_INTRINSIC_1, INTRINSIC_IMPORT_STAR, loc);
                self.op(POP_TOP, NO_LOCATION);
                return Ok(());
            }
            let name = self.sym(name);
            self.op_name(IMPORT_FROM, name, 0, 0, loc);
            let stored = match &alias.asname {
                Some(asname) => self.sym(asname.as_str()),
                None => name,
            };
            self.name_op(stored, ExprContext::Store, loc)?;
        }
        self.op(POP_TOP, loc);
        Ok(())
    }
}
