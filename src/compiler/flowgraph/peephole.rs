//! Small rewrites within a block: jumps to jumps, comparisons and tests, swaps, pairs in one instruction.

use taipan_bytecode::opcode::{COMPARE_TO_BOOL, Intrinsic1, op};

use super::{Block, BlockId, Graph, Instr, Result, constants, internal};
use crate::instructions::ConstTable;

impl Graph {
    pub fn optimize_basic_blocks(&mut self, consts: &mut ConstTable) -> Result<()> {
        self.each(|graph, id| {
            graph.rewrite(id, consts)?;
            let block = graph.block_mut(id);
            let mut at = 0;
            while at < block.instrs.len() {
                if block.instrs[at].opcode == op::SWAP {
                    at = optimize_swaps(block, at);
                    apply_static_swaps(block, at);
                }
                at += 1;
            }
            Ok(())
        })
    }

    fn rewrite(&mut self, id: BlockId, consts: &mut ConstTable) -> Result<()> {
        let mut at = 0;
        while at < self.block(id).instrs.len() {
            let instr = self.block(id).instrs[at];
            if instr.is_jump() {
                // A jump that was made to skip another one is looked at again.
                if !self.thread_jump(id, at, instr)? {
                    at += 1;
                }
                continue;
            }
            let next = self.block(id).instrs.get(at + 1).copied();
            rewrite_instr(self.block_mut(id), at, instr, next, consts);
            at += 1;
        }
        Ok(())
    }

    /// Whether the same position is to be looked at again.
    fn thread_jump(&mut self, id: BlockId, at: usize, instr: Instr) -> Result<bool> {
        let Some(&target) = self.block(instr.target).instrs.first() else {
            return Err(internal("jump to an empty block"));
        };
        let opcode = match (instr.opcode, target.opcode) {
            (
                op::POP_JUMP_IF_NOT_NONE
                | op::POP_JUMP_IF_NONE
                | op::POP_JUMP_IF_FALSE
                | op::POP_JUMP_IF_TRUE,
                op::JUMP,
            ) => instr.opcode,
            (op::JUMP_IF_FALSE, op::JUMP | op::JUMP_IF_FALSE) => instr.opcode,
            (op::JUMP_IF_TRUE, op::JUMP | op::JUMP_IF_TRUE) => instr.opcode,
            (op::JUMP_IF_FALSE, op::JUMP_IF_TRUE) | (op::JUMP_IF_TRUE, op::JUMP_IF_FALSE) => {
                // The test there cannot succeed.
                let behind = self.next(instr.target);
                self.block_mut(id).instrs[at].target = behind;
                return Ok(true);
            }
            (op::JUMP | op::JUMP_NO_INTERRUPT, op::JUMP) => op::JUMP,
            (op::JUMP | op::JUMP_NO_INTERRUPT, op::JUMP_NO_INTERRUPT) => instr.opcode,
            _ => return Ok(false),
        };
        if instr.target == target.target {
            // Around and around.
            return Ok(false);
        }
        let block = self.block_mut(id);
        block.instrs[at].set_nop();
        let mut jump = Instr::new(opcode, 0, target.loc);
        jump.target = target.target;
        block.add(jump);
        Ok(true)
    }

    /// Pairs of loads and stores of locals below 16 on one line become one instruction.
    pub fn insert_superinstructions(&mut self) {
        let order: Vec<_> = self.order().collect();
        for id in order {
            let instrs = &mut self.block_mut(id).instrs;
            for at in 1..instrs.len() {
                let (first, second) = (instrs[at - 1], instrs[at]);
                let both = match (first.opcode, second.opcode) {
                    (op::LOAD_FAST, op::LOAD_FAST) => op::LOAD_FAST_LOAD_FAST,
                    (op::STORE_FAST, op::LOAD_FAST) => op::STORE_FAST_LOAD_FAST,
                    (op::STORE_FAST, op::STORE_FAST) => op::STORE_FAST_STORE_FAST,
                    _ => continue,
                };
                let (line, next_line) = (first.loc.lineno, second.loc.lineno);
                if (line >= 0 && next_line >= 0 && line != next_line)
                    || first.oparg >= 16
                    || second.oparg >= 16
                {
                    continue;
                }
                instrs[at - 1].set(both, first.oparg << 4 | second.oparg);
                instrs[at].set_nop();
            }
        }
        self.remove_redundant_nops();
    }
}

