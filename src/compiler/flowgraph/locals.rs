//! Locals: which may be unset, which can be borrowed, and their final places.

use taipan_bytecode::Str;
use taipan_bytecode::code::{flags::*, kinds::*};
use taipan_bytecode::opcode::{self, op};

use super::{
    BlockId, Graph, Instr, NO_BLOCK, Result, internal, is_scope_exit, is_unconditional_jump,
};
use crate::instructions::{Location, NO_LOCATION, UnitMetadata};

/// Locals from this number on are only followed within a block.
const TRACKED: usize = 64;

impl Graph {
    /// LOAD_FAST of a local that may be unset becomes LOAD_FAST_CHECK.
    pub fn add_checks_for_unset_locals(&mut self, nlocals: usize, nparams: usize) {
        if nlocals == 0 {
            return;
        }
        if nlocals > TRACKED {
            self.check_many_locals(nlocals);
        }
        self.clear_visited();
        let mut todo = Vec::new();
        let mut unset = 0u64;
        for local in nparams..nlocals.min(TRACKED) {
            unset |= 1 << local;
        }
        self.spread_unset(&mut todo, 0, unset);
        // A DELETE_FAST anywhere is another origin.
        let order: Vec<BlockId> = self.order().collect();
        for id in order {
            self.scan_for_unset(&mut todo, id);
        }
        while let Some(id) = todo.pop() {
            self.block_mut(id).visited = false;
            self.scan_for_unset(&mut todo, id);
        }
    }

    /// `visited` means: is in `todo`.
    fn spread_unset(&mut self, todo: &mut Vec<BlockId>, id: BlockId, unset: u64) {
        let block = self.block_mut(id);
        let both = block.unsafe_locals | unset;
        if block.unsafe_locals != both {
            block.unsafe_locals = both;
            if !block.visited {
                block.visited = true;
                todo.push(id);
            }
        }
    }

    fn scan_for_unset(&mut self, todo: &mut Vec<BlockId>, id: BlockId) {
        let mut unset = self.block(id).unsafe_locals;
        for at in 0..self.block(id).instrs.len() {
            let instr = self.block(id).instrs[at];
            if instr.except != NO_BLOCK {
                self.spread_unset(todo, instr.except, unset);
            }
            if instr.oparg as usize >= TRACKED {
                continue;
            }
            let bit = 1u64 << instr.oparg;
            match instr.opcode {
                op::DELETE_FAST | op::LOAD_FAST_AND_CLEAR | op::STORE_FAST_MAYBE_NULL => {
                    unset |= bit
                }
                op::STORE_FAST | op::LOAD_FAST_CHECK => unset &= !bit,
                op::LOAD_FAST => {
                    if unset & bit != 0 {
                        self.block_mut(id).instrs[at].opcode = op::LOAD_FAST_CHECK;
                    }
                    unset &= !bit;
                }
                _ => {}
            }
        }
        let next = self.next(id);
        if next != NO_BLOCK && self.block(id).falls_through() {
            self.spread_unset(todo, next, unset);
        }
        if let Some(&last) = self.block(id).instrs.last().filter(|last| last.is_jump()) {
            self.spread_unset(todo, last.target, unset);
        }
    }

    fn check_many_locals(&mut self, nlocals: usize) {
        // In which block a local was last known to be set.
        let mut set_in = vec![NO_BLOCK; nlocals - TRACKED];
        let order: Vec<BlockId> = self.order().collect();
        for id in order {
            for instr in &mut self.block_mut(id).instrs {
                let Some(state) = (instr.oparg as usize)
                    .checked_sub(TRACKED)
                    .and_then(|at| set_in.get_mut(at))
                else {
                    continue;
                };
                match instr.opcode {
                    op::DELETE_FAST | op::LOAD_FAST_AND_CLEAR | op::STORE_FAST_MAYBE_NULL => {
                        *state = NO_BLOCK
                    }
                    op::STORE_FAST => *state = id,
                    op::LOAD_FAST => {
                        if *state != id {
                            instr.opcode = op::LOAD_FAST_CHECK;
                        }
                        *state = id;
                    }
                    _ => {}
                }
            }
        }
    }
}

/// What an entry of the simulated stack came from: the instruction, and the local it refers to.
#[derive(Clone, Copy)]
struct Ref {
    instr: usize,
    local: i32,
}

/// From before the block.
const OUTSIDE: usize = usize::MAX;
const NOT_LOCAL: i32 = -1;

struct Borrows {
    refs: Vec<Ref>,
    /// Which instructions of the block load what outlives the local, is stored, or is left on the stack.
    escapes: Vec<bool>,
    todo: Vec<BlockId>,
}

impl Borrows {
    fn push(&mut self, instr: usize, local: i32) {
        self.refs.push(Ref { instr, local });
    }

    fn pop(&mut self) -> Result<Ref> {
        self.refs
            .pop()
            .ok_or_else(|| internal("Invalid CFG, stack underflow"))
    }

