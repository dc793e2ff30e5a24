//! Constants: small integers, conditions that are known, folding of operations and displays.

use taipan_bytecode::opcode::{self, Intrinsic1, op};
use taipan_bytecode::{Const, opcode::BinaryOperator};

use super::fold;
use super::{Block, Graph, Instr};
use crate::instructions::{ConstTable, NO_LOCATION};

/// Longer displays are not folded.
const MAX_DISPLAY: i32 = 30;
/// Lists and sets of constants that are shorter are built item by item.
const MIN_CONST_SEQUENCE: i32 = 3;

fn loads_const(opcode: u16) -> bool {
    matches!(opcode, op::LOAD_CONST | op::LOAD_SMALL_INT)
}

fn value(instr: &Instr, consts: &ConstTable) -> Const {
    match instr.opcode {
        op::LOAD_CONST => consts[instr.oparg as usize].clone(),
        _ => Const::int(instr.oparg as i64),
    }
}

fn make_small_int(instr: &mut Instr, value: &Const) -> bool {
    if let Const::Int(int) = value {
        if let Ok(small) = u8::try_from(int) {
            instr.set(op::LOAD_SMALL_INT, small as i32);
            return true;
        }
    }
    false
}

fn make_load_const(instr: &mut Instr, value: Const, consts: &mut ConstTable) {
    if !make_small_int(instr, &value) {
        let index = consts.add(value);
        instr.set(op::LOAD_CONST, index as i32);
    }
}

/// Positions of the `count` loads of constants that end right before `end`, NOPs apart; None when something else is among them.
fn const_loads(block: &Block, end: usize, count: i32) -> Option<Vec<usize>> {
    let mut found = Vec::with_capacity(count as usize);
    let mut at = end;
    while (found.len() as i32) < count {
        at = at.checked_sub(1)?;
        match block.instrs[at].opcode {
            op::NOP => {}
            opcode if loads_const(opcode) => found.push(at),
            _ => return None,
        }
    }
    found.reverse();
    Some(found)
}

fn nop_out(block: &mut Block, positions: &[usize]) {
    for &at in positions {
        block.instrs[at].set_nop();
        block.instrs[at].loc = NO_LOCATION;
    }
}

impl Graph {
    /// Small integers as immediates, and tests of constants.
    pub fn optimize_load_const(&mut self, consts: &mut ConstTable) {
        let order: Vec<_> = self.order().collect();
        for id in order {
            optimize_block(self.block_mut(id), consts);
        }
    }
}

fn optimize_block(block: &mut Block, consts: &mut ConstTable) {
    // The load that is on top of the stack here, also behind a COPY of it.
    let mut load = Instr::new(op::NOP, 0, NO_LOCATION);
    for at in 0..block.instrs.len() {
        if block.instrs[at].opcode == op::LOAD_CONST {
            let instr = &mut block.instrs[at];
            if let value @ Const::Int(_) = &consts[instr.oparg as usize] {
                make_small_int(instr, value);
            }
        }
        let instr = block.instrs[at];
        let is_copy = load.opcode == op::LOAD_CONST && instr.opcode == op::COPY && instr.oparg == 1;
        if !is_copy {
            load = instr;
        }
        if !loads_const(load.opcode) {
            continue;
        }
        let Some(&next) = block.instrs.get(at + 1) else {
            continue;
        };
        match next.opcode {
            op::POP_JUMP_IF_FALSE | op::POP_JUMP_IF_TRUE | op::JUMP_IF_FALSE | op::JUMP_IF_TRUE => {
                let truth = fold::is_true(&value(&load, consts));
                if matches!(next.opcode, op::POP_JUMP_IF_FALSE | op::POP_JUMP_IF_TRUE) {
                    block.instrs[at].set_nop();
                }
                let jumps_if = matches!(next.opcode, op::POP_JUMP_IF_TRUE | op::JUMP_IF_TRUE);
                if truth == jumps_if {
                    block.instrs[at + 1].opcode = op::JUMP;
                } else {
                    block.instrs[at + 1].set_nop();
                }
            }
            op::IS_OP => {
                if !matches!(value(&load, consts), Const::None) {
                    continue;
                }
                let mut jump_at = at + 2;
                if block
                    .instrs
                    .get(jump_at)
                    .is_some_and(|instr| instr.opcode == op::TO_BOOL)
                {
                    block.instrs[jump_at].set_nop();
                    jump_at += 1;
                }
                let Some(jump) = block.instrs.get(jump_at) else {
                    continue;
                };
                let mut invert = next.oparg != 0;
                match jump.opcode {
                    op::POP_JUMP_IF_FALSE => invert = !invert,
                    op::POP_JUMP_IF_TRUE => {}
                    _ => continue,
                }
                block.instrs[at].set_nop();
                block.instrs[at + 1].set_nop();
                block.instrs[jump_at].opcode = if invert {
                    op::POP_JUMP_IF_NOT_NONE
                } else {
                    op::POP_JUMP_IF_NONE
                };
            }
            op::TO_BOOL => {
                let truth = fold::is_true(&value(&load, consts));
                let index = consts.add(Const::bool(truth));
                block.instrs[at].set_nop();
                block.instrs[at + 1].set(op::LOAD_CONST, index as i32);
            }
            _ => {}
        }
    }
}

