//! The control-flow graph of a unit and the passes over it, in CPython's order.
//!
//! Invariant: a jump, a return or a raise is the last instruction of its block, and a block falls
//! through to `next` unless its last instruction never does. Passes that drop an instruction leave
//! a NOP; NOPs go later, unless they alone keep a line alive.

mod constants;
mod exceptions;
mod fold;
mod layout;
mod lines;
mod locals;
mod numbers;
mod peephole;
mod redundant;

use taipan_bytecode::opcode::{self, op};

use crate::error::{CompileError, ErrorKind};
use crate::instructions::{ConstTable, InstructionSequence, Label, Location};

pub(crate) use locals::LocalsPlus;

type Result<T> = std::result::Result<T, CompileError>;

/// A defect of the compiler, or a program it cannot deal with.
pub(crate) fn internal(msg: &str) -> CompileError {
    CompileError::bare(ErrorKind::System, msg)
}

/// Index of a block.
pub(crate) type BlockId = u32;
/// Stands for no block.
pub(crate) const NO_BLOCK: BlockId = u32::MAX;

/// An instruction in the graph.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Instr {
    pub opcode: u16,
    pub oparg: i32,
    pub loc: Location,
    /// Target of a jump or block push.
    pub target: BlockId,
    /// Handler of what this raises.
    pub except: BlockId,
}

impl Instr {
    pub fn new(opcode: u16, oparg: i32, loc: Location) -> Instr {
        Instr {
            opcode,
            oparg,
            loc,
            target: NO_BLOCK,
            except: NO_BLOCK,
        }
    }

    /// Makes it another instruction; what it knows of target and handler stays.
    pub fn set(&mut self, opcode: u16, oparg: i32) {
        self.opcode = opcode;
        self.oparg = oparg;
    }

    pub fn set_nop(&mut self) {
        self.set(op::NOP, 0);
    }

    pub fn is_jump(&self) -> bool {
        opcode::has_jump(self.opcode)
    }

    pub fn is_block_push(&self) -> bool {
        opcode::is_block_push(self.opcode)
    }

    pub fn has_target(&self) -> bool {
        self.is_jump() || self.is_block_push()
    }
}

/// Instructions that leave the unit.
pub(crate) fn is_scope_exit(opcode: u16) -> bool {
    matches!(opcode, op::RETURN_VALUE | op::RAISE_VARARGS | op::RERAISE)
}

/// Jumps that are always taken.
pub(crate) fn is_unconditional_jump(opcode: u16) -> bool {
    matches!(
        opcode,
        op::JUMP
            | op::JUMP_NO_INTERRUPT
            | op::JUMP_FORWARD
            | op::JUMP_BACKWARD
            | op::JUMP_BACKWARD_NO_INTERRUPT
    )
}

fn is_terminator(opcode: u16) -> bool {
    opcode::has_jump(opcode) || is_scope_exit(opcode)
}

/// A basic block.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub instrs: Vec<Instr>,
    /// Handlers left behind in the places after the last instruction, the next place last; see [`Block::add`].
    left_over: Vec<BlockId>,
    /// The block that follows in the code.
    pub next: BlockId,
    /// Whether anything may jump here.
    pub labelled: bool,
    pub predecessors: i32,
    /// Depth of the stack on entry, negative while unknown.
    pub startdepth: i32,
    /// As a handler: whether it gets the offset of the raising instruction.
    pub preserve_lasti: bool,
    pub visited: bool,
    pub except_handler: bool,
    pub cold: bool,
    pub warm: bool,
    /// Which of the first 64 locals may be unset on entry.
    pub unsafe_locals: u64,
}

impl Block {
    fn new() -> Block {
        Block {
            instrs: Vec::new(),
            left_over: Vec::new(),
            next: NO_BLOCK,
            labelled: false,
            predecessors: 0,
            startdepth: -1,
            preserve_lasti: false,
            visited: false,
            except_handler: false,
            cold: false,
            warm: false,
            unsafe_locals: 0,
        }
    }

    /// Adds a new instruction at the end.
    ///
    /// CPython keeps a block's instructions in an array and does not clear the handler of a place that it
    /// uses again, so a new instruction can find itself protected. That shows in the exception table, so
    /// the handlers of dropped instructions are remembered by place.
    pub fn add(&mut self, mut instr: Instr) {
        instr.except = self.left_over.pop().unwrap_or(NO_BLOCK);
        self.instrs.push(instr);
    }

    /// Adds whole instructions, handlers included, before place `at`.
    pub fn insert(&mut self, at: usize, instrs: &[Instr]) {
        self.left_over
            .truncate(self.left_over.len().saturating_sub(instrs.len()));
        self.instrs.splice(at..at, instrs.iter().copied());
    }

    /// Drops the instructions from place `kept` on.
    pub fn truncate(&mut self, kept: usize) {
        self.left_over
            .extend(self.instrs.drain(kept..).rev().map(|instr| instr.except));
    }

    pub fn falls_through(&self) -> bool {
        match self.instrs.last() {
            Some(last) => !is_scope_exit(last.opcode) && !is_unconditional_jump(last.opcode),
            None => true,
        }
    }

    pub fn exits_scope(&self) -> bool {
        self.instrs
            .last()
            .is_some_and(|last| is_scope_exit(last.opcode))
    }

    pub fn has_no_lines(&self) -> bool {
        self.instrs.iter().all(|instr| instr.loc.lineno < 0)
    }
}

/// The graph. Block 0 is the entry; the others follow by `next`.
pub(crate) struct Graph {
    pub blocks: Vec<Block>,
}

