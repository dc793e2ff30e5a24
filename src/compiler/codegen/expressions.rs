//! Expressions.

use super::constants::is_constant;
use super::*;
use ruff_python_ast::{BoolOp, CmpOp, ExprContext, Operator, UnaryOp};
use taipan_bytecode::opcode::op::*;

pub(super) const INTRINSIC_PRINT: i32 = 1;
pub(super) const INTRINSIC_IMPORT_STAR: i32 = 2;
pub(super) const INTRINSIC_STOPITERATION_ERROR: i32 = 3;
const INTRINSIC_ASYNC_GEN_WRAP: i32 = 4;
const INTRINSIC_UNARY_POSITIVE: i32 = 5;
pub(super) const INTRINSIC_LIST_TO_TUPLE: i32 = 6;
pub(super) const NB_SUBSCR: i32 = 26;
pub(super) const NB_SUBTRACT: i32 = 10;

/// How `starunpack` builds its result.
#[derive(Clone, Copy)]
pub(super) struct Builder {
    pub build: u16,
    pub add: u16,
    pub extend: u16,
    pub tuple: bool,
}

pub(super) const LIST: Builder = Builder {
    build: BUILD_LIST,
    add: LIST_APPEND,
    extend: LIST_EXTEND,
    tuple: false,
};
pub(super) const TUPLE: Builder = Builder {
    tuple: true,
    ..LIST
};
const SET: Builder = Builder {
    build: BUILD_SET,
    add: SET_ADD,
    extend: SET_UPDATE,
    tuple: false,
};

/// The argument of `BINARY_OP`.
pub(super) fn binary_arg(operator: Operator, inplace: bool) -> i32 {
    let plain = match operator {
        Operator::Add => 0,
        Operator::BitAnd => 1,
        Operator::FloorDiv => 2,
        Operator::LShift => 3,
        Operator::MatMult => 4,
        Operator::Mult => 5,
        Operator::Mod => 6,
        Operator::BitOr => 7,
        Operator::Pow => 8,
        Operator::RShift => 9,
        Operator::Sub => 10,
        Operator::Div => 11,
        Operator::BitXor => 12,
    };
    if inplace { plain + 13 } else { plain }
}

/// Rich comparisons, numbered as in `COMPARE_OP`, with the bits that specialised forms test.
pub(super) const COMPARE_EQ: i32 = 2 << 5 | 8;
pub(super) const COMPARE_GE: i32 = 5 << 5 | 4 | 8;
pub(super) const COMPARE_GT: i32 = 4 << 5 | 4;

impl<'a> Compiler<'a> {
    pub(super) fn visit(&mut self, expr: &'a Expr) -> Done {
        self.descend()?;
        let done = self.visit_kind(expr);
        self.depth -= 1;
        done
    }

