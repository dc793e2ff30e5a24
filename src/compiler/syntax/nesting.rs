//! Limits on nesting, checked before any recursive code sees the program.

use super::tokenizer::{Kind, Tokenizer};
use crate::error::{CompileError, ErrorKind};

/// Levels of brackets the tokenizer allows.
pub const MAX_BRACKETS: usize = 200;
/// Levels of indentation the tokenizer allows.
pub const MAX_INDENTS: usize = 100;
/// Right-recursive operators (`not`, unary minus, `**`, `lambda`, `else`) within one expression.
const MAX_PREFIX: usize = 5_900;
/// Left-recursive operators (`a.b.c…`, `1+1+1…`), which only make the tree deep.
const MAX_CHAIN: usize = 30_000;

/// `for` clauses in one comprehension.
const MAX_CLAUSES: usize = 20_000;

/// Bytes without a newline outside brackets that call for a closer look.
const LONG_LINE: usize = 4_000;
/// Brackets that call for a closer look.
const MANY_BRACKETS: i32 = 90;

/// A fast guess from the bytes alone, wrong only in the direction of `true`: strings and comments
/// are not skipped.
pub fn may_be_deep(text: &str) -> bool {
    let mut brackets = 0i32;
    let mut line = 0usize;
    let mut indent = 0usize;
    let mut in_indent = true;
    for &b in text.as_bytes() {
        if in_indent {
            in_indent = matches!(b, b' ' | b'\t' | 0x0c);
            indent += in_indent as usize;
            if indent >= MAX_INDENTS {
                return true;
            }
        }
        match b {
            b'(' | b'[' | b'{' => {
                brackets += 1;
                if brackets > MANY_BRACKETS {
                    return true;
                }
            }
            b')' | b']' | b'}' => brackets = (brackets - 1).max(0),
            b'\n' => {
                in_indent = true;
                indent = 0;
                // Newlines inside brackets do not end an expression.
                if brackets == 0 {
                    line = 0;
                }
            }
            _ => {}
        }
        line += 1;
        if line > LONG_LINE {
            return true;
        }
    }
    false
}

/// Operators open at one level of brackets.
#[derive(Default, Clone, Copy)]
struct Level {
    chain: usize,
    prefix: usize,
    /// Lambdas whose parameters are still open: commas there do not end an expression.
    lambdas: usize,
    /// `for` clauses of a comprehension, each inside the one before.
    clauses: usize,
}

/// Refuses programs nested beyond what the later stages can take. `Ok(false)`: there is an error of
/// some other kind, found while reading tokens.
pub fn check(text: &str) -> Result<bool, CompileError> {
    let mut tokenizer = Tokenizer::new(text);
    let mut level = Level::default();
    let mut outer: Vec<Level> = Vec::new();
    // A sign after an operand is a binary operator.
    let mut after_operand = false;
    loop {
        let token = tokenizer.next_token();
        let base = outer.last().copied().unwrap_or_default();
        let word = &text[token.start as usize..token.end as usize];
        let mut operand = false;
        match token.kind {
            Kind::End => return Ok(true),
            Kind::Error => return Ok(false),
            Kind::Newline => {
                level = Level::default();
                outer.clear();
            }
            Kind::FStart | Kind::TStart => {
                outer.push(level);
                level.chain += 1;
            }
            Kind::FEnd | Kind::TEnd => {
                operand = true;
                if let Some(before) = outer.pop() {
                    level = before;
                }
            }
            Kind::Name => match word {
                "and" | "or" => level.chain = base.chain + 3,
                "lambda" => {
                    level.prefix += 2;
                    level.lambdas += 1;
                }
                "not" | "else" | "await" => level.prefix += 1,
                "for" => level.clauses += 1,
                "in" | "is" | "if" | "return" | "yield" | "from" | "print" => {}
                _ => operand = true,
            },
            Kind::Number | Kind::String => operand = true,
            Kind::Op => match word {
                "(" | "[" | "{" => {
                    outer.push(level);
                    level = Level {
                        chain: level.chain + 1,
                        prefix: level.prefix + 1,
                        lambdas: 0,
                        clauses: 0,
                    };
                }
                ")" | "]" | "}" => {
                    operand = true;
                    if let Some(before) = outer.pop() {
                        level = Level {
                            chain: before.chain + 1,
                            ..before
                        };
                    }
                }
                ";" => level = Level::default(),
                "," => {
                    level.chain = base.chain + 1;
                    if level.lambdas == 0 {
                        level.prefix = base.prefix;
                    }
                }
                ":" => level.lambdas = level.lambdas.saturating_sub(1),
                "=" | "==" | "!=" | "<" | ">" | "<=" | ">=" => level.chain = base.chain + 2,
                "**" => level.prefix += 2,
                "+" | "-" | "~" if !after_operand => level.prefix += 1,
                _ => level.chain += 1,
            },
            _ => {}
        }
        after_operand = operand;
        if level.prefix > MAX_PREFIX {
            return Err(stack_overflow());
        }
        if level.chain > MAX_CHAIN || level.clauses > MAX_CLAUSES {
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
