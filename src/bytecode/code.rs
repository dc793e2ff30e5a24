//! Code objects and their constants.

use std::sync::Arc;

use dashu_int::IBig;

use crate::Str;
use crate::opcode;

/// Bits of a code object's flags.
pub mod flags {
    /// Locals live in slots.
    pub const CO_OPTIMIZED: u32 = 0x1;
    /// A call makes a new namespace.
    pub const CO_NEWLOCALS: u32 = 0x2;
    /// Has `*args`.
    pub const CO_VARARGS: u32 = 0x4;
    /// Has `**kwargs`.
    pub const CO_VARKEYWORDS: u32 = 0x8;
    /// Defined inside a function.
    pub const CO_NESTED: u32 = 0x10;
    /// Makes a generator.
    pub const CO_GENERATOR: u32 = 0x20;
    /// Makes a coroutine.
    pub const CO_COROUTINE: u32 = 0x80;
    /// A generator that may be awaited.
    pub const CO_ITERABLE_COROUTINE: u32 = 0x100;
    /// Makes an asynchronous generator.
    pub const CO_ASYNC_GENERATOR: u32 = 0x200;
    /// `from __future__ import division`
    pub const CO_FUTURE_DIVISION: u32 = 0x2_0000;
    /// `from __future__ import absolute_import`
    pub const CO_FUTURE_ABSOLUTE_IMPORT: u32 = 0x4_0000;
    /// `from __future__ import with_statement`
    pub const CO_FUTURE_WITH_STATEMENT: u32 = 0x8_0000;
    /// `from __future__ import print_function`
    pub const CO_FUTURE_PRINT_FUNCTION: u32 = 0x10_0000;
    /// `from __future__ import unicode_literals`
    pub const CO_FUTURE_UNICODE_LITERALS: u32 = 0x20_0000;
    /// `from __future__ import barry_as_FLUFL`
    pub const CO_FUTURE_BARRY_AS_BDFL: u32 = 0x40_0000;
    /// `from __future__ import generator_stop`
    pub const CO_FUTURE_GENERATOR_STOP: u32 = 0x80_0000;
    /// `from __future__ import annotations`
    pub const CO_FUTURE_ANNOTATIONS: u32 = 0x100_0000;
    /// Does not run `StopIteration` handling of monitoring (internal).
    pub const CO_NO_MONITORING_EVENTS: u32 = 0x200_0000;
    /// The first constant is a docstring.
    pub const CO_HAS_DOCSTRING: u32 = 0x400_0000;
    /// Defined directly in a class body.
    pub const CO_METHOD: u32 = 0x800_0000;
}

/// Bits that say what a local is.
pub mod kinds {
    /// Positional argument.
    pub const CO_FAST_ARG_POS: u8 = 0x02;
    /// Keyword argument.
    pub const CO_FAST_ARG_KW: u8 = 0x04;
    /// `*args` or `**kwargs`.
    pub const CO_FAST_ARG_VAR: u8 = 0x08;
    /// Any of the three above.
    pub const CO_FAST_ARG: u8 = 0x0E;
    /// Of an inlined comprehension: not shown in `locals()`.
    pub const CO_FAST_HIDDEN: u8 = 0x10;
    /// A local.
    pub const CO_FAST_LOCAL: u8 = 0x20;
    /// A cell made here.
    pub const CO_FAST_CELL: u8 = 0x40;
    /// A cell from the closure.
    pub const CO_FAST_FREE: u8 = 0x80;
}

