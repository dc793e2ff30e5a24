//! Proof that a code object cannot corrupt memory when it is run.
//!
//! After [`verify`] says yes, a core may rely on this without looking:
//! every opcode is a canonical one; arguments index what exists; jumps and handlers lead to
//! instructions, never into a cache or behind an EXTENDED_ARG; each instruction is always reached
//! with the same depth of the stack, finds what it pops, and stays within `stacksize`; no path runs
//! off the end; exception entries lie in order, without overlap, and their depth is there at each
//! protected instruction. What [`flow`](crate::flow) proves of values comes on top.

use std::fmt::Write;

use crate::code::{Code, CodeInstruction, Const, flags::*, kinds::*};
use crate::flow;
use crate::opcode::{self, ArgKind, Opcode};

/// Largest number of units, locals or stack entries.
const LIMIT: usize = 1 << 28;

pub(crate) type Result<T> = std::result::Result<T, String>;

/// Checks a code object and those among its constants.
pub fn verify(code: &Code) -> Result<()> {
    verify_nested(code, 0)
}

fn verify_nested(code: &Code, depth: usize) -> Result<()> {
    if depth > crate::marshal::MAX_DEPTH / 2 {
        return Err("code objects nested too deeply".into());
    }
    verify_one(code).map_err(|problem| {
        let mut text = problem;
        let _ = write!(text, " (code object {})", code.name);
        text
    })?;
    let mut todo: Vec<&Const> = code.consts.iter().collect();
    while let Some(constant) = todo.pop() {
        match constant {
            Const::Code(inner) => verify_nested(inner, depth + 1)?,
            Const::Tuple(items) | Const::FrozenSet(items) => todo.extend(items.iter()),
            _ => {}
        }
    }
    Ok(())
}

/// Checks a code object, but not those among its constants.
pub fn verify_one(code: &Code) -> Result<()> {
    header(code)?;
    let body = Body::read(code)?;
    body.exceptions(code)?;
    flow::check(code, &body)
}

fn header(code: &Code) -> Result<()> {
    let names = code.localsplusnames.len();
    if names != code.localspluskinds.len() {
        return Err("localsplusnames and localspluskinds differ in length".into());
    }
    if names >= LIMIT || code.stacksize as usize >= LIMIT || code.code.len() >= LIMIT {
        return Err("too large".into());
    }
    if code.posonlyargcount > code.argcount {
        return Err("more positional-only arguments than positional ones".into());
    }
    let arguments = code.argcount as u64
        + code.kwonlyargcount as u64
        + (code.flags & CO_VARARGS != 0) as u64
        + (code.flags & CO_VARKEYWORDS != 0) as u64;
    let locals = code
        .localspluskinds
        .iter()
        .filter(|kind| **kind & CO_FAST_LOCAL != 0)
        .count();
    if arguments > locals as u64 {
        return Err("more arguments than locals".into());
    }
    // Locals, then cells that are not locals, then free variables.
    let mut rank = 0;
    for &kind in &code.localspluskinds {
        let this = match kind & (CO_FAST_LOCAL | CO_FAST_CELL | CO_FAST_FREE) {
            CO_FAST_FREE => 2,
            CO_FAST_CELL => 1,
            0 => return Err("a local of no kind".into()),
            bits if bits & CO_FAST_FREE != 0 => {
                return Err("a free variable of another kind, too".into());
            }
            _ => 0,
        };
        if this < rank {
            return Err("locals, cells and free variables out of order".into());
        }
        rank = this;
    }
    if code.code.is_empty() || code.code.len() % 2 != 0 {
        return Err("code must be a number of whole units, and not none".into());
    }
    Ok(())
}

/// Stands for no instruction.
pub(crate) const NO_INSTRUCTION: u32 = u32::MAX;

/// The instructions of a code object, found sound one by one.
pub(crate) struct Body {
    pub instrs: Vec<CodeInstruction>,
    /// Index of the instruction that begins at a unit, prefixes included.
    at_unit: Vec<u32>,
}

