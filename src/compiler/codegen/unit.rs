//! A compilation unit under construction, and the blocks that control flow must unwind.

use super::*;
use crate::instructions::ConstTable;
use crate::symtable::{DEF_COMP_CELL, DEF_FREE_CLASS};

/// What a unit is, as far as names and statements care.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ScopeType {
    Module,
    Class,
    Function,
    AsyncFunction,
    Lambda,
    Comprehension,
    Annotations,
}

/// The kinds of frame block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FBlockKind {
    WhileLoop,
    ForLoop,
    TryExcept,
    FinallyTry,
    FinallyEnd,
    With,
    AsyncWith,
    HandlerCleanup,
    PopValue,
    ExceptionHandler,
    ExceptionGroupHandler,
    AsyncComprehension,
    StopIteration,
    InlinedComprehension,
}

/// What unwinding a block needs.
#[derive(Clone, Copy)]
pub(super) enum Datum<'a> {
    None,
    Finally(&'a [Stmt]),
    Handler(Sym),
}

/// A frame block.
#[derive(Clone, Copy)]
pub(super) struct FBlock<'a> {
    pub kind: FBlockKind,
    pub block: Option<Label>,
    pub exit: Option<Label>,
    pub loc: Location,
    pub datum: Datum<'a>,
}

/// A unit under construction.
pub(super) struct Unit<'a> {
    pub name: Sym,
    pub qualname: Str,
    pub scope_type: ScopeType,
    pub scope: ScopeId,
    pub firstlineno: i32,
    pub private: Option<Sym>,
    pub seq: InstructionSequence,
    pub stashed: Option<InstructionSequence>,
    pub consts: ConstTable,
    pub names: SymMap<()>,
    pub varnames: SymMap<()>,
    pub cellvars: SymMap<()>,
    pub freevars: SymMap<()>,
    pub fasthidden: SymMap<bool>,
    pub argcount: u32,
    pub posonlyargcount: u32,
    pub kwonlyargcount: u32,
    pub fblocks: Vec<FBlock<'a>>,
    pub in_inlined_comp: u32,
    pub in_conditional_block: u32,
    pub deferred: Vec<(&'a ast::StmtAnnAssign, Option<i64>)>,
    pub next_conditional: i64,
    pub static_attributes: Vec<Sym>,
}

/// The place of a name in a table, where it is put unless it is there.
pub(super) fn add(table: &mut SymMap<()>, name: Sym) -> usize {
    match table.index_of(name) {
        Some(at) => at,
        None => {
            table.insert(name, ());
            table.len() - 1
        }
    }
}

fn by_place(symbols: &SymMap<u32>, names: &Interner<'_>, place: Place, flag: u32) -> SymMap<()> {
    let mut found: Vec<Sym> = symbols
        .iter()
        .filter(|&(_, flags)| Place::of_flags(flags) == place || flags & flag != 0)
        .map(|(name, _)| name)
        .collect();
    found.sort_unstable_by_key(|&name| names.text(name));
    let mut table = SymMap::default();
    for name in found {
        table.insert(name, ());
    }
    table
}

impl<'a> Unit<'a> {
    pub(super) fn new(
        name: Sym,
        qualname: Str,
        scope_type: ScopeType,
        id: ScopeId,
        firstlineno: i32,
        private: Option<Sym>,
        table: &Symtable,
        names: &Interner<'_>,
    ) -> Unit<'a> {
        let scope = table.scope(id);
        let mut varnames = SymMap::default();
        for &name in &scope.varnames {
            varnames.insert(name, ());
        }
        let mut cellvars = by_place(&scope.symbols, names, Place::Cell, DEF_COMP_CELL);
        let implicit = [
            (scope.needs_class_closure, known::CLASS),
            (scope.needs_classdict, known::CLASSDICT),
            (
                scope.has_conditional_annotations,
                known::CONDITIONAL_ANNOTATIONS,
            ),
        ];
        for (needed, name) in implicit {
            if needed {
                add(&mut cellvars, name);
            }
        }
        Unit {
            name,
            qualname,
            scope_type,
            scope: id,
            firstlineno,
            private,
            seq: InstructionSequence::new(),
            stashed: None,
            consts: ConstTable::new(),
            names: SymMap::default(),
            varnames,
            cellvars,
            freevars: by_place(&scope.symbols, names, Place::Free, DEF_FREE_CLASS),
            fasthidden: SymMap::default(),
            argcount: 0,
            posonlyargcount: 0,
            kwonlyargcount: 0,
            fblocks: Vec::new(),
            in_inlined_comp: 0,
            in_conditional_block: 0,
            deferred: Vec::new(),
            next_conditional: 0,
            static_attributes: Vec::new(),
        }
    }
}
