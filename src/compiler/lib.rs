//! Source text to canonical CPython 3.14 code objects

pub mod assemble;
pub mod error;
mod flowgraph;
pub mod instructions;
pub mod parse;
pub mod source;
pub mod syntax;
