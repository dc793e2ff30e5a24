//! CPython's wording and places for errors in source text.

mod actions;
mod detour;
mod grammar;
mod literals;
pub mod nesting;
mod parser;
pub mod tokenizer;
pub mod tokens;
mod unicode;

use crate::error::{CompileError, ErrorKind};
use crate::parse::ParseFlags;
use crate::source::SourceIndex;
use ruff_python_ast::Mod;
use ruff_python_ast::token::{Token, TokenKind};
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
        if let Some((msg, range)) = string_in_pattern(error, parsed.tokens()) {
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

/// An f-string or t-string among the arguments of a class pattern or the keys of a mapping pattern,
/// where ruff does not expect one.
fn string_in_pattern(error: &ParseError, tokens: &[Token]) -> Option<(&'static str, TextRange)> {
    use TokenKind::{
        FStringEnd, FStringStart, Lbrace, Rbrace, Rpar, String, TStringEnd, TStringStart,
    };
    let ParseErrorType::ExpectedToken {
        expected,
        found: FStringStart | TStringStart,
    } = error.error
    else {
        return None;
    };
    let at = tokens
        .iter()
        .position(|token| token.start() >= error.location.start())?;
    let matching = |from: usize, opens: &[TokenKind], closes: &[TokenKind]| {
        let mut depth = 0;
        tokens[from..].iter().position(|token| {
            depth += opens.contains(&token.kind()) as i32 - closes.contains(&token.kind()) as i32;
            depth == 0
        })
    };
    match expected {
        Rpar => {
            let mut end = at;
            // Strings side by side are one.
            while matches!(
                tokens.get(end)?.kind(),
                FStringStart | TStringStart | String
            ) {
                end += matching(
                    end,
                    &[FStringStart, TStringStart],
                    &[FStringEnd, TStringEnd],
                )? + 1;
            }
            let range = TextRange::new(tokens[at].start(), tokens[end - 1].end());
            Some((
                "patterns may only match literals and attribute lookups",
                range,
            ))
        }
        Rbrace => {
            let mut depth = 0;
            let open = tokens[..at].iter().rposition(|token| {
                depth += (token.kind() == Rbrace) as i32 - (token.kind() == Lbrace) as i32;
                depth < 0
            })?;
            let close = open + matching(open, &[Lbrace], &[Rbrace])?;
            let range = TextRange::new(tokens[open].start(), tokens[close].end());
            Some((
                "mapping pattern keys may only match literals and attribute lookups",
                range,
            ))
        }
        _ => None,
    }
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
