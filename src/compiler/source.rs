//! From bytes to text: byte order mark, coding cookie (PEP 263), NUL bytes, newlines; and the index
//! from byte offsets to lines and columns.

use crate::error::{CompileError, ErrorKind, ErrorLocation};
use std::borrow::Cow;
use std::cell::Cell;

/// What an embedder's codec returns: the text, or an error message.
pub type CodecResult = Result<String, String>;

/// Looks up codecs that are not built in: `None` when there is no such codec.
pub type CodecLookup<'a> = &'a dyn Fn(&str, &[u8]) -> Option<CodecResult>;

/// Where source bytes come from; CPython words errors differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin<'a> {
    /// `compile(b"...")`, and modules read by the import system.
    Bytes,
    /// A script run from a file, with its name.
    File(&'a str),
}

/// Text of a program given as `str`: NUL is refused, newlines become `\n`.
pub fn from_text(text: &str) -> Result<Cow<'_, str>, CompileError> {
    if text.as_bytes().contains(&0) {
        return Err(null_bytes());
    }
    Ok(normalise_newlines(Cow::Borrowed(text)))
}

/// Text of a program given as bytes. Newlines are normalised before decoding, as positions in
/// messages show.
pub fn from_bytes<'a>(
    bytes: &'a [u8],
    origin: Origin<'_>,
    codecs: Option<CodecLookup<'_>>,
) -> Result<Cow<'a, str>, CompileError> {
    if bytes.contains(&b'\r') {
        let bytes = normalise_byte_newlines(bytes);
        return decode(&bytes, origin, codecs).map(|text| Cow::Owned(text.into_owned()));
    }
    decode(bytes, origin, codecs)
}

fn normalise_byte_newlines(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for (i, &b) in bytes.iter().enumerate() {
        match b {
            b'\r' => out.push(b'\n'),
            b'\n' if i > 0 && bytes[i - 1] == b'\r' => {}
            b => out.push(b),
        }
    }
    out
}

fn decode<'a>(
    bytes: &'a [u8],
    origin: Origin<'_>,
    codecs: Option<CodecLookup<'_>>,
) -> Result<Cow<'a, str>, CompileError> {
    if let Some(at) = bytes.iter().position(|&b| b == 0) {
        return Err(match origin {
            Origin::Bytes => null_bytes(),
            Origin::File(_) => {
                let line = line_of(bytes, at);
                let start = bytes[..at]
                    .iter()
                    .rposition(|&b| b == b'\n')
                    .map_or(0, |p| p + 1);
                let text = String::from_utf8_lossy(&bytes[start..at]).into_owned();
                CompileError {
                    kind: ErrorKind::Syntax,
                    msg: "source code cannot contain null bytes".to_owned(),
                    location: Some(ErrorLocation {
                        lineno: line as i32,
                        offset: text.chars().count() as i32 + 1,
                        end_lineno: Some(line as i32),
                        end_offset: Some(text.chars().count() as i32 + 1),
                    }),
                    text: Some(text),
                    filename_unknown: false,
                }
            }
        });
    }
    let (has_mark, body) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => (true, rest),
        None => (false, bytes),
    };
    let cookie = find_cookie(body);
    let text = match &cookie {
        None => decode_utf8(body, origin, None)?,
        // Behind a byte order mark, CPython takes no other spelling.
        Some(cookie) if is_utf8_name(&cookie.name) && (!has_mark || cookie.name == "utf-8") => {
            decode_utf8(body, origin, Some(&cookie.name))?
        }
        Some(cookie) => {
            if has_mark {
                let text = line_text(body, cookie.line);
                let width = text.chars().count() as i32;
                return Err(CompileError {
                    kind: ErrorKind::Syntax,
                    msg: format!("encoding problem: {} with BOM", cookie.name),
                    location: Some(ErrorLocation {
                        lineno: cookie.line as i32,
                        offset: 0,
                        end_lineno: Some(cookie.line as i32),
                        end_offset: Some(width),
                    }),
                    text: Some(text),
                    filename_unknown: origin == Origin::Bytes,
                });
            }
            let decoded = decode_builtin(&cookie.name, body)
                .or_else(|| codecs.and_then(|look_up| look_up(&cookie.name, body)))
                .unwrap_or_else(|| Err(format!("unknown encoding: {}", cookie.name)));
            match decoded {
                Ok(text) => Cow::Owned(text),
                Err(msg) => return Err(codec_failure(msg)),
            }
        }
    };
    Ok(normalise_newlines(text))
}

/// The encoding a file declares, for `tokenize.detect_encoding`-like callers: the cookie's
/// normalised name, or `utf-8`.
pub fn declared_encoding(bytes: &[u8]) -> String {
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    find_cookie(body).map_or_else(|| "utf-8".to_owned(), |c| c.name)
}

