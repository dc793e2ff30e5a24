//! Checks over the tokens of a program that the parser proper has accepted.

use crate::error::{CompileError, ErrorKind, ErrorLocation};
use crate::source::SourceIndex;
use ruff_python_ast::token::{Token, TokenKind};
use ruff_text_size::Ranged;

/// Digits a decimal integer literal may have.
const MAX_DIGITS: usize = 4_300;
/// Braces inside one f-string from which on format specifications may be nested too deeply.
const MANY_BRACES: usize = 4;
/// f-strings inside each other from which on there may be too many.
const MANY_STRINGS: usize = 140;

/// Whether CPython might refuse what ruff accepts: f-strings nested too deeply, and a hole in patterns.
pub fn are_doubtful(tokens: &[Token]) -> bool {
    nested_fstrings(tokens) || crowded_patterns(tokens) || stray_operators(tokens)
}

/// Whether two elements of a pattern may stand side by side without a comma, which ruff lets pass
/// in brackets.
fn crowded_patterns(tokens: &[Token]) -> bool {
    let ends_element = |kind: TokenKind| {
        matches!(
            kind,
            TokenKind::Name
                | TokenKind::Int
                | TokenKind::Float
                | TokenKind::Complex
                | TokenKind::String
                | TokenKind::None
                | TokenKind::True
                | TokenKind::False
                | TokenKind::Rpar
                | TokenKind::Rsqb
                | TokenKind::Rbrace
                | TokenKind::FStringEnd
                | TokenKind::TStringEnd
        )
    };
    for (i, token) in tokens.iter().enumerate() {
        if token.kind() != TokenKind::Case {
            continue;
        }
        let rest = tokens[i + 1..]
            .iter()
            .map(Token::kind)
            .filter(|kind| !matches!(kind, TokenKind::NonLogicalNewline | TokenKind::Comment))
            .take_while(|kind| !matches!(kind, TokenKind::Newline | TokenKind::If));
        let mut before = TokenKind::Comma;
        for kind in rest {
            let starts_element = (ends_element(kind)
                && !matches!(kind, TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace))
                || matches!(kind, TokenKind::Lsqb | TokenKind::Lbrace);
            let strings = before == TokenKind::String && kind == TokenKind::String;
            if ends_element(before) && starts_element && !strings {
                return true;
            }
            before = kind;
        }
    }
    false
}

/// `yield ,x` and `yield % x` are other holes.
fn stray_operators(tokens: &[Token]) -> bool {
    use TokenKind::*;
    tokens.windows(2).any(|pair| {
        pair[0].kind() == Yield
            && matches!(
                pair[1].kind(),
                Comma
                    | Percent
                    | Slash
                    | DoubleSlash
                    | At
                    | Vbar
                    | Amper
                    | CircumFlex
                    | LeftShift
                    | RightShift
                    | Is
                    | In
                    | And
                    | Or
                    | Less
                    | Greater
                    | EqEqual
                    | NotEqual
                    | LessEqual
                    | GreaterEqual
                    | Dot
                    | If
                    | Else
                    | For
                    | DoubleStar
                    | ColonEqual
            )
    })
}

fn nested_fstrings(tokens: &[Token]) -> bool {
    let mut braces: Vec<usize> = Vec::new();
    for token in tokens {
        match token.kind() {
            TokenKind::FStringStart | TokenKind::TStringStart => {
                braces.push(0);
                if braces.len() >= MANY_STRINGS {
                    return true;
                }
            }
            TokenKind::FStringEnd | TokenKind::TStringEnd => {
                braces.pop();
            }
            TokenKind::Lbrace => {
                if let Some(depth) = braces.last_mut() {
                    *depth += 1;
                    if *depth >= MANY_BRACES {
                        return true;
                    }
                }
            }
            TokenKind::Rbrace => {
                if let Some(depth) = braces.last_mut() {
                    *depth = depth.saturating_sub(1);
                }
            }
            _ => {}
        }
    }
    false
}

/// Refuses decimal integers with too many digits.
pub fn check_numbers(
    text: &str,
    index: &SourceIndex,
    tokens: &[Token],
) -> Result<(), CompileError> {
    for token in tokens {
        if token.kind() != TokenKind::Int || token.range().len().to_usize() <= MAX_DIGITS {
            continue;
        }
        let literal = &text[token.range()];
        let digits = literal.bytes().filter(|b| b.is_ascii_digit()).count();
        let has_radix = literal.len() > 1 && literal.as_bytes()[1].is_ascii_alphabetic();
        if has_radix || digits <= MAX_DIGITS {
            continue;
        }
        let line = index.line(token.start().to_usize());
        let shown = index.line_text(text, line);
        return Err(CompileError {
            kind: ErrorKind::Syntax,
            msg: format!(
                "Exceeds the limit ({MAX_DIGITS} digits) for integer string conversion: value has {digits} digits; \
                 use sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer \
                 literals to avoid decimal conversion limits."
            ),
            location: Some(ErrorLocation {
                lineno: line as i32,
                offset: 0,
                end_lineno: Some(line as i32),
                end_offset: Some(0),
            }),
            text: Some(shown.to_owned()),
            filename_unknown: false,
        });
    }
    Ok(())
}
