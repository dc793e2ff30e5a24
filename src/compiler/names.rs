//! Interned identifiers of one compilation: symbols, maps and sets of them, and private name mangling.

use bumpalo::Bump;
use hashbrown::hash_map::Entry;
use hashbrown::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// An interned identifier.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Sym(u32);

impl Sym {
    /// A small number, different for each symbol.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

macro_rules! known {
    ($($name:ident = $text:literal),* $(,)?) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum KnownIndex { $($name),* }
        $(
            #[doc = concat!("`", $text, "`")]
            pub const $name: Sym = Sym(KnownIndex::$name as u32);
        )*
        const KNOWN: &[&str] = &[$($text),*];
    };
}

known! {
    TOP = "top",
    LAMBDA = "lambda",
    GENEXPR = "genexpr",
    LISTCOMP = "listcomp",
    SETCOMP = "setcomp",
    DICTCOMP = "dictcomp",
    CLASS = "__class__",
    CLASSDICT = "__classdict__",
    CLASSCELL = "__classcell__",
    CLASSDICTCELL = "__classdictcell__",
    CONDITIONAL_ANNOTATIONS = "__conditional_annotations__",
    ANNOTATE = "__annotate__",
    ANNOTATE_FUNC = "__annotate_func__",
    ANNOTATIONS = "__annotations__",
    DOT_FORMAT = ".format",
    FORMAT = "format",
    DOT_TYPE_PARAMS = ".type_params",
    DOT_GENERIC_BASE = ".generic_base",
    DOT_DEFAULTS = ".defaults",
    DOT_KWDEFAULTS = ".kwdefaults",
    DOT_ZERO = ".0",
    TYPE_PARAMS = "__type_params__",
    DEBUG = "__debug__",
    SUPER = "super",
    NAME = "__name__",
    MODULE = "__module__",
    QUALNAME = "__qualname__",
    FIRSTLINENO = "__firstlineno__",
    STATIC_ATTRIBUTES = "__static_attributes__",
    DOC = "__doc__",
    RETURN = "return",
    JOIN = "join",
    ANON_MODULE = "<module>",
    ANON_LAMBDA = "<lambda>",
    ANON_GENEXPR = "<genexpr>",
    ANON_LISTCOMP = "<listcomp>",
    ANON_SETCOMP = "<setcomp>",
    ANON_DICTCOMP = "<dictcomp>",
    EMPTY = "",
}

/// A multiplicative hasher for the small integer keys used here.
#[derive(Default, Clone, Copy)]
pub struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.write_u64(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 ^= self.0 >> 32;
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }
}

/// Builds [`IdHasher`]s.
pub type IdState = BuildHasherDefault<IdHasher>;

/// A set of symbols.
pub type SymSet = HashSet<Sym, IdState>;

/// The identifiers seen in one compilation.
pub struct Interner<'a> {
    arena: &'a Bump,
    map: HashMap<&'a str, Sym>,
    texts: Vec<&'a str>,
}

impl<'a> Interner<'a> {
    /// An interner that holds the known names only; new text is kept in `arena`.
    pub fn new(arena: &'a Bump) -> Self {
        let mut interner = Interner {
            arena,
            map: HashMap::with_capacity(KNOWN.len() * 4),
            texts: Vec::with_capacity(KNOWN.len() * 4),
        };
        for &text in KNOWN {
            interner.intern(text);
        }
        interner
    }

    /// The symbol of `text`, which lives as long as the compilation.
    pub fn intern(&mut self, text: &'a str) -> Sym {
        match self.map.entry(text) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => {
                let sym = Sym(self.texts.len() as u32);
                self.texts.push(text);
                *entry.insert(sym)
            }
        }
    }

    /// The symbol of temporary text.
    pub fn intern_copy(&mut self, text: &str) -> Sym {
        match self.map.get(text) {
            Some(&sym) => sym,
            None => {
                let text = self.arena.alloc_str(text);
                self.intern(text)
            }
        }
    }

    /// The text of a symbol.
    pub fn text(&self, sym: Sym) -> &'a str {
        self.texts[sym.0 as usize]
    }

    /// `__name` inside `class Private` becomes `_Private__name`.
    pub fn mangle(&mut self, private: Option<Sym>, name: Sym) -> Sym {
        let Some(private) = private else {
            return name;
        };
        let text = self.text(name);
        if !text.starts_with("__") || text.ends_with("__") || text.contains('.') {
            return name;
        }
        let class = self.text(private).trim_start_matches('_');
        if class.is_empty() {
            return name;
        }
        let mut mangled = String::with_capacity(1 + class.len() + text.len());
        mangled.push('_');
        mangled.push_str(class);
        mangled.push_str(text);
        self.intern_copy(&mangled)
    }
}

/// A map from symbols that remembers the order of insertion.
#[derive(Clone)]
pub struct SymMap<V> {
    entries: Vec<(Sym, V)>,
    index: HashMap<Sym, u32, IdState>,
}

impl<V> Default for SymMap<V> {
    fn default() -> Self {
        SymMap {
            entries: Vec::new(),
            index: HashMap::default(),
        }
    }
}

/// Up to this many entries are searched one by one.
const LINEAR: usize = 8;

impl<V: Copy> SymMap<V> {
    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    fn position(&self, sym: Sym) -> Option<usize> {
        if self.entries.len() <= LINEAR {
            self.entries.iter().position(|entry| entry.0 == sym)
        } else {
            self.index.get(&sym).map(|&at| at as usize)
        }
    }

    /// The value of `sym`.
    pub fn get(&self, sym: Sym) -> Option<V> {
        self.position(sym).map(|at| self.entries[at].1)
    }

    /// The place of `sym` in the order of insertion.
    pub fn index_of(&self, sym: Sym) -> Option<usize> {
        self.position(sym)
    }

    /// Sets the value of `sym`, keeping its place when it has one.
    pub fn insert(&mut self, sym: Sym, value: V) {
        if let Some(at) = self.position(sym) {
            self.entries[at].1 = value;
            return;
        }
        self.entries.push((sym, value));
        let len = self.entries.len();
        if len == LINEAR + 1 {
            self.index = self
                .entries
                .iter()
                .enumerate()
                .map(|(at, entry)| (entry.0, at as u32))
                .collect();
        } else if len > LINEAR {
            self.index.insert(sym, len as u32 - 1);
        }
    }

    /// Removes `sym`; later entries move up.
    pub fn remove(&mut self, sym: Sym) {
        if let Some(at) = self.position(sym) {
            self.entries.remove(at);
            if self.entries.len() > LINEAR {
                self.index = self
                    .entries
                    .iter()
                    .enumerate()
                    .map(|(at, entry)| (entry.0, at as u32))
                    .collect();
            }
        }
    }

    /// The entries in order of insertion.
    pub fn iter(&self) -> impl Iterator<Item = (Sym, V)> + '_ {
        self.entries.iter().copied()
    }

    /// The entry at a place.
    pub fn at(&self, index: usize) -> (Sym, V) {
        self.entries[index]
    }

    /// Replaces the value at a place.
    pub fn set_at(&mut self, index: usize, value: V) {
        self.entries[index].1 = value;
    }
}
