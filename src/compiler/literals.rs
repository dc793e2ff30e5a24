//! Values of literals that ruff's tree does not carry in full: large integers, lone surrogates.

use crate::failure::{Failure, FailureKind};
use dashu_int::IBig;
use ruff_python_ast::{self as ast, Int};
use ruff_text_size::{Ranged, TextRange, TextSize};
use std::borrow::Cow;
use taipan_bytecode::Str;
use taipan_bytecode::text::push_code_point;

/// Decimal digits that an integer literal may have.
const MAX_DIGITS: usize = 4300;

/// The value of an integer literal.
pub fn integer(value: &Int, range: TextRange) -> Result<IBig, Failure> {
    if let Some(small) = value.as_u64() {
        return Ok(IBig::from(small));
    }
    let text: String = value.to_string().chars().filter(|&c| c != '_').collect();
    let (radix, digits) = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &text[2..]),
        [b'0', b'o' | b'O', ..] => (8, &text[2..]),
        [b'0', b'b' | b'B', ..] => (2, &text[2..]),
        _ => (10, &text[..]),
    };
    if radix == 10 && digits.len() > MAX_DIGITS {
        return Err(Failure {
            kind: FailureKind::Syntax,
            message: format!(
                "Exceeds the limit ({MAX_DIGITS} digits) for integer string conversion: value has {} digits; \
                 use sys.set_int_max_str_digits() to increase the limit - \
                 Consider hexadecimal for huge integer literals to avoid decimal conversion limits.",
                digits.len()
            ),
            range: Some(range),
        });
    }
    IBig::from_str_radix(digits, radix)
        .map_err(|_| Failure::syntax("invalid integer literal", range))
}

/// An integer as a float.
pub fn to_f64(value: &IBig) -> f64 {
    value.to_f64().value()
}

