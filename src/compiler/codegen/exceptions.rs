//! `try` in its forms.

use super::unit::Datum;
use super::*;
use ruff_python_ast::{ExceptHandler, ExprContext};
use taipan_bytecode::opcode::op::*;

const INTRINSIC_PREP_RERAISE_STAR: i32 = 1;

impl<'a> Compiler<'a> {
    pub(super) fn visit_try(&mut self, stmt: &'a ast::StmtTry) -> Done {
        if !stmt.finalbody.is_empty() {
            self.try_finally(stmt)
        } else if stmt.is_star {
            self.try_star(stmt)
        } else {
            self.try_except(stmt)
        }
    }

    fn try_finally(&mut self, stmt: &'a ast::StmtTry) -> Done {
        let range = self.block_range(stmt.range());
        let loc = self.loc(range);
        let body = self.new_label();
        let end = self.new_label();
        let exit = self.new_label();
        let cleanup = self.new_label();
        self.jump(SETUP_FINALLY, end, loc);
        self.use_label(body);
        self.fblock(
            FBlockKind::FinallyTry,
            Some(body),
            Some(end),
            loc,
            range,
            Datum::Finally(&stmt.finalbody),
        )?;
        if stmt.handlers.is_empty() {
            self.visit_body(&stmt.body)?;
        } else if stmt.is_star {
            self.try_star(stmt)?;
        } else {
            self.try_except(stmt)?;
        }
        self.op(POP_BLOCK, NO_LOCATION);
        self.pop_fblock(FBlockKind::FinallyTry);
        self.visit_body(&stmt.finalbody)?;
        self.jump(JUMP_NO_INTERRUPT, exit, NO_LOCATION);
        self.use_label(end);
        self.jump(SETUP_CLEANUP, cleanup, NO_LOCATION);
        self.op(PUSH_EXC_INFO, NO_LOCATION);
        self.fblock(
            FBlockKind::FinallyEnd,
            Some(end),
            None,
            NO_LOCATION,
            range,
            Datum::None,
        )?;
        self.visit_body(&stmt.finalbody)?;
        self.pop_fblock(FBlockKind::FinallyEnd);
        self.op_i(RERAISE, 0, NO_LOCATION);
        self.use_label(cleanup);
        self.pop_except_and_reraise(NO_LOCATION);
        self.use_label(exit);
        Ok(())
    }

    /// The body under protection; what it leaves to do after `except`.
    fn protected_body(&mut self, stmt: &'a ast::StmtTry, except: Label, loc: Location) -> Done {
        let body = self.new_label();
        self.jump(SETUP_FINALLY, except, loc);
        self.use_label(body);
        self.fblock(
            FBlockKind::TryExcept,
            Some(body),
            None,
            loc,
            stmt.range(),
            Datum::None,
        )?;
        self.visit_body(&stmt.body)?;
        self.pop_fblock(FBlockKind::TryExcept);
        self.op(POP_BLOCK, NO_LOCATION);
        Ok(())
    }

    fn try_except(&mut self, stmt: &'a ast::StmtTry) -> Done {
        let range = self.block_range(stmt.range());
        let loc = self.loc(range);
        let mut except = self.new_label();
        let end = self.new_label();
        let cleanup = self.new_label();
        self.protected_body(stmt, except, loc)?;
        self.visit_body(&stmt.orelse)?;
        self.jump(JUMP_NO_INTERRUPT, end, NO_LOCATION);
        self.use_label(except);
        self.jump(SETUP_CLEANUP, cleanup, NO_LOCATION);
        self.op(PUSH_EXC_INFO, NO_LOCATION);
        self.fblock(
            FBlockKind::ExceptionHandler,
            None,
            None,
            loc,
            range,
            Datum::None,
        )?;
        for (i, handler) in stmt.handlers.iter().enumerate() {
            let ExceptHandler::ExceptHandler(handler) = handler;
            let loc = self.loc(self.block_range(handler.range()));
            if handler.type_.is_none() && i + 1 < stmt.handlers.len() {
                return self.error("default 'except:' must be last", handler.range());
            }
            except = self.new_label();
            if let Some(class) = &handler.type_ {
                self.visit(class)?;
                self.op(CHECK_EXC_MATCH, loc);
                self.jump(POP_JUMP_IF_FALSE, except, loc);
            }
            let cleanup_body;
            if let Some(name) = &handler.name {
                let cleanup_end = self.new_label();
                cleanup_body = self.new_label();
                let name = self.sym(name.as_str());
                self.name_op(name, ExprContext::Store, loc)?;
                self.jump(SETUP_CLEANUP, cleanup_end, loc);
                self.handler_body(handler, cleanup_body, Some(name), loc)?;
                self.op(POP_BLOCK, NO_LOCATION);
                self.op(POP_BLOCK, NO_LOCATION);
                self.op(POP_EXCEPT, NO_LOCATION);
                self.unbind_handler(name, NO_LOCATION)?;
                self.jump(JUMP_NO_INTERRUPT, end, NO_LOCATION);
                self.use_label(cleanup_end);
                self.unbind_handler(name, NO_LOCATION)?;
                self.op_i(RERAISE, 1, NO_LOCATION);
            } else {
                cleanup_body = self.new_label();
                self.op(POP_TOP, loc);
                self.handler_body(handler, cleanup_body, None, loc)?;
                self.op(POP_BLOCK, NO_LOCATION);
                self.op(POP_EXCEPT, NO_LOCATION);
                self.jump(JUMP_NO_INTERRUPT, end, NO_LOCATION);
            }
            self.use_label(except);
        }
        self.pop_fblock(FBlockKind::ExceptionHandler);
        self.op_i(RERAISE, 0, NO_LOCATION);
        self.use_label(cleanup);
        self.pop_except_and_reraise(NO_LOCATION);
        self.use_label(end);
        Ok(())
    }

