//! CPython's wording and places for errors in source text.

mod actions;
mod grammar;
mod literals;
pub mod nesting;
mod parser;
mod tokenizer;
pub mod tokens;
mod unicode;

use crate::error::{CompileError, ErrorKind};
use crate::parse::ParseFlags;
use crate::source::SourceIndex;
use ruff_python_ast::Mod;
use ruff_python_parser::Parsed;
use ruff_text_size::{Ranged, TextRange, TextSize};

/// Stack for the diagnosing parser down to its own limit of depth.
const STACK: usize = 256 << 20;

/// The error CPython's grammar finds, if it finds one. Slower than the parser proper.
pub fn find_error(text: &str, flags: ParseFlags) -> Option<CompileError> {
    stacker::grow(STACK, || parser::find_error(text, flags))
}

/// The error CPython reports for text that does not parse.
pub fn diagnose(
    text: &str,
    index: &SourceIndex,
    flags: ParseFlags,
    parsed: Option<&Parsed<Mod>>,
) -> CompileError {
    if let Some(error) = find_error(text, flags) {
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
