//! A tokenizer that fails where CPython's does, with the same words and at the same place. It runs
//! only when a program is known or suspected to be wrong.

use super::nesting::{MAX_BRACKETS, MAX_INDENTS};
use crate::error::{CompileError, ErrorKind, ErrorLocation};

/// Levels of f-strings inside f-strings.
const MAX_STRING_MODES: usize = 150;
/// Levels of expressions in format specifications.
const MAX_SPEC_NESTING: i32 = 3;

/// Kinds of tokens; operators and keywords are told apart by their text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Name,
    Number,
    String,
    Op,
    Newline,
    Indent,
    Dedent,
    End,
    FStart,
    FMiddle,
    FEnd,
    TStart,
    TMiddle,
    TEnd,
    /// Only for those who ask for all tokens.
    Comment,
    /// An end of line that ends no statement, likewise.
    BlankNewline,
    Error,
}

/// A token; columns are byte offsets in the line, -1 where CPython has none.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub kind: Kind,
    /// Symbol number of operators and keywords, filled in by the parser.
    pub symbol: u16,
    pub start: u32,
    pub end: u32,
    pub line: i32,
    pub col: i32,
    pub end_line: i32,
    pub end_col: i32,
    /// Bracket depth after the token.
    pub level: u16,
}

/// Why the tokenizer stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    Ok,
    /// End of the text.
    Eof,
    /// End of the text inside a string.
    EofInString,
    Dedent,
    TabSpace,
    TooDeep,
    LineContinuation,
    /// The error is in [`Tokenizer::error`].
    Error,
}

struct Bracket {
    open: u8,
    line: i32,
    col: i32,
}

struct StringMode {
    in_expression: bool,
    is_template: bool,
    quote: u8,
    quote_size: usize,
    raw: bool,
    start: usize,
    line_start: usize,
    line: i32,
    depth: i32,
    expression_depth: i32,
    in_format_spec: bool,
}

/// The tokenizer's state; the names of positions follow what error reports need.
pub struct Tokenizer<'a> {
    text: &'a str,
    source: &'a [u8],
    pub cur: usize,
    /// End of the line being read.
    pub line_end: usize,
    /// Where the text starts that errors show: the line, or the first line of a long token.
    pub buffer: usize,
    pub line_start: usize,
    pub line: i32,
    start: Option<usize>,
    first_line: i32,
    multi_line_start: usize,
    at_line_start: bool,
    pending: i32,
    indents: Vec<(i32, i32)>,
    brackets: Vec<Bracket>,
    modes: Vec<StringMode>,
    pub done: Done,
    pub error: Option<Box<CompileError>>,
    /// Comments and blank lines are tokens, and names and numbers are not looked at closely.
    pub all_tokens: bool,
    comment_line: bool,
}

fn is_name_start(c: u8) -> bool {
    c.is_ascii_alphabetic() || c == b'_' || c >= 128
}

fn is_name_char(c: u8) -> bool {
    c.is_ascii_alphanumeric() || c == b'_' || c >= 128
}

const THREE: &[&[u8]] = &[b"**=", b"...", b"//=", b"<<=", b">>="];
const TWO: &[&[u8]] = &[
    b"!=", b"%=", b"&=", b"**", b"*=", b"+=", b"-=", b"->", b"//", b"/=", b":=", b"<<", b"<=",
    b"==", b">=", b">>", b"@=", b"^=", b"|=",
];

type Step = Option<u8>;

impl<'a> Tokenizer<'a> {
    /// `text` has normalised newlines; module text must end in a newline.
    pub fn new(text: &'a str) -> Self {
        Tokenizer {
            text,
            source: text.as_bytes(),
            cur: 0,
            line_end: 0,
            buffer: 0,
            line_start: 0,
            line: 0,
            start: None,
            first_line: 0,
            multi_line_start: 0,
            at_line_start: true,
            pending: 0,
            indents: vec![(0, 0)],
            brackets: Vec::new(),
            modes: Vec::new(),
            done: Done::Ok,
            error: None,
            all_tokens: false,
            comment_line: false,
        }
    }

