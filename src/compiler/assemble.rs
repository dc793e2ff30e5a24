//! From a code unit's instructions to its code object.

use taipan_bytecode::code::{Code, flags::*};
use taipan_bytecode::locations::{ExceptionEntry, LocationWriter, write_exception_entry};
use taipan_bytecode::opcode::{self, ArgKind, op};
use taipan_bytecode::{Const, Str};

use crate::error::CompileError;
use crate::flowgraph::{Graph, LocalsPlus, NO_BLOCK, internal, is_scope_exit};
use crate::instructions::{
    InstructionSequence, Location, NEXT_LOCATION, NO_LOCATION, UnitMetadata,
};

type Result<T> = std::result::Result<T, CompileError>;

/// From the SEND, to which END_ASYNC_FOR leads, to the END_SEND, in units.
const END_SEND_OFFSET: i32 = 5;

/// Handler of an instruction.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Handler {
    /// Index of its first instruction.
    index: usize,
    /// Depth of the stack in it.
    startdepth: i32,
    preserve_lasti: bool,
}

struct FlatInstr {
    opcode: u16,
    oparg: i32,
    loc: Location,
    /// Index of a jump's target.
    target: usize,
    handler: Option<Handler>,
    /// Offset in units.
    offset: usize,
}

impl FlatInstr {
    /// Units, with prefixes and caches.
    fn size(&self) -> usize {
        prefixes(self.oparg) + 1 + opcode::cache_units(self.opcode as u8)
    }
}

fn prefixes(oparg: i32) -> usize {
    (oparg > 0xFF) as usize + (oparg > 0xFFFF) as usize + (oparg > 0xFF_FFFF) as usize
}

/// Optimises a unit and makes its code object, as CPython 3.14 does both.
pub fn optimize_and_assemble(
    meta: UnitMetadata,
    instrs: &InstructionSequence,
    flags: u32,
    filename: &Str,
) -> Result<Code> {
    let mut graph = Graph::build(instrs)?;
    let nparams = (meta.posonlyargcount + meta.argcount + meta.kwonlyargcount) as usize
        + (flags & CO_VARARGS != 0) as usize
        + (flags & CO_VARKEYWORDS != 0) as usize;
    let consts = graph.optimize(meta.consts.clone(), meta.varnames.len(), nparams)?;
    graph.convert_pseudo_conditional_jumps();
    let stacksize = graph.calculate_stackdepth()?;
    let locals = graph.prepare_localsplus(&meta, flags)?;
    graph.convert_pseudo_ops()?;
    graph.normalize_jumps();
    graph.optimize_load_fast()?;
    let mut flat = flatten(&graph)?;
    resolve_jumps(&mut flat)?;
    Ok(make_code(
        meta, &mut flat, consts, locals, stacksize, flags, filename,
    ))
}

fn flatten(graph: &Graph) -> Result<Vec<FlatInstr>> {
    let mut starts = vec![0; graph.blocks.len()];
    let mut count = 0;
    for id in graph.order() {
        starts[id as usize] = count;
        count += graph.block(id).instrs.len();
    }
    let mut flat = Vec::with_capacity(count);
    for id in graph.order() {
        for instr in &graph.block(id).instrs {
            let handler = (instr.except != NO_BLOCK).then(|| {
                let block = graph.block(instr.except);
                Handler {
                    index: starts[instr.except as usize],
                    startdepth: block.startdepth,
                    preserve_lasti: block.preserve_lasti,
                }
            });
            let target = if instr.is_jump() {
                starts[instr.target as usize]
            } else {
                0
            };
            if target >= count || handler.is_some_and(|handler| handler.index >= count) {
                return Err(internal("jump behind the end of the code"));
            }
            flat.push(FlatInstr {
                opcode: instr.opcode,
                oparg: instr.oparg,
                loc: instr.loc,
                target,
                handler,
                offset: 0,
            });
        }
    }
    Ok(flat)
}

