//! Runs the diagnosing grammar: a parser for expression grammars with CPython's two passes.

use super::grammar::{Alternative, Class, Grammar, Item, NodeKind, Outcome};
use super::nesting;
use super::tokenizer::{Done, Kind, Token, Tokenizer};
use crate::error::{CompileError, ErrorKind, ErrorLocation};
use crate::parse::{ALLOW_INCOMPLETE_INPUT, DONT_IMPLY_DEDENT, Mode, ParseFlags};
use std::rc::Rc;

/// Calls of rules inside each other before the parser gives up.
const MAX_DEPTH: usize = 6_000;

/// The parser stops with an error.
pub type Stop = Box<CompileError>;

/// A result: a token, a node, or nothing for an absent optional part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Id {
    Absent,
    Token(u32),
    Node(u32),
}

#[derive(Clone, Debug)]
pub struct Node {
    pub kind: NodeKind,
    pub first: u32,
    pub last: u32,
    pub parts: Rc<[Id]>,
}

/// Results of rules by the token they start at: for each token a chain through one vector.
#[derive(Default)]
struct Memo {
    /// The token that the first chain belongs to.
    base: usize,
    heads: Vec<u32>,
    entries: Vec<Entry>,
}

struct Entry {
    next: u32,
    rule: u16,
    result: Option<Id>,
    end: u32,
}

const NO_ENTRY: u32 = u32::MAX;

impl Memo {
    fn find(&self, start: usize, rule: u16) -> Option<usize> {
        let mut at = *self.heads.get(start - self.base)?;
        while at != NO_ENTRY {
            let entry = &self.entries[at as usize];
            if entry.rule == rule {
                return Some(at as usize);
            }
            at = entry.next;
        }
        None
    }

    fn get(&self, start: usize, rule: u16) -> Option<(Option<Id>, u32)> {
        self.find(start, rule)
            .map(|at| (self.entries[at].result, self.entries[at].end))
    }

    fn insert(&mut self, start: usize, rule: u16, result: Option<Id>, end: usize) {
        let end = end as u32;
        if let Some(at) = self.find(start, rule) {
            self.entries[at].result = result;
            self.entries[at].end = end;
            return;
        }
        let slot = start - self.base;
        if slot >= self.heads.len() {
            self.heads.resize(slot + 1, NO_ENTRY);
        }
        let next = self.heads[slot];
        self.heads[slot] = self.entries.len() as u32;
        self.entries.push(Entry {
            next,
            rule,
            result,
            end,
        });
    }

    /// Forgets everything; the parser will not go back before `base`.
    fn restart(&mut self, base: usize) {
        self.base = base;
        self.heads.clear();
        self.entries.clear();
    }
}

pub struct Parser<'a> {
    pub text: &'a str,
    pub grammar: &'static Grammar,
    pub tokenizer: Tokenizer<'a>,
    pub tokens: Vec<Token>,
    pub mark: usize,
    pub nodes: Vec<Node>,
    memo: Memo,
    /// In the second pass: rules that only find words for errors take part.
    diagnosing: bool,
    depth: usize,
    mode: Mode,
    flags: u32,
    started: bool,
}

/// Finds CPython's error in a program that may have one.
pub fn find_error(text: &str, flags: ParseFlags) -> Option<CompileError> {
    let with_newline;
    let text = if flags.mode == Mode::Exec && !text.is_empty() && !text.ends_with('\n') {
        with_newline = format!("{text}\n");
        &with_newline
    } else {
        text
    };
    let mut parser = Parser {
        text,
        grammar: Grammar::get(),
        tokenizer: Tokenizer::new(text),
        tokens: Vec::new(),
        mark: 0,
        nodes: Vec::new(),
        memo: Memo::default(),
        diagnosing: false,
        depth: 0,
        mode: flags.mode,
        flags: flags.flags,
        started: false,
    };
    parser.run().err().map(|error| *error)
}