fn rewrite_instr(
    block: &mut Block,
    at: usize,
    instr: Instr,
    next: Option<Instr>,
    consts: &mut ConstTable,
) {
    let (next_opcode, next_oparg) = next.map_or((op::CACHE, 0), |next| (next.opcode, next.oparg));
    match instr.opcode {
        op::BUILD_TUPLE => {
            if next_opcode == op::UNPACK_SEQUENCE && next_oparg == instr.oparg {
                match instr.oparg {
                    1 => {
                        block.instrs[at].set_nop();
                        block.instrs[at + 1].set_nop();
                        return;
                    }
                    2 | 3 => {
                        block.instrs[at].set_nop();
                        block.instrs[at + 1].opcode = op::SWAP;
                        return;
                    }
                    _ => {}
                }
            }
            constants::fold_tuple(block, at, consts);
        }
        op::BUILD_LIST | op::BUILD_SET => {
            constants::fold_list_or_set(block, at, next_opcode, consts)
        }
        op::STORE_FAST => {
            if next.is_some_and(|next| {
                next.opcode == op::STORE_FAST
                    && next.oparg == instr.oparg
                    && next.loc.lineno == instr.loc.lineno
            }) {
                block.instrs[at].set(op::POP_TOP, 0);
            }
        }
        op::SWAP if instr.oparg == 1 => block.instrs[at].set_nop(),
        op::LOAD_GLOBAL if next_opcode == op::PUSH_NULL && instr.oparg & 1 == 0 => {
            block.instrs[at].oparg |= 1;
            block.instrs[at + 1].set_nop();
        }
        op::COMPARE_OP if next_opcode == op::TO_BOOL => {
            block.instrs[at].set_nop();
            block.instrs[at + 1].set(op::COMPARE_OP, instr.oparg | COMPARE_TO_BOOL as i32);
        }
        op::CONTAINS_OP | op::IS_OP => match next_opcode {
            op::TO_BOOL => {
                block.instrs[at].set_nop();
                block.instrs[at + 1].set(instr.opcode, instr.oparg);
            }
            op::UNARY_NOT => {
                block.instrs[at].set_nop();
                block.instrs[at + 1].set(instr.opcode, instr.oparg ^ 1);
            }
            _ => {}
        },
        op::TO_BOOL if next_opcode == op::TO_BOOL => block.instrs[at].set_nop(),
        op::UNARY_NOT if next_opcode == op::TO_BOOL => {
            block.instrs[at].set_nop();
            block.instrs[at + 1].set(op::UNARY_NOT, 0);
        }
        op::UNARY_NOT if next_opcode == op::UNARY_NOT => {
            block.instrs[at].set_nop();
            block.instrs[at + 1].set_nop();
        }
        op::UNARY_NOT | op::UNARY_INVERT | op::UNARY_NEGATIVE => {
            constants::fold_unary(block, at, consts)
        }
        op::CALL_INTRINSIC_1 if instr.oparg == Intrinsic1::ListToTuple as i32 => {
            if !constants::fold_built_sequence(block, at, consts) && next_opcode == op::GET_ITER {
                block.instrs[at].set_nop();
            }
        }
        op::LIST_APPEND | op::SET_ADD if matches!(next_opcode, op::GET_ITER | op::CONTAINS_OP) => {
            constants::fold_built_sequence(block, at, consts);
        }
        op::CALL_INTRINSIC_1 if instr.oparg == Intrinsic1::UnaryPositive as i32 => {
            constants::fold_unary(block, at, consts)
        }
        op::BINARY_OP => constants::fold_binary(block, at, consts),
        _ => {}
    }
}

/// Replaces the run of SWAPs and NOPs at `at` with the shortest one. Gives the end of the run.
///
/// A permutation is undone cycle by cycle with swaps of the top; the same swaps in reverse order make it.
fn optimize_swaps(block: &mut Block, at: usize) -> usize {
    let rest = &mut block.instrs[at..];
    let length = rest
        .iter()
        .take_while(|instr| matches!(instr.opcode, op::SWAP | op::NOP))
        .count();
    let run = &mut rest[..length];
    if run[1..].iter().all(|instr| instr.opcode != op::SWAP) {
        return at;
    }
    let depth = run
        .iter()
        .filter(|instr| instr.opcode == op::SWAP)
        .map(|swap| swap.oparg as usize)
        .max()
        .unwrap_or(0);
    let mut stack: Vec<usize> = (0..depth).collect();
    for swap in run.iter().filter(|instr| instr.opcode == op::SWAP) {
        stack.swap(0, swap.oparg as usize - 1);
    }
    const DONE: usize = usize::MAX;
    let mut free = length;
    for start in 0..depth {
        if stack[start] == DONE || stack[start] == start {
            continue;
        }
        let mut item = start;
        loop {
            if item != 0 {
                free -= 1;
                run[free].set(op::SWAP, item as i32 + 1);
            }
            if stack[item] == DONE {
                break;
            }
            item = std::mem::replace(&mut stack[item], DONE);
        }
    }
    for unused in &mut run[..free] {
        unused.set_nop();
    }
    at + length - 1
}

fn is_swappable(opcode: u16) -> bool {
    matches!(
        opcode,
        op::STORE_FAST | op::STORE_FAST_MAYBE_NULL | op::POP_TOP
    )
}

fn stores_to(instr: &Instr) -> Option<i32> {
    matches!(instr.opcode, op::STORE_FAST | op::STORE_FAST_MAYBE_NULL).then_some(instr.oparg)
}

/// The next instruction that only pops, on the given line when there is one.
fn next_swappable(block: &Block, at: usize, line: i32) -> Option<usize> {
    for (index, instr) in block.instrs.iter().enumerate().skip(at + 1) {
        // Tracing would show names bound in another order.
        if line >= 0 && instr.loc.lineno != line {
            return None;
        }
        if instr.opcode != op::NOP {
            return is_swappable(instr.opcode).then_some(index);
        }
    }
    None
}

/// Exchanges the instructions that use two values instead of the values.
fn apply_static_swaps(block: &mut Block, end: usize) {
    for at in (0..=end).rev() {
        let swap = block.instrs[at];
        if swap.opcode != op::SWAP {
            if swap.opcode == op::NOP || is_swappable(swap.opcode) {
                continue;
            }
            return;
        }
        let Some(first) = next_swappable(block, at, -1) else {
            return;
        };
        let line = block.instrs[first].loc.lineno;
        let mut last = first;
        for _ in 1..swap.oparg {
            match next_swappable(block, last, line) {
                Some(next) => last = next,
                None => return,
            }
        }
        let (store_first, store_last) = (
            stores_to(&block.instrs[first]),
            stores_to(&block.instrs[last]),
        );
        if store_first.is_some() || store_last.is_some() {
            if store_first == store_last {
                return;
            }
            let between = &block.instrs[(first + 1).min(last)..last];
            if between
                .iter()
                .filter_map(stores_to)
                .any(|to| Some(to) == store_first || Some(to) == store_last)
            {
                return;
            }
        }
        block.instrs[at].set_nop();
        block.instrs.swap(first, last);
    }
}