/// A code object, field by field as marshal has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    /// Positional arguments, without `*args`.
    pub argcount: u32,
    /// How many of them cannot be named in a call.
    pub posonlyargcount: u32,
    /// Keyword-only arguments.
    pub kwonlyargcount: u32,
    /// Greatest depth of the operand stack.
    pub stacksize: u32,
    /// Bits of [`flags`].
    pub flags: u32,
    /// Two bytes a unit, caches included.
    pub code: Box<[u8]>,
    /// Constants.
    pub consts: Box<[Const]>,
    /// Names of globals, attributes, imports.
    pub names: Box<[Str]>,
    /// Names of locals, cells and free variables.
    pub localsplusnames: Box<[Str]>,
    /// Bits of [`kinds`] for each of them.
    pub localspluskinds: Box<[u8]>,
    /// Where it comes from.
    pub filename: Str,
    /// Name.
    pub name: Str,
    /// Name with its enclosing scopes.
    pub qualname: Str,
    /// First line.
    pub firstlineno: i32,
    /// Encoded positions.
    pub linetable: Box<[u8]>,
    /// Encoded handlers.
    pub exceptiontable: Box<[u8]>,
}

/// A constant.
#[derive(Clone, Debug)]
pub enum Const {
    /// `None`
    None,
    /// `True`
    True,
    /// `False`
    False,
    /// `...`
    Ellipsis,
    /// An integer of any size.
    Int(IBig),
    /// A float.
    Float(f64),
    /// Real and imaginary part.
    Complex(f64, f64),
    /// A string.
    Str(Str),
    /// Bytes.
    Bytes(Box<[u8]>),
    /// A tuple.
    Tuple(Box<[Const]>),
    /// A frozenset in the order of the source.
    FrozenSet(Box<[Const]>),
    /// A code object.
    Code(Arc<Code>),
    /// `slice(start, stop, step)`
    Slice(Box<[Const; 3]>),
    /// A list (only in marshal data).
    List(Box<[Const]>),
    /// A dict (only in marshal data).
    Dict(Box<[(Const, Const)]>),
    /// A set (only in marshal data).
    Set(Box<[Const]>),
    /// The class `StopIteration` (only in marshal data).
    StopIteration,
}

/// Equality by type and by bits: `0.0` and `-0.0` differ, `1` and `True` differ, equal NaN bits are equal.
impl PartialEq for Const {
    fn eq(&self, other: &Const) -> bool {
        match (self, other) {
            (Const::None, Const::None)
            | (Const::True, Const::True)
            | (Const::False, Const::False)
            | (Const::Ellipsis, Const::Ellipsis)
            | (Const::StopIteration, Const::StopIteration) => true,
            (Const::Int(a), Const::Int(b)) => a == b,
            (Const::Float(a), Const::Float(b)) => a.to_bits() == b.to_bits(),
            (Const::Complex(a, b), Const::Complex(c, d)) => {
                a.to_bits() == c.to_bits() && b.to_bits() == d.to_bits()
            }
            (Const::Str(a), Const::Str(b)) => a == b,
            (Const::Bytes(a), Const::Bytes(b)) => a == b,
            (Const::Tuple(a), Const::Tuple(b))
            | (Const::FrozenSet(a), Const::FrozenSet(b))
            | (Const::List(a), Const::List(b))
            | (Const::Set(a), Const::Set(b)) => a == b,
            (Const::Dict(a), Const::Dict(b)) => a == b,
            (Const::Code(a), Const::Code(b)) => Arc::ptr_eq(a, b) || a == b,
            (Const::Slice(a), Const::Slice(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Const {}

impl Const {
    /// A small integer.
    pub fn int(value: i64) -> Const {
        Const::Int(IBig::from(value))
    }

    /// A string.
    pub fn str(text: &str) -> Const {
        Const::Str(Str::new(text))
    }

    /// A bool.
    pub fn bool(value: bool) -> Const {
        if value { Const::True } else { Const::False }
    }

    /// The code object, when it is one.
    pub fn as_code(&self) -> Option<&Arc<Code>> {
        match self {
            Const::Code(code) => Some(code),
            _ => None,
        }
    }
}

impl std::hash::Hash for Const {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Const::None | Const::True | Const::False | Const::Ellipsis | Const::StopIteration => {}
            Const::Int(value) => value.hash(state),
            Const::Float(value) => value.to_bits().hash(state),
            Const::Complex(re, im) => {
                re.to_bits().hash(state);
                im.to_bits().hash(state);
            }
            Const::Str(value) => value.hash(state),
            Const::Bytes(value) => value.hash(state),
            Const::Tuple(items)
            | Const::FrozenSet(items)
            | Const::List(items)
            | Const::Set(items) => items.hash(state),
            Const::Dict(items) => items.hash(state),
            Const::Code(code) => {
                code.name.hash(state);
                code.firstlineno.hash(state);
                code.code.hash(state);
            }
            Const::Slice(parts) => parts.hash(state),
        }
    }
}

/// One instruction of a code object, EXTENDED_ARG prefixes taken together with what they prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeInstruction {
    /// Offset in units of the first prefix, or of the instruction itself.
    pub start: usize,
    /// Offset in units of the instruction itself.
    pub offset: usize,
    /// Offset in units of what follows it and its caches.
    pub end: usize,
    /// The opcode as it stands.
    pub opcode: u8,
    /// The whole argument.
    pub arg: u32,
}

impl CodeInstruction {
    /// Offset in units of the jump's target, if it is a jump.
    pub fn jump_target(&self) -> Option<i64> {
        match opcode::info(self.opcode as u16).kind {
            opcode::ArgKind::JumpForward => Some(self.end as i64 + self.arg as i64),
            opcode::ArgKind::JumpBackward => Some(self.end as i64 - self.arg as i64),
            _ => None,
        }
    }
}

/// Iterator over the instructions of a code object.
pub struct CodeInstructions<'a> {
    code: &'a [u8],
    next: usize,
}

impl Iterator for CodeInstructions<'_> {
    type Item = CodeInstruction;

