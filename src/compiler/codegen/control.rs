//! Branches, loops, `with`, and leaving blocks early.

use super::unit::Datum;
use super::*;
use taipan_bytecode::opcode::op::*;

const SPECIAL_ENTER: i32 = 0;
const SPECIAL_EXIT: i32 = 1;
const SPECIAL_AENTER: i32 = 2;
const SPECIAL_AEXIT: i32 = 3;

impl<'a> Compiler<'a> {
    pub(super) fn fblock(
        &mut self,
        kind: FBlockKind,
        block: Option<Label>,
        exit: Option<Label>,
        loc: Location,
        range: TextRange,
        datum: Datum<'a>,
    ) -> Done {
        let block = FBlock {
            kind,
            block,
            exit,
            loc,
            datum,
        };
        self.push_fblock(block, Some(range))
    }

    pub(super) fn visit_if(&mut self, stmt: &'a ast::StmtIf) -> Done {
        let end = self.new_label();
        let mut test = &*stmt.test;
        let mut body = &stmt.body;
        let mut clauses = stmt.elif_else_clauses.as_slice();
        loop {
            let Some((clause, rest)) = clauses.split_first() else {
                self.jump_if(test, end, false)?;
                self.visit_body(body)?;
                break;
            };
            let next = self.new_label();
            self.jump_if(test, next, false)?;
            self.visit_body(body)?;
            self.jump(JUMP_NO_INTERRUPT, end, NO_LOCATION);
            self.use_label(next);
            match &clause.test {
                Some(elif) => {
                    test = elif;
                    body = &clause.body;
                    clauses = rest;
                }
                None => {
                    self.visit_body(&clause.body)?;
                    break;
                }
            }
        }
        self.use_label(end);
        Ok(())
    }

    pub(super) fn visit_for(&mut self, stmt: &'a ast::StmtFor) -> Done {
        if stmt.is_async {
            return self.visit_async_for(stmt);
        }
        let range = stmt.range();
        let start = self.new_label();
        let body = self.new_label();
        let cleanup = self.new_label();
        let end = self.new_label();
        let stmt_loc = self.loc(range);
        self.fblock(
            FBlockKind::ForLoop,
            Some(start),
            Some(end),
            stmt_loc,
            range,
            Datum::None,
        )?;
        self.visit(&stmt.iter)?;
        let loc = self.expr_loc(&stmt.iter);
        self.op(GET_ITER, loc);
        self.use_label(start);
        self.jump(FOR_ITER, cleanup, loc);
        // Keeps the line of a target on a line of its own.
        let target_loc = self.loc(stmt.target.range());
        self.op(NOP, target_loc);
        self.use_label(body);
        self.visit(&stmt.target)?;
        self.visit_body(&stmt.body)?;
        self.jump(JUMP, start, NO_LOCATION);
        self.use_label(cleanup);
        self.op(END_FOR, NO_LOCATION);
        self.op(POP_ITER, NO_LOCATION);
        self.pop_fblock(FBlockKind::ForLoop);
        self.visit_body(&stmt.orelse)?;
        self.use_label(end);
        Ok(())
    }

    fn visit_async_for(&mut self, stmt: &'a ast::StmtFor) -> Done {
        let range = self.block_range(stmt.range());
        let loc = self.loc(range);
        let start = self.new_label();
        let send = self.new_label();
        let except = self.new_label();
        let end = self.new_label();
        self.visit(&stmt.iter)?;
        let iter_loc = self.expr_loc(&stmt.iter);
        self.op(GET_AITER, iter_loc);
        self.use_label(start);
        self.fblock(
            FBlockKind::ForLoop,
            Some(start),
            Some(end),
            loc,
            range,
            Datum::None,
        )?;
        self.jump(SETUP_FINALLY, except, loc);
        self.op(GET_ANEXT, loc);
        self.load_none(loc);
        self.use_label(send);
        self.yield_from(loc, true);
        self.op(POP_BLOCK, loc);
        self.op(NOT_TAKEN, loc);
        self.visit(&stmt.target)?;
        self.visit_body(&stmt.body)?;
        self.jump(JUMP, start, NO_LOCATION);
        self.pop_fblock(FBlockKind::ForLoop);
        self.use_label(except);
        self.jump(END_ASYNC_FOR, send, iter_loc);
        self.visit_body(&stmt.orelse)?;
        self.use_label(end);
        Ok(())
    }

    pub(super) fn visit_while(&mut self, stmt: &'a ast::StmtWhile) -> Done {
        let range = stmt.range();
        let start = self.new_label();
        let end = self.new_label();
        let anchor = self.new_label();
        self.use_label(start);
        let loc = self.loc(range);
        self.fblock(
            FBlockKind::WhileLoop,
            Some(start),
            Some(end),
            loc,
            range,
            Datum::None,
        )?;
        self.jump_if(&stmt.test, anchor, false)?;
        self.visit_body(&stmt.body)?;
        self.jump(JUMP, start, NO_LOCATION);
        self.pop_fblock(FBlockKind::WhileLoop);
        self.use_label(anchor);
        self.visit_body(&stmt.orelse)?;
        self.use_label(end);
        Ok(())
    }

