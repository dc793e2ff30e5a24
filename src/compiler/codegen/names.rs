//! Loading, storing and deleting names and attributes.

use super::*;
use crate::symtable::BlockKind;
use ruff_python_ast::ExprContext;

impl<'a> Compiler<'a> {
    /// Reads, sets or deletes a variable.
    pub(super) fn name_op(&mut self, name: Sym, ctx: ExprContext, loc: Location) -> Done {
        let name = self.mangle(name);
        let (place, function, class, sees_class) = {
            let scope = self.scope();
            (
                scope.place(name),
                scope.is_function_like(),
                scope.kind == BlockKind::Class,
                scope.can_see_class_scope,
            )
        };
        let inlined = self.unit_ref().in_inlined_comp > 0;
        match place {
            Place::Free | Place::Cell => {
                let arg = self.deref_arg(name, place == Place::Free);
                let opcode = match ctx {
                    ExprContext::Store => op::STORE_DEREF,
                    ExprContext::Del => op::DELETE_DEREF,
                    _ if class && !inlined => {
                        self.op(op::LOAD_LOCALS, loc);
                        op::LOAD_FROM_DICT_OR_DEREF
                    }
                    _ if sees_class => {
                        self.load_classdict(loc);
                        op::LOAD_FROM_DICT_OR_DEREF
                    }
                    _ => op::LOAD_DEREF,
                };
                self.op_i(opcode, arg, loc);
            }
            Place::Local if function || self.unit_ref().fasthidden.get(name) == Some(true) => {
                let arg = unit::add(&mut self.unit().varnames, name) as i32;
                let opcode = match ctx {
                    ExprContext::Store => op::STORE_FAST,
                    ExprContext::Del => op::DELETE_FAST,
                    _ => op::LOAD_FAST,
                };
                self.op_i(opcode, arg, loc);
            }
            Place::GlobalExplicit => self.global_op(name, ctx, false, loc),
            Place::GlobalImplicit if function => self.global_op(name, ctx, sees_class, loc),
            _ => {
                let arg = self.add_name(name);
                match ctx {
                    ExprContext::Store => self.op_i(op::STORE_NAME, arg, loc),
                    ExprContext::Del => self.op_i(op::DELETE_NAME, arg, loc),
                    _ if class && inlined => self.op_i(op::LOAD_GLOBAL, arg << 1, loc),
                    _ => self.op_i(op::LOAD_NAME, arg, loc),
                }
            }
        }
        Ok(())
    }

    fn global_op(&mut self, name: Sym, ctx: ExprContext, sees_class: bool, loc: Location) {
        let arg = self.add_name(name);
        match ctx {
            ExprContext::Store => self.op_i(op::STORE_GLOBAL, arg, loc),
            ExprContext::Del => self.op_i(op::DELETE_GLOBAL, arg, loc),
            _ if sees_class => {
                self.load_classdict(loc);
                self.op_i(op::LOAD_FROM_DICT_OR_GLOBALS, arg, loc);
            }
            _ => self.op_i(op::LOAD_GLOBAL, arg << 1, loc),
        }
    }

    /// The argument of an instruction on a cell or free variable.
    pub(super) fn deref_arg(&mut self, name: Sym, free: bool) -> i32 {
        let unit = self.unit();
        let at = if free {
            unit.cellvars.len() + unit::add(&mut unit.freevars, name)
        } else {
            unit::add(&mut unit.cellvars, name)
        };
        at as i32
    }

    fn load_classdict(&mut self, loc: Location) {
        let arg = self.deref_arg(known::CLASSDICT, true);
        self.op_i(op::LOAD_DEREF, arg, loc);
    }

    /// An instruction whose argument is a name shifted by `shift` with `bits` below.
    pub(super) fn op_name(&mut self, opcode: u16, name: Sym, shift: u32, bits: i32, loc: Location) {
        let name = self.mangle(name);
        let arg = self.add_name(name);
        self.op_i(opcode, arg << shift | bits, loc);
    }

    pub(super) fn load_attr(&mut self, attr: Sym, loc: Location) {
        self.op_name(op::LOAD_ATTR, attr, 1, 0, loc);
    }

    pub(super) fn load_method(&mut self, attr: Sym, loc: Location) {
        self.op_name(op::LOAD_ATTR, attr, 1, 1, loc);
    }

    /// When an attribute stands on a later line than its object, the instruction is placed at the name.
    pub(super) fn attr_loc(&self, mut loc: Location, attr: &ast::ExprAttribute) -> Location {
        let end = self.loc(attr.range());
        if loc.lineno != end.end_lineno {
            loc.lineno = end.end_lineno;
            // Characters, not bytes: so CPython counts here.
            let len = attr.attr.as_str().chars().count() as i32;
            if len <= end.end_col_offset {
                loc.col_offset = end.end_col_offset - len;
            } else {
                loc.col_offset = -1;
                loc.end_col_offset = -1;
            }
            loc.end_lineno = loc.lineno.max(loc.end_lineno);
            if loc.lineno == loc.end_lineno {
                loc.end_col_offset = loc.col_offset.max(loc.end_col_offset);
            }
        }
        loc
    }

    pub(super) fn visit_attribute(&mut self, expr: &'a ast::ExprAttribute) -> Done {
        let mut loc = self.loc(expr.range());
        let attr = self.sym(expr.attr.as_str());
        if expr.ctx == ExprContext::Load
            && let Some(call) = self.super_call(expr)
        {
            self.load_super_args(call)?;
            let bits = if call.arguments.args.is_empty() { 0 } else { 2 };
            self.op_name(op::LOAD_SUPER_ATTR, attr, 2, bits, loc);
            loc = self.attr_loc(loc, expr);
            self.op(op::NOP, loc);
            return Ok(());
        }
        self.note_static_attribute(expr, attr);
        self.visit(&expr.value)?;
        loc = self.attr_loc(loc, expr);
        match expr.ctx {
            ExprContext::Store => self.op_name(op::STORE_ATTR, attr, 0, 0, loc),
            ExprContext::Del => self.op_name(op::DELETE_ATTR, attr, 0, 0, loc),
            _ => self.load_attr(attr, loc),
        }
        Ok(())
    }

    /// `self.x = …` in a method makes `x` one of the class's static attributes.
    fn note_static_attribute(&mut self, expr: &'a ast::ExprAttribute, attr: Sym) {
        let Expr::Name(object) = &*expr.value else {
            return;
        };
        if expr.ctx != ExprContext::Store || object.id.as_str() != "self" {
            return;
        }
        let mut enclosing = self.units.iter_mut().rev().skip(1);
        if let Some(unit) = enclosing.find(|unit| unit.scope_type == ScopeType::Class)
            && !unit.static_attributes.contains(&attr)
        {
            unit.static_attributes.push(attr);
        }
    }
}