    /// Where the line begins that a token of this kind is counted from, and its number.
    pub fn line_of(&self, kind: Kind) -> (usize, i32) {
        match kind {
            Kind::String
            | Kind::FStart
            | Kind::FMiddle
            | Kind::FEnd
            | Kind::TStart
            | Kind::TMiddle
            | Kind::TEnd => (self.multi_line_start, self.first_line),
            _ => (self.line_start, self.line),
        }
    }

    /// Bracket depth.
    pub fn level(&self) -> usize {
        self.brackets.len()
    }

    /// Line and column of the innermost open bracket, and the bracket.
    pub fn open_bracket(&self) -> Option<(char, i32, i32)> {
        self.brackets
            .last()
            .map(|b| (b.open as char, b.line, b.col))
    }

    /// Whether an f-string or t-string is open.
    pub fn inside_string(&self) -> bool {
        !self.modes.is_empty()
    }

    /// Number of open blocks.
    pub fn indentation(&self) -> usize {
        self.indents.len() - 1
    }

    /// Makes the next tokens close all open blocks (interactive input ends).
    pub fn close_blocks(&mut self) {
        self.pending = -(self.indentation() as i32);
        self.indents.truncate(1);
    }

    fn next(&mut self) -> Step {
        loop {
            if self.cur < self.line_end {
                let c = self.source[self.cur];
                self.cur += 1;
                return Some(c);
            }
            if self.done != Done::Ok {
                return None;
            }
            if self.line_end >= self.source.len() {
                self.done = Done::Eof;
                self.cur = self.line_end;
                return None;
            }
            if self.start.is_none() {
                self.buffer = self.cur;
            }
            self.line_start = self.cur;
            self.line += 1;
            self.line_end = self.source[self.cur..]
                .iter()
                .position(|&b| b == b'\n')
                .map_or(self.source.len(), |n| self.cur + n + 1);
        }
    }

    fn back(&mut self, c: Step) {
        if c.is_some() {
            self.cur -= 1;
        }
    }

    fn token(&mut self, kind: Kind, span: Option<(usize, usize)>) -> Token {
        let is_string = matches!(
            kind,
            Kind::String
                | Kind::FStart
                | Kind::FMiddle
                | Kind::FEnd
                | Kind::TStart
                | Kind::TMiddle
                | Kind::TEnd
        );
        let line = if is_string {
            self.first_line
        } else {
            self.line
        };
        let line_start = if is_string {
            self.multi_line_start
        } else {
            self.line_start
        };
        let (start, end, col, end_col) = match span {
            None => (self.cur, self.cur, -1, -1),
            Some((start, end)) => (
                start,
                end,
                if start >= line_start {
                    (start - line_start) as i32
                } else {
                    -1
                },
                if end >= self.line_start {
                    (end - self.line_start) as i32
                } else {
                    -1
                },
            ),
        };
        Token {
            kind,
            symbol: 0,
            start: start as u32,
            end: end as u32,
            line,
            col,
            end_line: self.line,
            end_col,
            level: self.brackets.len() as u16,
        }
    }

    fn error_token(&mut self) -> Token {
        self.token(Kind::Error, None)
    }

    fn fail(&mut self, msg: impl Into<String>) -> Token {
        self.fail_range(msg, None)
    }

    /// Columns are 1-based byte columns; without them the error lies just before the cursor.
    fn fail_range(&mut self, msg: impl Into<String>, range: Option<(i32, i32)>) -> Token {
        let upto =
            String::from_utf8_lossy(&self.source[self.line_start..self.cur.max(self.line_start)]);
        let from_bytes = |col: i32| {
            let end = (self.line_start + col as usize).min(self.source.len());
            String::from_utf8_lossy(&self.source[self.line_start..end])
                .chars()
                .count() as i32
        };
        let range = range.map(|(from, to)| (from_bytes(from), from_bytes(to)));
        let (col, end_col) = range.unwrap_or_else(|| {
            let col = upto.chars().count() as i32;
            (col, col)
        });
        let rest = &self.source[self.line_start..];
        let len = rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
        self.error = Some(Box::new(CompileError {
            kind: ErrorKind::Syntax,
            msg: msg.into(),
            location: Some(ErrorLocation {
                lineno: self.line,
                offset: col,
                end_lineno: Some(self.line),
                end_offset: Some(end_col),
            }),
            text: Some(String::from_utf8_lossy(&rest[..len]).into_owned()),
            filename_unknown: false,
        }));
        self.done = Done::Error;
        self.error_token()
    }