fn null_bytes() -> CompileError {
    CompileError::bare(
        ErrorKind::Syntax,
        "source code string cannot contain null bytes",
    )
}

fn line_of(bytes: &[u8], at: usize) -> usize {
    bytes[..at].iter().filter(|&&b| b == b'\n').count() + 1
}

fn line_text(bytes: &[u8], line: usize) -> String {
    let text = bytes.split(|&b| b == b'\n').nth(line - 1).unwrap_or(b"");
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    String::from_utf8_lossy(text).into_owned()
}

/// CPython reads text declared as `utf-8` itself, but leaves other spellings of the name to the codec.
fn decode_utf8<'a>(
    bytes: &'a [u8],
    origin: Origin<'_>,
    declared: Option<&str>,
) -> Result<Cow<'a, str>, CompileError> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(Cow::Borrowed(text)),
        Err(error) => error,
    };
    let at = error.valid_up_to();
    let line = line_of(bytes, at);
    let start = bytes[..at]
        .iter()
        .rposition(|&b| b == b'\n')
        .map_or(0, |p| p + 1);
    let column = String::from_utf8_lossy(&bytes[start..at]).chars().count() as i32 + 1;
    let codec_message = |position: usize| match invalid_utf8_reason(&bytes[at..], error.error_len())
    {
        (1, reason) => {
            format!(
                "'utf-8' codec can't decode byte 0x{:02x} in position {position}: {reason}",
                bytes[at]
            )
        }
        (n, reason) => {
            format!(
                "'utf-8' codec can't decode bytes in position {position}-{}: {reason}",
                position + n - 1
            )
        }
    };
    let located = |msg: String, line: usize, column: i32| CompileError {
        kind: ErrorKind::Syntax,
        msg,
        location: Some(ErrorLocation {
            lineno: line as i32,
            offset: column,
            end_lineno: Some(line as i32),
            end_offset: Some(column),
        }),
        text: Some(line_text(bytes, line_of(bytes, at))),
        filename_unknown: origin == Origin::Bytes,
    };
    Err(match (origin, declared) {
        (_, Some(name)) if name != "utf-8" => codec_failure(codec_message(match origin {
            Origin::Bytes => at,
            Origin::File(_) => at - start + 1,
        })),
        (Origin::File(_), Some(_)) => located(
            format!("(unicode error) {}", codec_message(at - start)),
            line,
            0,
        ),
        _ => {
            let place = match origin {
                Origin::Bytes => String::new(),
                Origin::File(name) => format!(" in file {name}"),
            };
            // Looking for the declaration, CPython reads the second line before it counts it.
            let line = if line == 2 && origin != Origin::Bytes {
                1
            } else {
                line
            };
            let msg = format!(
                "Non-UTF-8 code starting with '\\x{:02x}'{place} on line {line}, but no encoding declared; \
                 see https://peps.python.org/pep-0263/ for details",
                bytes[at]
            );
            located(msg, line, column)
        }
    })
}

/// A codec's own complaint, which has no place.
fn codec_failure(msg: String) -> CompileError {
    CompileError {
        kind: ErrorKind::Syntax,
        msg,
        location: Some(ErrorLocation {
            lineno: 0,
            offset: -1,
            end_lineno: None,
            end_offset: None,
        }),
        text: None,
        filename_unknown: false,
    }
}

/// How many bytes CPython's decoder blames, and why.
fn invalid_utf8_reason(rest: &[u8], error_len: Option<usize>) -> (usize, &'static str) {
    let first = rest[0];
    match error_len {
        // A newline is added to the text, so the end of the data is never what is wrong.
        None => (rest.len(), "invalid continuation byte"),
        Some(_) if !(0xc2..0xf5).contains(&first) => (1, "invalid start byte"),
        Some(n) => (n, "invalid continuation byte"),
    }
}

struct Cookie {
    name: String,
    line: usize,
}

/// The coding cookie of the first two lines; the second counts only after a blank or comment line.
fn find_cookie(bytes: &[u8]) -> Option<Cookie> {
    let mut rest = bytes;
    for line in 1..=2 {
        let end = rest
            .iter()
            .position(|&b| b == b'\n' || b == b'\r')
            .unwrap_or(rest.len());
        let this = &rest[..end];
        let blank = this
            .iter()
            .position(|b| !matches!(b, b' ' | b'\t' | 0x0c))
            .unwrap_or(this.len());
        match this.get(blank) {
            Some(b'#') => {
                if let Some(name) = cookie_in_comment(&this[blank..]) {
                    return Some(Cookie { name, line });
                }
            }
            Some(_) => return None,
            None => {}
        }
        if end >= rest.len() {
            return None;
        }
        let skip = if rest[end] == b'\r' && rest.get(end + 1) == Some(&b'\n') {
            2
        } else {
            1
        };
        rest = &rest[end + skip..];
    }
    None
}

