//! Calls: methods, `super()`, keywords and unpacking, and generators consumed on the spot.

use super::expressions::{INTRINSIC_LIST_TO_TUPLE, TUPLE};
use super::*;
use crate::symtable::DEF_IMPORT;
use ruff_python_ast::{ExprContext, Keyword};
use taipan_bytecode::opcode::op::*;

const CONSTANT_BUILTIN_TUPLE: i32 = 2;
const CONSTANT_BUILTIN_ALL: i32 = 3;
const CONSTANT_BUILTIN_ANY: i32 = 4;

impl<'a> Compiler<'a> {
    /// The `super(…)` call of `super(…).attr` when it can be one instruction.
    pub(super) fn super_call(&mut self, attr: &'a ast::ExprAttribute) -> Option<&'a ast::ExprCall> {
        let Expr::Call(call) = &*attr.value else {
            return None;
        };
        let Expr::Name(func) = &*call.func else {
            return None;
        };
        if func.id.as_str() != "super"
            || attr.attr.as_str() == "__class__"
            || !call.arguments.keywords.is_empty()
        {
            return None;
        }
        let top = self.table.scope(self.table.top());
        if self.scope().place(known::SUPER) != Place::GlobalImplicit
            || top.place(known::SUPER) != Place::Unknown
        {
            return None;
        }
        let args = &call.arguments.args;
        match args.len() {
            2 if !args.iter().any(Expr::is_starred_expr) => Some(call),
            0 => {
                let unit = self.unit_ref();
                if unit.argcount == 0 && unit.posonlyargcount == 0 {
                    return None;
                }
                (unit.scope_type != ScopeType::Class
                    && self.scope().place(known::CLASS) == Place::Free)
                    .then_some(call)
            }
            _ => None,
        }
    }

    pub(super) fn load_super_args(&mut self, call: &'a ast::ExprCall) -> Done {
        let loc = self.loc(call.range());
        let func_loc = self.loc(call.func.range());
        self.name_op(known::SUPER, ExprContext::Load, func_loc)?;
        if call.arguments.args.len() == 2 {
            return self.visit_all(&call.arguments.args);
        }
        self.name_op(known::CLASS, ExprContext::Load, loc)?;
        let (first, ()) = self.unit_ref().varnames.at(0);
        self.name_op(first, ExprContext::Load, loc)
    }

    fn is_imported(&mut self, expr: &'a Expr) -> bool {
        let Expr::Name(name) = expr else {
            return false;
        };
        let name = self.sym(name.id.as_str());
        let top = self.table.scope(self.table.top());
        top.flags(name) & DEF_IMPORT != 0
    }

    fn method_call(&mut self, call: &'a ast::ExprCall) -> Result<bool, Failure> {
        let Expr::Attribute(method) = &*call.func else {
            return Ok(false);
        };
        let args = &call.arguments.args;
        let keywords = &call.arguments.keywords;
        if method.ctx != ExprContext::Load || self.is_imported(&method.value) {
            return Ok(false);
        }
        let operands = args.len() + keywords.len() + usize::from(!keywords.is_empty());
        if operands >= STACK_USE_GUIDELINE
            || args.iter().any(Expr::is_starred_expr)
            || keywords.iter().any(|keyword| keyword.arg.is_none())
        {
            return Ok(false);
        }
        let mut loc = self.loc(method.range());
        let attr = self.sym(method.attr.as_str());
        if let Some(super_call) = self.super_call(method) {
            self.load_super_args(super_call)?;
            let bits = if super_call.arguments.args.is_empty() {
                1
            } else {
                3
            };
            self.op_name(LOAD_SUPER_ATTR, attr, 2, bits, loc);
            loc = self.attr_loc(loc, method);
            self.op(NOP, loc);
        } else {
            self.visit(&method.value)?;
            loc = self.attr_loc(loc, method);
            self.load_method(attr, loc);
        }
        self.push_genexp(&call.arguments);
        self.visit_all(args)?;
        self.pop_genexp(&call.arguments);
        let end = self.loc(call.range());
        if keywords.is_empty() {
            let loc = self.attr_loc(end, method);
            self.op_i(CALL, args.len() as i32, loc);
        } else {
            self.visit_all(keywords.iter().map(|keyword| &keyword.value))?;
            self.keyword_names(keywords, loc);
            let loc = self.attr_loc(end, method);
            self.op_i(CALL_KW, (args.len() + keywords.len()) as i32, loc);
        }
        Ok(true)
    }

    fn keyword_names(&mut self, keywords: &'a [Keyword], loc: Location) {
        let mut names = Vec::with_capacity(keywords.len());
        for keyword in keywords {
            if let Some(arg) = &keyword.arg {
                let name = self.sym(arg.as_str());
                names.push(Const::Str(self.str(name)));
            }
        }
        self.load_const(Const::Tuple(names.into()), loc);
    }

    fn validate_keywords(&self, keywords: &'a [Keyword]) -> Done {
        for (i, keyword) in keywords.iter().enumerate() {
            let Some(arg) = &keyword.arg else {
                continue;
            };
            let again = keywords[i + 1..]
                .iter()
                .find(|other| other.arg.as_ref().is_some_and(|other| other.id == arg.id));
            if let Some(other) = again {
                return self.error(format!("keyword argument repeated: {arg}"), other.range());
            }
        }
        Ok(())
    }

    fn push_genexp(&mut self, arguments: &'a ast::Arguments) {
        if let [Expr::Generator(generator)] = &*arguments.args
            && !generator.parenthesized
        {
            let key = std::ptr::from_ref(generator) as usize;
            self.genexp_ranges.push((key, arguments.range));
        }
    }

    fn pop_genexp(&mut self, arguments: &'a ast::Arguments) {
        if let [Expr::Generator(generator)] = &*arguments.args
            && !generator.parenthesized
        {
            self.genexp_ranges.pop();
        }
    }

    pub(super) fn visit_call(&mut self, call: &'a ast::ExprCall) -> Done {
        self.validate_keywords(&call.arguments.keywords)?;
        if self.method_call(call)? {
            return Ok(());
        }
        let skip = self.new_label();
        self.check_caller(&call.func);
        self.visit(&call.func)?;
        self.push_genexp(&call.arguments);
        self.consumed_generator(call, skip)?;
        let loc = self.expr_loc(&call.func);
        self.op(PUSH_NULL, loc);
        let loc = self.loc(call.range());
        self.call_with(loc, 0, &call.arguments.args, None, &call.arguments.keywords)?;
        self.pop_genexp(&call.arguments);
        self.use_label(skip);
        Ok(())
    }

    /// `all(x for …)`, `any(…)` and `tuple(…)` loop in place when the name still means the builtin.
    fn consumed_generator(&mut self, call: &'a ast::ExprCall, end: Label) -> Done {
        let Expr::Name(func) = &*call.func else {
            return Ok(());
        };
        let [generator @ Expr::Generator(node)] = &*call.arguments.args else {
            return Ok(());
        };
        if !call.arguments.keywords.is_empty() {
            return Ok(());
        }
        let scope = self.scope_of(node, Role::Body)?;
        if self.table.scope(scope).coroutine {
            return Ok(());
        }
        let (constant, result, again) = match func.id.as_str() {
            "all" => (CONSTANT_BUILTIN_ALL, true, POP_JUMP_IF_TRUE),
            "any" => (CONSTANT_BUILTIN_ANY, false, POP_JUMP_IF_FALSE),
            "tuple" => (CONSTANT_BUILTIN_TUPLE, false, 0),
            _ => return Ok(()),
        };
        let tuple = constant == CONSTANT_BUILTIN_TUPLE;
        let loc = self.loc(func.range());
        let skip = self.new_label();
        self.op_i(COPY, 1, loc);
        self.op_i(LOAD_COMMON_CONSTANT, constant, loc);
        self.op_i(IS_OP, 0, loc);
        self.jump(POP_JUMP_IF_FALSE, skip, loc);
        self.op(POP_TOP, loc);
        if tuple {
            self.op_i(BUILD_LIST, 0, loc);
        }
        self.visit(generator)?;
        let start = self.new_label();
        let cleanup = self.new_label();
        self.use_label(start);
        self.jump(FOR_ITER, cleanup, loc);
        if tuple {
            self.op_i(LIST_APPEND, 2, loc);
            self.jump(JUMP, start, loc);
        } else {
            self.op(TO_BOOL, loc);
            self.jump(again, start, loc);
        }
        self.op(POP_ITER, NO_LOCATION);
        if !tuple {
            self.load_const(Const::bool(!result), loc);
        }
        self.jump(JUMP, end, loc);
        self.use_label(cleanup);
        self.op(END_FOR, NO_LOCATION);
        self.op(POP_ITER, NO_LOCATION);
        if tuple {
            self.op_i(CALL_INTRINSIC_1, INTRINSIC_LIST_TO_TUPLE, loc);
        } else {
            self.load_const(Const::bool(result), loc);
        }
        self.jump(JUMP, end, loc);
        self.use_label(skip);
        Ok(())
    }

    fn subkwargs(&mut self, keywords: &'a [Keyword], loc: Location) -> Done {
        let big = keywords.len() * 2 > STACK_USE_GUIDELINE;
        if big {
            self.op_i(BUILD_MAP, 0, NO_LOCATION);
        }
        for keyword in keywords {
            if let Some(arg) = &keyword.arg {
                let name = self.sym(arg.as_str());
                self.load_sym(name, loc);
            }
            self.visit(&keyword.value)?;
            if big {
                self.op_i(MAP_ADD, 1, NO_LOCATION);
            }
        }
        if !big {
            self.op_i(BUILD_MAP, keywords.len() as i32, loc);
        }
        Ok(())
    }

    /// Arguments and call, after the callable and `pushed` arguments are on the stack.
    pub(super) fn call_with(
        &mut self,
        loc: Location,
        pushed: usize,
        args: &'a [Expr],
        injected: Option<Sym>,
        keywords: &'a [Keyword],
    ) -> Done {
        self.validate_keywords(keywords)?;
        let simple = args.len() + keywords.len() * 2 <= STACK_USE_GUIDELINE
            && !args.iter().any(Expr::is_starred_expr)
            && keywords.iter().all(|keyword| keyword.arg.is_some());
        if simple {
            self.visit_all(args)?;
            let mut count = pushed + args.len();
            if let Some(name) = injected {
                self.name_op(name, ExprContext::Load, loc)?;
                count += 1;
            }
            if keywords.is_empty() {
                self.op_i(CALL, count as i32, loc);
            } else {
                self.visit_all(keywords.iter().map(|keyword| &keyword.value))?;
                self.keyword_names(keywords, loc);
                self.op_i(CALL_KW, (count + keywords.len()) as i32, loc);
            }
            return Ok(());
        }
        match args {
            [Expr::Starred(starred)] if pushed == 0 => self.visit(&starred.value)?,
            _ => self.starunpack(loc, args, injected, pushed, TUPLE)?,
        }
        let mut have_dict = false;
        let mut seen = 0;
        for (i, keyword) in keywords.iter().enumerate() {
            if keyword.arg.is_some() {
                seen += 1;
                continue;
            }
            if seen > 0 {
                self.subkwargs(&keywords[i - seen..i], loc)?;
                if have_dict {
                    self.op_i(DICT_MERGE, 1, loc);
                }
                have_dict = true;
                seen = 0;
            }
            if !have_dict {
                self.op_i(BUILD_MAP, 0, loc);
                have_dict = true;
            }
            self.visit(&keyword.value)?;
            self.op_i(DICT_MERGE, 1, loc);
        }
        if seen > 0 {
            self.subkwargs(&keywords[keywords.len() - seen..], loc)?;
            if have_dict {
                self.op_i(DICT_MERGE, 1, loc);
            }
        }
        if keywords.is_empty() {
            self.op(PUSH_NULL, loc);
        }
        self.op(CALL_FUNCTION_EX, loc);
        Ok(())
    }
}
