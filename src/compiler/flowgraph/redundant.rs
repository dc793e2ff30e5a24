//! Removal of what does nothing or cannot be reached.

use taipan_bytecode::opcode::op;

use super::{BlockId, Graph, NO_BLOCK, Result, internal, is_unconditional_jump};

/// Blocks that leave the unit are copied to the place of a jump when they are no longer than this.
const MAX_COPY_SIZE: usize = 4;

impl Graph {
    /// Empties blocks that cannot be reached and counts the predecessors of the others.
    pub fn remove_unreachable(&mut self) {
        for block in &mut self.blocks {
            block.predecessors = 0;
            block.visited = false;
        }
        self.blocks[0].predecessors = 1;
        self.blocks[0].visited = true;
        let mut todo: Vec<BlockId> = vec![0];
        while let Some(id) = todo.pop() {
            let next = self.next(id);
            if next != NO_BLOCK && self.block(id).falls_through() {
                self.arrive(&mut todo, next);
            }
            for at in 0..self.block(id).instrs.len() {
                let instr = self.block(id).instrs[at];
                if instr.has_target() {
                    self.arrive(&mut todo, instr.target);
                }
            }
        }
        for id in self.order().collect::<Vec<_>>() {
            let block = self.block_mut(id);
            if block.predecessors == 0 {
                block.truncate(0);
                block.except_handler = false;
            }
        }
    }

    fn arrive(&mut self, todo: &mut Vec<BlockId>, id: BlockId) {
        let block = self.block_mut(id);
        if !block.visited {
            block.visited = true;
            todo.push(id);
        }
        block.predecessors += 1;
    }

    /// Removes NOPs that no line needs from one block. Gives how many.
    fn remove_block_nops(&mut self, id: BlockId) -> usize {
        if !self
            .block(id)
            .instrs
            .iter()
            .any(|instr| instr.opcode == op::NOP)
        {
            return 0;
        }
        let mut instrs = std::mem::take(&mut self.block_mut(id).instrs);
        let count = instrs.len();
        let mut kept = 0;
        let mut previous_line = -1;
        for at in 0..count {
            let line = instrs[at].loc.lineno;
            if instrs[at].opcode == op::NOP {
                if line < 0 || line == previous_line {
                    continue;
                }
                if at + 1 < count {
                    let next_line = instrs[at + 1].loc.lineno;
                    if next_line == line {
                        continue;
                    }
                    if next_line < 0 {
                        instrs[at + 1].loc = instrs[at].loc;
                        continue;
                    }
                } else if self.first_line_after(id) == Some(line) {
                    continue;
                }
            }
            instrs[kept] = instrs[at];
            kept += 1;
            previous_line = line;
        }
        let block = self.block_mut(id);
        block.instrs = instrs;
        block.truncate(kept);
        count - kept
    }

    /// Line of the first instruction behind the block, but for NOPs without a line.
    fn first_line_after(&self, id: BlockId) -> Option<i32> {
        let next = self.nonempty(self.next(id));
        if next == NO_BLOCK {
            return None;
        }
        let mut instrs = self.block(next).instrs.iter();
        Some(
            instrs
                .find(|instr| instr.opcode != op::NOP || instr.loc.lineno >= 0)
                .map_or(-1, |instr| instr.loc.lineno),
        )
    }

    pub fn remove_redundant_nops(&mut self) -> usize {
        let mut removed = 0;
        let mut id = 0;
        while id != NO_BLOCK {
            removed += self.remove_block_nops(id);
            id = self.next(id);
        }
        removed
    }

    /// Also removes pairs of which the second undoes the first.
    pub fn remove_redundant_nops_and_pairs(&mut self) {
        let mut done = false;
        while !done {
            done = true;
            // The instruction before, when nothing can come between.
            let mut previous: Option<(BlockId, usize)> = None;
            let mut id = 0;
            while id != NO_BLOCK {
                self.remove_block_nops(id);
                if self.block(id).labelled {
                    previous = None;
                }
                for at in 0..self.block(id).instrs.len() {
                    if self.block(id).instrs[at].opcode == op::POP_TOP {
                        if let Some((before, index)) = previous {
                            let instr = self.block(before).instrs[index];
                            if matches!(instr.opcode, op::LOAD_CONST | op::LOAD_SMALL_INT)
                                || (instr.opcode == op::COPY && instr.oparg == 1)
                            {
                                self.block_mut(before).instrs[index].set_nop();
                                self.block_mut(id).instrs[at].set_nop();
                                done = false;
                            }
                        }
                    }
                    previous = Some((id, at));
                }
                let ends_in_jump =
                    previous.is_some_and(|(block, at)| self.block(block).instrs[at].is_jump());
                if ends_in_jump || !self.block(id).falls_through() {
                    previous = None;
                }
                id = self.next(id);
            }
        }
    }

    /// Drops jumps to what follows anyway. Gives how many.
    fn remove_redundant_jumps(&mut self) -> Result<usize> {
        let mut removed = 0;
        let mut id = 0;
        while id != NO_BLOCK {
            if let Some(&last) = self.block(id).instrs.last() {
                if is_unconditional_jump(last.opcode) {
                    let target = self.nonempty(last.target);
                    if target == NO_BLOCK {
                        return Err(internal("jump with NULL target"));
                    }
                    if target == self.nonempty(self.next(id)) {
                        removed += 1;
                        if let Some(last) = self.block_mut(id).instrs.last_mut() {
                            last.set_nop();
                        }
                    }
                }
            }
            id = self.next(id);
        }
        Ok(removed)
    }

    pub fn remove_redundant_nops_and_jumps(&mut self) -> Result<()> {
        while self.remove_redundant_nops() + self.remove_redundant_jumps()? > 0 {}
        Ok(())
    }

    /// Puts a copy of a small exit block, or of a block without lines, in the place of a jump to it.
    pub fn inline_small_or_no_lineno_blocks(&mut self) {
        loop {
            let mut changed = false;
            let mut id = 0;
            while id != NO_BLOCK {
                changed |= self.inline_target(id);
                id = self.next(id);
            }
            if !changed {
                return;
            }
        }
    }

    fn inline_target(&mut self, id: BlockId) -> bool {
        let Some(&last) = self.block(id).instrs.last() else {
            return false;
        };
        if !is_unconditional_jump(last.opcode) {
            return false;
        }
        let target = self.block(last.target);
        let small_exit = target.exits_scope() && target.instrs.len() <= MAX_COPY_SIZE;
        let without_lines = target.has_no_lines() && !target.falls_through();
        if !small_exit && !without_lines {
            return false;
        }
        let copy = target.instrs.clone();
        let block = self.block_mut(id);
        if let Some(jump) = block.instrs.last_mut() {
            jump.set_nop();
        }
        block.insert(block.instrs.len(), &copy);
        if without_lines && last.opcode == op::JUMP {
            // A loop must not lose its look at the evaluation breaker.
            if let Some(end) = block
                .instrs
                .last_mut()
                .filter(|end| is_unconditional_jump(end.opcode))
            {
                end.opcode = op::JUMP;
            }
        }
        self.block_mut(last.target).predecessors -= 1;
        true
    }
}
