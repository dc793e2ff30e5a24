//! Lines for instructions that have none: each way out of a frame must know its line.

use taipan_bytecode::opcode::{self, flags};

use super::{Block, BlockId, Graph, NO_BLOCK};
use crate::instructions::NO_LOCATION;

fn needs_line(block: &Block) -> bool {
    (block.exits_scope()
        || block
            .instrs
            .iter()
            .any(|instr| opcode::info(instr.opcode).flags & flags::EVAL_BREAK != 0))
        && block.has_no_lines()
}

impl Graph {
    pub fn resolve_line_numbers(&mut self) {
        self.duplicate_exits_without_line();
        self.propagate_lines();
    }

    /// Copies exits without a line until each has one predecessor, whose line it then takes.
    fn duplicate_exits_without_line(&mut self) {
        let mut id = 0;
        while id != NO_BLOCK {
            if let Some(&last) = self.block(id).instrs.last().filter(|last| last.is_jump()) {
                let target = self.nonempty(last.target);
                if target != NO_BLOCK
                    && self.block(target).predecessors > 1
                    && needs_line(self.block(target))
                {
                    self.duplicate(id, target);
                }
            }
            id = self.next(id);
        }
        let mut id = 0;
        while id != NO_BLOCK {
            let next = self.next(id);
            if next != NO_BLOCK && self.block(id).falls_through() && needs_line(self.block(next)) {
                if let Some(&last) = self.block(id).instrs.last() {
                    self.block_mut(next).instrs[0].loc = last.loc;
                }
            }
            id = next;
        }
    }

    fn duplicate(&mut self, from: BlockId, target: BlockId) {
        let new = self.new_block();
        let mut instrs = self.block(target).instrs.clone();
        let next = self.next(target);
        if let Some(jump) = self.block_mut(from).instrs.last_mut() {
            instrs[0].loc = jump.loc;
            jump.target = new;
        }
        let block = self.block_mut(new);
        block.instrs = instrs;
        block.predecessors = 1;
        block.next = next;
        block.labelled = true;
        let block = self.block_mut(target);
        block.predecessors -= 1;
        block.next = new;
    }

    /// Instructions without a line take that of the one before them, blocks that of their only predecessor.
    fn propagate_lines(&mut self) {
        let mut id = 0;
        while id != NO_BLOCK {
            let next = self.next(id);
            let block = self.block_mut(id);
            let mut previous = NO_LOCATION;
            for instr in &mut block.instrs {
                if instr.loc.lineno == NO_LOCATION.lineno {
                    instr.loc = previous;
                } else {
                    previous = instr.loc;
                }
            }
            if let Some(&last) = block.instrs.last() {
                if block.falls_through() && next != NO_BLOCK {
                    self.inherit(next, previous);
                }
                if last.is_jump() {
                    self.inherit(last.target, previous);
                }
            }
            id = next;
        }
    }

    fn inherit(&mut self, id: BlockId, loc: crate::instructions::Location) {
        let block = self.block_mut(id);
        if block.predecessors == 1 {
            if let Some(first) = block
                .instrs
                .first_mut()
                .filter(|first| first.loc.lineno == NO_LOCATION.lineno)
            {
                first.loc = loc;
            }
        }
    }
}
