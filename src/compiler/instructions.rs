//! What the code generator writes and the flow graph reads: instructions with labels, constants, names.

use std::hash::{BuildHasher, Hash, Hasher};

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use taipan_bytecode::code::Code;
use taipan_bytecode::{Const, Str, opcode};

/// Where in the source an instruction comes from. Lines from 1, columns in UTF-8 bytes from 0, -1 for unknown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Location {
    /// First line.
    pub lineno: i32,
    /// Last line.
    pub end_lineno: i32,
    /// First column.
    pub col_offset: i32,
    /// Column behind the last.
    pub end_col_offset: i32,
}

/// The location of artificial instructions.
pub const NO_LOCATION: Location = Location::new(-1, -1, -1, -1);
/// Stands for the location of whatever instruction follows.
pub const NEXT_LOCATION: Location = Location::new(-2, -2, -2, -2);

impl Location {
    /// From its four numbers.
    pub const fn new(
        lineno: i32,
        end_lineno: i32,
        col_offset: i32,
        end_col_offset: i32,
    ) -> Location {
        Location {
            lineno,
            end_lineno,
            col_offset,
            end_col_offset,
        }
    }
}

/// A place in an instruction sequence that jumps can name before it is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Label(pub u32);

/// One instruction before assembly: opcodes may be pseudo ones, targets are labels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Instruction {
    /// Opcode, a constant of [`taipan_bytecode::opcode::op`].
    pub opcode: u16,
    /// Argument; 0 for those without, and for jumps and block pushes.
    pub oparg: i32,
    /// Where it comes from.
    pub loc: Location,
    /// Where a jump or block push leads.
    pub target: Option<Label>,
}

/// Instructions in order, with labels.
#[derive(Clone, Debug, Default)]
pub struct InstructionSequence {
    instructions: Vec<Instruction>,
    /// Position of each label, `u32::MAX` while it is not placed.
    labels: Vec<u32>,
    /// Code of the module's (or class's) annotations, spliced in at ANNOTATIONS_PLACEHOLDER.
    pub annotations: Option<Box<InstructionSequence>>,
}

const UNPLACED: u32 = u32::MAX;

impl InstructionSequence {
    /// An empty sequence.
    pub fn new() -> InstructionSequence {
        InstructionSequence::default()
    }

    /// A label that has no place yet.
    pub fn new_label(&mut self) -> Label {
        self.labels.push(UNPLACED);
        Label(self.labels.len() as u32 - 1)
    }

    /// Places the label before the next instruction to be added.
    pub fn use_label(&mut self, label: Label) {
        self.labels[label.0 as usize] = self.instructions.len() as u32;
    }

    /// Whether the label has been placed.
    pub fn is_placed(&self, label: Label) -> bool {
        self.labels[label.0 as usize] != UNPLACED
    }

    /// Position of a placed label.
    pub fn position(&self, label: Label) -> Option<usize> {
        match self.labels.get(label.0 as usize) {
            Some(&place) if place != UNPLACED => Some(place as usize),
            _ => None,
        }
    }

    /// Adds an instruction that does not jump.
    pub fn addop(&mut self, opcode: u16, oparg: i32, loc: Location) {
        debug_assert!(
            opcode::has_arg(opcode) || oparg == 0,
            "{} takes no argument",
            opcode::name(opcode)
        );
        debug_assert!(
            !opcode::is_block_push(opcode),
            "{} needs a label",
            opcode::name(opcode)
        );
        self.instructions.push(Instruction {
            opcode,
            oparg,
            loc,
            target: None,
        });
    }

    /// Adds a jump or a block push.
    pub fn addop_jump(&mut self, opcode: u16, target: Label, loc: Location) {
        debug_assert!(
            opcode::has_jump(opcode) || opcode::is_block_push(opcode),
            "{} takes no label",
            opcode::name(opcode)
        );
        self.instructions.push(Instruction {
            opcode,
            oparg: 0,
            loc,
            target: Some(target),
        });
    }

    /// Inserts an instruction before position `at`; labels behind it move along (those at `at` too).
    pub fn insert(&mut self, at: usize, opcode: u16, oparg: i32, loc: Location) {
        self.instructions.insert(
            at,
            Instruction {
                opcode,
                oparg,
                loc,
                target: None,
            },
        );
        for place in &mut self.labels {
            if *place != UNPLACED && *place as usize >= at {
                *place += 1;
            }
        }
    }

    /// Inserts a jump or block push before position `at`; labels move as with [`insert`](Self::insert).
    pub fn insert_jump(&mut self, at: usize, opcode: u16, target: Label, loc: Location) {
        self.insert(at, opcode, 0, loc);
        self.instructions[at].target = Some(target);
    }