fn cookie_in_comment(comment: &[u8]) -> Option<String> {
    for at in 0..comment.len().saturating_sub(6) {
        if &comment[at..at + 6] != b"coding" {
            continue;
        }
        let mut rest = &comment[at + 6..];
        match rest.first() {
            Some(b':' | b'=') => rest = &rest[1..],
            _ => continue,
        }
        while let [b' ' | b'\t', tail @ ..] = rest {
            rest = tail;
        }
        let len = rest
            .iter()
            .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')))
            .unwrap_or(rest.len());
        if len > 0 {
            let name = String::from_utf8_lossy(&rest[..len]).into_owned();
            return Some(canonical_name(&name));
        }
    }
    None
}

/// Short names for the two encodings that CPython recognises by prefix.
fn canonical_name(name: &str) -> String {
    let key: String = name
        .chars()
        .take(12)
        .map(|c| {
            if c == '_' {
                '-'
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect();
    if key == "utf-8" || key.starts_with("utf-8-") {
        return "utf-8".to_owned();
    }
    for latin in ["latin-1", "iso-8859-1", "iso-latin-1"] {
        if key == latin
            || key
                .strip_prefix(latin)
                .is_some_and(|rest| rest.starts_with('-'))
        {
            return "iso-8859-1".to_owned();
        }
    }
    name.to_owned()
}

fn is_utf8_name(name: &str) -> bool {
    let key = codec_key(name);
    matches!(
        key.as_str(),
        "utf8" | "utf" | "u8" | "cp65001" | "utf8sig" | "utf8ucs2" | "utf8ucs4"
    )
}

fn codec_key(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '-' | '_' | ' ' | '.'))
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

const CP1252_HIGH: [u16; 32] = [
    0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039,
    0x0152, 0, 0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc,
    0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
];

/// Codecs needed before any Python code can run.
fn decode_builtin(name: &str, bytes: &[u8]) -> Option<CodecResult> {
    let single = |high: &dyn Fn(u8) -> Option<char>, codec: &str| -> CodecResult {
        let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
        for (i, &b) in bytes.iter().enumerate() {
            match if b < 0x80 { Some(b as char) } else { high(b) } {
                Some(c) => text.push(c),
                None if codec == "ascii" => {
                    return Err(format!(
                        "'ascii' codec can't decode byte 0x{b:02x} in position {i}: ordinal not in range(128)"
                    ));
                }
                None => {
                    return Err(format!(
                        "'charmap' codec can't decode byte 0x{b:02x} in position {i}: character maps to <undefined>"
                    ));
                }
            }
        }
        Ok(text)
    };
    Some(match codec_key(name).as_str() {
        "ascii" | "usascii" | "646" | "ansix3.41968" | "iso646us" | "us" => {
            single(&|_| None, "ascii")
        }
        "latin1" | "iso88591" | "latin" | "l1" | "cp819" | "8859" | "iso8859" => {
            single(&|b| Some(b as char), "latin-1")
        }
        "iso885915" | "latin9" | "l9" | "latin0" => single(
            &|b| {
                Some(match b {
                    0xa4 => '\u{20ac}',
                    0xa6 => '\u{160}',
                    0xa8 => '\u{161}',
                    0xb4 => '\u{17d}',
                    0xb8 => '\u{17e}',
                    0xbc => '\u{152}',
                    0xbd => '\u{153}',
                    0xbe => '\u{178}',
                    b => b as char,
                })
            },
            "iso8859-15",
        ),
        "cp1252" | "windows1252" | "1252" => single(
            &|b| match b {
                0x80..=0x9f => match CP1252_HIGH[(b - 0x80) as usize] {
                    0 => None,
                    c => char::from_u32(c as u32),
                },
                b => Some(b as char),
            },
            "cp1252",
        ),
        _ => return None,
    })
}

/// `\r\n` and `\r` become `\n`.
pub fn normalise_newlines(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.as_bytes().contains(&b'\r') {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = &text[..];
    while let Some(at) = rest.find('\r') {
        out.push_str(&rest[..at]);
        out.push('\n');
        rest = &rest[at + 1..];
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Byte offset → line and column.
#[derive(Debug, Clone)]
pub struct SourceIndex {
    line_starts: Vec<u32>,
    len: u32,
    /// The line last asked for: neighbouring nodes ask for neighbouring places.
    last: Cell<u32>,
    /// Line and column of every offset, for trees made without a text.
    made: Option<Box<[(i32, i32)]>>,
}

impl SourceIndex {
    /// Indexes text whose newlines are already normalised.
    pub fn new(text: &str) -> Self {
        let mut line_starts = Vec::with_capacity(text.len() / 32 + 1);
        line_starts.push(0);
        for (i, b) in text.bytes().enumerate() {
            if b == b'\n' {
                line_starts.push(i as u32 + 1);
            }
        }
        SourceIndex {
            line_starts,
            len: text.len() as u32,
            last: Cell::new(0),
            made: None,
        }
    }

    /// An index in which every offset has the place that is given.
    pub fn made(places: Vec<(i32, i32)>) -> Self {
        SourceIndex {
            line_starts: vec![0],
            len: places.len() as u32,
            last: Cell::new(0),
            made: Some(places.into()),
        }
    }

    /// Number of lines; a final newline does not start another line.
    pub fn line_count(&self) -> usize {
        match self.line_starts.last() {
            Some(&start) if start == self.len && self.line_starts.len() > 1 => {
                self.line_starts.len() - 1
            }
            _ => self.line_starts.len(),
        }
    }

    /// 1-based line of a byte offset.
    #[inline]
    pub fn line(&self, offset: usize) -> usize {
        if let Some(made) = &self.made {
            return made.get(offset).map_or(1, |place| place.0 as usize);
        }
        let offset = offset as u32;
        let last = self.last.get() as usize;
        let starts = &self.line_starts;
        if starts[last] <= offset {
            for line in last..(last + 4).min(starts.len()) {
                if starts.get(line + 1).is_none_or(|&next| offset < next) {
                    self.last.set(line as u32);
                    return line + 1;
                }
            }
        }
        let line = starts.partition_point(|&start| start <= offset) - 1;
        self.last.set(line as u32);
        line + 1
    }

    /// 1-based line and 0-based column in UTF-8 bytes.
    #[inline]
    pub fn line_and_byte(&self, offset: usize) -> (usize, usize) {
        if let Some(made) = &self.made {
            let (line, column) = made.get(offset).copied().unwrap_or((1, 0));
            return (line as usize, column as usize);
        }
        let line = self.line(offset);
        (line, offset - self.line_starts[line - 1] as usize)
    }

    /// 1-based line and 0-based column in characters.
    pub fn line_and_character(&self, text: &str, offset: usize) -> (usize, usize) {
        let (line, _) = self.line_and_byte(offset);
        let start = self.line_starts[line - 1] as usize;
        let end = offset.min(text.len());
        let bytes = &text.as_bytes()[start.min(end)..end];
        (line, bytes.iter().filter(|&&b| b & 0xc0 != 0x80).count())
    }

    /// Byte offset at which a 1-based line starts.
    pub fn line_start(&self, line: usize) -> usize {
        self.line_starts
            .get(line.saturating_sub(1))
            .map_or(self.len as usize, |&start| start as usize)
    }

    /// The text of a 1-based line with its newline.
    pub fn line_text<'a>(&self, text: &'a str, line: usize) -> &'a str {
        let start = self.line_start(line);
        let end = self.line_start(line + 1).max(start);
        &text[start..end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies() {
        let name = |s: &str| find_cookie(s.as_bytes()).map(|c| c.name);
        assert_eq!(
            name("# -*- coding: latin-1 -*-\n").as_deref(),
            Some("iso-8859-1")
        );
        assert_eq!(
            name("#!/bin/sh\n# vim: fileencoding=cp1252\n").as_deref(),
            Some("cp1252")
        );
        assert_eq!(name("x = 1\n# coding: cp1252\n"), None);
        assert_eq!(name("\n\n# coding: cp1252\n"), None);
    }

    #[test]
    fn newlines_and_lines() {
        let text = normalise_newlines(Cow::Borrowed("a\r\nb\rc\n"));
        assert_eq!(text, "a\nb\nc\n");
        let index = SourceIndex::new(&text);
        assert_eq!(index.line_and_byte(0), (1, 0));
        assert_eq!(index.line_and_byte(5), (3, 1));
        assert_eq!(index.line_and_byte(2), (2, 0));
        assert_eq!(index.line_count(), 3);
        assert_eq!(index.line_text(&text, 2), "b\n");
    }

    #[test]
    fn invalid_utf8() {
        let error = from_bytes(b"a=1\nb=\"\xff\"", Origin::Bytes, None).unwrap_err();
        assert!(
            error
                .msg
                .starts_with("Non-UTF-8 code starting with '\\xff' on line 2")
        );
        assert!(
            from_bytes(b"# coding: latin-1\nx='\xe9'", Origin::Bytes, None)
                .unwrap()
                .contains('\u{e9}')
        );
    }
}
