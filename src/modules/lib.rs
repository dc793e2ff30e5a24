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
mod math_integers;
mod math_sums;
mod operator_getters;
mod ordered_dict;
pub mod stdio;
mod time_format;

// A line per file, in alphabetical order; a leading underscore of the module's name is left out.
modules! {
    abc,
    array,
    ast,
    atexit,
    binascii,
    bisect,
    blake2,
    cmath,
    codecs,
    collections,
    contextvars,
    csv,
    errno,
    faulthandler,
    fcntl,
    functools,
    gc,
    grp,
    heapq,
    io,
    itertools,
    json,
    locale,
    marshal,
    math,
    md5,
    mmap,
    opcode,
    operator,
    posix,
    posixsubprocess,
    pwd,
    queue,
    random,
    resource,
    select,
    sha1,
    sha2,
    sha3,
    signal,
    socket,
    sre,
    stat,
    statistics,
    string,
    struct_,
    symtable,
    termios,
    thread,
    time,
    tokenize,
    tracemalloc,
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
