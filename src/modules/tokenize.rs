//! `_tokenize`: the tokenizer as an iterator.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use taipan_compiler::error::{CompileError, ErrorKind, ErrorLocation};
use taipan_compiler::syntax::tokenizer::{Done, Kind, Token, Tokenizer};
use taipan_objects::err::PyResult;
use taipan_objects::iterators::self_iter;
use taipan_objects::native::{ModuleDef, Signature};
use taipan_objects::object::{Header, alloc, instance};
use taipan_objects::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{
    bytes, dict, err, exceptions, int, module, native_class, protocol, strings, tuple,
};
use taipan_runtime::compile::raise_compile_error;

/// Numbers of token types, as the `token` module has them.
mod number {
    pub const ENDMARKER: i64 = 0;
    pub const NAME: i64 = 1;
    pub const NUMBER: i64 = 2;
    pub const STRING: i64 = 3;
    pub const NEWLINE: i64 = 4;
    pub const INDENT: i64 = 5;
    pub const DEDENT: i64 = 6;
    pub const OP: i64 = 55;
    pub const FSTRING_START: i64 = 59;
    pub const FSTRING_MIDDLE: i64 = 60;
    pub const FSTRING_END: i64 = 61;
    pub const TSTRING_START: i64 = 62;
    pub const TSTRING_MIDDLE: i64 = 63;
    pub const TSTRING_END: i64 = 64;
    pub const COMMENT: i64 = 65;
    pub const NL: i64 = 66;
}

/// A token as Python sees it; columns count characters.
struct Shown {
    ty: i64,
    text: String,
    start: (usize, usize),
    end: (usize, usize),
    line: String,
}

native_class!(TokenizerIter, TOKENIZER_TYPE {
    readline, encoding, exact_types;
    extra: bool,
    read: Cell<bool>,
    tokens: RefCell<VecDeque<Shown>>,
    failure: RefCell<Option<CompileError>>
});

fn tokenizer_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature =
        Signature::new("tokenizeriter(readline, /, *, extra_tokens, encoding='')");
    S.bind(args, kwnames, |a| {
        let extra = protocol::is_true(a[1])?;
        if !a[2].is_none_or_null() && !strings::is_str(a[2]) {
            return err!(
                TypeError,
                "tokenizeriter() argument 'encoding' must be str, not {}",
                a[2].type_name()
            );
        }
        Ok(alloc(
            ty,
            TokenizerIter {
                header: Header::new(ty),
                readline: Slot::new(a[0].to_ref()),
                encoding: Slot::new(a[2].or(Value::NONE).to_ref()),
                exact_types: Slot::null(),
                extra,
                read: Cell::new(false),
                tokens: Default::default(),
                failure: Default::default(),
            },
        ))
    })
}

/// The whole program, line by line from `readline`.
fn read_all(this: &TokenizerIter) -> PyResult<String> {
    let mut text = String::new();
    let readline = this.readline.get_ref();
    loop {
        let line = match protocol::call(*readline, &[]) {
            Ok(l) => l,
            Err(e) => {
                if taipan_objects::err::clear_if(&taipan_objects::exceptions::StopIteration) {
                    break;
                }
                return Err(e);
            }
        };
        let line = if bytes::is_bytes(*line) {
            protocol::call_method_str(
                *line,
                "decode",
                &[
                    this.encoding.get().or(Value::NONE),
                    *strings::new_str("replace"),
                ],
            )?
        } else if strings::is_str(*line) {
            line
        } else {
            return err!(TypeError, "readline() returned a non-string object");
        };
        let s = strings::expect(*line);
        if s.len() == 0 {
            break;
        }
        text.push_str(&s.to_utf8()?);
    }
    Ok(text)
}