/// A tuple display of constants becomes a constant.
pub fn fold_tuple(block: &mut Block, at: usize, consts: &mut ConstTable) {
    let count = block.instrs[at].oparg;
    if count > MAX_DISPLAY {
        return;
    }
    let Some(loads) = const_loads(block, at, count) else {
        return;
    };
    let items = loads
        .iter()
        .map(|&load| value(&block.instrs[load], consts))
        .collect();
    nop_out(block, &loads);
    make_load_const(&mut block.instrs[at], Const::Tuple(items), consts);
}

/// A list or set built item by item of constants becomes a constant: a list where it is turned into a
/// tuple at `at`, or either whose last item is added at `at` and that is only looked at once. Gives
/// whether it did.
pub fn fold_built_sequence(block: &mut Block, at: usize, consts: &mut ConstTable) -> bool {
    let (build, append, end) = match block.instrs[at].opcode {
        op::CALL_INTRINSIC_1 => (op::BUILD_LIST, op::LIST_APPEND, at),
        op::LIST_APPEND => (op::BUILD_LIST, op::LIST_APPEND, at + 1),
        _ => (op::BUILD_SET, op::SET_ADD, at + 1),
    };
    let mut loads = Vec::new();
    let mut expect_append = true;
    for pos in (0..end).rev() {
        let instr = block.instrs[pos];
        if instr.opcode == op::NOP {
            continue;
        }
        if instr.opcode == build && instr.oparg == 0 {
            if !expect_append {
                return false;
            }
            let items = loads
                .iter()
                .rev()
                .map(|&load: &usize| value(&block.instrs[load], consts))
                .collect();
            let used: Vec<usize> = (pos..end)
                .filter(|&used| block.instrs[used].opcode != op::NOP)
                .collect();
            nop_out(block, &used);
            let result = if build == op::BUILD_SET {
                Const::FrozenSet(fold::distinct(items).into())
            } else {
                Const::Tuple(items.into())
            };
            make_load_const(&mut block.instrs[at], result, consts);
            return true;
        }
        if expect_append {
            if instr.opcode != append || instr.oparg != 1 {
                return false;
            }
        } else {
            if !loads_const(instr.opcode) {
                return false;
            }
            loads.push(pos);
        }
        expect_append = !expect_append;
    }
    false
}