    fn visit_kind(&mut self, expr: &'a Expr) -> Done {
        match expr {
            Expr::Name(name) => {
                if is_constant(expr) {
                    return self.visit_constant(expr);
                }
                let loc = self.loc(name.range());
                let sym = self.sym(name.id.as_str());
                self.name_op(sym, name.ctx, loc)
            }
            Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_) => self.visit_constant(expr),
            Expr::Attribute(expr) => self.visit_attribute(expr),
            Expr::Call(call) => self.visit_call(call),
            Expr::Named(named) => {
                let loc = self.loc(expr.range());
                self.visit(&named.value)?;
                self.op_i(COPY, 1, loc);
                self.visit(&named.target)
            }
            Expr::BoolOp(expr) => self.visit_bool_op(expr),
            Expr::BinOp(binary) => {
                if binary.op == Operator::Mod && self.percent_format(binary)? {
                    return Ok(());
                }
                self.visit(&binary.left)?;
                self.visit(&binary.right)?;
                let loc = self.loc(expr.range());
                self.op_i(BINARY_OP, binary_arg(binary.op, false), loc);
                Ok(())
            }
            Expr::UnaryOp(unary) => {
                self.visit(&unary.operand)?;
                let loc = self.loc(expr.range());
                match unary.op {
                    UnaryOp::UAdd => self.op_i(CALL_INTRINSIC_1, INTRINSIC_UNARY_POSITIVE, loc),
                    UnaryOp::Not => {
                        self.op(TO_BOOL, loc);
                        self.op(UNARY_NOT, loc);
                    }
                    UnaryOp::Invert => self.op(UNARY_INVERT, loc),
                    UnaryOp::USub => self.op(UNARY_NEGATIVE, loc),
                }
                Ok(())
            }
            Expr::Lambda(expr) => self.visit_lambda(expr),
            Expr::If(expr) => self.visit_if_exp(expr),
            Expr::Dict(expr) => self.visit_dict(expr),
            Expr::Set(set) => {
                let loc = self.loc(expr.range());
                self.starunpack(loc, &set.elts, None, 0, SET)
            }
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                self.visit_comprehension(expr)
            }
            Expr::Yield(yielded) => {
                let loc = self.loc(expr.range());
                if !self.scope().is_function_like() {
                    return self.error("'yield' outside function", expr.range());
                }
                match &yielded.value {
                    Some(value) => self.visit(value)?,
                    None => self.load_none(loc),
                }
                self.op_yield(loc);
                Ok(())
            }
            Expr::YieldFrom(yielded) => {
                let loc = self.loc(expr.range());
                if !self.scope().is_function_like() {
                    return self.error("'yield from' outside function", expr.range());
                }
                if self.scope_type() == ScopeType::AsyncFunction {
                    return self.error("'yield from' inside async function", expr.range());
                }
                self.visit(&yielded.value)?;
                self.op(GET_YIELD_FROM_ITER, loc);
                self.load_none(loc);
                self.yield_from(loc, false);
                Ok(())
            }
            Expr::Await(awaited) => {
                let loc = self.loc(expr.range());
                self.visit(&awaited.value)?;
                self.await_(loc, 0);
                Ok(())
            }
            Expr::Compare(expr) => self.visit_compare(expr),
            Expr::FString(expr) => self.visit_fstring(expr),
            Expr::TString(expr) => self.visit_tstring(expr),
            Expr::Subscript(expr) => self.visit_subscript(expr),
            Expr::Starred(starred) => {
                let message = if starred.ctx == ExprContext::Store {
                    "starred assignment target must be in a list or tuple"
                } else {
                    "can't use starred expression here"
                };
                self.error(message, expr.range())
            }
            Expr::Slice(expr) => self.visit_slice(expr),
            Expr::List(list) => self.visit_sequence(expr.range(), &list.elts, list.ctx, LIST),
            Expr::Tuple(tuple) => self.visit_sequence(expr.range(), &tuple.elts, tuple.ctx, TUPLE),
            Expr::IpyEscapeCommand(_) => self.error("invalid syntax", expr.range()),
        }
    }

    fn visit_constant(&mut self, expr: &'a Expr) -> Done {
        let loc = self.loc(expr.range());
        if let Some(value) = self.constant(expr)? {
            self.load_const(value, loc);
        }
        Ok(())
    }

    // Suspension.

    pub(super) fn op_yield(&mut self, loc: Location) {
        let scope = self.scope();
        if scope.generator && scope.coroutine {
            self.op_i(CALL_INTRINSIC_1, INTRINSIC_ASYNC_GEN_WRAP, loc);
        }
        self.op_i(YIELD_VALUE, 0, loc);
        self.op_i(RESUME, RESUME_AFTER_YIELD, loc);
    }

    /// Drives the iterator below the top of the stack until it is exhausted.
    pub(super) fn yield_from(&mut self, loc: Location, awaiting: bool) {
        let send = self.new_label();
        let fail = self.new_label();
        let exit = self.new_label();
        self.use_label(send);
        self.jump(SEND, exit, loc);
        self.jump(SETUP_FINALLY, fail, loc);
        self.op_i(YIELD_VALUE, 1, loc);
        self.op(POP_BLOCK, NO_LOCATION);
        let resume = if awaiting {
            RESUME_AFTER_AWAIT
        } else {
            RESUME_AFTER_YIELD_FROM
        };
        self.op_i(RESUME, resume, loc);
        self.jump(JUMP_NO_INTERRUPT, send, loc);
        self.use_label(fail);
        self.op(CLEANUP_THROW, loc);
        self.use_label(exit);
        self.op(END_SEND, loc);
    }

    /// Awaits the top of the stack; `origin` says for which statement, to word errors.
    pub(super) fn await_(&mut self, loc: Location, origin: i32) {
        self.op_i(GET_AWAITABLE, origin, loc);
        self.load_none(loc);
        self.yield_from(loc, true);
    }

    // Truth and comparison.

    fn visit_bool_op(&mut self, expr: &'a ast::ExprBoolOp) -> Done {
        let loc = self.loc(expr.range());
        let opcode = match expr.op {
            BoolOp::And => JUMP_IF_FALSE,
            BoolOp::Or => JUMP_IF_TRUE,
        };
        let end = self.new_label();
        let (last, rest) = expr.values.split_last().expect("two operands at least");
        for value in rest {
            self.visit(value)?;
            self.jump(opcode, end, loc);
            self.op(POP_TOP, loc);
        }
        self.visit(last)?;
        self.use_label(end);
        Ok(())
    }

    fn visit_if_exp(&mut self, expr: &'a ast::ExprIf) -> Done {
        let end = self.new_label();
        let next = self.new_label();
        self.jump_if(&expr.test, next, false)?;
        self.visit(&expr.body)?;
        self.jump(JUMP_NO_INTERRUPT, end, NO_LOCATION);
        self.use_label(next);
        self.visit(&expr.orelse)?;
        self.use_label(end);
        Ok(())
    }

    /// Jumps to `next` when the truth of `expr` is `cond`.
    pub(super) fn jump_if(&mut self, expr: &'a Expr, next: Label, cond: bool) -> Done {
        self.descend()?;
        let done = self.jump_if_kind(expr, next, cond);
        self.depth -= 1;
        done
    }

    fn jump_if_kind(&mut self, expr: &'a Expr, next: Label, cond: bool) -> Done {
        match expr {
            Expr::UnaryOp(unary) if unary.op == UnaryOp::Not => {
                return self.jump_if(&unary.operand, next, !cond);
            }
            Expr::BoolOp(bool_op) => {
                let cond2 = bool_op.op == BoolOp::Or;
                let next2 = if cond2 == cond {
                    next
                } else {
                    self.new_label()
                };
                let (last, rest) = bool_op.values.split_last().expect("two operands at least");
                for value in rest {
                    self.jump_if(value, next2, cond2)?;
                }
                self.jump_if(last, next, cond)?;
                if next2 != next {
                    self.use_label(next2);
                }
                return Ok(());
            }
            Expr::If(if_exp) => {
                let end = self.new_label();
                let next2 = self.new_label();
                self.jump_if(&if_exp.test, next2, false)?;
                self.jump_if(&if_exp.body, next, cond)?;
                self.jump(JUMP_NO_INTERRUPT, end, NO_LOCATION);
                self.use_label(next2);
                self.jump_if(&if_exp.orelse, next, cond)?;
                self.use_label(end);
                return Ok(());
            }
            Expr::Compare(compare) if compare.ops.len() > 1 => {
                let loc = self.loc(expr.range());
                self.check_compare(compare);
                let cleanup = self.new_label();
                self.visit(&compare.left)?;
                let n = compare.ops.len() - 1;
                for (comparator, &operator) in compare.comparators[..n].iter().zip(&compare.ops) {
                    self.visit(comparator)?;
                    self.op_i(SWAP, 2, loc);
                    self.op_i(COPY, 2, loc);
                    self.compare(operator, loc);
                    self.op(TO_BOOL, loc);
                    self.jump(POP_JUMP_IF_FALSE, cleanup, loc);
                }
                self.visit(&compare.comparators[n])?;
                self.compare(compare.ops[n], loc);
                self.op(TO_BOOL, loc);
                self.jump(jump_opcode(cond), next, loc);
                let end = self.new_label();
                self.jump(JUMP_NO_INTERRUPT, end, NO_LOCATION);
                self.use_label(cleanup);
                self.op(POP_TOP, loc);
                if !cond {
                    self.jump(JUMP_NO_INTERRUPT, next, NO_LOCATION);
                }
                self.use_label(end);
                return Ok(());
            }
            _ => {}
        }
        self.visit(expr)?;
        let loc = self.expr_loc(expr);
        self.op(TO_BOOL, loc);
        self.jump(jump_opcode(cond), next, loc);
        Ok(())
    }

    pub(super) fn compare(&mut self, operator: CmpOp, loc: Location) {
        let arg = match operator {
            CmpOp::Lt => 2,
            CmpOp::LtE => 1 << 5 | 2 | 8,
            CmpOp::Eq => COMPARE_EQ,
            CmpOp::NotEq => 3 << 5 | 1 | 2 | 4,
            CmpOp::Gt => COMPARE_GT,
            CmpOp::GtE => COMPARE_GE,
            CmpOp::Is => return self.op_i(IS_OP, 0, loc),
            CmpOp::IsNot => return self.op_i(IS_OP, 1, loc),
            CmpOp::In => return self.op_i(CONTAINS_OP, 0, loc),
            CmpOp::NotIn => return self.op_i(CONTAINS_OP, 1, loc),
        };
        self.op_i(COMPARE_OP, arg, loc);
    }

    fn visit_compare(&mut self, expr: &'a ast::ExprCompare) -> Done {
        let loc = self.loc(expr.range());
        self.check_compare(expr);
        self.visit(&expr.left)?;
        let n = expr.ops.len() - 1;
        if n == 0 {
            self.visit(&expr.comparators[0])?;
            self.compare(expr.ops[0], loc);
            return Ok(());
        }
        let cleanup = self.new_label();
        for (comparator, &operator) in expr.comparators[..n].iter().zip(&expr.ops) {
            self.visit(comparator)?;
            self.op_i(SWAP, 2, loc);
            self.op_i(COPY, 2, loc);
            self.compare(operator, loc);
            self.op_i(COPY, 1, loc);
            self.op(TO_BOOL, loc);
            self.jump(POP_JUMP_IF_FALSE, cleanup, loc);
            self.op(POP_TOP, loc);
        }
        self.visit(&expr.comparators[n])?;
        self.compare(expr.ops[n], loc);
        let end = self.new_label();
        self.jump(JUMP_NO_INTERRUPT, end, NO_LOCATION);
        self.use_label(cleanup);
        self.op_i(SWAP, 2, loc);
        self.op(POP_TOP, loc);
        self.use_label(end);
        Ok(())
    }

    // Displays.

    /// Builds a list, tuple or set from elements, some perhaps starred, after `pushed` ones on the stack.
    pub(super) fn starunpack(
        &mut self,
        loc: Location,
        elts: &'a [Expr],
        injected: Option<Sym>,
        pushed: usize,
        builder: Builder,
    ) -> Done {
        let total = elts.len() + pushed + usize::from(injected.is_some());
        let big = total > STACK_USE_GUIDELINE;
        if !big && !elts.iter().any(Expr::is_starred_expr) {
            self.visit_all(elts)?;
            if let Some(name) = injected {
                self.name_op(name, ExprContext::Load, loc)?;
            }
            let opcode = if builder.tuple {
                BUILD_TUPLE
            } else {
                builder.build
            };
            self.op_i(opcode, total as i32, loc);
            return Ok(());
        }
        let mut built = false;
        if big {
            self.op_i(builder.build, pushed as i32, loc);
            built = true;
        }
        for (i, elt) in elts.iter().enumerate() {
            if let Expr::Starred(starred) = elt {
                if !built {
                    self.op_i(builder.build, (i + pushed) as i32, loc);
                    built = true;
                }
                self.visit(&starred.value)?;
                self.op_i(builder.extend, 1, loc);
            } else {
                self.visit(elt)?;
                if built {
                    self.op_i(builder.add, 1, loc);
                }
            }
        }
        if let Some(name) = injected {
            self.name_op(name, ExprContext::Load, loc)?;
            self.op_i(builder.add, 1, loc);
        }
        if builder.tuple {
            self.op_i(CALL_INTRINSIC_1, INTRINSIC_LIST_TO_TUPLE, loc);
        }
        Ok(())
    }

    fn visit_sequence(
        &mut self,
        range: TextRange,
        elts: &'a [Expr],
        ctx: ExprContext,
        builder: Builder,
    ) -> Done {
        let loc = self.loc(range);
        match ctx {
            ExprContext::Store => {
                self.unpack(range, elts)?;
                for elt in elts {
                    match elt {
                        Expr::Starred(starred) => self.visit(&starred.value)?,
                        _ => self.visit(elt)?,
                    }
                }
                Ok(())
            }
            ExprContext::Del => self.visit_all(elts),
            _ => self.starunpack(loc, elts, None, 0, builder),
        }
    }

    fn unpack(&mut self, range: TextRange, elts: &'a [Expr]) -> Done {
        let loc = self.loc(range);
        let mut seen = false;
        for (i, elt) in elts.iter().enumerate() {
            if !elt.is_starred_expr() {
                continue;
            }
            if seen {
                return self.error("multiple starred expressions in assignment", range);
            }
            let after = elts.len() - i - 1;
            if i >= 1 << 8 || after >= (i32::MAX >> 8) as usize {
                return self.error("too many expressions in star-unpacking assignment", range);
            }
            self.op_i(UNPACK_EX, (i + (after << 8)) as i32, loc);
            seen = true;
        }
        if !seen {
            self.op_i(UNPACK_SEQUENCE, elts.len() as i32, loc);
        }
        Ok(())
    }

    fn visit_subdict(&mut self, items: &'a [ast::DictItem], loc: Location) -> Done {
        let big = items.len() * 2 > STACK_USE_GUIDELINE;
        if big {
            self.op_i(BUILD_MAP, 0, loc);
        }
        for item in items {
            if let Some(key) = &item.key {
                self.visit(key)?;
            }
            self.visit(&item.value)?;
            if big {
                self.op_i(MAP_ADD, 1, loc);
            }
        }
        if !big {
            self.op_i(BUILD_MAP, items.len() as i32, loc);
        }
        Ok(())
    }

    fn visit_dict(&mut self, expr: &'a ast::ExprDict) -> Done {
        let loc = self.loc(expr.range());
        let mut have_dict = false;
        let mut elements = 0;
        for (i, item) in expr.items.iter().enumerate() {
            if item.key.is_none() {
                if elements > 0 {
                    self.visit_subdict(&expr.items[i - elements..i], loc)?;
                    if have_dict {
                        self.op_i(DICT_UPDATE, 1, loc);
                    }
                    have_dict = true;
                    elements = 0;
                }
                if !have_dict {
                    self.op_i(BUILD_MAP, 0, loc);
                    have_dict = true;
                }
                self.visit(&item.value)?;
                self.op_i(DICT_UPDATE, 1, loc);
            } else if elements * 2 > STACK_USE_GUIDELINE {
                self.visit_subdict(&expr.items[i - elements..=i], loc)?;
                if have_dict {
                    self.op_i(DICT_UPDATE, 1, loc);
                }
                have_dict = true;
                elements = 0;
            } else {
                elements += 1;
            }
        }
        if elements > 0 {
            let from = expr.items.len() - elements;
            self.visit_subdict(&expr.items[from..], loc)?;
            if have_dict {
                self.op_i(DICT_UPDATE, 1, loc);
            }
            have_dict = true;
        }
        if !have_dict {
            self.op_i(BUILD_MAP, 0, loc);
        }
        Ok(())
    }

    // Subscripts.

    fn visit_subscript(&mut self, expr: &'a ast::ExprSubscript) -> Done {
        let loc = self.loc(expr.range());
        let ctx = expr.ctx;
        if ctx == ExprContext::Load {
            self.check_subscripter(&expr.value);
            self.check_index(&expr.value, &expr.slice);
        }
        self.visit(&expr.value)?;
        if let Some(slice) = two_part_slice(&expr.slice)
            && ctx != ExprContext::Del
        {
            self.slice_parts(slice)?;
            let opcode = if ctx == ExprContext::Store {
                STORE_SLICE
            } else {
                BINARY_SLICE
            };
            self.op(opcode, loc);
            return Ok(());
        }
        self.visit(&expr.slice)?;
        match ctx {
            ExprContext::Store => self.op(STORE_SUBSCR, loc),
            ExprContext::Del => self.op(DELETE_SUBSCR, loc),
            _ => self.op_i(BINARY_OP, NB_SUBSCR, loc),
        }
        Ok(())
    }

    pub(super) fn slice_parts(&mut self, slice: &'a ast::ExprSlice) -> Done {
        let loc = self.loc(slice.range());
        for part in [&slice.lower, &slice.upper] {
            match part {
                Some(part) => self.visit(part)?,
                None => self.load_none(loc),
            }
        }
        Ok(())
    }

    fn visit_slice(&mut self, slice: &'a ast::ExprSlice) -> Done {
        let loc = self.loc(slice.range());
        if is_constant_slice(slice) {
            let mut parts = [Const::None, Const::None, Const::None];
            for (part, place) in [&slice.lower, &slice.upper, &slice.step]
                .into_iter()
                .zip(&mut parts)
            {
                if let Some(part) = part
                    && let Some(value) = self.constant(part)?
                {
                    *place = value;
                }
            }
            self.load_const(Const::Slice(Box::new(parts)), loc);
            return Ok(());
        }
        self.slice_parts(slice)?;
        let mut n = 2;
        if let Some(step) = &slice.step {
            n = 3;
            self.visit(step)?;
        }
        self.op_i(BUILD_SLICE, n, loc);
        Ok(())
    }
}

fn jump_opcode(cond: bool) -> u16 {
    if cond {
        POP_JUMP_IF_TRUE
    } else {
        POP_JUMP_IF_FALSE
    }
}

fn is_constant_slice(slice: &ast::ExprSlice) -> bool {
    [&slice.lower, &slice.upper, &slice.step]
        .into_iter()
        .flatten()
        .all(|part| is_constant(part))
}

/// A slice without step that is no constant has instructions of its own.
pub(super) fn two_part_slice(slice: &Expr) -> Option<&ast::ExprSlice> {
    match slice {
        Expr::Slice(slice) if slice.step.is_none() && !is_constant_slice(slice) => Some(slice),
        _ => None,
    }
}
