//! Abstract execution of a code object, with a kind for each local and each entry of the stack.
//!
//! What it proves: no instruction meets a null where it needs a value (LOAD_FAST finds its local set);
//! instructions on cells find cells; and the operands that instructions take for granted are there:
//! the list of LIST_APPEND, LIST_EXTEND and LIST_TO_TUPLE, the set of SET_UPDATE, the dict of MAP_ADD,
//! DICT_UPDATE, DICT_MERGE and CALL_FUNCTION_EX, the strings of BUILD_STRING, the tuples of
//! BUILD_TEMPLATE and MATCH_KEYS, the names of CALL_KW and MATCH_CLASS, the code of MAKE_FUNCTION, the
//! function of SET_FUNCTION_ATTRIBUTE.
//!
//! What it leaves to run time: POP_TOP and STORE_FAST may meet a null; what conditional jumps and
//! UNARY_NOT test may be any object (`__annotate__` tests the result of a comparison), as may be the
//! set of SET_ADD (`__conditional_annotations__` is an ordinary variable) and the defaults of a new
//! function (a generic one gets them through a local); that exceptions are exceptions (RERAISE, CHECK_EG_MATCH), that the offset for RERAISE is an integer, and that a
//! function's closure fits its code.

use crate::code::{Code, CodeInstruction, Const, kinds::*};
use crate::locations::ExceptionEntry;
use crate::opcode::{Intrinsic1, Opcode, flags, function_attribute};
use crate::verify::{Body, NO_INSTRUCTION, Result};

/// What is known of a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// Anything, or null.
    Maybe,
    /// Null.
    Null,
    /// Some object.
    Value,
    Cell,
    Str,
    List,
    Set,
    Dict,
    Tuple,
    /// A tuple of this many strings; longer ones are not followed.
    Names(u8),
    Code,
    Function,
}

use Kind::*;

impl Kind {
    fn is_null(self) -> bool {
        matches!(self, Maybe | Null)
    }

    fn is_tuple(self) -> bool {
        matches!(self, Tuple | Names(_))
    }

    fn join(self, other: Kind) -> Kind {
        if self == other {
            self
        } else if self.is_null() || other.is_null() {
            Maybe
        } else if self.is_tuple() && other.is_tuple() {
            Tuple
        } else {
            Value
        }
    }

    fn of(constant: &Const) -> Kind {
        match constant {
            Const::Str(_) => Str,
            Const::Tuple(items) => match u8::try_from(items.len()) {
                Ok(count) if items.iter().all(|item| matches!(item, Const::Str(_))) => Names(count),
                _ => Tuple,
            },
            Const::Code(_) => Code,
            _ => Value,
        }
    }
}

#[derive(Clone, PartialEq)]
struct State {
    locals: Vec<Kind>,
    stack: Vec<Kind>,
}

impl State {
    fn entry(code: &crate::code::Code) -> State {
        let arguments = code.total_args();
        let mut locals = vec![Null; code.localspluskinds.len()];
        locals[..arguments].fill(Value);
        State {
            locals,
            stack: Vec::new(),
        }
    }

    fn push(&mut self, kind: Kind) {
        self.stack.push(kind);
    }

    /// Depths are checked before an instruction is followed.
    fn pop(&mut self) -> Kind {
        self.stack.pop().unwrap_or(Maybe)
    }

    fn value(&mut self) -> Result<Kind> {
        match self.pop() {
            kind if kind.is_null() => Err("null where a value is needed".into()),
            kind => Ok(kind),
        }
    }

    fn values(&mut self, count: usize) -> Result<()> {
        (0..count).try_for_each(|_| self.value().map(|_| ()))
    }

    fn want(&mut self, kind: Kind, what: &str) -> Result<()> {
        if self.pop() == kind {
            Ok(())
        } else {
            Err(format!("{what} expected"))
        }
    }

    /// The n-th entry from the top, from 1.
    fn peek(&self, n: usize) -> Kind {
        self.stack
            .len()
            .checked_sub(n)
            .map_or(Maybe, |at| self.stack[at])
    }

    fn want_at(&self, n: usize, kind: Kind, what: &str) -> Result<()> {
        if self.peek(n) == kind {
            Ok(())
        } else {
            Err(format!("{what} expected"))
        }
    }

    fn load(&mut self, local: usize) -> Result<()> {
        match self.locals[local] {
            kind if kind.is_null() => Err(format!("local {local} may be unset")),
            kind => {
                self.push(kind);
                Ok(())
            }
        }
    }

    fn store(&mut self, local: usize) {
        self.locals[local] = self.pop();
    }