    /// The next token. After an error or the end it must not be called again.
    pub fn next_token(&mut self) -> Token {
        match self.modes.last() {
            Some(mode) if !mode.in_expression => self.string_part(),
            _ => self.normal(),
        }
    }

    fn continuation_line(&mut self) -> bool {
        if self.next() != Some(b'\n') {
            self.done = Done::LineContinuation;
            return false;
        }
        let c = self.next();
        if c.is_none() {
            self.done = Done::Eof;
            self.cur = self.line_end;
            return false;
        }
        self.back(c);
        true
    }

    /// Measures indentation; `Err` is the error token, `Ok` says whether the line is blank.
    fn indentation_of_line(&mut self) -> Result<bool, Token> {
        let (mut col, mut alt_col) = (0i32, 0i32);
        let mut continued = 0;
        let c = loop {
            let c = self.next();
            match c {
                Some(b' ') => {
                    col += 1;
                    alt_col += 1;
                }
                Some(b'\t') => {
                    col = (col / 8 + 1) * 8;
                    alt_col += 1;
                }
                Some(0x0c) => {
                    col = 0;
                    alt_col = 0;
                }
                Some(b'\\') => {
                    if continued == 0 {
                        continued = col;
                    }
                    if !self.continuation_line() {
                        return Err(self.error_token());
                    }
                }
                _ => break c,
            }
        };
        self.back(c);
        if matches!(c, Some(b'#' | b'\n')) {
            return Ok(true);
        }
        if !self.brackets.is_empty() {
            return Ok(false);
        }
        if continued != 0 {
            col = continued;
            alt_col = continued;
        }
        let (top, alt_top) = *self.indents.last().expect("the stack has a base");
        if col == top {
            if alt_col != alt_top {
                return Err(self.tab_error());
            }
        } else if col > top {
            if self.indents.len() >= MAX_INDENTS {
                self.done = Done::TooDeep;
                self.cur = self.line_end;
                return Err(self.error_token());
            }
            if alt_col <= alt_top {
                return Err(self.tab_error());
            }
            self.pending += 1;
            self.indents.push((col, alt_col));
        } else {
            while self.indents.len() > 1 && col < self.indents[self.indents.len() - 1].0 {
                self.pending -= 1;
                self.indents.pop();
            }
            let (top, alt_top) = *self.indents.last().expect("the stack has a base");
            if col != top {
                self.done = Done::Dedent;
                self.cur = self.line_end;
                return Err(self.error_token());
            }
            if alt_col != alt_top {
                return Err(self.tab_error());
            }
        }
        Ok(false)
    }

    fn tab_error(&mut self) -> Token {
        self.done = Done::TabSpace;
        self.cur = self.line_end;
        self.error_token()
    }

    fn normal(&mut self) -> Token {
        loop {
            self.start = None;
            let mut blank = false;
            if self.at_line_start {
                self.at_line_start = false;
                match self.indentation_of_line() {
                    Ok(is_blank) => blank = is_blank,
                    Err(token) => return token,
                }
            }
            self.start = Some(self.cur);
            if self.pending < 0 {
                self.pending += 1;
                let span = self.all_tokens.then_some((self.cur, self.cur));
                return self.token(Kind::Dedent, span);
            }
            if self.pending > 0 {
                self.pending -= 1;
                let span = self.all_tokens.then_some((self.line_start, self.cur));
                return self.token(Kind::Indent, span);
            }
            let c = self.next();
            self.back(c);
            let mut c;
            loop {
                self.start = None;
                loop {
                    c = self.next();
                    if !matches!(c, Some(b' ' | b'\t' | 0x0c)) {
                        break;
                    }
                }
                self.start = Some(self.cur.saturating_sub(1));
                if c != Some(b'\\') {
                    break;
                }
                if !self.continuation_line() {
                    return self.error_token();
                }
            }
            if c == Some(b'#') {
                while !matches!(c, None | Some(b'\n')) {
                    c = self.next();
                }
                if self.all_tokens {
                    self.back(c);
                    self.comment_line = blank;
                    let start = self.start.expect("just set");
                    return self.token(Kind::Comment, Some((start, self.cur)));
                }
            }
            let Some(c) = c else {
                if !self.brackets.is_empty() || self.done != Done::Eof {
                    return self.error_token();
                }
                return self.end();
            };
            if c == b'\n' {
                self.at_line_start = true;
                let start = self.start.expect("just set");
                if blank || !self.brackets.is_empty() {
                    if self.all_tokens {
                        return self.token(Kind::BlankNewline, Some((start, self.cur)));
                    }
                    continue;
                }
                if std::mem::take(&mut self.comment_line) {
                    return self.token(Kind::BlankNewline, Some((start, self.cur)));
                }
                return self.token(Kind::Newline, Some((start, self.cur)));
            }
            return self.word(c);
        }
    }

