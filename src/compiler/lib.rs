//! Source text to canonical CPython 3.14 code objects.
//!
//! The way: `source` decodes, `parse` makes ruff's tree, `symtable` decides where names live,
//! `codegen` writes instructions, `flowgraph` optimises them, `assemble` makes the code object.

pub mod assemble;
mod codegen;
pub mod error;
mod failure;
mod flowgraph;
mod future;
pub mod instructions;
pub mod literals;
pub mod locate;
mod names;
pub mod parse;
pub mod source;
mod symtable;
pub mod syntax;
pub mod tree;
mod unparse;

use error::{CompileError, ErrorKind, Warning};
use failure::{DEEP, Failure, FailureKind};
use parse::{Mode, ParseFlags};
use ruff_python_ast::Mod;
use source::{CodecLookup, Origin, SourceIndex};
use std::borrow::Cow;
use std::sync::Arc;
use symtable::Top;
use taipan_bytecode::Str;
use taipan_bytecode::code::Code;

/// A program to compile.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    /// Text, already decoded.
    Text(&'a str),
    /// Bytes, whose encoding is declared inside or UTF-8.
    Bytes {
        /// The bytes.
        bytes: &'a [u8],
        /// Where they come from, which errors mention.
        origin: Origin<'a>,
        /// Encodings beyond the built-in ones.
        codecs: Option<CodecLookup<'a>>,
    },
}

impl<'a> From<&'a str> for Source<'a> {
    fn from(text: &'a str) -> Self {
        Source::Text(text)
    }
}

impl<'a> From<&'a [u8]> for Source<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Source::Bytes {
            bytes,
            origin: Origin::Bytes,
            codecs: None,
        }
    }
}

/// How to compile.
#[derive(Clone, Debug)]
pub struct CompileOptions {
    /// `co_filename`
    pub filename: Str,
    /// Kind of program.
    pub mode: Mode,
    /// `PyCF_*` and `CO_FUTURE_*` bits.
    pub flags: u32,
    /// 0, 1 (no assertions) or 2 (no docstrings either).
    pub optimize: u8,
}

impl CompileOptions {
    /// A module without special flags.
    pub fn new(filename: impl Into<Str>) -> CompileOptions {
        CompileOptions {
            filename: filename.into(),
            mode: Mode::Exec,
            flags: 0,
            optimize: 0,
        }
    }
}

/// What compiling gives.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The code of the program.
    pub code: Arc<Code>,
    /// Warnings in the order of the source.
    pub warnings: Vec<Warning>,
}

/// Compiles a program.
pub fn compile<'a>(
    source: impl Into<Source<'a>>,
    options: &CompileOptions,
) -> Result<Compiled, CompileError> {
    let text: Cow<'a, str> = match source.into() {
        Source::Text(text) => source::from_text(text)?,
        Source::Bytes {
            bytes,
            origin,
            codecs,
        } => source::from_bytes(bytes, origin, codecs)?,
    };
    parse::with_stack_for(&text, || compile_text(&text, options))
}

fn compile_text(text: &str, options: &CompileOptions) -> Result<Compiled, CompileError> {
    let index = SourceIndex::new(text);
    let flags = ParseFlags {
        mode: options.mode,
        flags: options.flags,
    };
    let tree = parse::parse(text, &index, flags)?;
    compile_tree(&tree, text, &index, options).map_err(|failure| located(failure, &index))
}

fn compile_tree(
    tree: &Mod,
    text: &str,
    index: &SourceIndex,
    options: &CompileOptions,
) -> Result<Compiled, Failure> {
    let (top, future) = top_of(tree, options)?;
    let arena = bumpalo::Bump::new();
    let input = codegen::Input {
        source: text,
        index,
        filename: options.filename.clone(),
        flags: options.flags,
        optimize: options.optimize,
        depth_limit: DEEP,
    };
    let (code, warnings) = codegen::run(&input, top, &future, &arena)?;
    Ok(Compiled {
        code: Arc::new(code),
        warnings,
    })
}

fn top_of<'a>(
    tree: &'a Mod,
    options: &CompileOptions,
) -> Result<(Top<'a>, future::Future), Failure> {
    Ok(match tree {
        Mod::Module(module) => (
            Top::Body {
                body: &module.body,
                interactive: options.mode == Mode::Single,
            },
            future::scan(&module.body)?,
        ),
        Mod::Expression(expression) => {
            (Top::Expression(&expression.body), future::Future::default())
        }
    })
}

fn located(failure: Failure, index: &SourceIndex) -> CompileError {
    let kind = match failure.kind {
        FailureKind::Syntax => ErrorKind::Syntax,
        FailureKind::Recursion => ErrorKind::Recursion,
        FailureKind::Internal => ErrorKind::System,
    };
    match failure.range {
        Some(range) if kind == ErrorKind::Syntax => {
            CompileError::after_parsing_at(failure.message, index, range)
        }
        _ => CompileError::bare(kind, failure.message),
    }
}