impl Graph {
    /// From what the code generator wrote.
    pub fn build(seq: &InstructionSequence) -> Result<Graph> {
        let instrs = seq.instructions();
        let mut is_target = vec![false; instrs.len() + 1];
        let position = |label: Option<Label>| {
            label
                .and_then(|label| seq.position(label))
                .filter(|&at| at < instrs.len())
                .ok_or_else(|| internal("jump to a label without a place"))
        };
        for instr in instrs {
            if instr.target.is_some() {
                is_target[position(instr.target)?] = true;
            }
        }
        let mut graph = Graph {
            blocks: vec![Block::new()],
        };
        let mut current: BlockId = 0;
        // Which block begins at a target; filled as the targets come by.
        let mut block_at = vec![NO_BLOCK; instrs.len()];
        let mut pending: Option<usize> = None;
        let mut add = |graph: &mut Graph, instr: Instr, pending: &mut Option<usize>| {
            let block = &graph.blocks[current as usize];
            let terminated = block
                .instrs
                .last()
                .is_some_and(|last| is_terminator(last.opcode));
            if terminated || (pending.is_some() && (!block.instrs.is_empty() || block.labelled)) {
                let new = graph.new_block();
                graph.blocks[current as usize].next = new;
                current = new;
            }
            if let Some(at) = pending.take() {
                graph.blocks[current as usize].labelled = true;
                block_at[at] = current;
            }
            graph.blocks[current as usize].instrs.push(instr);
        };
        // Until all blocks are known, a target is a position in the sequence.
        for (at, instr) in instrs.iter().enumerate() {
            if is_target[at] {
                pending = Some(at);
            }
            if instr.opcode == op::ANNOTATIONS_PLACEHOLDER {
                for instr in seq.annotations.iter().flat_map(|code| code.instructions()) {
                    if instr.target.is_some() {
                        return Err(internal("a jump in code of annotations"));
                    }
                    add(
                        &mut graph,
                        Instr::new(instr.opcode, instr.oparg, instr.loc),
                        &mut pending,
                    );
                }
                continue;
            }
            let mut new = Instr::new(instr.opcode, instr.oparg, instr.loc);
            if instr.target.is_some() {
                new.target = position(instr.target)? as u32;
            }
            add(&mut graph, new, &mut pending);
        }
        for block in &mut graph.blocks {
            for instr in &mut block.instrs {
                if instr.target != NO_BLOCK {
                    instr.target = block_at[instr.target as usize];
                    if instr.target == NO_BLOCK {
                        return Err(internal("jump to a label without an instruction"));
                    }
                }
            }
        }
        Ok(graph)
    }

    pub fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id as usize]
    }

    pub fn block_mut(&mut self, id: BlockId) -> &mut Block {
        &mut self.blocks[id as usize]
    }

    pub fn new_block(&mut self) -> BlockId {
        self.blocks.push(Block::new());
        self.blocks.len() as BlockId - 1
    }

    /// The block behind `id` in the code.
    pub fn next(&self, id: BlockId) -> BlockId {
        self.blocks[id as usize].next
    }

    /// `id` itself or the first block behind it that has instructions.
    pub fn nonempty(&self, mut id: BlockId) -> BlockId {
        while id != NO_BLOCK && self.block(id).instrs.is_empty() {
            id = self.next(id);
        }
        id
    }

    /// Forgets which blocks have been visited.
    pub fn clear_visited(&mut self) {
        for block in &mut self.blocks {
            block.visited = false;
        }
    }

    /// Calls `f` for each block in the order of the code. `f` may add blocks behind the current one.
    pub fn each(&mut self, mut f: impl FnMut(&mut Graph, BlockId) -> Result<()>) -> Result<()> {
        let mut id = 0;
        while id != NO_BLOCK {
            f(self, id)?;
            id = self.next(id);
        }
        Ok(())
    }

    /// The blocks in the order of the code.
    pub fn order(&self) -> impl Iterator<Item = BlockId> + '_ {
        let mut id = 0;
        std::iter::from_fn(move || {
            (id != NO_BLOCK).then(|| {
                let this = id;
                id = self.next(id);
                this
            })
        })
    }

    fn check(&self) -> Result<()> {
        for id in self.order() {
            let instrs = &self.block(id).instrs;
            let body = instrs.len().saturating_sub(1);
            if instrs[..body]
                .iter()
                .any(|instr| is_terminator(instr.opcode))
            {
                return Err(internal("malformed control flow graph."));
            }
        }
        match self.order().last() {
            Some(last) if self.block(self.last_nonempty(last)).falls_through() => {
                Err(internal("control flow runs off the end"))
            }
            _ => Ok(()),
        }
    }

    fn last_nonempty(&self, last: BlockId) -> BlockId {
        self.order()
            .filter(|&id| !self.block(id).instrs.is_empty())
            .last()
            .unwrap_or(last)
    }

    /// All optimisations up to the point where only the layout is left. Gives the constants that are still used.
    pub fn optimize(
        &mut self,
        mut consts: ConstTable,
        nlocals: usize,
        nparams: usize,
    ) -> Result<Vec<taipan_bytecode::Const>> {
        self.mark_except_handlers();
        self.label_exception_targets()?;

        self.check()?;
        self.inline_small_or_no_lineno_blocks();
        self.remove_unreachable();
        self.resolve_line_numbers();
        self.optimize_load_const(&mut consts);
        self.optimize_basic_blocks(&mut consts)?;
        self.remove_redundant_nops_and_pairs();
        self.remove_unreachable();
        self.remove_redundant_nops_and_jumps()?;

        let consts = self.remove_unused_consts(consts.into_vec());
        self.add_checks_for_unset_locals(nlocals, nparams);
        self.insert_superinstructions();
        self.push_cold_blocks_to_end()?;
        self.resolve_line_numbers();
        Ok(consts)
    }
}