    fn next(&mut self) -> Option<CodeInstruction> {
        let start = self.next;
        let mut offset = start;
        let mut arg = 0u32;
        loop {
            let unit = self.code.get(offset * 2..offset * 2 + 2)?;
            arg = arg << 8 | unit[1] as u32;
            if unit[0] as u16 == opcode::op::EXTENDED_ARG && offset * 2 + 2 < self.code.len() {
                offset += 1;
                continue;
            }
            let end = offset + 1 + opcode::cache_units(unit[0]);
            self.next = end;
            return Some(CodeInstruction {
                start,
                offset,
                end,
                opcode: unit[0],
                arg,
            });
        }
    }
}

/// Iterates over raw code bytes.
pub fn instructions(code: &[u8]) -> CodeInstructions<'_> {
    CodeInstructions { code, next: 0 }
}

impl Code {
    /// Its instructions.
    pub fn instructions(&self) -> CodeInstructions<'_> {
        instructions(&self.code)
    }

    fn names_of(&self, kind: u8) -> impl Iterator<Item = &Str> {
        self.localsplusnames
            .iter()
            .zip(self.localspluskinds.iter())
            .filter(move |(_, bits)| **bits & kind != 0)
            .map(|(name, _)| name)
    }

    /// `co_varnames`
    pub fn varnames(&self) -> impl Iterator<Item = &Str> {
        self.names_of(kinds::CO_FAST_LOCAL)
    }

    /// `co_cellvars`
    pub fn cellvars(&self) -> impl Iterator<Item = &Str> {
        self.names_of(kinds::CO_FAST_CELL)
    }

    /// `co_freevars`
    pub fn freevars(&self) -> impl Iterator<Item = &Str> {
        self.names_of(kinds::CO_FAST_FREE)
    }

    /// `co_nlocals`
    pub fn nlocals(&self) -> usize {
        self.varnames().count()
    }

    /// Number of cells made here, arguments that are cells included.
    pub fn ncellvars(&self) -> usize {
        self.cellvars().count()
    }

    /// Number of cells from the closure.
    pub fn nfreevars(&self) -> usize {
        self.freevars().count()
    }

    /// Number of slots before the operand stack.
    pub fn nlocalsplus(&self) -> usize {
        self.localsplusnames.len()
    }

    /// Number of arguments, `*args` and `**kwargs` included.
    pub fn total_args(&self) -> usize {
        self.argcount as usize
            + self.kwonlyargcount as usize
            + (self.flags & flags::CO_VARARGS != 0) as usize
            + (self.flags & flags::CO_VARKEYWORDS != 0) as usize
    }
}
