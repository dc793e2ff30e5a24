//! Limits on nesting, checked before any recursive code sees the program.

use crate::error::{CompileError, ErrorKind};
use crate::source::SourceIndex;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, lexer};
use ruff_text_size::TextRange;

/// Levels of brackets the tokenizer allows.
pub const MAX_BRACKETS: usize = 200;
/// Levels of indentation the tokenizer allows.
pub const MAX_INDENTS: usize = 100;
/// Right-recursive operators (`not`, unary minus, `**`, `lambda`, `else`) within one expression.
const MAX_PREFIX: usize = 5_000;
/// Left-recursive operators (`a.b.c…`, `1+1+1…`), which only make the tree deep.
const MAX_CHAIN: usize = 30_000;

/// A fast guess from the bytes alone, wrong only in the direction of `true`: strings and comments
/// are not skipped.
pub fn may_be_deep(text: &str) -> bool {
    let mut brackets = 0i32;
    let mut line = 0u32;
    for &b in text.as_bytes() {
        match b {
            b'(' | b'[' | b'{' => {
                brackets += 1;
                if brackets > 90 {
                    return true;
                }
            }
            b')' | b']' | b'}' => brackets = (brackets - 1).max(0),
            // Newlines inside brackets do not end an expression.
            b'\n' if brackets == 0 => line = 0,
            _ => {}
        }
        line += 1;
        if line > 4_000 {
            return true;
        }
    }
    false
}

/// Refuses programs nested beyond what the later stages can take.
pub fn check(text: &str, index: &SourceIndex) -> Result<(), CompileError> {
    #[derive(Default, Clone, Copy)]
    struct Level {
        chain: usize,
        prefix: usize,
        /// Lambdas whose parameters are still open: commas there do not end an expression.
        lambdas: usize,
    }
    let mut lexer = lexer::lex(text, Mode::Module);
    let mut level = Level::default();
    let mut outer: Vec<Level> = Vec::new();
    let mut indents = 0usize;
    let mut brackets = 0usize;
    loop {
        let kind = lexer.next_token();
        match kind {
            TokenKind::EndOfFile => return Ok(()),
            TokenKind::Indent => {
                indents += 1;
                if indents >= MAX_INDENTS {
                    return Err(crate::syntax::too_many_indents(
                        text,
                        index,
                        TextRange::default(),
                    ));
                }
            }
            TokenKind::Dedent => indents = indents.saturating_sub(1),
            TokenKind::Newline | TokenKind::Semi => {
                level = Level::default();
                outer.clear();
                brackets = 0;
            }
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => {
                brackets += 1;
                if brackets > MAX_BRACKETS {
                    return Err(too_many_brackets(text, index, TextRange::default()));
                }
                outer.push(level);
                level = Level {
                    chain: level.chain + 1,
                    prefix: level.prefix + 1,
                    lambdas: 0,
                };
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                brackets = brackets.saturating_sub(1);
                if let Some(before) = outer.pop() {
                    level = Level {
                        chain: before.chain + 1,
                        ..before
                    };
                }
            }
            TokenKind::FStringStart | TokenKind::TStringStart => {
                outer.push(level);
                level.chain += 1;
            }
            TokenKind::FStringEnd | TokenKind::TStringEnd => {
                if let Some(before) = outer.pop() {
                    level = before;
                }
            }
            TokenKind::Comma => {
                let base = outer.last().copied().unwrap_or_default();
                level.chain = base.chain + 1;
                if level.lambdas == 0 {
                    level.prefix = base.prefix;
                }
            }
            TokenKind::Colon => level.lambdas = level.lambdas.saturating_sub(1),
            TokenKind::And | TokenKind::Or => {
                let base = outer.last().copied().unwrap_or_default();
                level.chain = base.chain + 3;
            }
            TokenKind::Lambda => {
                level.prefix += 2;
                level.lambdas += 1;
            }
            TokenKind::Not | TokenKind::Else | TokenKind::Await | TokenKind::Tilde => {
                level.prefix += 1;
            }
            TokenKind::DoubleStar => level.prefix += 2,
            TokenKind::Minus | TokenKind::Plus => {
                // Unary or binary cannot be told apart here; both limits count them, the lower
                // one only in unbroken runs.
            }
            TokenKind::Dot
            | TokenKind::Star
            | TokenKind::Slash
            | TokenKind::DoubleSlash
            | TokenKind::Percent
            | TokenKind::At
            | TokenKind::Vbar
            | TokenKind::Amper
            | TokenKind::CircumFlex
            | TokenKind::LeftShift
            | TokenKind::RightShift => level.chain += 1,
            _ => {}
        }
        if level.prefix > MAX_PREFIX {
            return Err(stack_overflow());
        }
        if level.chain > MAX_CHAIN {
            return Err(CompileError::bare(
                ErrorKind::Recursion,
                "Stack overflow (used 8160 kB) during compilation",
            ));
        }
    }
}

/// What CPython's parser raises when it gives up.
pub fn stack_overflow() -> CompileError {
    CompileError::bare(
        ErrorKind::Memory,
        "Parser stack overflowed - Python source too complex to parse",
    )
}

fn too_many_brackets(text: &str, index: &SourceIndex, range: TextRange) -> CompileError {
    CompileError::at_range(
        ErrorKind::Syntax,
        "too many nested parentheses",
        text,
        index,
        TextRange::empty(range.start()),
    )
}