impl Body {
    fn read(code: &Code) -> Result<Body> {
        let units = code.code.len() / 2;
        let mut at_unit = vec![NO_INSTRUCTION; units + 1];
        let mut instrs = Vec::new();
        for instr in code.instructions() {
            if instr.end > units {
                return Err(format!(
                    "instruction at {} has no room for its caches",
                    instr.offset * 2
                ));
            }
            if instr.offset - instr.start > 3 {
                return Err(format!("too many EXTENDED_ARGs at {}", instr.start * 2));
            }
            check_instruction(code, &instr).map_err(|problem| {
                format!(
                    "{problem} at {} ({})",
                    instr.offset * 2,
                    opcode::name(instr.opcode as u16)
                )
            })?;
            at_unit[instr.start] = instrs.len() as u32;
            instrs.push(instr);
        }
        match instrs.last() {
            Some(last) if last.end == units => Ok(Body { instrs, at_unit }),
            _ => Err("code ends within an instruction".into()),
        }
    }

    /// Index of the instruction a jump leads to.
    pub fn index(&self, unit: i64) -> Result<usize> {
        let known = usize::try_from(unit)
            .ok()
            .and_then(|unit| self.at_unit.get(unit))
            .copied();
        match known {
            Some(index) if index != NO_INSTRUCTION => Ok(index as usize),
            _ => Err(format!(
                "jump to {}, which is not the start of an instruction",
                unit * 2
            )),
        }
    }

    fn exceptions(&self, code: &Code) -> Result<()> {
        let mut entries = code.exception_entries();
        let mut previous = 0;
        for entry in entries.by_ref() {
            if entry.start < previous || entry.end <= entry.start {
                return Err("exception table out of order".into());
            }
            self.index(entry.start as i64)?;
            self.index(entry.target as i64)?;
            if entry.end as usize != self.at_unit.len() - 1 {
                self.index(entry.end as i64)?;
            }
            let pushed = entry.depth as u64 + 1 + entry.lasti as u64;
            if pushed > code.stacksize as u64 {
                return Err("exception handler exceeds the stack".into());
            }
            previous = entry.end;
        }
        if entries.is_at_end() {
            Ok(())
        } else {
            Err("exception table malformed".into())
        }
    }
}

