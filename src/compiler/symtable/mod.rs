//! Scopes: which names a block binds, uses, and where it finds them.
//!
//! `build` walks the syntax tree once and records facts per block; `analyze` then decides for
//! each name whether it is local, a cell, free, or global, and which comprehensions are inlined.

mod analyze;
mod build;

use crate::failure::Failure;
use crate::future::Future;
use crate::names::{IdState, Interner, Sym, SymMap, SymSet};
use hashbrown::HashMap;
use ruff_text_size::TextRange;

/// Declared by a `global` statement.
pub const DEF_GLOBAL: u32 = 1;
/// Assigned in the block.
pub const DEF_LOCAL: u32 = 2;
/// A parameter.
pub const DEF_PARAM: u32 = 4;
/// Declared by a `nonlocal` statement.
pub const DEF_NONLOCAL: u32 = 8;
/// Used.
pub const USE: u32 = 16;
/// Free in a method but also bound in the class.
pub const DEF_FREE_CLASS: u32 = 64;
/// Bound by an import.
pub const DEF_IMPORT: u32 = 128;
/// Annotated.
pub const DEF_ANNOT: u32 = 256;
/// An iteration variable of a comprehension.
pub const DEF_COMP_ITER: u32 = 512;
/// A type parameter.
pub const DEF_TYPE_PARAM: u32 = 1024;
/// A cell of an inlined comprehension.
pub const DEF_COMP_CELL: u32 = 2048;
/// Bound in the block in any way.
pub const DEF_BOUND: u32 = DEF_LOCAL | DEF_PARAM | DEF_IMPORT | DEF_TYPE_PARAM;

const SCOPE_SHIFT: u32 = 12;

/// Where a name is found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Place {
    /// Not known in the block.
    Unknown = 0,
    /// A local variable.
    Local = 1,
    /// A global, by declaration.
    GlobalExplicit = 2,
    /// A global or builtin.
    GlobalImplicit = 3,
    /// Bound in an enclosing function.
    Free = 4,
    /// A local that nested functions use.
    Cell = 5,
}

impl Place {
    /// The place in the upper bits of symbol flags.
    pub fn of_flags(flags: u32) -> Place {
        match (flags >> SCOPE_SHIFT) & 7 {
            1 => Place::Local,
            2 => Place::GlobalExplicit,
            3 => Place::GlobalImplicit,
            4 => Place::Free,
            5 => Place::Cell,
            _ => Place::Unknown,
        }
    }

    fn bits(self) -> u32 {
        (self as u32) << SCOPE_SHIFT
    }
}

/// What a block is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BlockKind {
    /// A function, lambda or comprehension.
    Function,
    /// A class body.
    Class,
    /// The top level.
    Module,
    /// Deferred annotations.
    Annotation,
    /// The bound or default of a type parameter.
    TypeVariable,
    /// The value of a `type` statement.
    TypeAlias,
    /// The type parameters of a generic.
    TypeParameters,
}

/// The kinds of comprehension.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Comprehension {
    /// `[…]`
    List,
    /// `{…}`
    Set,
    /// `{k: v …}`
    Dict,
    /// `(…)`
    Generator,
}

/// Which block of a syntax node is meant, as one node can own several.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// The body.
    Body,
    /// Its type parameters.
    TypeParams,
    /// Its annotations.
    Annotations,
    /// The bound (or the only default) of a type parameter.
    Bound,
    /// The default of a type variable.
    Default,
}

/// The identity of a block: the address of its node and its role.
pub type Key = (usize, Role);

/// The key of a node.
pub fn key<T>(node: &T, role: Role) -> Key {
    (std::ptr::from_ref(node) as usize, role)
}

/// An index into [`Symtable::scopes`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ScopeId(u32);

