//! Actions of the diagnosing grammar: what to report, and whether to report at all.

use super::grammar::{Action, NodeKind, Verb};
use super::literals;
use super::parser::{Id, Node, Parser, Stop};
use super::tokenizer::{Kind, Token};
use crate::error::ErrorKind;

impl Parser<'_> {
    /// Runs an action. `Ok(None)` makes the rule fail without an error.
    pub fn act(
        &mut self,
        action: &'static Action,
        start: usize,
        parts: &[Id],
    ) -> Result<Option<Id>, Stop> {
        let named = |i: usize| action.items.get(i).map_or(Id::Absent, |&at| parts[at]);
        let (a, b) = (named(0), named(1));
        let message = || self.message(action, parts);
        Err(match action.verb {
            Verb::At => {
                let (first, last) = self.ends(a);
                self.raise_between(ErrorKind::Syntax, message(), &first, &last)
            }
            Verb::Range | Verb::Clauses => {
                let (first, last) = (self.ends(a).0, self.ends(b).1);
                self.raise_between(ErrorKind::Syntax, message(), &first, &last)
            }
            Verb::Adjacent => {
                let (first, last) = (self.ends(a).0, self.ends(b).0);
                if first.end != last.start {
                    return Ok(None);
                }
                self.raise_between(ErrorKind::Syntax, message(), &first, &last)
            }
            Verb::From => self.raise_from(message(), &self.ends(a).0),
            Verb::Last => self.raise_last(ErrorKind::Syntax, message()),
            Verb::Indent => self.raise_last(ErrorKind::Indentation, message()),
            Verb::Next => {
                let message = message();
                self.raise_next(message)
            }
            Verb::Target => {
                let Some(bad) = self.invalid_target(a, action.word) else {
                    return Ok(None);
                };
                let word = if action.word == "del" {
                    "delete"
                } else {
                    "assign to"
                };
                let message = format!("cannot {word} {}", self.expression_name(bad));
                let (first, last) = self.ends(bad);
                self.raise_between(ErrorKind::Syntax, message, &first, &last)
            }
            Verb::Comma => {
                if self.is_legacy_name(a) || self.tokens[self.mark - 1].level == 0 {
                    return Ok(None);
                }
                let (first, last) = (self.ends(a).0, self.ends(b).1);
                let message = "invalid syntax. Perhaps you forgot a comma?".to_owned();
                self.raise_between(ErrorKind::Syntax, message, &first, &last)
            }
            Verb::Legacy => {
                if !self.is_legacy_name(a) {
                    return Ok(None);
                }
                let (first, last) = (self.ends(a).0, self.ends(b).1);
                let name = self.token_text(&first);
                let message =
                    format!("Missing parentheses in call to '{name}'. Did you mean {name}(...)?");
                self.raise_between(ErrorKind::Syntax, message, &first, &last)
            }
            Verb::Genexp => {
                let positional: Vec<Id> = self
                    .elements(a)
                    .into_iter()
                    .filter(|&id| {
                        !matches!(self.kind(id), Some(NodeKind::Keyword | NodeKind::Unpacking))
                    })
                    .collect();
                let Some(&last_argument) = positional.last().filter(|_| positional.len() > 1)
                else {
                    return Ok(None);
                };
                let (first, last) = (self.ends(last_argument).0, self.ends(b).1);
                self.raise_between(ErrorKind::Syntax, message(), &first, &last)
            }
            Verb::Arguments => {
                let unpacked = self
                    .elements(a)
                    .iter()
                    .any(|&id| self.kind(id) == Some(NodeKind::Unpacking));
                let what = if unpacked {
                    "keyword argument unpacking"
                } else {
                    "keyword argument"
                };
                self.raise_last(
                    ErrorKind::Syntax,
                    format!("positional argument follows {what}"),
                )
            }
            Verb::Bound => {
                let what = if self.kind(b) == Some(NodeKind::Tuple) {
                    "constraints"
                } else {
                    "bound"
                };
                self.raise_from(
                    format!("cannot use {what} with {}", action.message),
                    &self.ends(a).0,
                )
            }
            Verb::Kvpair => {
                let (first, last) = self.ends(a);
                self.raise(
                    ErrorKind::Syntax,
                    message(),
                    first.line,
                    last.end_col,
                    last.end_line,
                    0,
                )
            }
            Verb::Complex => {
                let number = self.ends(a).0;
                let is_imaginary = self.token_text(&number).ends_with(['j', 'J']);
                if is_imaginary == (action.word == "imaginary") {
                    return Ok(Some(a));
                }
                let message = format!("{} number required in complex literal", action.word);
                self.raise_between(ErrorKind::Syntax, message, &number, &number)
            }
            Verb::LastOf => {
                let from = self.elements(a).last().copied().unwrap_or(a);
                let (first, last) = (self.ends(from).0, self.ends(b).1);
                self.raise_between(ErrorKind::Syntax, message(), &first, &last)
            }
            Verb::Conversion => {
                let (mark, letter) = (self.ends(a).0, self.ends(b).0);
                let prefix = action.word;
                if mark.end_line != letter.line || mark.end_col != letter.col {
                    let message = format!(
                        "{prefix}-string: conversion type must come right after the exclamation mark"
                    );
                    self.raise_between(ErrorKind::Syntax, message, &mark, &letter)
                } else if !matches!(self.token_text(&letter), "s" | "r" | "a") {
                    let message = format!(
                        "{prefix}-string: invalid conversion character '{}': expected 's', 'r', or 'a'",
                        self.token_text(&letter)
                    );
                    self.raise_between(ErrorKind::Syntax, message, &letter, &letter)
                } else {
                    return Ok(Some(b));
                }
            }
            Verb::String => {
                let token = self.ends(a).0;
                match literals::string_error(self.token_text(&token)) {
                    Some((literals::Blame::Token, message)) => {
                        self.raise_between(ErrorKind::Syntax, message, &token, &token)
                    }
                    Some((literals::Blame::LastRead, message)) => {
                        self.raise_last(ErrorKind::Syntax, message)
                    }
                    None => return Ok(Some(a)),
                }
            }
            Verb::Fstring => {
                let kind = if action.word == "JoinedStr" {
                    NodeKind::JoinedStr
                } else {
                    NodeKind::TemplateStr
                };
                let opening = self.ends(a).0;
                if !self.token_text(&opening).contains(['r', 'R']) {
                    let middles = match b {
                        Id::Node(i) => self.nodes[i as usize].parts.clone(),
                        _ => [].into(),
                    };
                    for &part in middles.iter().filter(|part| matches!(part, Id::Token(_))) {
                        let token = self.ends(part).0;
                        if let Some(message) = literals::fstring_part_error(self.token_text(&token))
                        {
                            return Err(self.raise_last(ErrorKind::Syntax, message));
                        }
                    }
                }
                let (first, last) = (start as u32, self.mark as u32 - 1);
                self.nodes.push(Node {
                    kind,
                    first,
                    last,
                    parts: [].into(),
                });
                return Ok(Some(Id::Node(self.nodes.len() as u32 - 1)));
            }
            Verb::Strings => return self.strings(a, start).map(Some),
            Verb::Invalid => return Ok(None),
        })
    }

    fn message(&self, action: &Action, parts: &[Id]) -> String {
        let mut message = action.message.clone();
        for (&at, letter) in action.items.iter().zip(&action.letters) {
            let id = parts[at];
            let token = self.ends(id).0;
            message = message
                .replace(&format!("{{{letter}}}"), &self.expression_name(id))
                .replace(&format!("{{line:{letter}}}"), &token.line.to_string())
                .replace(&format!("{{text:{letter}}}"), self.token_text(&token));
        }
        message
    }

    fn strings(&mut self, list: Id, start: usize) -> Result<Id, Stop> {
        let parts = self.elements(list);
        let is_bytes = |id: &Id| match id {
            Id::Token(_) => {
                let token = self.ends(*id).0;
                literals::is_bytes(self.token_text(&token))
            }
            _ => false,
        };
        let bytes = parts.iter().filter(|id| is_bytes(id)).count();
        if bytes != 0 && bytes != parts.len() {
            return Err(self.raise_last(
                ErrorKind::Syntax,
                "cannot mix bytes and nonbytes literals".to_owned(),
            ));
        }
        if let [one] = parts[..] {
            return Ok(one);
        }
        let joined = parts
            .iter()
            .any(|&id| self.kind(id) == Some(NodeKind::JoinedStr));
        let kind = if joined {
            NodeKind::JoinedStr
        } else {
            NodeKind::Str
        };
        self.nodes.push(Node {
            kind,
            first: start as u32,
            last: self.mark as u32 - 1,
            parts: parts.into(),
        });
        Ok(Id::Node(self.nodes.len() as u32 - 1))
    }

    fn kind(&self, id: Id) -> Option<NodeKind> {
        match id {
            Id::Node(i) => Some(self.nodes[i as usize].kind),
            _ => None,
        }
    }

    fn is_legacy_name(&self, id: Id) -> bool {
        matches!(id, Id::Token(_)) && {
            let token = self.ends(id).0;
            token.kind == Kind::Name && matches!(self.token_text(&token), "print" | "exec")
        }
    }

    /// Whether a token stands for an expression by itself.
    fn is_atom(&self, token: &Token) -> bool {
        match token.kind {
            Kind::Name => {
                token.symbol == 0 || matches!(self.token_text(token), "True" | "False" | "None")
            }
            Kind::Number | Kind::String => true,
            Kind::Op => self.token_text(token) == "...",
            _ => false,
        }
    }

    /// The expressions directly inside a node, without punctuation.
    pub fn elements(&self, id: Id) -> Vec<Id> {
        let mut found = Vec::new();
        if let Id::Node(i) = id {
            for &part in self.nodes[i as usize].parts.iter() {
                self.collect(part, &mut found);
            }
        } else {
            found.push(id);
        }
        found
    }

    fn collect(&self, id: Id, found: &mut Vec<Id>) {
        match id {
            Id::Absent => {}
            Id::Token(_) => {
                if self.is_atom(&self.ends(id).0) {
                    found.push(id);
                }
            }
            Id::Node(i) => match self.nodes[i as usize].kind {
                NodeKind::Items | NodeKind::Sequence => {
                    for &part in self.nodes[i as usize].parts.iter() {
                        self.collect(part, found);
                    }
                }
                _ => found.push(id),
            },
        }
    }

    /// The innermost part of an expression that cannot be assigned to or deleted.
    fn invalid_target(&self, id: Id, purpose: &str) -> Option<Id> {
        match id {
            Id::Absent => None,
            Id::Token(_) => {
                let token = self.ends(id).0;
                if token.kind == Kind::Name && token.symbol == 0 {
                    None
                } else {
                    Some(id)
                }
            }
            Id::Node(i) => match self.nodes[i as usize].kind {
                NodeKind::List | NodeKind::Tuple => self
                    .elements(id)
                    .into_iter()
                    .find_map(|e| self.invalid_target(e, purpose)),
                NodeKind::Starred if purpose == "del" => Some(id),
                NodeKind::Starred => self.invalid_target(*self.elements(id).first()?, purpose),
                NodeKind::Compare if purpose == "for" => {
                    let parts = &self.nodes[i as usize].parts;
                    let first_pair = match parts.get(1) {
                        Some(Id::Node(list)) => self.nodes[*list as usize].parts.first().copied(),
                        _ => None,
                    };
                    if first_pair.and_then(|pair| self.kind(pair)) == Some(NodeKind::In) {
                        self.invalid_target(parts[0], purpose)
                    } else {
                        None
                    }
                }
                NodeKind::Attribute | NodeKind::Subscript => None,
                _ => Some(id),
            },
        }
    }

    /// What a message calls an expression.
    fn expression_name(&self, id: Id) -> String {
        use NodeKind::*;
        let name = match id {
            Id::Absent => "expression",
            Id::Token(_) => {
                let token = self.ends(id).0;
                match self.token_text(&token) {
                    text @ ("True" | "False" | "None") => return text.to_owned(),
                    "..." => "ellipsis",
                    _ if token.kind == Kind::Name => "name",
                    _ => "literal",
                }
            }
            Id::Node(i) => match self.nodes[i as usize].kind {
                Attribute => "attribute",
                Subscript => "subscript",
                Starred => "starred",
                List => "list",
                Tuple => "tuple",
                Lambda => "lambda",
                Call => "function call",
                Operation => "expression",
                GeneratorExp => "generator expression",
                Yield => "yield expression",
                Await => "await expression",
                ListComp => "list comprehension",
                SetComp => "set comprehension",
                DictComp => "dict comprehension",
                Dict => "dict literal",
                Set => "set display",
                JoinedStr => "f-string expression",
                TemplateStr => "t-string expression",
                Str => "literal",
                Compare => "comparison",
                IfExp => "conditional expression",
                NamedExpr => "named expression",
                _ => "expression",
            },
        };
        name.to_owned()
    }
}