    /// The instructions.
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    /// The instructions, to change.
    pub fn instructions_mut(&mut self) -> &mut [Instruction] {
        &mut self.instructions
    }

    /// The last instruction.
    pub fn last(&self) -> Option<&Instruction> {
        self.instructions.last()
    }

    /// Number of instructions.
    pub fn len(&self) -> usize {
        self.instructions.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.instructions.is_empty()
    }
}

/// Distinct names in the order of their first use.
#[derive(Clone, Debug, Default)]
pub struct NameTable {
    names: Vec<Str>,
    index: HashMap<Str, u32>,
}

impl NameTable {
    /// An empty table.
    pub fn new() -> NameTable {
        NameTable::default()
    }

    /// The position of the name, which is added unless it is there.
    pub fn add(&mut self, name: &Str) -> u32 {
        if let Some(&at) = self.index.get(name) {
            return at;
        }
        let at = self.names.len() as u32;
        self.names.push(name.clone());
        self.index.insert(name.clone(), at);
        at
    }

    /// The position of the name.
    pub fn get(&self, name: &Str) -> Option<u32> {
        self.index.get(name).copied()
    }

    /// Whether the name is there.
    pub fn contains(&self, name: &Str) -> bool {
        self.index.contains_key(name)
    }

    /// The names in order.
    pub fn as_slice(&self) -> &[Str] {
        &self.names
    }

    /// The names in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Str> {
        self.names.iter()
    }

    /// Number of names.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

impl<S: Into<Str>> FromIterator<S> for NameTable {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> NameTable {
        let mut table = NameTable::new();
        for name in names {
            table.add(&name.into());
        }
        table
    }
}

/// The constants of a unit, equal ones merged the way CPython does it.
#[derive(Clone, Default)]
pub struct ConstTable {
    items: Vec<Const>,
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl ConstTable {
    /// An empty table.
    pub fn new() -> ConstTable {
        ConstTable::default()
    }

    /// The position of the constant, which is added unless one of its kind is there.
    pub fn add(&mut self, value: Const) -> u32 {
        let ConstTable {
            items,
            index,
            hasher,
        } = self;
        let hash = key_hash(hasher, &value);
        if let Some(&at) = index.find(hash, |&at| same_key(&items[at as usize], &value)) {
            return at;
        }
        let at = items.len() as u32;
        items.push(value);
        index.insert_unique(hash, at, |&at| key_hash(hasher, &items[at as usize]));
        at
    }

    /// The constants in order.
    pub fn as_slice(&self) -> &[Const] {
        &self.items
    }

    /// Number of constants.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Gives the constants away.
    pub fn into_vec(self) -> Vec<Const> {
        self.items
    }
}

impl std::fmt::Debug for ConstTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.items.fmt(f)
    }
}

impl std::ops::Index<usize> for ConstTable {
    type Output = Const;

    fn index(&self, at: usize) -> &Const {
        &self.items[at]
    }
}

/// Whether CPython would use one object for both: same type, same value, same sign of zero, and so for all parts.
/// A NaN is only like itself, so never like another one. The order of a frozenset does not matter.
fn same_key(a: &Const, b: &Const) -> bool {
    match (a, b) {
        (Const::Float(x), Const::Float(y)) => x.to_bits() == y.to_bits() && !x.is_nan(),
        (Const::Complex(x, y), Const::Complex(u, v)) => {
            x.to_bits() == u.to_bits() && y.to_bits() == v.to_bits() && !x.is_nan() && !y.is_nan()
        }
        (Const::Tuple(x), Const::Tuple(y)) => all_same(x, y),
        (Const::FrozenSet(x), Const::FrozenSet(y)) => x.len() == y.len() && same_members(x, y),
        (Const::Slice(x), Const::Slice(y)) => all_same(&x[..], &y[..]),
        (Const::Code(x), Const::Code(y)) => std::sync::Arc::ptr_eq(x, y) || same_code(x, y),
        _ => a == b,
    }
}

fn same_members(a: &[Const], b: &[Const]) -> bool {
    let builder = DefaultHashBuilder::default();
    let mut members: HashTable<&Const> = HashTable::with_capacity(b.len());
    for item in b {
        members.insert_unique(key_hash(&builder, item), item, |item| {
            key_hash(&builder, item)
        });
    }
    a.iter().all(|item| {
        members
            .find(key_hash(&builder, item), |other| same_key(item, other))
            .is_some()
    })
}

fn all_same(a: &[Const], b: &[Const]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| same_key(x, y))
}