    // Unwinding.

    fn call_exit_with_nones(&mut self, loc: Location) {
        self.load_none(loc);
        self.load_none(loc);
        self.load_none(loc);
        self.op_i(CALL, 3, loc);
    }

    /// Leaves one block. With `preserve`, the value on top of the stack stays there.
    fn unwind_fblock(&mut self, block: &FBlock<'a>, loc: &mut Location, preserve: bool) -> Done {
        match block.kind {
            FBlockKind::WhileLoop
            | FBlockKind::ExceptionHandler
            | FBlockKind::ExceptionGroupHandler
            | FBlockKind::AsyncComprehension
            | FBlockKind::InlinedComprehension
            | FBlockKind::StopIteration => {}
            FBlockKind::ForLoop => {
                if preserve {
                    self.op_i(SWAP, 2, *loc);
                }
                self.op(POP_TOP, *loc);
            }
            FBlockKind::TryExcept => self.op(POP_BLOCK, *loc),
            FBlockKind::FinallyTry => {
                self.op(POP_BLOCK, *loc);
                if preserve {
                    let pop = FBlock {
                        kind: FBlockKind::PopValue,
                        block: None,
                        exit: None,
                        loc: *loc,
                        datum: Datum::None,
                    };
                    self.push_fblock(pop, None)?;
                }
                if let Datum::Finally(body) = block.datum {
                    self.visit_body(body)?;
                }
                if preserve {
                    self.pop_fblock(FBlockKind::PopValue);
                }
                // What follows seems to happen after the statement that left.
                *loc = NO_LOCATION;
            }
            FBlockKind::FinallyEnd => {
                if preserve {
                    self.op_i(SWAP, 2, *loc);
                }
                self.op(POP_TOP, *loc);
                if preserve {
                    self.op_i(SWAP, 2, *loc);
                }
                self.op(POP_BLOCK, *loc);
                self.op(POP_EXCEPT, *loc);
            }
            FBlockKind::With | FBlockKind::AsyncWith => {
                *loc = block.loc;
                self.op(POP_BLOCK, *loc);
                if preserve {
                    self.op_i(SWAP, 3, *loc);
                    self.op_i(SWAP, 2, *loc);
                }
                self.call_exit_with_nones(*loc);
                if block.kind == FBlockKind::AsyncWith {
                    self.await_(*loc, 2);
                }
                self.op(POP_TOP, *loc);
                *loc = NO_LOCATION;
            }
            FBlockKind::HandlerCleanup => {
                let name = match block.datum {
                    Datum::Handler(name) => Some(name),
                    _ => None,
                };
                if name.is_some() {
                    self.op(POP_BLOCK, *loc);
                }
                if preserve {
                    self.op_i(SWAP, 2, *loc);
                }
                self.op(POP_BLOCK, *loc);
                self.op(POP_EXCEPT, *loc);
                if let Some(name) = name {
                    self.unbind_handler(name, *loc)?;
                }
            }
            FBlockKind::PopValue => {
                if preserve {
                    self.op_i(SWAP, 2, *loc);
                }
                self.op(POP_TOP, *loc);
            }
        }
        Ok(())
    }

    /// `name = None; del name` at the end of a handler.
    pub(super) fn unbind_handler(&mut self, name: Sym, loc: Location) -> Done {
        self.load_none(loc);
        self.name_op(name, ast::ExprContext::Store, loc)?;
        self.name_op(name, ast::ExprContext::Del, loc)
    }