impl ScopeId {
    /// The index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One block.
pub struct Scope {
    /// The name of the block.
    pub name: Sym,
    /// What the block is.
    pub kind: BlockKind,
    /// Facts about the names; after analysis with their place.
    pub symbols: SymMap<u32>,
    /// The parameters in order.
    pub varnames: Vec<Sym>,
    /// Blocks directly inside.
    pub children: Vec<ScopeId>,
    directives: Vec<(Sym, TextRange)>,
    mangled_names: Option<u32>,
    /// Whether an enclosing block is a function.
    pub nested: bool,
    /// `*args`
    pub varargs: bool,
    /// `**kwargs`
    pub varkeywords: bool,
    /// Whether there are annotations.
    pub annotations_used: bool,
    /// Whether it yields.
    pub generator: bool,
    /// Whether it is a coroutine.
    pub coroutine: bool,
    /// Which comprehension it is.
    pub comprehension: Option<Comprehension>,
    /// Whether methods use `__class__`.
    pub needs_class_closure: bool,
    /// Whether annotation scopes need the class namespace.
    pub needs_classdict: bool,
    /// Whether the comprehension is compiled into its parent.
    pub comp_inlined: bool,
    comp_iter_target: bool,
    comp_iter_expr: u32,
    /// Whether names are looked up in the enclosing class first.
    pub can_see_class_scope: bool,
    /// Whether some annotations depend on control flow.
    pub has_conditional_annotations: bool,
    in_conditional_block: bool,
    in_unevaluated_annotation: bool,
    /// The block of the deferred annotations.
    pub annotation_block: Option<ScopeId>,
    /// Whether the body starts with a docstring.
    pub has_docstring: bool,
    /// Whether it is a function directly in a class.
    pub method: bool,
    scope_info: &'static str,
    /// What the block is made of.
    pub range: TextRange,
}

impl Scope {
    /// Functions, and blocks that become functions.
    pub fn is_function_like(&self) -> bool {
        !matches!(self.kind, BlockKind::Module | BlockKind::Class)
    }

    /// The flags of a name, 0 when unknown.
    pub fn flags(&self, name: Sym) -> u32 {
        self.symbols.get(name).unwrap_or(0)
    }

    /// The place of a name.
    pub fn place(&self, name: Sym) -> Place {
        Place::of_flags(self.flags(name))
    }
}

/// All blocks of one compilation.
pub struct Symtable {
    /// The blocks; the first is the top level.
    pub scopes: Vec<Scope>,
    blocks: HashMap<Key, ScopeId, IdState>,
    mangled_sets: Vec<SymSet>,
    /// Warnings about literals, met on the way.
    pub literal_warnings: Vec<(String, TextRange)>,
}

impl Symtable {
    /// Builds and analyzes the blocks of a module.
    pub fn build<'a>(
        top: build::Top<'a>,
        source: &'a str,
        future: &Future,
        flags: u32,
        keep_docstrings: bool,
        depth_limit: u32,
        names: &mut Interner<'a>,
    ) -> Result<Symtable, Failure> {
        let mut table = build::run(
            top,
            source,
            future,
            flags,
            keep_docstrings,
            depth_limit,
            names,
        )?;
        analyze::run(&mut table, names)?;
        Ok(table)
    }

    /// The top level.
    pub fn top(&self) -> ScopeId {
        ScopeId(0)
    }

    /// The block of a node.
    pub fn lookup(&self, key: Key) -> Option<ScopeId> {
        self.blocks.get(&key).copied()
    }

    /// A block.
    pub fn scope(&self, id: ScopeId) -> &Scope {
        &self.scopes[id.0 as usize]
    }

    /// A block, to change.
    pub fn scope_mut(&mut self, id: ScopeId) -> &mut Scope {
        &mut self.scopes[id.0 as usize]
    }

    /// Mangles `name` as seen from a block; around a generic class only its type parameters are mangled.
    pub fn maybe_mangle(
        &self,
        names: &mut Interner<'_>,
        private: Option<Sym>,
        scope: ScopeId,
        name: Sym,
    ) -> Sym {
        if private.is_none() {
            return name;
        }
        if let Some(set) = self.scope(scope).mangled_names
            && !self.mangled_sets[set as usize].contains(&name)
        {
            return name;
        }
        names.mangle(private, name)
    }
}

pub use build::Top;