    /// Blocks still open are closed before the end.
    fn end(&mut self) -> Token {
        self.token(Kind::End, None)
    }

    fn word(&mut self, first: u8) -> Token {
        let start = self.start.expect("set before a token");
        if is_name_start(first) {
            return self.name_or_string(first, start);
        }
        if first == b'.' {
            let c = self.next();
            if c.is_some_and(|c| c.is_ascii_digit()) {
                return self.fraction(c, start);
            }
            self.back(c);
        }
        if first.is_ascii_digit() {
            return self.number(first, start);
        }
        if matches!(first, b'\'' | b'"') {
            return self.string(first, start);
        }
        self.operator(first, start)
    }

    fn name_or_string(&mut self, first: u8, start: usize) -> Token {
        let (mut b, mut r, mut u, mut f, mut t) = (false, false, false, false, false);
        let mut c = Some(first);
        loop {
            match c.map(|c| c.to_ascii_lowercase()) {
                Some(b'b') if !b => b = true,
                Some(b'u') if !u => u = true,
                Some(b'r') if !r => r = true,
                Some(b'f') if !f => f = true,
                Some(b't') if !t => t = true,
                _ => break,
            }
            c = self.next();
            if let Some(quote @ (b'"' | b'\'')) = c {
                let clash = [
                    (u && b, "'u' and 'b'"),
                    (u && r, "'u' and 'r'"),
                    (u && f, "'u' and 'f'"),
                    (u && t, "'u' and 't'"),
                    (b && f, "'b' and 'f'"),
                    (b && t, "'b' and 't'"),
                    (f && t, "'f' and 't'"),
                ];
                if let Some((_, pair)) = clash.iter().find(|(found, _)| *found) {
                    let range = (
                        (start + 1 - self.line_start) as i32,
                        (self.cur - self.line_start) as i32,
                    );
                    return self
                        .fail_range(format!("{pair} prefixes are incompatible"), Some(range));
                }
                return if f || t {
                    self.string_start(quote, start, r, t)
                } else {
                    self.string(quote, start)
                };
            }
        }
        let mut ascii = true;
        while let Some(ch) = c {
            if !is_name_char(ch) {
                break;
            }
            ascii &= ch < 128;
            c = self.next();
        }
        self.back(c);
        if !ascii && !self.all_tokens {
            if let Some(token) = self.verify_name(start) {
                return token;
            }
        }
        self.token(Kind::Name, Some((start, self.cur)))
    }

    fn verify_name(&mut self, start: usize) -> Option<Token> {
        let name = &self.text[start..self.cur];
        let mut bad = None;
        for (i, ch) in name.char_indices() {
            let fits = if i == 0 {
                super::unicode::is_start(ch)
            } else {
                super::unicode::is_continue(ch)
            };
            if !fits {
                bad = Some((i, ch));
                break;
            }
        }
        let (at, ch) = bad?;
        self.cur = start + at + ch.len_utf8();
        Some(if super::unicode::is_printable(ch) {
            self.fail(format!("invalid character '{ch}' (U+{:04X})", ch as u32))
        } else {
            self.fail(format!(
                "invalid non-printable character U+{:04X}",
                ch as u32
            ))
        })
    }