/// Gives jumps their direction and distance.
fn resolve_jumps(flat: &mut [FlatInstr]) -> Result<()> {
    for (at, instr) in flat.iter_mut().enumerate() {
        let forward = instr.target > at;
        instr.opcode = match (instr.opcode, forward) {
            (op::JUMP | op::JUMP_NO_INTERRUPT, true) => op::JUMP_FORWARD,
            (op::JUMP, false) => op::JUMP_BACKWARD,
            (op::JUMP_NO_INTERRUPT, false) => op::JUMP_BACKWARD_NO_INTERRUPT,
            (opcode, _) => opcode,
        };
        if instr.opcode >= opcode::FIRST_PSEUDO {
            return Err(internal("pseudo instruction left"));
        }
        if opcode::has_jump(instr.opcode) {
            // CPython starts from the target's index too, which matters at the edges of EXTENDED_ARG.
            instr.oparg = instr.target as i32;
        }
    }
    // Distances depend on sizes and the other way round.
    loop {
        let mut offset = 0;
        for instr in flat.iter_mut() {
            instr.offset = offset;
            offset += instr.size();
        }
        let mut changed = false;
        for at in 0..flat.len() {
            if !opcode::has_jump(flat[at].opcode) {
                continue;
            }
            let size = flat[at].size();
            let end = (flat[at].offset + size) as i32;
            let target = flat[flat[at].target].offset as i32;
            let distance = match opcode::info(flat[at].opcode).kind {
                ArgKind::JumpForward => target - end,
                _ if flat[at].opcode == op::END_ASYNC_FOR => end - target - END_SEND_OFFSET,
                _ => end - target,
            };
            if distance < 0 {
                return Err(internal("jump in the wrong direction"));
            }
            flat[at].oparg = distance;
            changed |= flat[at].size() != size;
        }
        if !changed {
            return Ok(());
        }
    }
}

fn emit_code(flat: &[FlatInstr]) -> Box<[u8]> {
    let mut code = Vec::with_capacity(flat.iter().map(FlatInstr::size).sum::<usize>() * 2);
    for instr in flat {
        for prefix in (1..=prefixes(instr.oparg)).rev() {
            code.extend([op::EXTENDED_ARG as u8, (instr.oparg >> (8 * prefix)) as u8]);
        }
        code.extend([instr.opcode as u8, instr.oparg as u8]);
        code.extend(std::iter::repeat_n(
            0,
            2 * opcode::cache_units(instr.opcode as u8),
        ));
    }
    code.into()
}

fn emit_locations(flat: &mut [FlatInstr], firstlineno: i32) -> Box<[u8]> {
    for at in (0..flat.len()).rev() {
        if flat[at].loc == NEXT_LOCATION {
            let leaves = opcode::has_jump(flat[at].opcode) || is_scope_exit(flat[at].opcode);
            flat[at].loc = match flat.get(at + 1) {
                Some(next) if !leaves => next.loc,
                _ => NO_LOCATION,
            };
        }
    }
    let mut writer = LocationWriter::new(firstlineno);
    let mut add = |loc: Location, size| {
        writer.add(
            loc.lineno,
            loc.end_lineno,
            loc.col_offset,
            loc.end_col_offset,
            size,
        )
    };
    let mut loc = NO_LOCATION;
    let mut size = 0;
    for instr in flat.iter() {
        if instr.loc != loc {
            add(loc, size);
            loc = instr.loc;
            size = 0;
        }
        size += instr.size();
    }
    add(loc, size);
    writer.into_bytes().into()
}

fn emit_exceptions(flat: &[FlatInstr]) -> Box<[u8]> {
    let mut table = Vec::new();
    let mut add = |start: usize, end: usize, handler: Option<Handler>| {
        if let Some(handler) = handler {
            let depth = handler.startdepth - 1 - handler.preserve_lasti as i32;
            write_exception_entry(
                &mut table,
                &ExceptionEntry {
                    start: start as u32,
                    end: end as u32,
                    target: flat[handler.index].offset as u32,
                    depth: depth.max(0) as u32,
                    lasti: handler.preserve_lasti,
                },
            );
        }
    };
    let mut start = 0;
    let mut end = 0;
    let mut current: Option<Handler> = None;
    for instr in flat {
        if instr.handler.map(|handler| handler.index) != current.map(|handler| handler.index) {
            add(start, end, current);
            start = instr.offset;
            current = instr.handler;
        }
        end = instr.offset + instr.size();
    }
    add(start, end, current);
    table.into()
}