    fn cell(&self, local: usize) -> Result<()> {
        if self.locals[local] == Cell {
            Ok(())
        } else {
            Err(format!("local {local} is not known to be a cell"))
        }
    }
}

struct Flow<'a> {
    code: &'a Code,
    body: &'a Body,
    entries: Vec<ExceptionEntry>,
    /// Entry that protects an instruction.
    entry_at: Vec<u32>,
    /// Whether control flow meets at an instruction.
    leader: Vec<bool>,
    states: Vec<Option<State>>,
    /// Number of places in all states.
    size: usize,
    todo: Vec<usize>,
    queued: Vec<bool>,
}

/// More places are not followed.
const MAX_SIZE: usize = 1 << 28;

/// Follows all paths. The body's instructions and the exception table are known to be sound.
pub(crate) fn check(code: &Code, body: &Body) -> Result<()> {
    let count = body.instrs.len();
    let mut flow = Flow {
        code,
        body,
        entries: code.exception_entries().collect(),
        entry_at: vec![NO_INSTRUCTION; count],
        leader: vec![false; count],
        states: vec![None; count],
        size: 0,
        todo: Vec::new(),
        queued: vec![false; count],
    };
    for (number, entry) in flow.entries.iter().enumerate() {
        let first = body.index(entry.start as i64)?;
        for (slot, instr) in flow.entry_at[first..].iter_mut().zip(&body.instrs[first..]) {
            if instr.start >= entry.end as usize {
                break;
            }
            *slot = number as u32;
        }
        flow.leader[body.index(entry.target as i64)?] = true;
    }
    for instr in &body.instrs {
        if let Some(target) = flow_target(instr) {
            flow.leader[body.index(target)?] = true;
        }
    }
    flow.leader[0] = true;
    flow.meet(0, State::entry(code))?;
    while let Some(index) = flow.todo.pop() {
        flow.queued[index] = false;
        if let Some(state) = flow.states[index].clone() {
            flow.follow(index, state)?;
        }
    }
    Ok(())
}

/// END_ASYNC_FOR only names where its loop began.
fn flow_target(instr: &CodeInstruction) -> Option<i64> {
    if instr.opcode == Opcode::END_ASYNC_FOR as u8 {
        return None;
    }
    instr.jump_target()
}

impl Flow<'_> {
    fn meet(&mut self, index: usize, state: State) -> Result<()> {
        let changed = match &mut self.states[index] {
            Some(known) => {
                if known.stack.len() != state.stack.len() {
                    return Err(format!(
                        "stack depth at {} is {} or {}",
                        self.body.instrs[index].start * 2,
                        known.stack.len(),
                        state.stack.len()
                    ));
                }
                let mut changed = false;
                let places = known.locals.iter_mut().chain(&mut known.stack);
                for (place, kind) in places.zip(state.locals.iter().chain(&state.stack)) {
                    let joined = place.join(*kind);
                    changed |= joined != *place;
                    *place = joined;
                }
                changed
            }
            unknown => {
                self.size += state.locals.len() + state.stack.len();
                if self.size > MAX_SIZE {
                    return Err("too many ways through too many locals".into());
                }
                *unknown = Some(state);
                true
            }
        };
        if changed && !self.queued[index] {
            self.queued[index] = true;
            self.todo.push(index);
        }
        Ok(())
    }

    /// From an instruction to the next meeting point.
    fn follow(&mut self, mut index: usize, mut state: State) -> Result<()> {
        // The exception entry whose handler knows the present state.
        let mut told = NO_INSTRUCTION;
        loop {
            let instr = self.body.instrs[index];
            let Some(opcode) = Opcode::from_u8(instr.opcode) else {
                return Err("unknown opcode".into());
            };
            let problem =
                |what: &str| format!("{what} at {} ({})", instr.offset * 2, opcode.info().name);
            let info = opcode.info();
            let pops = (info.pops)(instr.arg as u64);
            let pushes = (info.pushes)(instr.arg as u64);
            let depth = state.stack.len() as u64;
            if depth < pops {
                return Err(problem("stack underflow"));
            }
            if depth - pops + pushes > self.code.stacksize as u64 {
                return Err(problem("stack overflow"));
            }
            let number = self.entry_at[index];
            if number != NO_INSTRUCTION && number != told {
                let entry = self.entries[number as usize];
                if entry.depth as usize > state.stack.len() {
                    return Err(problem("exception handler expects a deeper stack"));
                }
                let mut stack = state.stack[..entry.depth as usize].to_vec();
                stack.extend(entry.lasti.then_some(Value));
                stack.push(Value);
                let locals = state.locals.clone();
                self.meet(
                    self.body.index(entry.target as i64)?,
                    State { locals, stack },
                )?;
            }
            let protected_depth = match self.entries.get(number as usize) {
                Some(entry) => entry.depth as u64,
                None => 0,
            };
            told = if changes_locals(opcode) || depth - pops < protected_depth {
                NO_INSTRUCTION
            } else {
                number
            };
            step(&mut state, opcode, instr.arg, self.code).map_err(|what| problem(&what))?;
            debug_assert_eq!(
                state.stack.len() as u64,
                depth - pops + pushes,
                "{}",
                info.name
            );
            if let Some(target) = flow_target(&instr) {
                let target = self.body.index(target)?;
                self.meet(target, state.clone())?;
            }
            if info.flags & flags::NO_FALLTHROUGH != 0 {
                return Ok(());
            }
            index += 1;
            if index == self.body.instrs.len() {
                return Err(problem("code runs off its end"));
            }
            if self.leader[index] {
                return self.meet(index, state);
            }
        }
    }
}

