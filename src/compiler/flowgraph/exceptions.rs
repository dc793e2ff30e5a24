//! Exception handlers of instructions, and the depth of the stack.

use taipan_bytecode::opcode::{self, op, resume};

use super::{BlockId, Graph, NO_BLOCK, Result, internal, is_scope_exit, is_unconditional_jump};

impl Graph {
    pub fn mark_except_handlers(&mut self) {
        for id in 0..self.blocks.len() {
            for at in 0..self.blocks[id].instrs.len() {
                let instr = self.blocks[id].instrs[at];
                if instr.is_block_push() {
                    self.block_mut(instr.target).except_handler = true;
                }
            }
        }
    }

    /// Gives every instruction its handler by following block pushes and pops along the control flow.
    pub fn label_exception_targets(&mut self) -> Result<()> {
        self.clear_visited();
        let mut stacks: Vec<Option<Vec<BlockId>>> = vec![None; self.blocks.len()];
        stacks[0] = Some(Vec::new());
        self.blocks[0].visited = true;
        let mut todo: Vec<BlockId> = vec![0];
        while let Some(id) = todo.pop() {
            let mut stack = stacks[id as usize].take().unwrap_or_default();
            let mut handler = stack.last().copied().unwrap_or(NO_BLOCK);
            let mut yield_depth: Option<usize> = None;
            for at in 0..self.block(id).instrs.len() {
                let instr = self.block(id).instrs[at];
                if instr.is_block_push() {
                    let target = instr.target;
                    if !self.block(target).visited {
                        stacks[target as usize] = Some(stack.clone());
                        self.block_mut(target).visited = true;
                        todo.push(target);
                    }
                    if matches!(instr.opcode, op::SETUP_WITH | op::SETUP_CLEANUP) {
                        self.block_mut(target).preserve_lasti = true;
                    }
                    stack.push(target);
                    handler = target;
                    continue;
                }
                if instr.opcode == op::POP_BLOCK {
                    if stack.pop().is_none() {
                        return Err(internal("POP_BLOCK without a block"));
                    }
                    handler = stack.last().copied().unwrap_or(NO_BLOCK);
                    self.block_mut(id).instrs[at].set_nop();
                    continue;
                }
                self.block_mut(id).instrs[at].except = handler;
                if instr.is_jump() {
                    let target = instr.target;
                    if !self.block(target).visited {
                        stacks[target as usize] = Some(stack.clone());
                        self.block_mut(target).visited = true;
                        todo.push(target);
                    }
                } else if instr.opcode == op::YIELD_VALUE {
                    yield_depth = Some(stack.len());
                } else if instr.opcode == op::RESUME && instr.oparg != resume::AT_FUNC_START as i32
                {
                    if yield_depth == Some(1) {
                        self.block_mut(id).instrs[at].oparg |= resume::DEPTH1 as i32;
                    }
                    yield_depth = None;
                }
            }
            let next = self.next(id);
            if next != NO_BLOCK && self.block(id).falls_through() && !self.block(next).visited {
                stacks[next as usize] = Some(stack);
                self.block_mut(next).visited = true;
                todo.push(next);
            }
        }
        Ok(())
    }

    fn reach(&mut self, todo: &mut Vec<BlockId>, id: BlockId, depth: i32) -> Result<()> {
        let block = self.block_mut(id);
        if block.startdepth < 0 {
            block.startdepth = depth;
            todo.push(id);
        } else if block.startdepth != depth {
            return Err(internal("Invalid CFG, inconsistent stackdepth"));
        }
        Ok(())
    }

    /// The greatest depth of the stack. Cycles have no net effect on it.
    pub fn calculate_stackdepth(&mut self) -> Result<i32> {
        for block in &mut self.blocks {
            block.startdepth = -1;
        }
        let mut max = 0;
        let mut todo = Vec::new();
        self.reach(&mut todo, 0, 0)?;
        while let Some(id) = todo.pop() {
            let mut depth = self.block(id).startdepth;
            let mut next = self.next(id);
            for at in 0..self.block(id).instrs.len() {
                let instr = self.block(id).instrs[at];
                let effect = |jump| {
                    opcode::stack_effect(instr.opcode, instr.oparg as u32, jump)
                        .ok_or_else(|| internal("Invalid stack effect"))
                };
                let new_depth = depth + effect(false)? as i32;
                if new_depth < 0 {
                    return Err(internal("Invalid CFG, stack underflow"));
                }
                max = max.max(depth);
                if instr.has_target() && instr.opcode != op::END_ASYNC_FOR {
                    let target_depth = depth + effect(true)? as i32;
                    if target_depth < 0 {
                        return Err(internal("Invalid CFG, stack underflow"));
                    }
                    self.reach(&mut todo, instr.target, target_depth)?;
                }
                depth = new_depth;
                if is_unconditional_jump(instr.opcode) || is_scope_exit(instr.opcode) {
                    next = NO_BLOCK;
                    break;
                }
            }
            if next != NO_BLOCK {
                self.reach(&mut todo, next, depth)?;
            }
        }
        Ok(max)
    }
}
