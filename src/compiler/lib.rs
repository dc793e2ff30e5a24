//! Source text to canonical CPython 3.14 code objects

pub mod error;
pub mod instructions;
pub mod parse;
pub mod source;
pub mod syntax;