/// Byte offsets of lines, and columns in characters.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Lines<'a> {
        let mut starts = vec![0];
        starts.extend(
            text.bytes()
                .enumerate()
                .filter(|(_, b)| *b == b'\n')
                .map(|(i, _)| i + 1),
        );
        Lines { text, starts }
    }
    fn place(&self, offset: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|s| *s <= offset);
        let start = self.starts[line - 1];
        (line, self.text[start..offset].chars().count())
    }
    /// Text of the lines from `first` to `last`, numbered from 1.
    fn lines(&self, first: usize, last: usize) -> &'a str {
        let start = self
            .starts
            .get(first - 1)
            .copied()
            .unwrap_or(self.text.len());
        let end = self.starts.get(last).copied().unwrap_or(self.text.len());
        &self.text[start..end]
    }
}

struct Collector<'a> {
    lines: Lines<'a>,
    /// The text ends without the newline that was added.
    added_newline: bool,
    extra: bool,
    out: VecDeque<Shown>,
    /// Where the last token ended.
    at: usize,
}

impl Collector<'_> {
    fn push(&mut self, ty: i64, start: usize, end: usize) {
        let text = self.lines.text[start..end].to_string();
        self.push_text(ty, text, start, end);
    }
    fn push_text(&mut self, ty: i64, text: String, start: usize, end: usize) {
        let (from, to) = (self.lines.place(start), self.lines.place(end));
        let mut line = self.lines.lines(from.0, to.0).to_string();
        if self.added_newline
            && from.0.max(to.0) + 1 >= self.lines.starts.len()
            && line.ends_with('\n')
        {
            line.pop();
        }
        self.out.push_back(Shown {
            ty,
            text,
            start: from,
            end: to,
            line,
        });
    }

    /// Comments and blank lines between the last token and the next.
    fn gap(&mut self, to: usize) {
        let bytes = self.lines.text.as_bytes();
        let mut i = self.at;
        while i < to {
            match bytes[i] {
                b'#' => {
                    let start = i;
                    while i < to && bytes[i] != b'\n' {
                        i += 1;
                    }
                    let end = if bytes[i - 1] == b'\r' { i - 1 } else { i };
                    if self.extra {
                        self.push(number::COMMENT, start, end);
                    }
                }
                b'\\' => i += 2,
                b'\n' => {
                    if self.extra {
                        self.newline(number::NL, i);
                    }
                    i += 1;
                }
                _ => i += 1,
            }
        }
        self.at = to.max(self.at);
    }

    /// A newline at a byte offset; the one that was added has no text.
    fn newline(&mut self, ty: i64, at: usize) {
        let (line, column) = self.lines.place(at);
        let implied = self.added_newline && at + 1 == self.lines.text.len();
        let mut shown = self.lines.lines(line, line).to_string();
        if implied {
            shown.pop();
        }
        let text = if implied { "" } else { "\n" };
        self.out.push_back(Shown {
            ty,
            text: text.to_string(),
            start: (line, column),
            end: (line, column + 1),
            line: shown,
        });
    }

    fn middle(&mut self, ty: i64, start: usize, end: usize) {
        let text = &self.lines.text[start..end];
        // Doubled braces are shown as one, which ends the token.
        let bytes = text.as_bytes();
        let (mut from, mut i, mut any) = (0, 0, false);
        while i < bytes.len() {
            if (bytes[i] == b'{' || bytes[i] == b'}') && bytes.get(i + 1) == Some(&bytes[i]) {
                self.push(ty, start + from, start + i + 1);
                any = true;
                i += 2;
                from = i;
            } else {
                i += 1;
            }
        }
        if from < bytes.len() || !any {
            self.push(ty, start + from, end);
        }
    }
}

fn location(lines: &Lines, line: i32, offset: i32) -> Option<ErrorLocation> {
    let _ = lines;
    Some(ErrorLocation {
        lineno: line,
        offset,
        end_lineno: None,
        end_offset: None,
    })
}

