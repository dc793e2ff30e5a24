//! CPython's wording and places for errors in source text.

mod actions;
mod grammar;
mod literals;
pub mod nesting;
mod parser;
mod tokenizer;
mod unicode;

use crate::error::{CompileError, ErrorKind};
use crate::parse::ParseFlags;
use crate::source::SourceIndex;
use ruff_python_ast::{Mod, Stmt};
use ruff_python_parser::Parsed;
use ruff_text_size::{Ranged, TextRange, TextSize};

/// Stack for the diagnosing parser down to its own limit of depth.
const STACK: usize = 256 << 20;

/// The error CPython reports for text that does not parse.
pub fn diagnose(
    text: &str,
    index: &SourceIndex,
    flags: ParseFlags,
    parsed: Option<&Parsed<Mod>>,
) -> CompileError {
    if let Some(error) = stacker::grow(STACK, || parser::find_error(text, flags)) {
        return error;
    }
    // CPython's grammar accepts it: what is left are the errors only this parser knows.
    if let Some(parsed) = parsed {
        if let Some(error) = parsed.errors().first() {
            return CompileError::at_range(
                ErrorKind::Syntax,
                error.error.to_string(),
                text,
                index,
                error.location,
            );
        }
        if let Some(error) = parsed.unsupported_syntax_errors().first() {
            return CompileError::at_range(
                ErrorKind::Syntax,
                error.to_string(),
                text,
                index,
                error.range(),
            );
        }
    }
    let end = TextSize::try_from(text.len()).unwrap_or_default();
    CompileError::at_range(
        ErrorKind::Syntax,
        "invalid syntax",
        text,
        index,
        TextRange::empty(end),
    )
}

/// More than one statement in interactive mode.
pub fn multiple_statements(text: &str, index: &SourceIndex, first: &Stmt) -> CompileError {
    CompileError::at_range(
        ErrorKind::Syntax,
        "multiple statements found while compiling a single statement",
        text,
        index,
        TextRange::at(first.end(), TextSize::new(1)),
    )
}

/// More than a hundred levels of indentation.
pub fn too_many_indents(text: &str, index: &SourceIndex, range: TextRange) -> CompileError {
    CompileError::at_range(
        ErrorKind::Indentation,
        "too many levels of indentation",
        text,
        index,
        TextRange::empty(range.end()),
    )
}
