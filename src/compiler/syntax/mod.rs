//! CPython's wording and places for errors in source text.

mod actions;
mod detour;
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
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{ParseError, ParseErrorType, ParseOptions, Parsed};
use ruff_text_size::{Ranged, TextRange};

/// Stack for the diagnosing parser down to its own limit of depth.
const STACK: usize = 64 << 20;

/// The error CPython's grammar finds, if it finds one. Slower than the parser proper.
pub fn find_error(text: &str, flags: ParseFlags) -> Option<CompileError> {
    stacker::grow(STACK, || parser::find_error(text, flags))
}

/// The error CPython reports for text that ruff does not parse; or the tree after all, where only
/// ruff is in the way.
pub fn judge(
    text: &str,
    index: &SourceIndex,
    flags: ParseFlags,
    options: ParseOptions,
    parsed: &Parsed<Mod>,
) -> Result<Mod, CompileError> {
    if let Some(error) = find_error(text, flags) {
        return Err(error);
    }
    if let Some(module) = detour::parse(text, options) {
        return Ok(module);
    }
    if let Some(error) = parsed.errors().first() {
        if let Some(range) = string_in_pattern(error, parsed) {
            let msg = "patterns may only match literals and attribute lookups";
            return Err(CompileError::after_parsing_at(msg, index, range));
        }
        let (msg, range) = (error.error.to_string(), error.location);
        return Err(CompileError::at_range(
            ErrorKind::Syntax,
            msg,
            text,
            index,
            range,
        ));
    }
    let (msg, range) = match parsed.unsupported_syntax_errors().first() {
        Some(error) => (error.to_string(), error.range()),
        None => ("invalid syntax".to_owned(), TextRange::default()),
    };
    Err(CompileError::at_range(
        ErrorKind::Syntax,
        msg,
        text,
        index,
        range,
    ))
}

/// An f-string or t-string among the arguments of a class pattern, which ruff does not expect.
fn string_in_pattern(error: &ParseError, parsed: &Parsed<Mod>) -> Option<TextRange> {
    let ParseErrorType::ExpectedToken {
        expected: TokenKind::Rpar,
        found,
    } = error.error
    else {
        return None;
    };
    let closing = match found {
        TokenKind::FStringStart => TokenKind::FStringEnd,
        TokenKind::TStringStart => TokenKind::TStringEnd,
        _ => return None,
    };
    let start = error.location.start();
    let mut depth = 0;
    for token in parsed
        .tokens()
        .iter()
        .filter(|token| token.start() >= start)
    {
        depth += (token.kind() == found) as i32 - (token.kind() == closing) as i32;
        if depth == 0 {
            return Some(TextRange::new(start, token.end()));
        }
    }
    None
}

/// Whether tabs and spaces indent lines of the same text in a way that CPython may refuse.
pub fn has_mixed_indentation(text: &str) -> bool {
    if !text.contains('\t') {
        return false;
    }
    let (mut tabs, mut spaces) = (false, false);
    for line in text.lines() {
        let indent = &line[..line.len() - line.trim_start_matches([' ', '\t', '\x0c']).len()];
        tabs |= indent.contains('\t');
        spaces |= indent.contains(' ');
    }
    tabs && spaces
}