    fn looking_at(&self, rest: &[u8]) -> bool {
        self.source[self.cur..].starts_with(rest)
            && !self
                .source
                .get(self.cur + rest.len())
                .is_some_and(|&c| is_name_char(c))
    }

    /// A number must not run into a name; a few keywords are only warned about.
    fn verify_number_end(&mut self, c: Step, kind: &str) -> Option<Token> {
        let c = c?;
        if self.all_tokens {
            return None;
        }
        let allowed = match c {
            b'a' => self.looking_at(b"nd"),
            b'e' => self.looking_at(b"lse"),
            b'f' => self.looking_at(b"or"),
            b'i' => matches!(self.source.get(self.cur), Some(b'f' | b'n' | b's')),
            b'o' => self.looking_at(b"r"),
            b'n' => self.looking_at(b"ot"),
            _ => false,
        };
        if !allowed && c < 128 && is_name_char(c) {
            self.cur -= 1;
            return Some(self.fail(format!("invalid {kind} literal")));
        }
        None
    }

    fn decimal_tail(&mut self) -> Result<Step, Token> {
        loop {
            let mut c = self.next();
            while c.is_some_and(|c| c.is_ascii_digit()) {
                c = self.next();
            }
            if c != Some(b'_') {
                return Ok(c);
            }
            c = self.next();
            if !c.is_some_and(|c| c.is_ascii_digit()) {
                self.back(c);
                return Err(self.fail("invalid decimal literal"));
            }
        }
    }

    fn radix(&mut self, kind: &str, is_digit: fn(u8) -> bool, start: usize) -> Token {
        let mut c = self.next();
        loop {
            if c == Some(b'_') {
                c = self.next();
            }
            match c {
                Some(d) if is_digit(d) => {}
                Some(d) if d.is_ascii_digit() => {
                    return self.fail(format!("invalid digit '{}' in {kind} literal", d as char));
                }
                _ => {
                    self.back(c);
                    return self.fail(format!("invalid {kind} literal"));
                }
            }
            while c.is_some_and(is_digit) {
                c = self.next();
            }
            if c != Some(b'_') {
                break;
            }
        }
        if let Some(d) = c
            && d.is_ascii_digit()
        {
            return self.fail(format!("invalid digit '{}' in {kind} literal", d as char));
        }
        if let Some(token) = self.verify_number_end(c, kind) {
            return token;
        }
        self.finish_number(c, start)
    }

    fn finish_number(&mut self, c: Step, start: usize) -> Token {
        self.back(c);
        self.token(Kind::Number, Some((start, self.cur)))
    }

    fn number(&mut self, first: u8, start: usize) -> Token {
        if first == b'0' {
            let mut c = self.next();
            match c {
                Some(b'x' | b'X') => {
                    return self.radix("hexadecimal", |c| c.is_ascii_hexdigit(), start);
                }
                Some(b'o' | b'O') => {
                    return self.radix("octal", |c| (b'0'..b'8').contains(&c), start);
                }
                Some(b'b' | b'B') => {
                    return self.radix("binary", |c| matches!(c, b'0' | b'1'), start);
                }
                _ => {}
            }
            loop {
                if c == Some(b'_') {
                    c = self.next();
                    if !c.is_some_and(|c| c.is_ascii_digit()) {
                        self.back(c);
                        return self.fail("invalid decimal literal");
                    }
                }
                if c != Some(b'0') {
                    break;
                }
                c = self.next();
            }
            let zeros_end = self.cur;
            let mut nonzero = false;
            if c.is_some_and(|c| c.is_ascii_digit()) {
                nonzero = true;
                c = match self.decimal_tail() {
                    Ok(c) => c,
                    Err(token) => return token,
                };
            }
            return match c {
                Some(b'.') => {
                    let c = self.next();
                    self.fraction(c, start)
                }
                Some(b'e' | b'E') => self.exponent(c, start),
                Some(b'j' | b'J') => self.imaginary(start),
                _ if nonzero => {
                    self.back(c);
                    let range = (
                        (start + 1 - self.line_start) as i32,
                        (zeros_end - self.line_start) as i32,
                    );
                    self.fail_range(
                        "leading zeros in decimal integer literals are not permitted; \
                         use an 0o prefix for octal integers",
                        Some(range),
                    )
                }
                _ => match self.verify_number_end(c, "decimal") {
                    Some(token) => token,
                    None => self.finish_number(c, start),
                },
            };
        }
        match self.decimal_tail() {
            Err(token) => token,
            Ok(Some(b'.')) => {
                let c = self.next();
                self.fraction(c, start)
            }
            Ok(c) => self.exponent(c, start),
        }
    }