/// The value of a string literal.
pub fn string(literal: &ast::ExprStringLiteral, source: &str) -> Str {
    let text = literal.value.to_str();
    if !text.contains('\u{FFFD}') {
        return Str::new(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    for part in &literal.value {
        string_part(part, source, &mut bytes);
    }
    Str::from_wtf8(&bytes).unwrap_or_else(|| Str::new(text))
}

/// Appends one literal of an implicit concatenation.
pub fn string_part(part: &ast::StringLiteral, source: &str, bytes: &mut Vec<u8>) {
    if part.value.contains('\u{FFFD}') && !part.flags.prefix().is_raw() {
        let range = part.content_range();
        decode(&source[range], &part.value, bytes);
    } else {
        bytes.extend_from_slice(part.value.as_bytes());
    }
}

/// Appends the literal text of an f-string.
pub fn interpolated_part(
    part: &ast::InterpolatedStringLiteralElement,
    raw: bool,
    source: &str,
    bytes: &mut Vec<u8>,
) {
    if part.value.contains('\u{FFFD}') && !raw {
        decode(&source[part.range()], &part.value, bytes);
    } else {
        bytes.extend_from_slice(part.value.as_bytes());
    }
}

/// Puts the lone surrogates of escapes back where ruff has replacement characters.
fn decode(raw: &str, value: &str, bytes: &mut Vec<u8>) {
    let mut points = replacements(raw).into_iter();
    for c in value.chars() {
        let mut buffer = [0; 4];
        if c == '\u{FFFD}' {
            push_code_point(bytes, points.next().unwrap_or(0xFFFD));
        } else {
            bytes.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
        }
    }
}

/// In order, what each replacement character of the decoded text really stands for.
fn replacements(raw: &str) -> Vec<u32> {
    let mut found = Vec::new();
    let mut rest = raw;
    while let Some(at) = rest.find(['\\', '\u{FFFD}']) {
        if !rest[at..].starts_with('\\') {
            found.push(0xFFFD);
            rest = &rest[at + '\u{FFFD}'.len_utf8()..];
            continue;
        }
        let escape = &rest[at + 1..];
        let digits = match escape.as_bytes().first() {
            Some(b'u') => 4,
            Some(b'U') => 8,
            Some(b'N') if escape.starts_with("N{REPLACEMENT CHARACTER}") => {
                found.push(0xFFFD);
                rest = &escape[1..];
                continue;
            }
            Some(_) => {
                let skip = escape.chars().next().map_or(0, char::len_utf8);
                // A backslash before a replacement character keeps both.
                if escape.starts_with('\u{FFFD}') {
                    found.push(0xFFFD);
                }
                rest = &escape[skip..];
                continue;
            }
            None => break,
        };
        if let Some(text) = escape.get(1..1 + digits)
            && let Ok(point) = u32::from_str_radix(text, 16)
            && (point == 0xFFFD || (0xD800..0xE000).contains(&point))
        {
            found.push(point);
        }
        rest = &escape[1..];
    }
    found
}

/// Which literal a range is the content of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// A string.
    Text,
    /// Bytes.
    Bytes,
    /// Text between the fields of a formatted or template string.
    Interpolated,
}

/// Warns of the first backslash in each token that begins no escape.
pub fn invalid_escapes(
    source: &str,
    range: TextRange,
    content: Content,
    warnings: &mut Vec<(String, TextRange)>,
) {
    let (from, to) = (range.start().to_usize(), range.end().to_usize());
    let text = &source.as_bytes()[from..to];
    let mut at = 0;
    // Braces end a token of a formatted string, so that each token has its own first.
    let mut warned = false;
    while let Some(found) = text
        .get(at..)
        .and_then(|rest| rest.iter().position(|&b| b == b'\\'))
    {
        let start = at + found;
        at = start + 2;
        // The brace of a field follows the text.
        let Some(&escaped) = source.as_bytes().get(from + start + 1) else {
            break;
        };
        let brace = content == Content::Interpolated && matches!(escaped, b'{' | b'}');
        let what = match escaped {
            b'\n' | b'\\' | b'\'' | b'"' | b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v'
            | b'x' => {
                continue;
            }
            b'N' | b'u' | b'U' if content != Content::Bytes => continue,
            b'0'..=b'7' => {
                let digits = text[start + 1..]
                    .iter()
                    .take(3)
                    .take_while(|b| matches!(b, b'0'..=b'7'))
                    .count();
                at = start + 1 + digits;
                if digits < 3 || escaped < b'4' {
                    continue;
                }
                "octal escape"
            }
            0x80.. => continue,
            _ => "escape",
        };
        if warned && !brace {
            continue;
        }
        warned = !brace;
        let end = (from + at).max(from + start + 2).min(source.len());
        let shown = &source[from + start + 1..end];
        let message = format!(
            "\"\\{shown}\" is an invalid {what} sequence. Such sequences will not work in the future. \
             Did you mean \"\\\\{shown}\"? A raw string is also an option."
        );
        if let Ok(offset) = TextSize::try_from(from + start) {
            warnings.push((message, TextRange::at(offset, TextSize::from(2))));
        }
    }
}

/// The warning about a number that touches the keyword behind it.
pub fn number_before_keyword(source: &str, range: TextRange) -> Option<(String, TextRange)> {
    let bytes = source.as_bytes();
    let next = bytes.get(range.end().to_usize())?;
    if !next.is_ascii_alphabetic() {
        return None;
    }
    let text = &source[range];
    let kind = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => "hexadecimal",
        [b'0', b'o' | b'O', ..] => "octal",
        [b'0', b'b' | b'B', ..] => "binary",
        [.., b'j' | b'J'] => "imaginary",
        _ => "decimal",
    };
    Some((format!("invalid {kind} literal"), range))
}

/// The expression as it is written, white space included.
pub fn interpolation_text<'a>(source: &'a str, element: &ast::InterpolatedElement) -> Cow<'a, str> {
    let start = element.start().to_usize() + 1;
    if let Some(debug) = &element.debug_text {
        let text = without_comments(&source[start..start + debug.as_str().len()]);
        return match text.rfind('=') {
            Some(at) => Cow::Owned(text[..at].to_owned()),
            None => text,
        };
    }
    let mut end = element.end().to_usize() - 1;
    if let Some(spec) = &element.format_spec {
        end = spec.start().to_usize();
        if source.as_bytes()[end - 1] == b':' {
            end -= 1;
        }
    }
    let mut text = &source[start..end];
    if element.conversion != ast::ConversionFlag::None
        && let Some(at) = text.rfind('!')
    {
        text = &text[..at];
    }
    without_comments(text)
}

/// The text of an expression without the comments in it.
pub fn without_comments(text: &str) -> Cow<'_, str> {
    if !text.contains('#') {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\\' && quote.is_some() {
            kept.push(c);
            kept.extend(chars.next());
            continue;
        }
        if c == '#' && quote.is_none() {
            kept.extend(chars.by_ref().find(|&c| c == '\n'));
            continue;
        }
        if matches!(c, '"' | '\'') {
            match quote {
                None => quote = Some(c),
                Some(open) if open == c => quote = None,
                Some(_) => {}
            }
        }
        kept.push(c);
    }
    Cow::Owned(kept)
}
