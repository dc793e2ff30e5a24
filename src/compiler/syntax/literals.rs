//! Errors inside string and bytes literals.

/// Splits a literal into prefix and contents.
fn split(literal: &str) -> (&str, &str) {
    let quote_at = literal.find(['\'', '"']).unwrap_or(0);
    let (prefix, rest) = literal.split_at(quote_at);
    let quote = &rest[..1];
    let triple = quote.repeat(3);
    let len = if rest.len() >= 6 && rest.starts_with(&triple) {
        3
    } else {
        1
    };
    (
        prefix,
        &rest[len.min(rest.len())..rest.len().saturating_sub(len).max(len.min(rest.len()))],
    )
}

/// Whether a literal has a `b` prefix.
pub fn is_bytes(literal: &str) -> bool {
    split(literal).0.contains(['b', 'B'])
}

/// Which token an error in a literal is reported at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// The literal itself.
    Token,
    /// The last token that was read, which may lie further on.
    LastRead,
}

/// What is wrong with a literal that cannot be evaluated.
pub fn string_error(literal: &str) -> Option<(Blame, String)> {
    let (prefix, body) = split(literal);
    let is_raw = prefix.contains(['r', 'R']);
    let is_bytes = prefix.contains(['b', 'B']);
    if is_bytes && !body.is_ascii() {
        let message = "bytes can only contain ASCII literal characters";
        return Some((Blame::Token, message.to_owned()));
    }
    if is_raw {
        return None;
    }
    let message = if is_bytes {
        bytes_error(body)
    } else {
        escape_error(body)
    };
    message.map(|message| (Blame::LastRead, message))
}

fn bytes_error(body: &str) -> Option<String> {
    let bytes = body.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            at += 1;
            continue;
        }
        if bytes.get(at + 1) == Some(&b'x') {
            let digits = bytes[at + 2..]
                .iter()
                .take(2)
                .filter(|b| b.is_ascii_hexdigit())
                .count();
            let all = bytes[at + 2..]
                .iter()
                .take_while(|b| b.is_ascii_hexdigit())
                .count();
            if digits < 2 || all < 2 {
                return Some(format!("(value error) invalid \\x escape at position {at}"));
            }
        }
        at += 2;
    }
    None
}

/// Errors in escapes of a text literal. Positions count bytes of the text as CPython prepares it
/// for decoding: characters beyond ASCII are written as ten-byte escapes first.
pub fn escape_error(body: &str) -> Option<String> {
    let problem = |from: usize, to: usize, reason: &str| {
        let place = if to == from + 1 {
            format!("byte 0x5c in position {from}")
        } else {
            format!("bytes in position {from}-{}", to - 1)
        };
        Some(format!(
            "(unicode error) 'unicodeescape' codec can't decode {place}: {reason}"
        ))
    };
    let chars: Vec<char> = body.chars().collect();
    let (mut i, mut position) = (0, 0);
    let width = |at: usize| match chars[at] {
        // A backslash before such a character is written as an escape as well.
        '\\' if chars.get(at + 1).is_some_and(|c| !c.is_ascii()) => 6,
        c if c.is_ascii() => 1,
        _ => 10,
    };
    while i < chars.len() {
        if chars[i] != '\\' {
            position += width(i);
            i += 1;
            continue;
        }
        let Some(&escape) = chars.get(i + 1) else {
            return problem(position, position + 1, "\\ at end of string");
        };
        if !escape.is_ascii() {
            // The backslash itself stays; the character is read on its own.
            position += width(i);
            i += 1;
            continue;
        }
        let wanted = match escape {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            'N' => {
                let named = chars.get(i + 2) == Some(&'{');
                let close = chars[i + 2..]
                    .iter()
                    .position(|&c| c == '}')
                    .map(|n| i + 2 + n);
                match (named, close) {
                    (true, Some(close)) if close > i + 3 => {
                        let name: String = chars[i + 3..close].iter().collect();
                        let len: usize = (i..=close).map(width).sum();
                        if !is_character_name(&name) {
                            return problem(
                                position,
                                position + len,
                                "unknown Unicode character name",
                            );
                        }
                        position += len;
                        i = close + 1;
                        continue;
                    }
                    (named, close) => {
                        let end = match (named, close) {
                            (true, Some(_)) => i + 3,
                            (true, None) => chars.len(),
                            _ => i + 2,
                        };
                        let len: usize = (i..end).map(width).sum();
                        return problem(position, position + len, "malformed \\N character escape");
                    }
                }
            }
            _ => {
                position += 2;
                i += 2;
                continue;
            }
        };
        let digits = chars[i + 2..]
            .iter()
            .take(wanted)
            .take_while(|c| c.is_ascii_hexdigit())
            .count();
        if digits < wanted {
            let shape = match wanted {
                2 => "\\xXX",
                4 => "\\uXXXX",
                _ => "\\UXXXXXXXX",
            };
            return problem(
                position,
                position + 2 + digits,
                &format!("truncated {shape} escape"),
            );
        }
        if wanted == 8 {
            let digits: String = chars[i + 2..i + 10].iter().collect();
            if u32::from_str_radix(&digits, 16).is_ok_and(|n| n > 0x10_ffff) {
                return problem(position, position + 10, "illegal Unicode character");
            }
        }
        position += 2 + wanted;
        i += 2 + wanted;
    }
    None
}

/// The same for a literal part of an f-string, which a backslash may end.
pub fn fstring_part_error(part: &str) -> Option<String> {
    let slashes = part.len() - part.trim_end_matches('\\').len();
    escape_error(if slashes % 2 == 1 {
        &part[..part.len() - 1]
    } else {
        part
    })
}

fn is_character_name(name: &str) -> bool {
    unicode_names2::character(name).is_some()
}