/// The error for a tokenizer that stopped without one of its own.
fn stopped(t: &Tokenizer, lines: &Lines, token: &Token) -> CompileError {
    let column = |offset: usize| lines.place(offset.min(lines.text.len())).1 as i32;
    let after_line = |line: i32| {
        let line = line.max(1) as usize;
        lines
            .lines(line, line)
            .trim_end_matches('\n')
            .chars()
            .count() as i32
            + 1
    };
    let (kind, msg, line, offset) = match t.done {
        Done::Eof | Done::EofInString => {
            return CompileError::bare(ErrorKind::Syntax, "unexpected EOF in multi-line statement");
        }
        Done::Dedent => (
            ErrorKind::Indentation,
            "unindent does not match any outer indentation level",
            t.line,
            after_line(t.line),
        ),
        Done::TabSpace => (
            ErrorKind::Tab,
            "inconsistent use of tabs and spaces in indentation",
            t.line,
            after_line(t.line),
        ),
        Done::TooDeep => (
            ErrorKind::Indentation,
            "too many levels of indentation",
            t.line,
            column(t.cur),
        ),
        Done::LineContinuation => (
            ErrorKind::Syntax,
            "unexpected character after line continuation character",
            t.line,
            column(t.cur) + 1,
        ),
        _ => (
            ErrorKind::Syntax,
            "invalid token",
            token.line,
            token.col + 1,
        ),
    };
    let mut e = CompileError::bare(kind, msg);
    e.location = location(lines, line, offset);
    e.text = Some(
        lines
            .lines(line.max(1) as usize, line.max(1) as usize)
            .trim_end_matches('\n')
            .to_string(),
    );
    e
}

fn tokenize(source: &str, extra: bool) -> (VecDeque<Shown>, Option<CompileError>) {
    let normal = taipan_compiler::source::normalise_newlines(source.into());
    let added_newline = !normal.is_empty() && !normal.ends_with('\n');
    let text = if added_newline {
        format!("{normal}\n")
    } else {
        normal.into_owned()
    };
    let mut t = Tokenizer::new(&text);
    let mut c = Collector {
        lines: Lines::new(&text),
        added_newline,
        extra,
        out: VecDeque::new(),
        at: 0,
    };
    let mut blocks: Vec<Kind> = Vec::new();
    loop {
        let token = t.next_token();
        let (start, end) = (token.start as usize, token.end as usize);
        match token.kind {
            Kind::Indent | Kind::Dedent => {
                blocks.push(token.kind);
                continue;
            }
            Kind::Error => {
                let e = match t.error.take() {
                    Some(e) => *e,
                    None => {
                        if t.done == Done::Eof {
                            c.gap(text.len());
                        }
                        stopped(&t, &c.lines, &token)
                    }
                };
                return (c.out, Some(e));
            }
            Kind::End => {
                if t.level() > 0 && t.done != Done::Ok && !matches!(t.done, Done::Eof) {
                    let e = stopped(&t, &c.lines, &token);
                    return (c.out, Some(e));
                }
                c.gap(text.len());
                let line = if text.is_empty() {
                    1
                } else {
                    c.lines.starts.len()
                };
                let mut all: Vec<i64> = blocks.iter().map(|_| number::DEDENT).collect();
                all.push(number::ENDMARKER);
                for ty in all {
                    c.out.push_back(Shown {
                        ty,
                        text: String::new(),
                        start: (line, 0),
                        end: (line, 0),
                        line: String::new(),
                    });
                }
                return (c.out, None);
            }
            _ => {}
        }
        if token.kind == Kind::Newline {
            // The token may cover the comment before the newline, or lie behind it.
            let newline = text[c.at..].find('\n').map_or(text.len() - 1, |i| c.at + i);
            c.gap(newline);
            c.newline(number::NEWLINE, newline);
            c.at = newline + 1;
            continue;
        }
        c.gap(start);
        for kind in blocks.drain(..) {
            let (line, column) = c.lines.place(start);
            let line_start = c.lines.starts[line - 1];
            if kind == Kind::Indent {
                c.push(number::INDENT, line_start, start);
            } else {
                let shown = c.lines.lines(line, line);
                let shown = if c.added_newline && line_start + shown.len() == text.len() {
                    shown.trim_end_matches('\n')
                } else {
                    shown
                };
                c.out.push_back(Shown {
                    ty: number::DEDENT,
                    text: String::new(),
                    start: (line, column),
                    end: (line, column),
                    line: shown.to_string(),
                });
            }
        }
        match token.kind {
            Kind::Name => c.push(number::NAME, start, end),
            Kind::Number => c.push(number::NUMBER, start, end),
            Kind::String => c.push(number::STRING, start, end),
            Kind::FStart => c.push(number::FSTRING_START, start, end),
            Kind::FMiddle => c.middle(number::FSTRING_MIDDLE, start, end),
            Kind::FEnd => c.push(number::FSTRING_END, start, end),
            Kind::TStart => c.push(number::TSTRING_START, start, end),
            Kind::TMiddle => c.middle(number::TSTRING_MIDDLE, start, end),
            Kind::TEnd => c.push(number::TSTRING_END, start, end),
            _ => c.push(number::OP, start, end),
        }
        c.at = end;
    }
}