impl Parser<'_> {
    fn run(&mut self) -> Result<(), Stop> {
        let first = self.program();
        if let Ok(true) = first {
            if self.mode == Mode::Single && !is_blank(&self.text[self.tokenizer.cur..]) {
                let message =
                    "multiple statements found while compiling a single statement".to_owned();
                return Err(self.raise_last(ErrorKind::Syntax, message));
            }
            return Ok(());
        }
        let at_end = matches!(self.tokenizer.done, Done::Eof | Done::EofInString);
        if self.flags & ALLOW_INCOMPLETE_INPUT != 0 && at_end {
            return Err(self.raise_last(ErrorKind::IncompleteInput, "incomplete input".to_owned()));
        }
        match first {
            Err(error) => Err(self.after_parser_error(error)),
            Ok(_) => {
                let last = self.tokens.len().saturating_sub(1);
                self.memo.restart(0);
                self.nodes.clear();
                self.mark = 0;
                self.depth = 0;
                self.diagnosing = true;
                if let Err(error) = self.program() {
                    return Err(self.after_parser_error(error));
                }
                let Some(token) = self.tokens.get(last).copied() else {
                    return Err(self.raise(
                        ErrorKind::Syntax,
                        "invalid syntax".to_owned(),
                        0,
                        0,
                        0,
                        0,
                    ));
                };
                match token.kind {
                    Kind::Indent => {
                        return Err(
                            self.raise_last(ErrorKind::Indentation, "unexpected indent".to_owned())
                        );
                    }
                    Kind::Dedent => {
                        return Err(self
                            .raise_last(ErrorKind::Indentation, "unexpected unindent".to_owned()));
                    }
                    _ => {}
                }
                let error = self.raise_between(
                    ErrorKind::Syntax,
                    "invalid syntax".to_owned(),
                    &token,
                    &token,
                );
                Err(self.rest_of_source(error))
            }
        }
    }

    /// Errors of the tokenizer further on have precedence over errors of the parser.
    fn after_parser_error(&mut self, error: Stop) -> Stop {
        if self.tokenizer.done == Done::Ok && error.kind.is_syntax() {
            self.rest_of_source(error)
        } else {
            error
        }
    }

    fn rest_of_source(&mut self, error: Stop) -> Stop {
        let error_line = self.tokens.last().map_or(0, |t| t.line);
        loop {
            match self.tokenizer.next_token().kind {
                Kind::Error => {
                    // Inside f-strings the error found first stays.
                    if self.tokenizer.inside_string() {
                        return error;
                    }
                    if let Some(found) = self.tokenizer.error.take() {
                        return found;
                    }
                    if let Some((_, line, _)) = self.tokenizer.open_bracket()
                        && error_line > line
                    {
                        return self.never_closed();
                    }
                    return error;
                }
                Kind::End => return error,
                _ => {}
            }
        }
    }

    fn program(&mut self) -> Result<bool, Stop> {
        let start = match self.mode {
            Mode::Exec => return self.file(),
            Mode::Eval => "eval",
            Mode::Single => "interactive",
        };
        Ok(self.rule(self.grammar.rule(start))?.is_some())
    }

    /// Statement by statement, so that memory stays small.
    fn file(&mut self) -> Result<bool, Stop> {
        let statement = self.grammar.rule("statement");
        loop {
            let start = self.mark;
            if self.rule(statement)?.is_none() {
                self.mark = start;
                break;
            }
            self.memo.restart(self.mark);
            self.nodes.clear();
        }
        Ok(self.class(Class::End)?.is_some())
    }

    /// Reads tokens up to the mark.
    fn fill(&mut self) -> Result<(), Stop> {
        while self.tokens.len() <= self.mark {
            let mut token = self.tokenizer.next_token();
            if self.mode == Mode::Single && token.kind == Kind::End && self.started {
                token.kind = Kind::Newline;
                self.started = false;
                if self.tokenizer.indentation() > 0 && self.flags & DONT_IMPLY_DEDENT == 0 {
                    self.tokenizer.close_blocks();
                }
            } else {
                self.started = true;
            }
            if matches!(token.kind, Kind::Op | Kind::Name) {
                let text = &self.text[token.start as usize..token.end as usize];
                token.symbol = self.grammar.symbols.get(text).copied().unwrap_or(0);
            }
            self.tokens.push(token);
            if token.kind == Kind::Error {
                return Err(self.tokenizer_error());
            }
        }
        Ok(())
    }

    fn tokenizer_error(&mut self) -> Stop {
        if let Some(error) = self.tokenizer.error.take() {
            return error;
        }
        let line = self.tokenizer.line;
        let at_line = |parser: &Self, kind, col: i32, msg: &str| {
            parser.raise(kind, msg.to_owned(), line, col, line, 0)
        };
        match self.tokenizer.done {
            Done::Dedent => self.raise_last(
                ErrorKind::Indentation,
                "unindent does not match any outer indentation level".to_owned(),
            ),
            Done::TabSpace => at_line(
                self,
                ErrorKind::Tab,
                1,
                "inconsistent use of tabs and spaces in indentation",
            ),
            Done::TooDeep => at_line(
                self,
                ErrorKind::Indentation,
                1,
                "too many levels of indentation",
            ),
            Done::LineContinuation => {
                let col = (self.tokenizer.cur - self.tokenizer.buffer) as i32;
                at_line(
                    self,
                    ErrorKind::Syntax,
                    col,
                    "unexpected character after line continuation character",
                )
            }
            _ if self.tokenizer.level() > 0 => self.never_closed(),
            _ => self.raise_last(ErrorKind::Syntax, "unexpected EOF while parsing".to_owned()),
        }
    }

    fn never_closed(&self) -> Stop {
        let (bracket, line, col) = self.tokenizer.open_bracket().unwrap_or(('(', 1, 0));
        self.raise(
            ErrorKind::Syntax,
            format!("'{bracket}' was never closed"),
            line,
            col + 1,
            line,
            0,
        )
    }

    // ---- raising

    /// The line CPython shows for an error, without regard to its length.
    fn error_line(&self, line: i32) -> &str {
        let shown = self
            .text
            .split_inclusive('\n')
            .nth((line - 1).max(0) as usize)
            .unwrap_or("");
        if self.tokenizer.line <= line {
            shown
        } else {
            shown.trim_end_matches('\n')
        }
    }

    /// Raises with columns counted from 1 in bytes; they become columns in characters.
    pub fn raise(
        &self,
        kind: ErrorKind,
        msg: String,
        line: i32,
        col: i32,
        end_line: i32,
        end_col: i32,
    ) -> Stop {
        let shown = self.error_line(line);
        Box::new(CompileError {
            kind,
            msg,
            location: Some(ErrorLocation {
                lineno: line,
                offset: characters(shown, col),
                end_lineno: Some(end_line),
                end_offset: Some(if end_col > 0 {
                    characters(shown, end_col)
                } else {
                    end_col
                }),
            }),
            text: Some(shown.to_owned()),
            filename_unknown: false,
        })
    }

    pub fn raise_between(&self, kind: ErrorKind, msg: String, from: &Token, to: &Token) -> Stop {
        self.raise(
            kind,
            msg,
            from.line,
            from.col + 1,
            to.end_line,
            to.end_col + 1,
        )
    }

    /// From a token to where the tokenizer stands.
    pub fn raise_from(&self, msg: String, from: &Token) -> Stop {
        let end_col = (self.tokenizer.cur - self.tokenizer.line_start) as i32;
        self.raise(
            ErrorKind::Syntax,
            msg,
            from.line,
            from.col + 1,
            self.tokenizer.line,
            end_col,
        )
    }

    /// At the last token read.
    pub fn raise_last(&self, kind: ErrorKind, msg: String) -> Stop {
        match self.tokens.last() {
            Some(token) => self.raise_token(kind, msg, token),
            None => self.raise(kind, msg, 0, 0, 0, -1),
        }
    }

    /// At the token the parser looks at.
    pub fn raise_next(&mut self, msg: String) -> Stop {
        if let Err(error) = self.fill() {
            return error;
        }
        let token = self.tokens[self.mark];
        self.raise_token(ErrorKind::Syntax, msg, &token)
    }

    fn raise_token(&self, kind: ErrorKind, msg: String, token: &Token) -> Stop {
        let col = if token.col == -1 {
            (self.tokenizer.cur - self.tokenizer.line_start) as i32
        } else {
            token.col + 1
        };
        let end_col = if token.end_col == -1 {
            -1
        } else {
            token.end_col + 1
        };
        self.raise(kind, msg, token.line, col, token.end_line, end_col)
    }

    // ---- results

    /// First and last token of a result.
    pub fn ends(&self, id: Id) -> (Token, Token) {
        // Of a list, the ends of its first and last element: brackets around them do not count.
        if let Id::Node(i) = id
            && self.nodes[i as usize].kind == NodeKind::Items
            && let (Some(&first), Some(&last)) = (
                self.nodes[i as usize].parts.first(),
                self.nodes[i as usize].parts.last(),
            )
        {
            return (self.ends(first).0, self.ends(last).1);
        }
        let (first, last) = match id {
            Id::Absent => (0, 0),
            Id::Token(i) => (i, i),
            Id::Node(i) => (self.nodes[i as usize].first, self.nodes[i as usize].last),
        };
        (self.tokens[first as usize], self.tokens[last as usize])
    }

    /// The text of a token.
    pub fn token_text(&self, token: &Token) -> &str {
        &self.text[token.start as usize..token.end as usize]
    }

    fn node(&mut self, kind: NodeKind, start: usize, parts: Rc<[Id]>) -> Id {
        let mut last = self.mark.max(1) - 1;
        while last > start
            && matches!(
                self.tokens[last].kind,
                Kind::Newline | Kind::Indent | Kind::Dedent | Kind::End
            )
        {
            last -= 1;
        }
        self.nodes.push(Node {
            kind,
            first: start as u32,
            last: last as u32,
            parts,
        });
        Id::Node(self.nodes.len() as u32 - 1)
    }

    // ---- matching

    fn rule(&mut self, number: u16) -> Result<Option<Id>, Stop> {
        let rule = &self.grammar.rules[number as usize];
        let start = self.mark;
        let remembered = rule.memo || rule.left_recursive;
        if remembered && let Some((result, end)) = self.memo.get(start, number) {
            self.mark = end as usize;
            return Ok(result);
        }
        self.depth += 1;
        if self.depth >= MAX_DEPTH {
            return Err(Box::new(nesting::stack_overflow()));
        }
        let result = if rule.left_recursive {
            self.left_recursive(number)?
        } else if rule.quiet {
            let diagnosing = std::mem::replace(&mut self.diagnosing, false);
            let result = self.alternatives(&rule.alternatives);
            self.diagnosing = diagnosing;
            result?
        } else {
            self.alternatives(&rule.alternatives)?
        };
        self.depth -= 1;
        if remembered {
            self.memo.insert(start, number, result, self.mark);
        }
        Ok(result)
    }

    /// Starts from failure and lets each round use the result of the one before.
    fn left_recursive(&mut self, number: u16) -> Result<Option<Id>, Stop> {
        let start = self.mark;
        let rule = &self.grammar.rules[number as usize];
        let (mut best, mut best_end) = (None, start);
        loop {
            self.memo.insert(start, number, best, best_end);
            self.mark = start;
            let result = self.alternatives(&rule.alternatives)?;
            if result.is_none() || self.mark <= best_end {
                break;
            }
            (best, best_end) = (result, self.mark);
        }
        self.mark = best_end;
        Ok(best)
    }

    fn alternatives(&mut self, alternatives: &'static [Alternative]) -> Result<Option<Id>, Stop> {
        let start = self.mark;
        for alternative in alternatives {
            if alternative.diagnostic && !self.diagnosing {
                continue;
            }
            self.mark = start;
            let mut parts = Parts::new();
            let (mut matched, mut cut) = (true, false);
            for item in &alternative.items {
                if let Item::Cut = item {
                    cut = true;
                    parts.push(Id::Absent);
                    continue;
                }
                match self.item(item)? {
                    Some(id) => parts.push(id),
                    None => {
                        matched = false;
                        break;
                    }
                }
            }
            if matched {
                return Ok(match &alternative.outcome {
                    Outcome::Pass(i) => Some(parts.as_slice()[*i]),
                    Outcome::Node(kind) => Some(self.node(*kind, start, parts.as_slice().into())),
                    // An action without a result ends the rule: later alternatives are not tried.
                    Outcome::Action(action) => self.act(action, start, parts.as_slice())?,
                });
            }
            if cut {
                break;
            }
        }
        self.mark = start;
        Ok(None)
    }

    fn class(&mut self, class: Class) -> Result<Option<Id>, Stop> {
        self.fill()?;
        let token = &self.tokens[self.mark];
        let fits = match class {
            Class::Name => token.kind == Kind::Name && token.symbol == 0,
            Class::SoftKeyword => {
                token.kind == Kind::Name
                    && token.symbol == 0
                    && self.grammar.soft_keywords.contains(&self.token_text(token))
            }
            Class::Number => token.kind == Kind::Number,
            Class::String => token.kind == Kind::String,
            Class::Newline => token.kind == Kind::Newline,
            Class::Indent => token.kind == Kind::Indent,
            Class::Dedent => token.kind == Kind::Dedent,
            Class::End => token.kind == Kind::End,
            Class::FStart => token.kind == Kind::FStart,
            Class::FMiddle => token.kind == Kind::FMiddle,
            Class::FEnd => token.kind == Kind::FEnd,
            Class::TStart => token.kind == Kind::TStart,
            Class::TMiddle => token.kind == Kind::TMiddle,
            Class::TEnd => token.kind == Kind::TEnd,
        };
        Ok(fits.then(|| self.advance()))
    }

    fn advance(&mut self) -> Id {
        self.mark += 1;
        Id::Token(self.mark as u32 - 1)
    }

    fn item(&mut self, item: &'static Item) -> Result<Option<Id>, Stop> {
        match item {
            Item::Symbol(symbol) => {
                self.fill()?;
                Ok((self.tokens[self.mark].symbol == *symbol).then(|| self.advance()))
            }
            Item::Soft(text) => {
                self.fill()?;
                let token = &self.tokens[self.mark];
                let fits = token.kind == Kind::Name && self.token_text(token) == *text;
                Ok(fits.then(|| self.advance()))
            }
            Item::Class(class) => self.class(*class),
            Item::Rule(rule) => self.rule(*rule),
            Item::Optional(inner) => {
                let start = self.mark;
                Ok(Some(match self.item(inner)? {
                    Some(id) => id,
                    None => {
                        self.mark = start;
                        Id::Absent
                    }
                }))
            }
            Item::Repeat(inner, at_least_one) => {
                let start = self.mark;
                let mut parts = Vec::new();
                loop {
                    let before = self.mark;
                    match self.item(inner)? {
                        Some(id) if self.mark > before => parts.push(id),
                        _ => {
                            self.mark = before;
                            break;
                        }
                    }
                }
                if parts.is_empty() {
                    return Ok((!at_least_one).then_some(Id::Absent));
                }
                Ok(Some(self.node(NodeKind::Items, start, parts.into())))
            }
            Item::Gather(separator, element) => {
                let start = self.mark;
                let mut parts = Vec::new();
                let Some(first) = self.item(element)? else {
                    return Ok(None);
                };
                parts.push(first);
                loop {
                    let before = self.mark;
                    let next = match self.item(separator)? {
                        Some(_) => self.item(element)?,
                        None => None,
                    };
                    match next {
                        Some(id) => parts.push(id),
                        None => {
                            self.mark = before;
                            break;
                        }
                    }
                }
                Ok(Some(self.node(NodeKind::Items, start, parts.into())))
            }
            Item::Ahead(inner) => {
                let start = self.mark;
                let found = self.item(inner)?;
                self.mark = start;
                Ok(found.map(|_| Id::Absent))
            }
            Item::NotAhead(inner) => {
                let start = self.mark;
                let found = self.item(inner)?;
                self.mark = start;
                Ok(if found.is_some() {
                    None
                } else {
                    Some(Id::Absent)
                })
            }
            Item::Cut => Ok(Some(Id::Absent)),
            Item::Forced(symbol, text) => {
                self.fill()?;
                let token = self.tokens[self.mark];
                if token.symbol == *symbol {
                    return Ok(Some(self.advance()));
                }
                Err(self.raise_between(
                    ErrorKind::Syntax,
                    format!("expected '{text}'"),
                    &token,
                    &token,
                ))
            }
        }
    }
}

/// Whether only white space and comments are left.
fn is_blank(rest: &str) -> bool {
    rest.split('\n').all(|line| {
        let line = line.trim_start_matches([' ', '\t', '\x0c']);
        line.is_empty() || line.starts_with('#')
    })
}

/// Results of one alternative; few, so they stay off the heap.
struct Parts {
    ids: [Id; 12],
    len: usize,
}

impl Parts {
    fn new() -> Self {
        Parts {
            ids: [Id::Absent; 12],
            len: 0,
        }
    }

    fn push(&mut self, id: Id) {
        self.ids[self.len] = id;
        self.len += 1;
    }

    fn as_slice(&self) -> &[Id] {
        &self.ids[..self.len]
    }
}

/// Characters in the first `col` bytes; a cut character counts, and so does one place past the end.
fn characters(line: &str, col: i32) -> i32 {
    if col < 0 {
        return -1;
    }
    let bytes = line.as_bytes();
    let col = col as usize;
    let inside = bytes[..col.min(bytes.len())]
        .iter()
        .filter(|&&b| b & 0xc0 != 0x80)
        .count();
    inside as i32 + (col > bytes.len()) as i32
}