    fn fraction(&mut self, c: Step, start: usize) -> Token {
        let c = if c.is_some_and(|c| c.is_ascii_digit()) {
            match self.decimal_tail() {
                Ok(c) => c,
                Err(token) => return token,
            }
        } else {
            c
        };
        self.exponent(c, start)
    }

    fn exponent(&mut self, mut c: Step, start: usize) -> Token {
        if let Some(b'e' | b'E') = c {
            let e = c;
            c = self.next();
            if let Some(b'+' | b'-') = c {
                c = self.next();
                if !c.is_some_and(|c| c.is_ascii_digit()) {
                    self.back(c);
                    return self.fail("invalid decimal literal");
                }
            } else if !c.is_some_and(|c| c.is_ascii_digit()) {
                self.back(c);
                if let Some(token) = self.verify_number_end(e, "decimal") {
                    return token;
                }
                return self.finish_number(e, start);
            }
            c = match self.decimal_tail() {
                Ok(c) => c,
                Err(token) => return token,
            };
        }
        if let Some(b'j' | b'J') = c {
            return self.imaginary(start);
        }
        match self.verify_number_end(c, "decimal") {
            Some(token) => token,
            None => self.finish_number(c, start),
        }
    }

    fn imaginary(&mut self, start: usize) -> Token {
        let c = self.next();
        match self.verify_number_end(c, "imaginary") {
            Some(token) => token,
            None => self.finish_number(c, start),
        }
    }

    /// Reads the opening quotes, of which one has been read; returns how many there are, 0 for an
    /// empty string in single quotes when `empty_ends`.
    fn string(&mut self, quote: u8, start: usize) -> Token {
        self.first_line = self.line;
        self.multi_line_start = self.line_start;
        let mut size = 1;
        let mut closing = 0;
        let mut c = self.next();
        if c == Some(quote) {
            c = self.next();
            if c == Some(quote) {
                size = 3;
            } else {
                closing = 1;
            }
        }
        if c != Some(quote) {
            self.back(c);
        }
        let mut escaped_quote = false;
        while closing != size {
            let c = self.next();
            if c.is_none() || (size == 1 && c == Some(b'\n')) {
                return self.unterminated(quote, size, start, c, escaped_quote);
            }
            if c == Some(quote) {
                closing += 1;
            } else {
                closing = 0;
                if c == Some(b'\\') {
                    escaped_quote |= self.next() == Some(quote);
                }
            }
        }
        self.token(Kind::String, Some((start, self.cur)))
    }

    fn unterminated(
        &mut self,
        quote: u8,
        size: usize,
        start: usize,
        c: Step,
        escaped: bool,
    ) -> Token {
        self.cur = start + 1;
        self.line_start = self.multi_line_start;
        let detected = self.line;
        self.line = self.first_line;
        if let Some(mode) = self.modes.last()
            && mode.quote == quote
            && mode.quote_size == size
        {
            let letter = mode.letter();
            return self.fail(format!("{letter}-string: expecting '}}'"));
        }
        let token = if size == 3 {
            self.fail(format!(
                "unterminated triple-quoted string literal (detected at line {detected})"
            ))
        } else if escaped {
            self.fail(format!(
                "unterminated string literal (detected at line {detected}); perhaps you escaped the end quote?"
            ))
        } else {
            self.fail(format!(
                "unterminated string literal (detected at line {detected})"
            ))
        };
        if c.is_none() {
            self.done = Done::EofInString;
        }
        token
    }