/// The tokenizer knows no ends of errors; the parser's errors have them.
fn raise(e: &CompileError) -> taipan_objects::err::Raised {
    let ty: Type = match e.kind {
        ErrorKind::Syntax => &exceptions::SyntaxError,
        ErrorKind::Indentation => &exceptions::IndentationError,
        ErrorKind::Tab => &exceptions::TabError,
        _ => return raise_compile_error(e, "<string>"),
    };
    let (Some(place), Some(text)) = (e.location, &e.text) else {
        return raise_compile_error(e, "<string>");
    };
    let details = tuple::of([
        strings::new_str("<string>"),
        int::from_i64(place.lineno as i64),
        int::from_i64(place.offset as i64),
        strings::new_str(text.trim_end_matches('\n')),
        place
            .end_lineno
            .map_or(Ref::NONE, |n| int::from_i64(n as i64)),
        place
            .end_offset
            .map_or(Ref::NONE, |n| int::from_i64(n as i64)),
    ]);
    taipan_objects::err::raise_with(ty, &[*strings::new_str(&e.msg), *details])
}

fn tokenizer_next(v: Value) -> PyResult<Option<Ref>> {
    let this = instance::<TokenizerIter>(v);
    if !this.read.get() {
        let text = read_all(this)?;
        this.read.set(true);
        if !this.extra {
            let token = (taipan_objects::vm::hooks().import)("token")?;
            this.exact_types
                .set(protocol::getattr_str(*token, "EXACT_TOKEN_TYPES")?);
        }
        let (tokens, failure) = tokenize(&text, this.extra);
        *this.tokens.borrow_mut() = tokens;
        *this.failure.borrow_mut() = failure;
    }
    let next = this.tokens.borrow_mut().pop_front();
    let Some(t) = next else {
        let failure = this.failure.borrow_mut().take();
        return match failure {
            Some(e) => Err(raise(&e)),
            None => Ok(None),
        };
    };
    let text = strings::new_str(&t.text);
    let mut ty = int::from_i64(t.ty);
    if t.ty == number::OP && !this.extra {
        let exact = dict::get(this.exact_types.get(), *text)?;
        if !exact.is_null() {
            ty = exact.to_ref();
        }
    }
    let pair = |p: (usize, usize)| tuple::of([int::from_usize(p.0), int::from_usize(p.1)]);
    Ok(Some(tuple::of([
        ty,
        text,
        pair(t.start),
        pair(t.end),
        strings::new_str(&t.line),
    ])))
}

static TOKENIZER_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_tokenize.TokenizerIter",
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        new: Some(tokenizer_new),
        iter: Some(self_iter),
        iternext: Some(tokenizer_next),
        ..Slots::of::<TokenizerIter>()
    },
    ..TypeSpec::of::<TokenizerIter>()
});

fn init(m: Value) -> PyResult<()> {
    module::add_type(m, &TOKENIZER_TYPE);
    Ok(())
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_tokenize",
    doc: "The tokenizer.",
    functions: &[],
    init: Some(init),
};