    /// Leaves all blocks, or those up to the innermost loop, which is returned.
    fn unwind(
        &mut self,
        loc: &mut Location,
        range: TextRange,
        preserve: bool,
        to_loop: bool,
    ) -> Result<Option<FBlock<'a>>, Failure> {
        let Some(&top) = self.unit_ref().fblocks.last() else {
            return Ok(None);
        };
        if top.kind == FBlockKind::ExceptionGroupHandler {
            return self.error(
                "'break', 'continue' and 'return' cannot appear in an except* block",
                range,
            );
        }
        if to_loop && matches!(top.kind, FBlockKind::WhileLoop | FBlockKind::ForLoop) {
            return Ok(Some(top));
        }
        self.pop_fblock(top.kind);
        self.unwind_fblock(&top, loc, preserve)?;
        let found = self.unwind(loc, range, preserve, to_loop)?;
        self.push_fblock(top, None)?;
        Ok(found)
    }

    pub(super) fn visit_return(&mut self, stmt: &'a ast::StmtReturn) -> Done {
        let mut range = stmt.range();
        let stmt_loc = self.loc(range);
        let mut loc = stmt_loc;
        let value = stmt.value.as_deref();
        let scope = self.scope();
        if !scope.is_function_like() {
            return self.error("'return' outside function", range);
        }
        if value.is_some() && scope.coroutine && scope.generator {
            return self.error("'return' with value in async generator", range);
        }
        let constant = value.is_some_and(constants::is_constant);
        if let Some(value) = value {
            if constant {
                loc = self.loc(value.range());
                self.op(NOP, loc);
            } else {
                self.visit(value)?;
            }
        }
        if value.is_none_or(|value| self.loc(value.range()).lineno != stmt_loc.lineno) {
            loc = stmt_loc;
            self.op(NOP, loc);
        } else if let Some(value) = value
            && constant
        {
            range = value.range();
        }
        let preserve = value.is_some() && !constant;
        self.unwind(&mut loc, range, preserve, false)?;
        match value {
            None => self.load_none(loc),
            Some(value) if constant => {
                if let Some(value) = self.constant(value)? {
                    self.load_const(value, loc);
                }
            }
            Some(_) => {}
        }
        self.op(RETURN_VALUE, loc);
        Ok(())
    }

    pub(super) fn visit_break(&mut self, range: TextRange) -> Done {
        let mut loc = self.loc(range);
        self.op(NOP, loc);
        let Some(found) = self.unwind(&mut loc, range, false, true)? else {
            return self.error("'break' outside loop", range);
        };
        self.unwind_fblock(&found, &mut loc, false)?;
        if let Some(exit) = found.exit {
            self.jump(JUMP, exit, loc);
        }
        Ok(())
    }

    pub(super) fn visit_continue(&mut self, range: TextRange) -> Done {
        let mut loc = self.loc(range);
        self.op(NOP, loc);
        let Some(found) = self.unwind(&mut loc, range, false, true)? else {
            return self.error("'continue' not properly in loop", range);
        };
        if let Some(block) = found.block {
            self.jump(JUMP, block, loc);
        }
        Ok(())
    }

    // With.

    pub(super) fn visit_with(&mut self, stmt: &'a ast::StmtWith, pos: usize) -> Done {
        let item = &stmt.items[pos];
        let is_async = stmt.is_async;
        let block = self.new_label();
        let handler = self.new_label();
        let exit = self.new_label();
        let cleanup = self.new_label();
        self.visit(&item.context_expr)?;
        let loc = self.expr_loc(&item.context_expr);
        let (enter_method, exit_method, kind) = if is_async {
            (SPECIAL_AENTER, SPECIAL_AEXIT, FBlockKind::AsyncWith)
        } else {
            (SPECIAL_ENTER, SPECIAL_EXIT, FBlockKind::With)
        };
        self.op_i(COPY, 1, loc);
        self.op_i(LOAD_SPECIAL, exit_method, loc);
        self.op_i(SWAP, 2, loc);
        self.op_i(SWAP, 3, loc);
        self.op_i(LOAD_SPECIAL, enter_method, loc);
        self.op_i(CALL, 0, loc);
        if is_async {
            self.await_(loc, 1);
        }
        self.jump(SETUP_WITH, handler, loc);
        self.use_label(block);
        self.fblock(
            kind,
            Some(block),
            Some(handler),
            loc,
            item.context_expr.range(),
            Datum::None,
        )?;
        match &item.optional_vars {
            Some(target) => self.visit(target)?,
            None => self.op(POP_TOP, loc),
        }
        if pos + 1 == stmt.items.len() {
            self.visit_body(&stmt.body)?;
        } else {
            self.visit_with(stmt, pos + 1)?;
        }
        if is_async {
            self.pop_fblock(kind);
            self.op(POP_BLOCK, loc);
        } else {
            self.op(POP_BLOCK, NO_LOCATION);
            self.pop_fblock(kind);
        }
        self.call_exit_with_nones(loc);
        if is_async {
            self.await_(loc, 2);
        }
        self.op(POP_TOP, loc);
        self.jump(JUMP, exit, loc);
        self.use_label(handler);
        self.jump(SETUP_CLEANUP, cleanup, loc);
        self.op(PUSH_EXC_INFO, loc);
        self.op(WITH_EXCEPT_START, loc);
        if is_async {
            self.await_(loc, 2);
        }
        self.with_except_finish(cleanup);
        self.use_label(exit);
        Ok(())
    }

    fn with_except_finish(&mut self, cleanup: Label) {
        let suppress = self.new_label();
        self.op(TO_BOOL, NO_LOCATION);
        self.jump(POP_JUMP_IF_TRUE, suppress, NO_LOCATION);
        self.op_i(RERAISE, 2, NO_LOCATION);
        self.use_label(suppress);
        self.op(POP_TOP, NO_LOCATION);
        self.op(POP_BLOCK, NO_LOCATION);
        self.op(POP_EXCEPT, NO_LOCATION);
        self.op(POP_TOP, NO_LOCATION);
        self.op(POP_TOP, NO_LOCATION);
        self.op(POP_TOP, NO_LOCATION);
        let exit = self.new_label();
        self.jump(JUMP_NO_INTERRUPT, exit, NO_LOCATION);
        self.use_label(cleanup);
        self.pop_except_and_reraise(NO_LOCATION);
        self.use_label(exit);
    }

    pub(super) fn pop_except_and_reraise(&mut self, loc: Location) {
        self.op_i(COPY, 3, loc);
        self.op(POP_EXCEPT, loc);
        self.op_i(RERAISE, 1, loc);
    }
}