    fn pops(&mut self, count: usize) -> Result<()> {
        (0..count).try_for_each(|_| self.pop().map(|_| ()))
    }

    fn at_depth(&self, depth: i32) -> Result<usize> {
        self.refs
            .len()
            .checked_sub(depth as usize)
            .ok_or_else(|| internal("Invalid CFG, stack underflow"))
    }

    fn kill(&mut self, local: i32) {
        for entry in self.refs.iter().filter(|entry| entry.local == local) {
            self.escapes[entry.instr] = true;
        }
    }

    fn store(&mut self, local: i32) -> Result<()> {
        let entry = self.pop()?;
        self.kill(local);
        if entry.instr != OUTSIDE {
            self.escapes[entry.instr] = true;
        }
        Ok(())
    }
}

impl Graph {
    /// Loads of locals whose reference is used up before the local can change become borrowing ones.
    pub fn optimize_load_fast(&mut self) -> Result<()> {
        self.clear_visited();
        let mut state = Borrows {
            refs: Vec::new(),
            escapes: Vec::new(),
            todo: vec![0],
        };
        self.blocks[0].startdepth = 0;
        self.blocks[0].visited = true;
        while let Some(id) = state.todo.pop() {
            let block = self.block(id);
            state.escapes.clear();
            state.escapes.resize(block.instrs.len(), false);
            state.refs.clear();
            state.refs.resize(
                block.startdepth.max(0) as usize,
                Ref {
                    instr: OUTSIDE,
                    local: NOT_LOCAL,
                },
            );
            for at in 0..self.block(id).instrs.len() {
                let instr = self.block(id).instrs[at];
                self.simulate(&mut state, at, instr)?;
            }
            let next = self.next(id);
            if let Some(last) = self.block(id).instrs.last() {
                if next != NO_BLOCK
                    && !is_unconditional_jump(last.opcode)
                    && !is_scope_exit(last.opcode)
                {
                    self.enter(&mut state, next);
                }
            }
            for entry in state.refs.iter().filter(|entry| entry.instr != OUTSIDE) {
                state.escapes[entry.instr] = true;
            }
            for (instr, escapes) in self.block_mut(id).instrs.iter_mut().zip(&state.escapes) {
                if !escapes {
                    instr.opcode = match instr.opcode {
                        op::LOAD_FAST => op::LOAD_FAST_BORROW,
                        op::LOAD_FAST_LOAD_FAST => op::LOAD_FAST_BORROW_LOAD_FAST_BORROW,
                        opcode => opcode,
                    };
                }
            }
        }
        Ok(())
    }

    fn enter(&mut self, state: &mut Borrows, id: BlockId) {
        let block = self.block_mut(id);
        if !block.visited {
            block.visited = true;
            state.todo.push(id);
        }
    }

    fn simulate(&mut self, state: &mut Borrows, at: usize, instr: Instr) -> Result<()> {
        let oparg = instr.oparg;
        let info = opcode::info(instr.opcode);
        let popped = (info.pops)(oparg as u64) as usize;
        let pushed = (info.pushes)(oparg as u64) as usize;
        match instr.opcode {
            op::DELETE_FAST => state.kill(oparg),
            op::LOAD_FAST => state.push(at, oparg),
            op::LOAD_FAST_AND_CLEAR => {
                state.kill(oparg);
                state.push(at, oparg);
            }
            op::LOAD_FAST_LOAD_FAST => {
                state.push(at, oparg >> 4);
                state.push(at, oparg & 15);
            }
            op::STORE_FAST => state.store(oparg)?,
            op::STORE_FAST_LOAD_FAST => {
                state.store(oparg >> 4)?;
                state.push(at, oparg & 15);
            }
            op::STORE_FAST_STORE_FAST => {
                state.store(oparg >> 4)?;
                state.store(oparg & 15)?;
            }
            op::COPY => {
                let entry = state.refs[state.at_depth(oparg)?];
                state.refs.push(entry);
            }
            op::SWAP => {
                let (other, top) = (state.at_depth(oparg)?, state.at_depth(1)?);
                state.refs.swap(other, top);
            }
            op::FORMAT_SIMPLE
            | op::GET_ANEXT
            | op::GET_LEN
            | op::GET_YIELD_FROM_ITER
            | op::IMPORT_FROM
            | op::MATCH_KEYS
            | op::MATCH_MAPPING
            | op::MATCH_SEQUENCE
            | op::WITH_EXCEPT_START => {
                // CPython 3.14 counts these results as made by the block's first instructions.
                for result in 0..pushed - popped {
                    state.push(result, NOT_LOCAL);
                }
            }
            op::DICT_MERGE
            | op::DICT_UPDATE
            | op::LIST_APPEND
            | op::LIST_EXTEND
            | op::MAP_ADD
            | op::RERAISE
            | op::SET_ADD
            | op::SET_UPDATE => state.pops(popped - pushed)?,
            op::END_SEND | op::SET_FUNCTION_ATTRIBUTE => {
                let top = state.pop()?;
                state.pop()?;
                state.refs.push(top);
            }
            op::CHECK_EXC_MATCH => {
                state.pop()?;
                state.push(at, NOT_LOCAL);
            }
            op::FOR_ITER => {
                self.enter(state, instr.target);
                state.push(at, NOT_LOCAL);
            }
            op::LOAD_ATTR | op::LOAD_SUPER_ATTR => {
                let owner = state.pop()?;
                state.pops(popped - 1)?;
                state.push(at, NOT_LOCAL);
                if oparg & 1 != 0 {
                    state.refs.push(owner);
                }
            }
            op::LOAD_SPECIAL | op::PUSH_EXC_INFO => {
                let top = state.pop()?;
                state.push(at, NOT_LOCAL);
                state.refs.push(top);
            }
            op::SEND => {
                self.enter(state, instr.target);
                state.pop()?;
                state.push(at, NOT_LOCAL);
            }
            _ => {
                if instr.has_target() {
                    self.enter(state, instr.target);
                }
                if !instr.is_block_push() {
                    state.pops(popped)?;
                    for _ in 0..pushed {
                        state.push(at, NOT_LOCAL);
                    }
                }
            }
        }
        Ok(())
    }
}