/// A list or set display that is only looked at once becomes a tuple or frozenset; a longer one of constants is
/// made from one constant.
pub fn fold_list_or_set(block: &mut Block, at: usize, next_opcode: u16, consts: &mut ConstTable) {
    let instr = block.instrs[at];
    let looked_at_once = matches!(next_opcode, op::GET_ITER | op::CONTAINS_OP);
    if instr.oparg > MAX_DISPLAY || (instr.oparg < MIN_CONST_SEQUENCE && !looked_at_once) {
        return;
    }
    let Some(loads) = const_loads(block, at, instr.oparg) else {
        if looked_at_once && instr.opcode == op::BUILD_LIST {
            block.instrs[at].opcode = op::BUILD_TUPLE;
        }
        return;
    };
    let items: Vec<Const> = loads
        .iter()
        .map(|&load| value(&block.instrs[load], consts))
        .collect();
    let result = if instr.opcode == op::BUILD_SET {
        Const::FrozenSet(fold::distinct(items).into())
    } else {
        Const::Tuple(items.into())
    };
    let index = consts.add(result) as i32;
    nop_out(block, &loads);
    if looked_at_once {
        block.instrs[at].set(op::LOAD_CONST, index);
        return;
    }
    block.instrs[at - 2].loc = instr.loc;
    block.instrs[at - 2].set(instr.opcode, 0);
    block.instrs[at - 1].set(op::LOAD_CONST, index);
    let extend = if instr.opcode == op::BUILD_LIST {
        op::LIST_EXTEND
    } else {
        op::SET_UPDATE
    };
    block.instrs[at].set(extend, 1);
}

/// An operator between constants.
pub fn fold_binary(block: &mut Block, at: usize, consts: &mut ConstTable) {
    let Some(loads) = const_loads(block, at, 2) else {
        return;
    };
    let lhs = value(&block.instrs[loads[0]], consts);
    let rhs = value(&block.instrs[loads[1]], consts);
    let Some(operator) = BinaryOperator::from_u32(block.instrs[at].oparg as u32) else {
        return;
    };
    if let Some(result) = fold::binary(&lhs, operator, &rhs) {
        nop_out(block, &loads);
        make_load_const(&mut block.instrs[at], result, consts);
    }
}

/// An operator on a constant.
pub fn fold_unary(block: &mut Block, at: usize, consts: &mut ConstTable) {
    let Some(loads) = const_loads(block, at, 1) else {
        return;
    };
    let operand = value(&block.instrs[loads[0]], consts);
    let result = match block.instrs[at].opcode {
        op::UNARY_NEGATIVE => fold::negative(&operand),
        op::UNARY_INVERT => fold::invert(&operand),
        op::UNARY_NOT => Some(Const::bool(!fold::is_true(&operand))),
        op::CALL_INTRINSIC_1 if block.instrs[at].oparg == Intrinsic1::UnaryPositive as i32 => {
            fold::positive(&operand)
        }
        _ => None,
    };
    if let Some(result) = result {
        nop_out(block, &loads);
        make_load_const(&mut block.instrs[at], result, consts);
    }
}

impl Graph {
    /// Drops constants that nothing loads, except the first, which may be a docstring.
    pub fn remove_unused_consts(&mut self, consts: Vec<Const>) -> Vec<Const> {
        if consts.is_empty() {
            return consts;
        }
        let mut used = vec![false; consts.len()];
        used[0] = true;
        let loads = |instr: &Instr| opcode::has_const(instr.opcode);
        for id in self.order() {
            for instr in self.block(id).instrs.iter().filter(|instr| loads(instr)) {
                used[instr.oparg as usize] = true;
            }
        }
        let mut moved = vec![0; consts.len()];
        let mut count = 0;
        for (at, &used) in used.iter().enumerate() {
            moved[at] = count;
            count += used as i32;
        }
        for block in &mut self.blocks {
            for instr in block.instrs.iter_mut().filter(|instr| loads(instr)) {
                instr.oparg = moved[instr.oparg as usize];
            }
        }
        let mut used = used.into_iter();
        consts
            .into_iter()
            .filter(|_| used.next() == Some(true))
            .collect()
    }
}