/// Equality of code objects as Python sees it: file and qualified name do not count.
fn same_code(a: &Code, b: &Code) -> bool {
    a.name == b.name
        && a.argcount == b.argcount
        && a.posonlyargcount == b.posonlyargcount
        && a.kwonlyargcount == b.kwonlyargcount
        && a.flags == b.flags
        && a.firstlineno == b.firstlineno
        && a.code == b.code
        && all_same(&a.consts, &b.consts)
        && a.names == b.names
        && a.localsplusnames == b.localsplusnames
        && a.linetable == b.linetable
        && a.exceptiontable == b.exceptiontable
}

fn key_hash(builder: &DefaultHashBuilder, value: &Const) -> u64 {
    match value {
        Const::FrozenSet(items) => items
            .iter()
            .fold(0xF5, |sum, item| key_hash(builder, item).wrapping_add(sum)),
        Const::Tuple(items) => hash_items(builder, 1, items),
        Const::Slice(items) => hash_items(builder, 2, &items[..]),
        _ => builder.hash_one(value),
    }
}

fn hash_items(builder: &DefaultHashBuilder, tag: u8, items: &[Const]) -> u64 {
    let mut state = builder.build_hasher();
    tag.hash(&mut state);
    for item in items {
        key_hash(builder, item).hash(&mut state);
    }
    state.finish()
}

/// What a unit (module, class, function, …) has besides its instructions.
///
/// The argument of instructions on cells and free variables (MAKE_CELL, LOAD_DEREF, STORE_DEREF, LOAD_CLOSURE, …)
/// is, as the code generator writes them, a position in `cellvars`, or `cellvars.len()` plus a position in `freevars`.
#[derive(Clone, Debug)]
pub struct UnitMetadata {
    /// Name.
    pub name: Str,
    /// Name with its enclosing scopes.
    pub qualname: Str,
    /// Constants.
    pub consts: ConstTable,
    /// Names of globals, attributes, imports.
    pub names: NameTable,
    /// Locals, arguments first.
    pub varnames: NameTable,
    /// Variables of which cells are made here.
    pub cellvars: NameTable,
    /// Variables from outside.
    pub freevars: NameTable,
    /// Locals that are fast only inside an inlined comprehension of a module or class. True while they are still so.
    pub fasthidden: HashMap<Str, bool>,
    /// Arguments that can be given by position or by name: the positional-only ones are not counted here.
    pub argcount: u32,
    /// Positional-only arguments.
    pub posonlyargcount: u32,
    /// Keyword-only arguments.
    pub kwonlyargcount: u32,
    /// First line.
    pub firstlineno: i32,
}

impl UnitMetadata {
    /// Metadata of a unit without anything in it.
    pub fn new(name: Str, qualname: Str, firstlineno: i32) -> UnitMetadata {
        UnitMetadata {
            name,
            qualname,
            consts: ConstTable::new(),
            names: NameTable::new(),
            varnames: NameTable::new(),
            cellvars: NameTable::new(),
            freevars: NameTable::new(),
            fasthidden: HashMap::new(),
            argcount: 0,
            posonlyargcount: 0,
            kwonlyargcount: 0,
            firstlineno,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_merge_by_type_and_sign() {
        let mut table = ConstTable::new();
        assert_eq!(table.add(Const::Float(0.0)), 0);
        assert_eq!(table.add(Const::Float(-0.0)), 1);
        assert_eq!(table.add(Const::int(1)), 2);
        assert_eq!(table.add(Const::True), 3);
        assert_eq!(table.add(Const::int(1)), 2);
        assert_eq!(table.add(Const::Float(f64::NAN)), 4);
        assert_eq!(table.add(Const::Float(f64::NAN)), 5);
        let set = |a, b| Const::FrozenSet([Const::int(a), Const::int(b)].into());
        assert_eq!(table.add(set(1, 2)), 6);
        assert_eq!(table.add(set(2, 1)), 6);
        assert_eq!(table.add(Const::Tuple([Const::Float(-0.0)].into())), 7);
        assert_eq!(table.add(Const::Tuple([Const::Float(0.0)].into())), 8);
    }

    #[test]
    fn insert_moves_labels() {
        let mut seq = InstructionSequence::new();
        let a = seq.new_label();
        seq.addop(opcode::op::NOP, 0, NO_LOCATION);
        seq.use_label(a);
        seq.addop_jump(opcode::op::JUMP, a, NO_LOCATION);
        seq.insert(0, opcode::op::RESUME, 0, NO_LOCATION);
        assert_eq!(seq.position(a), Some(2));
    }
}
