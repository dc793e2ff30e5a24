//! The order of blocks, and pseudo instructions that are replaced once it is fixed.

use taipan_bytecode::opcode::op;

use super::{BlockId, Graph, Instr, NO_BLOCK, Result};
use crate::instructions::NO_LOCATION;

impl Graph {
    /// Warm is what normal control flow reaches from the entry.
    fn mark_warm(&mut self) {
        self.clear_visited();
        self.blocks[0].visited = true;
        let mut todo: Vec<BlockId> = vec![0];
        while let Some(id) = todo.pop() {
            self.block_mut(id).warm = true;
            let next = self.next(id);
            if next != NO_BLOCK && self.block(id).falls_through() && !self.block(next).visited {
                self.block_mut(next).visited = true;
                todo.push(next);
            }
            for at in 0..self.block(id).instrs.len() {
                let instr = self.block(id).instrs[at];
                if instr.is_jump() && !self.block(instr.target).visited {
                    self.block_mut(instr.target).visited = true;
                    todo.push(instr.target);
                }
            }
        }
    }

    /// Cold is what only exceptions lead to.
    fn mark_cold(&mut self) {
        self.mark_warm();
        self.clear_visited();
        let mut todo: Vec<BlockId> = self
            .order()
            .filter(|&id| self.block(id).except_handler)
            .collect();
        for &id in &todo {
            self.blocks[id as usize].visited = true;
        }
        while let Some(id) = todo.pop() {
            self.block_mut(id).cold = true;
            let next = self.next(id);
            if next != NO_BLOCK && self.block(id).falls_through() {
                self.visit_cold(&mut todo, next);
            }
            if let Some(&last) = self.block(id).instrs.last().filter(|last| last.is_jump()) {
                self.visit_cold(&mut todo, last.target);
            }
        }
    }

    fn visit_cold(&mut self, todo: &mut Vec<BlockId>, id: BlockId) {
        let block = self.block_mut(id);
        if !block.warm && !block.visited {
            block.visited = true;
            todo.push(id);
        }
    }

    pub fn push_cold_blocks_to_end(&mut self) -> Result<()> {
        if self.next(0) == NO_BLOCK {
            return Ok(());
        }
        self.mark_cold();
        let mut id = 0;
        while id != NO_BLOCK {
            let next = self.next(id);
            if next != NO_BLOCK
                && self.block(id).cold
                && self.block(id).falls_through()
                && self.block(next).warm
            {
                let jump = self.new_block();
                self.block_mut(next).labelled = true;
                let block = self.block_mut(jump);
                let mut instr = Instr::new(op::JUMP_NO_INTERRUPT, 0, NO_LOCATION);
                instr.target = next;
                block.instrs.push(instr);
                block.cold = true;
                block.next = next;
                block.predecessors = 1;
                self.block_mut(id).next = jump;
            }
            id = next;
        }
        let order: Vec<BlockId> = self.order().collect();
        let (cold, warm): (Vec<BlockId>, Vec<BlockId>) =
            order.iter().partition(|&&id| self.block(id).cold);
        if cold.is_empty() {
            return Ok(());
        }
        let mut previous = NO_BLOCK;
        for &id in warm.iter().chain(&cold) {
            if previous != NO_BLOCK {
                self.block_mut(previous).next = id;
            }
            previous = id;
        }
        self.block_mut(previous).next = NO_BLOCK;
        self.remove_redundant_nops_and_jumps()
    }

    /// JUMP_IF_x, which keeps its value, becomes COPY, TO_BOOL and POP_JUMP_IF_x.
    pub fn convert_pseudo_conditional_jumps(&mut self) {
        for block in &mut self.blocks {
            let Some(last) = block.instrs.last_mut() else {
                continue;
            };
            last.opcode = match last.opcode {
                op::JUMP_IF_FALSE => op::POP_JUMP_IF_FALSE,
                op::JUMP_IF_TRUE => op::POP_JUMP_IF_TRUE,
                _ => continue,
            };
            let (loc, except) = (last.loc, last.except);
            let at = block.instrs.len() - 1;
            let mut tests = [
                Instr::new(op::COPY, 1, loc),
                Instr::new(op::TO_BOOL, 0, loc),
            ];
            for test in &mut tests {
                test.except = except;
            }
            block.insert(at, &tests);
        }
    }

    pub fn convert_pseudo_ops(&mut self) -> Result<()> {
        for instr in self.blocks.iter_mut().flat_map(|block| &mut block.instrs) {
            match instr.opcode {
                op::LOAD_CLOSURE => instr.opcode = op::LOAD_FAST,
                op::STORE_FAST_MAYBE_NULL => instr.opcode = op::STORE_FAST,
                _ if instr.is_block_push() => instr.set_nop(),
                _ => {}
            }
        }
        self.remove_redundant_nops_and_jumps()
    }

    /// Conditional jumps go forward only: one that would go back is turned round over a jump back.
    pub fn normalize_jumps(&mut self) {
        self.clear_visited();
        let mut id = 0;
        while id != NO_BLOCK {
            self.block_mut(id).visited = true;
            self.normalize_last_jump(id);
            id = self.next(id);
        }
    }

    fn normalize_last_jump(&mut self, id: BlockId) {
        let Some(&last) = self.block(id).instrs.last() else {
            return;
        };
        let reversed = match last.opcode {
            op::POP_JUMP_IF_NOT_NONE => op::POP_JUMP_IF_NONE,
            op::POP_JUMP_IF_NONE => op::POP_JUMP_IF_NOT_NONE,
            op::POP_JUMP_IF_FALSE => op::POP_JUMP_IF_TRUE,
            op::POP_JUMP_IF_TRUE => op::POP_JUMP_IF_FALSE,
            _ => return,
        };
        let not_taken = Instr::new(op::NOT_TAKEN, 0, last.loc);
        if !self.block(last.target).visited {
            self.block_mut(id).add(not_taken);
            return;
        }
        let next = self.next(id);
        let back = self.new_block();
        let mut jump = Instr::new(op::JUMP, 0, last.loc);
        jump.target = last.target;
        let startdepth = self.block(last.target).startdepth;
        let cold = self.block(id).cold;
        let block = self.block_mut(back);
        block.instrs = vec![not_taken, jump];
        block.startdepth = startdepth;
        block.cold = cold;
        block.next = next;
        let block = self.block_mut(id);
        block.next = back;
        if let Some(last) = block.instrs.last_mut() {
            last.opcode = reversed;
            last.target = next;
        }
    }
}
