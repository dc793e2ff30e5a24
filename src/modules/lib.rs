//! Native modules of the standard library, one file or folder each.

mod digest_object;

use taipan_objects::native::ModuleDef;

macro_rules! modules {
    ($($name:ident,)*) => {
        $(pub mod $name;)*
        /// All native modules of this crate.
        pub static ALL: &[&ModuleDef] = &[$(&$name::MODULE),*];
    };
}

mod combinatorics;
mod ordered_dict;
mod math_integers;
mod math_sums;
mod operator_getters;
mod time_format;

// A line per file, in alphabetical order; a leading underscore of the module's name is left out.
modules! {
    abc,
    ast,
    binascii,
    bisect,
    blake2,
    cmath,
    codecs,
    collections,
    contextvars,
    csv,
    errno,
    functools,
    gc,
    heapq,
    io,
    itertools,
    json,
    locale,
    marshal,
    math,
    md5,
    opcode,
    operator,
    posix,
    queue,
    random,
    resource,
    sha1,
    sha2,
    sha3,
    signal,
    sre,
    statistics,
    string,
    struct_,
    thread,
    time,
    tokenize,
    types,
    typing,
    unicodedata,
    warnings,
    weakref,
    zlib,
}

/// The native module of this name.
pub fn find(name: &str) -> Option<&'static ModuleDef> {
    ALL.iter().find(|m| m.name == name).copied()
}