    fn string_start(&mut self, quote: u8, start: usize, raw: bool, is_template: bool) -> Token {
        self.first_line = self.line;
        self.multi_line_start = self.line_start;
        let mut size = 1;
        let after = self.next();
        if after == Some(quote) {
            let third = self.next();
            if third == Some(quote) {
                size = 3;
            } else {
                self.back(third);
                self.back(after);
            }
        } else {
            self.back(after);
        }
        if self.modes.len() + 1 >= MAX_STRING_MODES {
            return self.fail("too many nested f-strings or t-strings");
        }
        self.modes.push(StringMode {
            in_expression: false,
            is_template,
            quote,
            quote_size: size,
            raw,
            start,
            line_start: self.line_start,
            line: self.line,
            depth: 0,
            expression_depth: -1,
            in_format_spec: false,
        });
        let kind = if is_template {
            Kind::TStart
        } else {
            Kind::FStart
        };
        self.token(kind, Some((start, self.cur)))
    }

    fn mode(&mut self) -> &mut StringMode {
        self.modes.last_mut().expect("inside an f-string")
    }

    /// Leaves the literal part of an f-string for an expression.
    fn open_expression(&mut self) -> Option<Token> {
        let mode = self.mode();
        mode.expression_depth += 1;
        if mode.expression_depth >= MAX_SPEC_NESTING {
            let letter = mode.letter();
            return Some(self.fail(format!("{letter}-string: expressions nested too deeply")));
        }
        mode.in_expression = true;
        None
    }

    fn string_part(&mut self) -> Token {
        self.start = Some(self.cur);
        self.first_line = self.line;
        let start = self.cur;
        let c = self.next();
        if c == Some(b'{') {
            let peek = self.next();
            self.back(peek);
            self.back(c);
            if peek != Some(b'{') {
                if let Some(token) = self.open_expression() {
                    return token;
                }
                return self.normal();
            }
        } else {
            self.back(c);
        }
        let (quote, size, is_template, raw) = {
            let mode = self.mode();
            (mode.quote, mode.quote_size, mode.is_template, mode.raw)
        };
        if self.source[self.cur..]
            .iter()
            .take(size)
            .filter(|&&c| c == quote)
            .count()
            == size
        {
            self.cur += size;
            self.modes.pop();
            // A fresh line may have been entered by the look at the next character.
            self.multi_line_start = self.line_start;
            let kind = if is_template { Kind::TEnd } else { Kind::FEnd };
            return self.token(kind, Some((start, self.cur)));
        }
        self.multi_line_start = self.line_start;
        let middle = if is_template {
            Kind::TMiddle
        } else {
            Kind::FMiddle
        };
        let mut closing = 0;
        let mut named_escape = false;
        while closing != size {
            let c = self.next();
            let in_spec = {
                let mode = self.mode();
                mode.in_format_spec && mode.expression_depth >= 0
            };
            match c {
                None | Some(b'\n') if c.is_none() || size == 1 => {
                    if in_spec && c.is_some() {
                        let letter = self.mode().letter();
                        return self.fail(format!(
                            "{letter}-string: newlines are not allowed in format specifiers for single quoted {letter}-strings"
                        ));
                    }
                    return self.unterminated_fstring(c);
                }
                Some(q) if q == quote => {
                    closing += 1;
                    continue;
                }
                _ => closing = 0,
            }
            match c {
                Some(b'{') => {
                    let peek = self.next();
                    if peek != Some(b'{') || in_spec {
                        self.back(peek);
                        self.back(c);
                        if let Some(token) = self.open_expression() {
                            return token;
                        }
                        self.mode().in_format_spec = false;
                        return self.token(middle, Some((start, self.cur)));
                    }
                    return self.token(middle, Some((start, self.cur - 1)));
                }
                Some(b'}') => {
                    if named_escape {
                        return self.token(middle, Some((start, self.cur)));
                    }
                    let peek = self.next();
                    if peek == Some(b'}') && !in_spec && self.mode().depth == 0 {
                        return self.token(middle, Some((start, self.cur - 1)));
                    }
                    self.back(peek);
                    self.back(c);
                    let mode = self.mode();
                    mode.in_expression = true;
                    mode.in_format_spec = false;
                    return self.token(middle, Some((start, self.cur)));
                }
                Some(b'\\') => {
                    let peek = self.next();
                    if let Some(b'{' | b'}') = peek {
                        self.back(peek);
                        continue;
                    }
                    if !raw && peek == Some(b'N') {
                        let brace = self.next();
                        if brace == Some(b'{') {
                            named_escape = true;
                        } else {
                            self.back(brace);
                        }
                    }
                }
                _ => {}
            }
        }
        self.cur -= size;
        self.token(middle, Some((start, self.cur)))
    }