fn changes_locals(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::STORE_FAST
            | Opcode::STORE_FAST_LOAD_FAST
            | Opcode::STORE_FAST_STORE_FAST
            | Opcode::LOAD_FAST_AND_CLEAR
            | Opcode::LOAD_FAST_CHECK
            | Opcode::DELETE_FAST
            | Opcode::MAKE_CELL
            | Opcode::COPY_FREE_VARS
    )
}

/// What an instruction does to the state.
fn step(state: &mut State, opcode: Opcode, arg: u32, code: &Code) -> Result<()> {
    let n = arg as usize;
    match opcode {
        Opcode::LOAD_FAST | Opcode::LOAD_FAST_BORROW => state.load(n)?,
        Opcode::LOAD_FAST_LOAD_FAST | Opcode::LOAD_FAST_BORROW_LOAD_FAST_BORROW => {
            state.load(n >> 4)?;
            state.load(n & 15)?;
        }
        Opcode::LOAD_FAST_CHECK => {
            if state.locals[n].is_null() {
                state.locals[n] = Value;
            }
            state.load(n)?;
        }
        Opcode::LOAD_FAST_AND_CLEAR => {
            let kind = std::mem::replace(&mut state.locals[n], Null);
            state.push(kind);
        }
        Opcode::STORE_FAST => state.store(n),
        Opcode::STORE_FAST_LOAD_FAST => {
            state.store(n >> 4);
            state.load(n & 15)?;
        }
        Opcode::STORE_FAST_STORE_FAST => {
            state.store(n >> 4);
            state.store(n & 15);
        }
        Opcode::DELETE_FAST => state.locals[n] = Null,
        Opcode::MAKE_CELL => state.locals[n] = Cell,
        Opcode::COPY_FREE_VARS => {
            for (local, kind) in state.locals.iter_mut().zip(&code.localspluskinds) {
                if kind & CO_FAST_FREE != 0 {
                    *local = Cell;
                }
            }
        }
        Opcode::LOAD_DEREF => {
            state.cell(n)?;
            state.push(Value);
        }
        Opcode::STORE_DEREF => {
            state.cell(n)?;
            state.value()?;
        }
        Opcode::DELETE_DEREF => state.cell(n)?,
        Opcode::LOAD_FROM_DICT_OR_DEREF => {
            state.cell(n)?;
            state.value()?;
            state.push(Value);
        }
        Opcode::LOAD_CONST => state.push(Kind::of(&code.consts[n])),
        Opcode::COPY => state.push(state.peek(n)),
        Opcode::SWAP => {
            let top = state.stack.len() - 1;
            let other = state.stack.len() - n;
            state.stack.swap(top, other);
        }
        Opcode::PUSH_NULL => state.push(Null),
        Opcode::LOAD_GLOBAL => {
            state.push(Value);
            if n & 1 != 0 {
                state.push(Null);
            }
        }
        Opcode::LOAD_ATTR | Opcode::LOAD_SUPER_ATTR => {
            state.values(if opcode == Opcode::LOAD_ATTR { 1 } else { 3 })?;
            state.push(Value);
            if n & 1 != 0 {
                state.push(Maybe);
            }
        }
        Opcode::LOAD_SPECIAL => {
            state.value()?;
            state.push(Value);
            state.push(Maybe);
        }
        Opcode::CALL => {
            state.values(n)?;
            state.pop();
            state.value()?;
            state.push(Value);
        }
        Opcode::CALL_KW => {
            match state.pop() {
                Names(count) if count as usize <= n => {}
                _ => return Err("argument names expected".into()),
            }
            state.values(n)?;
            state.pop();
            state.value()?;
            state.push(Value);
        }
        Opcode::CALL_FUNCTION_EX => {
            if !matches!(state.pop(), Null | Dict) {
                return Err("dict expected".into());
            }
            state.value()?;
            state.pop();
            state.value()?;
            state.push(Value);
        }
        Opcode::LIST_APPEND | Opcode::LIST_EXTEND => {
            state.value()?;
            state.want_at(n, List, "list")?;
        }
        Opcode::SET_UPDATE => {
            state.value()?;
            state.want_at(n, Set, "set")?;
        }
        Opcode::SET_ADD => {
            state.value()?;
            if state.peek(n).is_null() {
                return Err("null where a value is needed".into());
            }
        }
        Opcode::POP_TOP => {
            state.pop();
        }
        Opcode::MAP_ADD => {
            state.values(2)?;
            state.want_at(n, Dict, "dict")?;
        }
        Opcode::DICT_UPDATE => {
            state.value()?;
            state.want_at(n, Dict, "dict")?;
        }
        Opcode::DICT_MERGE => {
            state.value()?;
            state.want_at(n, Dict, "dict")?;
            if state.peek(n + 3).is_null() {
                return Err("null where a callable is needed".into());
            }
        }
        Opcode::BUILD_LIST => {
            state.values(n)?;
            state.push(List);
        }
        Opcode::BUILD_SET => {
            state.values(n)?;
            state.push(Set);
        }
        Opcode::BUILD_MAP => {
            state.values(2 * n)?;
            state.push(Dict);
        }
        Opcode::BUILD_TUPLE => {
            state.values(n)?;
            state.push(Tuple);
        }
        Opcode::BUILD_STRING => {
            for _ in 0..n {
                state.want(Str, "string")?;
            }
            state.push(Str);
        }
        Opcode::BUILD_TEMPLATE => {
            for _ in 0..2 {
                if !state.pop().is_tuple() {
                    return Err("tuple expected".into());
                }
            }
            state.push(Value);
        }
        Opcode::BUILD_INTERPOLATION => {
            if n & 1 != 0 {
                state.want(Str, "string")?;
            }
            state.want(Str, "string")?;
            state.value()?;
            state.push(Value);
        }
        Opcode::FORMAT_SIMPLE | Opcode::CONVERT_VALUE => {
            state.value()?;
            state.push(Str);
        }
        Opcode::FORMAT_WITH_SPEC => {
            state.values(2)?;
            state.push(Str);
        }
        Opcode::MATCH_MAPPING | Opcode::MATCH_SEQUENCE => {
            if state.peek(1).is_null() {
                return Err("null where a value is needed".into());
            }
            state.push(Value);
        }
        Opcode::MATCH_KEYS => {
            if !state.peek(1).is_tuple() {
                return Err("tuple expected".into());
            }
            if state.peek(2).is_null() {
                return Err("null where a value is needed".into());
            }
            state.push(Value);
        }
        Opcode::MATCH_CLASS => {
            if !matches!(state.pop(), Names(_)) {
                return Err("attribute names expected".into());
            }
            state.values(2)?;
            state.push(Value);
        }
        Opcode::CALL_INTRINSIC_1 if arg == Intrinsic1::ListToTuple as u32 => {
            state.want(List, "list")?;
            state.push(Tuple);
        }
        Opcode::MAKE_FUNCTION => {
            state.want(Code, "code object")?;
            state.push(Function);
        }
        Opcode::SET_FUNCTION_ATTRIBUTE => {
            state.want(Function, "function")?;
            let attribute = state.pop();
            let fits = match arg {
                function_attribute::CLOSURE | function_attribute::ANNOTATIONS => {
                    attribute.is_tuple()
                }
                _ => !attribute.is_null(),
            };
            if !fits {
                return Err("function attribute of a wrong type".into());
            }
            state.push(Function);
        }
        Opcode::END_SEND => {
            let value = state.value()?;
            state.value()?;
            state.push(value);
        }
        // These leave what is below their operands alone.
        Opcode::PUSH_EXC_INFO => {
            let exception = state.value()?;
            state.push(Value);
            state.push(exception);
        }
        Opcode::RERAISE => {
            state.value()?;
        }
        Opcode::WITH_EXCEPT_START => {
            if [1, 5].iter().any(|&at| state.peek(at).is_null()) {
                return Err("null where a value is needed".into());
            }
            state.push(Value);
        }
        Opcode::GET_LEN | Opcode::IMPORT_FROM | Opcode::GET_ANEXT | Opcode::FOR_ITER => {
            if state.peek(1).is_null() {
                return Err("null where a value is needed".into());
            }
            state.push(Value);
        }
        _ => {
            let info = opcode.info();
            state.values((info.pops)(arg as u64) as usize)?;
            for _ in 0..(info.pushes)(arg as u64) {
                state.push(Value);
            }
        }
    }
    Ok(())
}