/// The slots before the operand stack: locals, then cells that are not locals, then free variables.
pub(crate) struct LocalsPlus {
    pub names: Vec<Str>,
    pub kinds: Vec<u8>,
}

impl Graph {
    /// Puts cells in their places and inserts the instructions that a frame begins with.
    pub fn prepare_localsplus(&mut self, meta: &UnitMetadata, flags: u32) -> Result<LocalsPlus> {
        let nlocals = meta.varnames.len();
        let mut places = Vec::with_capacity(meta.cellvars.len() + meta.freevars.len());
        let mut locals = LocalsPlus {
            names: meta.varnames.as_slice().to_vec(),
            kinds: local_kinds(meta, flags),
        };
        for name in meta.cellvars.iter() {
            match meta.varnames.get(name) {
                Some(local) => places.push(local as usize),
                None => {
                    places.push(locals.names.len());
                    locals.names.push(name.clone());
                    locals.kinds.push(CO_FAST_CELL);
                }
            }
        }
        for name in meta.freevars.iter() {
            places.push(locals.names.len());
            locals.names.push(name.clone());
            locals.kinds.push(CO_FAST_FREE);
        }
        debug_assert!(nlocals <= locals.names.len());

        let mut prefix = Vec::new();
        if !meta.freevars.is_empty() {
            prefix.push(Instr::new(
                op::COPY_FREE_VARS,
                meta.freevars.len() as i32,
                NO_LOCATION,
            ));
        }
        let mut cells: Vec<usize> = (0..meta.cellvars.len()).collect();
        cells.sort_by_key(|&cell| places[cell]);
        prefix.extend(
            cells
                .iter()
                .map(|&cell| Instr::new(op::MAKE_CELL, cell as i32, NO_LOCATION)),
        );
        if flags & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR) != 0 {
            let loc = Location::new(meta.firstlineno, meta.firstlineno, -1, -1);
            prefix.push(Instr::new(op::RETURN_GENERATOR, 0, loc));
            prefix.push(Instr::new(op::POP_TOP, 0, loc));
        }
        self.blocks[0].insert(0, &prefix);

        for instr in self.blocks.iter_mut().flat_map(|block| &mut block.instrs) {
            if matches!(
                instr.opcode,
                op::MAKE_CELL
                    | op::LOAD_CLOSURE
                    | op::LOAD_DEREF
                    | op::STORE_DEREF
                    | op::DELETE_DEREF
                    | op::LOAD_FROM_DICT_OR_DEREF
            ) {
                let place = places
                    .get(instr.oparg as usize)
                    .ok_or_else(|| internal("cell out of range"))?;
                instr.oparg = *place as i32;
            }
        }
        Ok(locals)
    }
}

fn local_kinds(meta: &UnitMetadata, flags: u32) -> Vec<u8> {
    let groups = [
        (meta.posonlyargcount, CO_FAST_ARG_POS),
        (meta.argcount, CO_FAST_ARG_POS | CO_FAST_ARG_KW),
        (meta.kwonlyargcount, CO_FAST_ARG_KW),
        (
            (flags & CO_VARARGS != 0) as u32,
            CO_FAST_ARG_VAR | CO_FAST_ARG_POS,
        ),
        (
            (flags & CO_VARKEYWORDS != 0) as u32,
            CO_FAST_ARG_VAR | CO_FAST_ARG_KW,
        ),
    ];
    let mut args = groups
        .iter()
        .flat_map(|&(count, kind)| std::iter::repeat_n(kind, count as usize));
    meta.varnames
        .iter()
        .map(|name| {
            let mut kind = CO_FAST_LOCAL | args.next().unwrap_or(0);
            if meta.fasthidden.contains_key(name) {
                kind |= CO_FAST_HIDDEN;
            }
            if meta.cellvars.contains(name) {
                kind |= CO_FAST_CELL;
            }
            kind
        })
        .collect()
}