    fn handler_body(
        &mut self,
        handler: &'a ast::ExceptHandlerExceptHandler,
        label: Label,
        name: Option<Sym>,
        loc: Location,
    ) -> Done {
        self.use_label(label);
        self.fblock(
            FBlockKind::HandlerCleanup,
            Some(label),
            None,
            loc,
            handler.range(),
            name.map_or(Datum::None, Datum::Handler),
        )?;
        self.visit_body(&handler.body)?;
        self.pop_fblock(FBlockKind::HandlerCleanup);
        Ok(())
    }

    fn try_star(&mut self, stmt: &'a ast::StmtTry) -> Done {
        let range = self.block_range(stmt.range());
        let loc = self.loc(range);
        let mut except = self.new_label();
        let orelse = self.new_label();
        let end = self.new_label();
        let cleanup = self.new_label();
        let reraise_star = self.new_label();
        self.protected_body(stmt, except, loc)?;
        self.jump(JUMP_NO_INTERRUPT, orelse, NO_LOCATION);
        self.use_label(except);
        self.jump(SETUP_CLEANUP, cleanup, NO_LOCATION);
        self.op(PUSH_EXC_INFO, NO_LOCATION);
        self.fblock(
            FBlockKind::ExceptionGroupHandler,
            None,
            None,
            loc,
            range,
            Datum::None,
        )?;
        for (i, handler) in stmt.handlers.iter().enumerate() {
            let ExceptHandler::ExceptHandler(handler) = handler;
            let loc = self.loc(self.block_range(handler.range()));
            except = self.new_label();
            let except_with_error = self.new_label();
            let no_match = self.new_label();
            if i == 0 {
                // The list of what handlers raise, and the group that remains to be handled.
                self.op_i(BUILD_LIST, 0, loc);
                self.op_i(COPY, 2, loc);
            }
            if let Some(class) = &handler.type_ {
                self.visit(class)?;
                self.op(CHECK_EG_MATCH, loc);
                self.op_i(COPY, 1, loc);
                self.jump(POP_JUMP_IF_NONE, no_match, loc);
            }
            let cleanup_end = self.new_label();
            let cleanup_body = self.new_label();
            let name = handler.name.as_ref().map(|name| self.sym(name.as_str()));
            match name {
                Some(name) => self.name_op(name, ExprContext::Store, loc)?,
                None => self.op(POP_TOP, loc),
            }
            self.jump(SETUP_CLEANUP, cleanup_end, loc);
            self.handler_body(handler, cleanup_body, name, loc)?;
            self.op(POP_BLOCK, NO_LOCATION);
            if let Some(name) = name {
                self.unbind_handler(name, NO_LOCATION)?;
            }
            self.jump(JUMP_NO_INTERRUPT, except, NO_LOCATION);
            self.use_label(cleanup_end);
            if let Some(name) = name {
                self.unbind_handler(name, NO_LOCATION)?;
            }
            self.op_i(LIST_APPEND, 3, NO_LOCATION);
            self.op(POP_TOP, NO_LOCATION);
            self.jump(JUMP_NO_INTERRUPT, except_with_error, NO_LOCATION);
            self.use_label(except);
            // Holds a location that is propagated.
            self.op(NOP, NO_LOCATION);
            self.jump(JUMP_NO_INTERRUPT, except_with_error, NO_LOCATION);
            self.use_label(no_match);
            self.op(POP_TOP, loc);
            self.use_label(except_with_error);
            if i + 1 == stmt.handlers.len() {
                self.op_i(LIST_APPEND, 1, NO_LOCATION);
                self.jump(JUMP_NO_INTERRUPT, reraise_star, NO_LOCATION);
            }
        }
        self.pop_fblock(FBlockKind::ExceptionGroupHandler);
        let reraise = self.new_label();
        self.use_label(reraise_star);
        self.op_i(CALL_INTRINSIC_2, INTRINSIC_PREP_RERAISE_STAR, NO_LOCATION);
        self.op_i(COPY, 1, NO_LOCATION);
        self.jump(POP_JUMP_IF_NOT_NONE, reraise, NO_LOCATION);
        self.op(POP_TOP, NO_LOCATION);
        self.op(POP_BLOCK, NO_LOCATION);
        self.op(POP_EXCEPT, NO_LOCATION);
        self.jump(JUMP_NO_INTERRUPT, end, NO_LOCATION);
        self.use_label(reraise);
        self.op(POP_BLOCK, NO_LOCATION);
        self.op_i(SWAP, 2, NO_LOCATION);
        self.op(POP_EXCEPT, NO_LOCATION);
        self.op_i(RERAISE, 0, NO_LOCATION);
        self.use_label(cleanup);
        self.pop_except_and_reraise(NO_LOCATION);
        self.use_label(orelse);
        self.visit_body(&stmt.orelse)?;
        self.use_label(end);
        Ok(())
    }
}
