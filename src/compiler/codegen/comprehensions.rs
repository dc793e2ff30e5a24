//! Comprehensions, inlined where possible, and generator expressions.

use super::unit::Datum;
use super::*;
use crate::symtable::{BlockKind, DEF_LOCAL, DEF_NONLOCAL};
use ruff_python_ast::Comprehension;
use taipan_bytecode::opcode::op::*;

use super::expressions::INTRINSIC_STOPITERATION_ERROR;

/// What a comprehension produces from each round.
#[derive(Clone, Copy)]
enum Element<'a> {
    Generator(&'a Expr),
    List(&'a Expr),
    Set(&'a Expr),
    Dict(&'a Expr, &'a Expr),
}

/// What inlining changed in the unit around the comprehension.
#[derive(Default)]
struct Inlined {
    symbols: Vec<(Sym, u32)>,
    hidden: Vec<Sym>,
    pushed: Vec<Sym>,
    cleanup: Option<Label>,
}

impl<'a> Compiler<'a> {
    pub(super) fn visit_comprehension(&mut self, expr: &'a Expr) -> Done {
        let (scope, name, generators, element): (_, _, &'a [Comprehension], _) = match expr {
            Expr::ListComp(e) => (
                self.scope_of(e, Role::Body)?,
                known::ANON_LISTCOMP,
                &e.generators,
                Element::List(&e.elt),
            ),
            Expr::SetComp(e) => (
                self.scope_of(e, Role::Body)?,
                known::ANON_SETCOMP,
                &e.generators,
                Element::Set(&e.elt),
            ),
            Expr::DictComp(e) => {
                let Some(key) = &e.key else {
                    return self.error(
                        "dict unpacking cannot be used in dict comprehension",
                        expr.range(),
                    );
                };
                (
                    self.scope_of(e, Role::Body)?,
                    known::ANON_DICTCOMP,
                    &e.generators,
                    Element::Dict(key, &e.value),
                )
            }
            Expr::Generator(e) => (
                self.scope_of(e, Role::Body)?,
                known::ANON_GENEXPR,
                &e.generators,
                Element::Generator(&e.elt),
            ),
            _ => return Ok(()),
        };
        let loc = self.expr_loc(expr);
        let outermost = &generators[0];
        let entry = self.table.scope(scope);
        let inlined = entry.comp_inlined;
        let is_async = entry.coroutine;
        let mut state = Inlined::default();
        if inlined {
            self.comprehension_iter(outermost)?;
            self.push_inlined(scope, expr.range(), loc, &mut state)?;
        } else {
            self.enter_scope(
                name,
                ScopeType::Comprehension,
                scope,
                loc.lineno,
                None,
                [1, 0, 0],
            )?;
        }
        let build = match element {
            Element::Generator(_) => None,
            Element::List(_) => Some(BUILD_LIST),
            Element::Set(_) => Some(BUILD_SET),
            Element::Dict(..) => Some(BUILD_MAP),
        };
        if let Some(opcode) = build {
            self.op_i(opcode, 0, loc);
            if inlined {
                self.op_i(SWAP, 2, loc);
            }
        }
        self.comprehension_generator(expr.range(), loc, generators, 0, 0, element, inlined)?;
        if inlined {
            return self.pop_inlined(loc, state);
        }
        if build.is_some() {
            self.op(RETURN_VALUE, loc);
        } else {
            self.wrap_in_stopiteration_handler();
        }
        let code = self.assemble(true)?;
        self.make_closure(code, 0, loc)?;
        self.comprehension_iter(outermost)?;
        self.op_i(CALL, 0, loc);
        if is_async && build.is_some() {
            self.await_(loc, 0);
        }
        Ok(())
    }

    fn comprehension_iter(&mut self, generator: &'a Comprehension) -> Done {
        self.visit(&generator.iter)?;
        let loc = self.expr_loc(&generator.iter);
        let opcode = if generator.is_async {
            GET_AITER
        } else {
            GET_ITER
        };
        self.op(opcode, loc);
        Ok(())
    }

    /// A StopIteration that leaves a generator's body becomes a RuntimeError.
    pub(super) fn wrap_in_stopiteration_handler(&mut self) {
        let handler = self.new_label();
        self.unit()
            .seq
            .insert_jump(0, SETUP_CLEANUP, handler, NO_LOCATION);
        self.load_none(NO_LOCATION);
        self.op(RETURN_VALUE, NO_LOCATION);
        self.use_label(handler);
        self.op_i(CALL_INTRINSIC_1, INTRINSIC_STOPITERATION_ERROR, NO_LOCATION);
        self.op_i(RERAISE, 1, NO_LOCATION);
    }

    fn comprehension_generator(
        &mut self,
        range: TextRange,
        loc: Location,
        generators: &'a [Comprehension],
        index: usize,
        depth: i32,
        element: Element<'a>,
        iter_on_stack: bool,
    ) -> Done {
        if generators[index].is_async {
            self.async_generator(range, loc, generators, index, depth, element, iter_on_stack)
        } else {
            self.sync_generator(range, loc, generators, index, depth, element, iter_on_stack)
        }
    }

    fn sync_generator(
        &mut self,
        range: TextRange,
        loc: Location,
        generators: &'a [Comprehension],
        index: usize,
        mut depth: i32,
        element: Element<'a>,
        iter_on_stack: bool,
    ) -> Done {
        let generator = &generators[index];
        let start = self.new_label();
        let if_cleanup = self.new_label();
        let anchor = self.new_label();
        let mut looping = true;
        if !iter_on_stack {
            if index == 0 {
                self.op_i(LOAD_FAST, 0, loc);
            } else {
                // `for y in [f(x)]` is an assignment.
                let elts = match &generator.iter {
                    Expr::List(list) => &*list.elts,
                    Expr::Tuple(tuple) => &*tuple.elts,
                    _ => &[],
                };
                match elts {
                    [elt] if !elt.is_starred_expr() => {
                        self.visit(elt)?;
                        looping = false;
                    }
                    _ => self.comprehension_iter(generator)?,
                }
            }
        }
        if looping {
            depth += 1;
            self.use_label(start);
            let iter_loc = self.expr_loc(&generator.iter);
            self.jump(FOR_ITER, anchor, iter_loc);
        }
        self.visit(&generator.target)?;
        for test in &generator.ifs {
            self.jump_if(test, if_cleanup, false)?;
        }
        let elt_loc =
            self.comprehension_inner(range, loc, generators, index + 1, depth, element)?;
        self.use_label(if_cleanup);
        if looping {
            self.jump(JUMP, start, elt_loc);
            self.use_label(anchor);
            self.op(END_FOR, NO_LOCATION);
            self.op(POP_ITER, NO_LOCATION);
        }
        Ok(())
    }

    /// The next `for`, or the element after the last one; the location of the element.
    fn comprehension_inner(
        &mut self,
        range: TextRange,
        loc: Location,
        generators: &'a [Comprehension],
        index: usize,
        depth: i32,
        element: Element<'a>,
    ) -> Result<Location, Failure> {
        let first = match element {
            Element::Generator(elt) | Element::List(elt) | Element::Set(elt) => elt,
            Element::Dict(key, _) => key,
        };
        let mut elt_loc = self.expr_loc(first);
        if index < generators.len() {
            self.comprehension_generator(range, loc, generators, index, depth, element, false)?;
            return Ok(elt_loc);
        }
        self.visit(first)?;
        match element {
            Element::Generator(_) => {
                self.op_yield(elt_loc);
                self.op(POP_TOP, elt_loc);
            }
            Element::List(_) => self.op_i(LIST_APPEND, depth + 1, elt_loc),
            Element::Set(_) => self.op_i(SET_ADD, depth + 1, elt_loc),
            Element::Dict(_, value) => {
                self.visit(value)?;
                let end = self.expr_loc(value);
                elt_loc.end_lineno = end.end_lineno;
                elt_loc.end_col_offset = end.end_col_offset;
                self.op_i(MAP_ADD, depth + 1, elt_loc);
            }
        }
        Ok(elt_loc)
    }

    fn async_generator(
        &mut self,
        range: TextRange,
        loc: Location,
        generators: &'a [Comprehension],
        index: usize,
        depth: i32,
        element: Element<'a>,
        iter_on_stack: bool,
    ) -> Done {
        let generator = &generators[index];
        let start = self.new_label();
        let send = self.new_label();
        let except = self.new_label();
        let if_cleanup = self.new_label();
        if !iter_on_stack {
            if index == 0 {
                self.op_i(LOAD_FAST, 0, loc);
            } else {
                self.comprehension_iter(generator)?;
            }
        }
        self.use_label(start);
        self.fblock(
            FBlockKind::AsyncComprehension,
            Some(start),
            None,
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
        self.visit(&generator.target)?;
        for test in &generator.ifs {
            self.jump_if(test, if_cleanup, false)?;
        }
        let elt_loc =
            self.comprehension_inner(range, loc, generators, index + 1, depth + 1, element)?;
        self.use_label(if_cleanup);
        self.jump(JUMP, start, elt_loc);
        self.pop_fblock(FBlockKind::AsyncComprehension);
        self.use_label(except);
        self.jump(END_ASYNC_FOR, send, loc);
        Ok(())
    }

    // Inlining.

    /// Gives the names of an inlined comprehension their places, saving what they hide.
    fn push_inlined(
        &mut self,
        comp: ScopeId,
        range: TextRange,
        loc: Location,
        state: &mut Inlined,
    ) -> Done {
        let outer = self.unit_ref().scope;
        let in_class = self.table.scope(outer).kind == BlockKind::Class
            && self.unit_ref().in_inlined_comp == 0;
        let function = self.table.scope(outer).is_function_like();
        self.unit().in_inlined_comp += 1;
        let symbols: Vec<(Sym, u32)> = self.table.scope(comp).symbols.iter().collect();
        let mut outer_places = Vec::with_capacity(symbols.len());
        for &(name, symbol) in &symbols {
            let place = Place::of_flags(symbol);
            let outer_symbol = self.table.scope(outer).flags(name);
            let outer_place = Place::of_flags(outer_symbol);
            let differs = place != outer_place
                && place != Place::Free
                && !(place == Place::Cell && outer_place == Place::Free);
            if differs || in_class {
                self.table.scope_mut(outer).symbols.insert(name, symbol);
                state.symbols.push((name, outer_symbol));
            }
            let isolated = symbol & DEF_LOCAL != 0 && symbol & DEF_NONLOCAL == 0 || in_class;
            if isolated && !function && self.unit_ref().fasthidden.get(name) != Some(true) {
                self.unit().fasthidden.insert(name, true);
                state.hidden.push(name);
            }
            outer_places.push(Place::of_flags(self.table.scope(outer).flags(name)));
        }
        for (&(name, symbol), &outer_place) in symbols.iter().zip(&outer_places) {
            if symbol & DEF_LOCAL == 0 || symbol & DEF_NONLOCAL != 0 {
                continue;
            }
            // The value is saved on the stack; of a cell, the cell itself, and a new one takes its place.
            let mangled = self.mangle(name);
            let arg = unit::add(&mut self.unit().varnames, mangled) as i32;
            self.op_i(LOAD_FAST_AND_CLEAR, arg, loc);
            if Place::of_flags(symbol) == Place::Cell {
                let arg = self.deref_arg(mangled, outer_place == Place::Free);
                self.op_i(MAKE_CELL, arg, loc);
            }
            state.pushed.push(mangled);
        }
        if !state.pushed.is_empty() {
            self.op_i(SWAP, state.pushed.len() as i32 + 1, loc);
            let cleanup = self.new_label();
            state.cleanup = Some(cleanup);
            self.fblock(
                FBlockKind::InlinedComprehension,
                Some(cleanup),
                None,
                loc,
                range,
                Datum::None,
            )?;
            self.jump(SETUP_FINALLY, cleanup, loc);
        }
        Ok(())
    }

    fn restore_locals(&mut self, loc: Location, state: &Inlined) {
        self.op_i(SWAP, state.pushed.len() as i32 + 1, loc);
        for &name in state.pushed.iter().rev() {
            let arg = unit::add(&mut self.unit().varnames, name) as i32;
            self.op_i(STORE_FAST_MAYBE_NULL, arg, loc);
        }
    }

    fn pop_inlined(&mut self, loc: Location, state: Inlined) -> Done {
        if let Some(cleanup) = state.cleanup {
            self.op(POP_BLOCK, NO_LOCATION);
            self.pop_fblock(FBlockKind::InlinedComprehension);
            let end = self.new_label();
            self.jump(JUMP_NO_INTERRUPT, end, NO_LOCATION);
            self.use_label(cleanup);
            // The unfinished result lies below the exception.
            self.op_i(SWAP, 2, NO_LOCATION);
            self.op(POP_TOP, NO_LOCATION);
            self.restore_locals(loc, &state);
            self.op_i(RERAISE, 0, NO_LOCATION);
            self.use_label(end);
            self.restore_locals(loc, &state);
        }
        let outer = self.unit_ref().scope;
        self.unit().in_inlined_comp -= 1;
        for &(name, symbol) in &state.symbols {
            self.table.scope_mut(outer).symbols.insert(name, symbol);
        }
        for name in state.hidden {
            self.unit().fasthidden.insert(name, false);
        }
        Ok(())
    }
}