fn check_instruction(code: &Code, instr: &CodeInstruction) -> Result<()> {
    let opcode = Opcode::from_u8(instr.opcode).ok_or("unknown opcode")?;
    if opcode.generic() != opcode
        || matches!(
            opcode,
            Opcode::CACHE
                | Opcode::RESERVED
                | Opcode::EXTENDED_ARG
                | Opcode::ENTER_EXECUTOR
                | Opcode::INTERPRETER_EXIT
                | Opcode::INSTRUMENTED_LINE
                | Opcode::INSTRUMENTED_INSTRUCTION
        )
    {
        return Err("instruction not allowed in code".into());
    }
    let arg = instr.arg as usize;
    let within = |limit: usize, what: &str| {
        if arg < limit {
            Ok(())
        } else {
            Err(format!("{what} {arg} out of range"))
        }
    };
    let locals = &code.localspluskinds;
    match opcode.info().kind {
        ArgKind::Const => within(code.consts.len(), "constant")?,
        ArgKind::Name => within(code.names.len(), "name")?,
        ArgKind::NameShift1 => within(code.names.len() << 1, "name")?,
        ArgKind::NameShift2 => within(code.names.len() << 2, "name")?,
        ArgKind::Local => within(locals.len(), "local")?,
        ArgKind::LocalPair => {
            if arg > 0xFF || arg >> 4 >= locals.len() || arg & 15 >= locals.len() {
                return Err("local out of range".into());
            }
        }
        ArgKind::Free => {
            within(locals.len(), "cell")?;
            if locals[arg] & (CO_FAST_CELL | CO_FAST_FREE) == 0 {
                return Err("not a cell".into());
            }
        }
        ArgKind::BinaryOp => within(opcode::BINARY_OPS.len(), "operator")?,
        ArgKind::Compare => {
            if arg >> 5 >= opcode::COMPARISONS.len() {
                return Err("comparison out of range".into());
            }
        }
        ArgKind::Invert => within(2, "inversion")?,
        ArgKind::Conversion => {
            within(4, "conversion")?;
            if arg == 0 {
                return Err("no conversion".into());
            }
        }
        ArgKind::Intrinsic1 => within(opcode::INTRINSICS_1.len(), "intrinsic")?,
        ArgKind::Intrinsic2 => within(opcode::INTRINSICS_2.len(), "intrinsic")?,
        ArgKind::SpecialMethod => within(opcode::SPECIAL_METHODS.len(), "special method")?,
        ArgKind::CommonConstant => within(opcode::COMMON_CONSTANTS.len(), "common constant")?,
        ArgKind::SmallInt => within(256, "small integer")?,
        ArgKind::FunctionAttribute => {
            if ![1, 2, 4, 8, 16].contains(&arg) {
                return Err("no such function attribute".into());
            }
        }
        _ => {}
    }
    match opcode {
        Opcode::RAISE_VARARGS => within(3, "number of exceptions")?,
        Opcode::RERAISE => within(LIMIT, "depth")?,
        Opcode::BUILD_SLICE if arg != 2 && arg != 3 => {
            return Err("slice of neither two nor three parts".into());
        }
        Opcode::COPY | Opcode::SWAP if arg == 0 => return Err("no entry of the stack".into()),
        Opcode::LIST_APPEND
        | Opcode::SET_ADD
        | Opcode::MAP_ADD
        | Opcode::LIST_EXTEND
        | Opcode::SET_UPDATE
            if arg == 0 =>
        {
            return Err("no entry of the stack".into());
        }
        Opcode::DICT_UPDATE | Opcode::DICT_MERGE if arg == 0 => {
            return Err("no entry of the stack".into());
        }
        Opcode::COPY_FREE_VARS if arg != code.nfreevars() => {
            return Err("wrong number of free variables".into());
        }
        Opcode::RETURN_GENERATOR
            if code.flags & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR) == 0 =>
        {
            return Err("not a generator".into());
        }
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opcode::op;

    fn code(body: &[(u16, u8)], stacksize: u32) -> Code {
        Code {
            argcount: 0,
            posonlyargcount: 0,
            kwonlyargcount: 0,
            stacksize,
            flags: 0,
            code: body
                .iter()
                .flat_map(|&(opcode, arg)| [opcode as u8, arg])
                .collect(),
            consts: [Const::None].into(),
            names: [].into(),
            localsplusnames: ["x".into()].into(),
            localspluskinds: [CO_FAST_LOCAL].into(),
            filename: "f".into(),
            name: "f".into(),
            qualname: "f".into(),
            firstlineno: 1,
            linetable: [].into(),
            exceptiontable: [].into(),
        }
    }

    #[test]
    fn accepts_and_rejects() {
        let good = [(op::RESUME, 0), (op::LOAD_CONST, 0), (op::RETURN_VALUE, 0)];
        assert_eq!(verify(&code(&good, 1)), Ok(()));
        assert!(verify(&code(&good, 0)).is_err());
        for bad in [
            &[(op::LOAD_CONST, 1), (op::RETURN_VALUE, 0)][..],
            &[(op::LOAD_CONST, 0)],
            &[(op::RETURN_VALUE, 0)],
            &[(op::LOAD_FAST, 1), (op::RETURN_VALUE, 0)],
            &[(op::LOAD_DEREF, 0), (op::RETURN_VALUE, 0)],
            &[(op::JUMP_FORWARD, 1), (op::LOAD_CONST, 0)],
            &[(op::TO_BOOL, 0), (op::CACHE, 0)],
            &[(op::EXTENDED_ARG, 0)],
            &[(op::JUMP_BACKWARD, 200), (op::CACHE, 0)],
            &[(op::LOAD_CONST, 0), (op::JUMP_BACKWARD, 3), (op::CACHE, 0)],
            &[(op::BINARY_OP_ADD_INT, 0)],
            &[(200, 0)],
            &[],
        ] {
            assert!(verify(&code(bad, 9)).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn follows_values() {
        let finish = [(op::LOAD_CONST, 0), (op::RETURN_VALUE, 0)];
        let with = |body: &[(u16, u8)]| verify(&code(&[body, &finish].concat(), 9));
        assert_eq!(
            with(&[
                (op::LOAD_CONST, 0),
                (op::STORE_FAST, 0),
                (op::LOAD_FAST, 0),
                (op::POP_TOP, 0)
            ]),
            Ok(())
        );
        assert_eq!(
            with(&[
                (op::LOAD_FAST_CHECK, 0),
                (op::POP_TOP, 0),
                (op::LOAD_FAST, 0),
                (op::POP_TOP, 0)
            ]),
            Ok(())
        );
        assert_eq!(
            with(&[
                (op::BUILD_LIST, 0),
                (op::LOAD_CONST, 0),
                (op::LIST_APPEND, 1),
                (op::POP_TOP, 0)
            ]),
            Ok(())
        );
        for bad in [
            &[(op::LOAD_FAST, 0), (op::POP_TOP, 0)][..],
            &[
                (op::LOAD_CONST, 0),
                (op::LOAD_CONST, 0),
                (op::LIST_APPEND, 1),
                (op::POP_TOP, 0),
            ],
            &[(op::PUSH_NULL, 0), (op::GET_ITER, 0), (op::POP_TOP, 0)],
            &[
                (op::LOAD_CONST, 0),
                (op::MAKE_FUNCTION, 0),
                (op::POP_TOP, 0),
            ],
            &[
                (op::LOAD_CONST, 0),
                (op::PUSH_NULL, 0),
                (op::LOAD_CONST, 0),
                (op::CALL_KW, 0),
            ],
            // A second way to the same place, with the local unset.
            &[
                (op::LOAD_CONST, 0),
                (op::POP_JUMP_IF_NONE, 2),
                (op::CACHE, 0),
                (op::LOAD_CONST, 0),
                (op::STORE_FAST, 0),
                (op::LOAD_FAST, 0),
                (op::POP_TOP, 0),
            ],
        ] {
            assert!(with(bad).is_err(), "{bad:?}");
        }
    }

    /// Random bytes for code, tables and numbers must give an answer, whichever.
    #[test]
    fn survives_noise() {
        let mut seed = 1u64;
        let mut next = move || {
            seed = seed
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            (seed >> 33) as u32
        };
        let mut accepted = 0;
        for _ in 0..30_000 {
            let length = next() % 12 + 1;
            let body: Vec<(u16, u8)> = (0..length)
                .map(|_| {
                    let opcode = Opcode::ALL[next() as usize % Opcode::ALL.len()] as u16;
                    (
                        if next() % 3 == 0 {
                            op::LOAD_CONST
                        } else {
                            opcode
                        },
                        (next() % 3) as u8,
                    )
                })
                .chain([(op::LOAD_CONST, 0), (op::RETURN_VALUE, 0)])
                .collect();
            let mut code = code(&body, next() % 4);
            code.exceptiontable = (0..next() % 6)
                .map(|at| (next() % 8 + if at == 0 { 128 } else { 0 }) as u8)
                .collect();
            code.linetable = (0..next() % 6).map(|_| next() as u8).collect();
            code.argcount = next() % 2;
            accepted += verify(&code).is_ok() as u32;
            crate::disassemble::dis(&code);
        }
        assert!(accepted > 0);
    }
}