    fn unterminated_fstring(&mut self, c: Step) -> Token {
        let detected = self.line;
        let (start, line_start, line, size, letter) = {
            let mode = self.mode();
            (
                mode.start,
                mode.line_start,
                mode.line,
                mode.quote_size,
                mode.letter(),
            )
        };
        self.cur = start + 1;
        self.line_start = line_start;
        self.line = line;
        if size == 3 {
            let token = self.fail(format!(
                "unterminated triple-quoted {letter}-string literal (detected at line {detected})"
            ));
            if c.is_none() {
                self.done = Done::EofInString;
            }
            token
        } else {
            self.fail(format!(
                "unterminated {letter}-string literal (detected at line {detected})"
            ))
        }
    }

    fn operator(&mut self, c: u8, start: usize) -> Token {
        if c == b':'
            && let Some(mode) = self.modes.last_mut()
            && mode.depth - 1 == mode.expression_depth
            && mode.expression_depth >= 0
        {
            mode.in_expression = false;
            mode.in_format_spec = true;
            return self.token(Kind::Op, Some((start, self.cur)));
        }
        let line_rest = &self.source[start..self.line_end];
        for (table, len) in [(THREE, 3), (TWO, 2)] {
            if line_rest.len() >= len && table.contains(&&line_rest[..len]) {
                self.cur = start + len;
                return self.token(Kind::Op, Some((start, self.cur)));
            }
        }
        match c {
            b'(' | b'[' | b'{' => {
                if self.brackets.len() >= MAX_BRACKETS {
                    return self.fail("too many nested parentheses");
                }
                let col = (start - self.line_start) as i32;
                self.brackets.push(Bracket {
                    open: c,
                    line: self.line,
                    col,
                });
                if let Some(mode) = self.modes.last_mut() {
                    mode.depth += 1;
                }
            }
            b')' | b']' | b'}' => {
                if let Some(token) = self.close(c) {
                    return token;
                }
            }
            _ => {}
        }
        if !(c == b' ' || c.is_ascii_graphic()) {
            return self.fail(format!(
                "invalid non-printable character U+{:04X}",
                c as u32
            ));
        }
        self.token(Kind::Op, Some((start, self.cur)))
    }

    fn close(&mut self, c: u8) -> Option<Token> {
        let shown = c as char;
        if let Some(mode) = self.modes.last()
            && mode.depth == 0
            && c == b'}'
        {
            let letter = mode.letter();
            return Some(self.fail(format!("{letter}-string: single '}}' is not allowed")));
        }
        let Some(open) = self.brackets.pop() else {
            return Some(self.fail(format!("unmatched '{shown}'")));
        };
        if !matches!((open.open, c), (b'(', b')') | (b'[', b']') | (b'{', b'}')) {
            if let Some(mode) = self.modes.last()
                && open.open == b'{'
                && mode.depth - 1 == mode.expression_depth
            {
                let letter = mode.letter();
                return Some(self.fail(format!("{letter}-string: unmatched '{shown}'")));
            }
            let opening = open.open as char;
            return Some(if open.line != self.line {
                self.fail(format!(
                    "closing parenthesis '{shown}' does not match opening parenthesis '{opening}' on line {}",
                    open.line
                ))
            } else {
                self.fail(format!(
                    "closing parenthesis '{shown}' does not match opening parenthesis '{opening}'"
                ))
            });
        }
        if let Some(mode) = self.modes.last_mut() {
            mode.depth -= 1;
            if mode.depth < 0 {
                let letter = mode.letter();
                return Some(self.fail(format!("{letter}-string: unmatched '{shown}'")));
            }
            if c == b'}' && mode.depth == mode.expression_depth {
                mode.expression_depth -= 1;
                mode.in_expression = false;
                mode.in_format_spec = false;
            }
        }
        None
    }
}

impl StringMode {
    fn letter(&self) -> char {
        if self.is_template { 't' } else { 'f' }
    }
}