fn make_code(
    meta: UnitMetadata,
    flat: &mut [FlatInstr],
    consts: Vec<Const>,
    locals: LocalsPlus,
    stacksize: i32,
    flags: u32,
    filename: &Str,
) -> Code {
    Code {
        argcount: meta.posonlyargcount + meta.argcount,
        posonlyargcount: meta.posonlyargcount,
        kwonlyargcount: meta.kwonlyargcount,
        stacksize: stacksize as u32,
        flags,
        code: emit_code(flat),
        consts: consts.into(),
        names: meta.names.as_slice().into(),
        localsplusnames: locals.names.into(),
        localspluskinds: locals.kinds.into(),
        filename: filename.clone(),
        name: meta.name,
        qualname: meta.qualname,
        firstlineno: meta.firstlineno,
        linetable: emit_locations(flat, meta.firstlineno),
        exceptiontable: emit_exceptions(flat),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use taipan_bytecode::opcode::Opcode;

    fn at(line: i32) -> Location {
        Location::new(line, line, 0, 1)
    }

    fn names(code: &Code) -> Vec<(Opcode, u32)> {
        code.instructions()
            .map(|instr| (Opcode::from_u8(instr.opcode).unwrap(), instr.arg))
            .collect()
    }

    /// `def f(x): \n while x: \n try: g(1 + 2) \n except: pass` in rough outline.
    #[test]
    fn loop_with_handler() {
        let mut meta = UnitMetadata::new("f".into(), "f".into(), 1);
        meta.argcount = 1;
        meta.varnames.add(&"x".into());
        let none = meta.consts.add(Const::None) as i32;
        let one = meta.consts.add(Const::int(1)) as i32;
        let two = meta.consts.add(Const::int(2)) as i32;
        let mut seq = InstructionSequence::new();
        let (top, end, handler) = (seq.new_label(), seq.new_label(), seq.new_label());
        seq.addop(op::RESUME, 0, at(1));
        seq.use_label(top);
        seq.addop(op::LOAD_FAST, 0, at(2));
        seq.addop(op::TO_BOOL, 0, at(2));
        seq.addop_jump(op::POP_JUMP_IF_FALSE, end, at(2));
        seq.addop_jump(op::SETUP_FINALLY, handler, at(3));
        seq.addop(op::LOAD_CONST, one, at(4));
        seq.addop(op::LOAD_CONST, two, at(4));
        seq.addop(op::BINARY_OP, 0, at(4));
        seq.addop(op::STORE_FAST, 0, at(4));
        seq.addop(op::POP_BLOCK, 0, NO_LOCATION);
        seq.addop_jump(op::JUMP, top, at(4));
        seq.use_label(handler);
        seq.addop(op::PUSH_EXC_INFO, 0, NO_LOCATION);
        seq.addop(op::POP_TOP, 0, at(5));
        seq.addop(op::POP_EXCEPT, 0, at(5));
        seq.addop_jump(op::JUMP, top, at(5));
        seq.use_label(end);
        seq.addop(op::LOAD_CONST, none, at(2));
        seq.addop(op::RETURN_VALUE, 0, at(2));
        let flags = CO_OPTIMIZED | CO_NEWLOCALS;
        let code = optimize_and_assemble(meta, &seq, flags, &"f.py".into()).unwrap();
        assert_eq!(
            names(&code),
            [
                (Opcode::RESUME, 0),
                (Opcode::LOAD_FAST_BORROW, 0),
                (Opcode::TO_BOOL, 0),
                (Opcode::POP_JUMP_IF_FALSE, 6),
                (Opcode::NOT_TAKEN, 0),
                (Opcode::NOP, 0),
                (Opcode::LOAD_SMALL_INT, 3),
                (Opcode::STORE_FAST, 0),
                (Opcode::JUMP_BACKWARD, 13),
                (Opcode::LOAD_CONST, 0),
                (Opcode::RETURN_VALUE, 0),
                (Opcode::PUSH_EXC_INFO, 0),
                (Opcode::POP_TOP, 0),
                (Opcode::POP_EXCEPT, 0),
                (Opcode::JUMP_BACKWARD, 20),
            ]
        );
        let entries: Vec<_> = code
            .exception_entries()
            .map(|entry| (entry.start, entry.end, entry.target))
            .collect();
        assert_eq!(entries, [(10, 12, 16)]);
        assert_eq!(code.line(9), Some(3));
        assert_eq!(code.consts.len(), 1);
    }
}
