//! Loads the grammar for diagnosis into tables.

use std::collections::HashMap;
use std::sync::OnceLock;

/// Token classes a rule can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Name,
    Number,
    String,
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
    SoftKeyword,
}

/// One thing to match.
#[derive(Debug)]
pub enum Item {
    Symbol(u16),
    /// A name with this text, where it is no keyword.
    Soft(&'static str),
    Class(Class),
    Rule(u16),
    Optional(Box<Item>),
    Repeat(Box<Item>, bool),
    /// Separator, element.
    Gather(Box<Item>, Box<Item>),
    Ahead(Box<Item>),
    NotAhead(Box<Item>),
    Cut,
    /// The token must be there, else "expected '…'".
    Forced(u16, &'static str),
}

/// What a successful alternative yields.
#[derive(Debug)]
pub enum Outcome {
    /// The result of one item.
    Pass(usize),
    Node(NodeKind),
    Action(Action),
}

/// Kinds of nodes, as far as messages tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// Results of a repetition.
    Items,
    /// Results of a sequence without a meaning of its own.
    Sequence,
    Stmt,
    Param,
    Clause,
    Arguments,
    Keyword,
    Unpacking,
    In,
    Attribute,
    Subscript,
    Starred,
    List,
    Tuple,
    Lambda,
    Call,
    Operation,
    GeneratorExp,
    Yield,
    Await,
    ListComp,
    SetComp,
    DictComp,
    Dict,
    Set,
    JoinedStr,
    TemplateStr,
    Str,
    Compare,
    IfExp,
    NamedExpr,
}

/// An action: its word, the items it names, and its text.
#[derive(Debug)]
pub struct Action {
    pub verb: Verb,
    pub items: Vec<usize>,
    pub word: &'static str,
    pub message: String,
    /// Letters of the names, for `{a}` in messages.
    pub letters: Vec<char>,
}

/// What an action does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    At,
    Range,
    From,
    Last,
    Next,
    Indent,
    Target,
    Comma,
    Legacy,
    Clauses,
    Genexp,
    Arguments,
    Bound,
    Kvpair,
    Complex,
    Conversion,
    String,
    Strings,
    Fstring,
    Adjacent,
    LastOf,
    Invalid,
}

#[derive(Debug)]
pub struct Alternative {
    pub items: Vec<Item>,
    pub outcome: Outcome,
    /// Tried only in the pass that looks for messages.
    pub diagnostic: bool,
}

#[derive(Debug)]
pub struct Rule {
    pub name: &'static str,
    pub alternatives: Vec<Alternative>,
    pub memo: bool,
    pub left_recursive: bool,
    pub quiet: bool,
}

#[derive(Debug)]
pub struct Grammar {
    pub rules: Vec<Rule>,
    /// Keywords and operators.
    pub symbols: HashMap<&'static str, u16>,
    pub soft_keywords: Vec<&'static str>,
    names: HashMap<&'static str, u16>,
}

impl Grammar {
    /// The rule with a name.
    pub fn rule(&self, name: &str) -> u16 {
        *self
            .names
            .get(name)
            .unwrap_or_else(|| panic!("no grammar rule {name}"))
    }

    /// The grammar, loaded on first use.
    pub fn get() -> &'static Grammar {
        static GRAMMAR: OnceLock<Grammar> = OnceLock::new();
        GRAMMAR.get_or_init(|| Loader::load(include_str!("grammar.txt")))
    }
}

struct Loader {
    grammar: Grammar,
    words: Vec<&'static str>,
    at: usize,
}

impl Loader {
    fn load(text: &'static str) -> Grammar {
        let mut loader = Loader {
            grammar: Grammar {
                rules: Vec::new(),
                symbols: HashMap::new(),
                soft_keywords: Vec::new(),
                names: HashMap::new(),
            },
            words: Vec::new(),
            at: 0,
        };
        let mut bodies: Vec<Vec<&'static str>> = Vec::new();
        for line in text.lines() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let words = split(line);
            if line.starts_with(' ') {
                bodies
                    .last_mut()
                    .expect("a rule before its continuation")
                    .extend(words);
                continue;
            }
            let colon = words
                .iter()
                .position(|w| *w == ":")
                .expect("a colon after the rule's name");
            let flags = words[1..colon].concat();
            loader.grammar.names.insert(words[0], bodies.len() as u16);
            loader.grammar.rules.push(Rule {
                name: words[0],
                alternatives: Vec::new(),
                memo: flags.contains('m'),
                left_recursive: flags.contains('l'),
                quiet: flags.contains('q'),
            });
            bodies.push(words[colon + 1..].to_vec());
        }
        for (i, body) in bodies.into_iter().enumerate() {
            loader.words = body;
            loader.at = 0;
            let alternatives = loader.alternatives();
            loader.grammar.rules[i].alternatives = alternatives;
        }
        loader.grammar
    }

    fn peek(&self) -> &'static str {
        self.words.get(self.at).copied().unwrap_or("")
    }

    fn take(&mut self) -> &'static str {
        let word = self.peek();
        self.at += 1;
        word
    }

    fn alternatives(&mut self) -> Vec<Alternative> {
        let mut all = vec![self.alternative()];
        while self.peek() == "|" {
            self.at += 1;
            all.push(self.alternative());
        }
        all
    }

    fn alternative(&mut self) -> Alternative {
        let mut items = Vec::new();
        let mut letters: Vec<Option<char>> = Vec::new();
        while !matches!(self.peek(), "" | "|" | ")" | "=>" | "@") {
            let mut letter = None;
            if self.words.get(self.at + 1) == Some(&"=") && self.peek().len() == 1 {
                letter = self.peek().chars().next();
                self.at += 2;
            }
            items.push(self.item());
            letters.push(letter);
        }
        let index = |name: &str| {
            let wanted = name.chars().next();
            letters
                .iter()
                .position(|l| *l == wanted && l.is_some())
                .unwrap_or_else(|| panic!("no item named {name}"))
        };
        let outcome = match self.peek() {
            "=>" => {
                self.at += 1;
                let kind = self.take();
                if kind == "Pass" {
                    self.at += 1;
                    let name = self.take();
                    self.at += 1;
                    Outcome::Pass(index(name))
                } else {
                    Outcome::Node(node_kind(kind))
                }
            }
            "@" => {
                self.at += 1;
                let verb = verb(self.take());
                let (mut named, mut names, mut word, mut message) =
                    (Vec::new(), Vec::new(), "", String::new());
                while !matches!(self.peek(), "" | "|" | ")") {
                    let next = self.take();
                    if let Some(text) = next.strip_prefix('"') {
                        message = text[..text.len() - 1].replace("\\\"", "\"");
                    } else if next.len() == 1 && letters.contains(&next.chars().next()) {
                        named.push(index(next));
                        names.push(next.chars().next().unwrap_or('a'));
                    } else {
                        word = next;
                    }
                }
                for (i, letter) in letters.iter().enumerate() {
                    if let Some(letter) = letter
                        && !names.contains(letter)
                        && message.contains(&format!("{letter}}}"))
                    {
                        named.push(i);
                        names.push(*letter);
                    }
                }
                Outcome::Action(Action {
                    verb,
                    items: named,
                    word,
                    message,
                    letters: names,
                })
            }
            _ => {
                let real: Vec<usize> = items
                    .iter()
                    .enumerate()
                    .filter(|(_, item)| {
                        !matches!(item, Item::Ahead(_) | Item::NotAhead(_) | Item::Cut)
                    })
                    .map(|(i, _)| i)
                    .collect();
                match real[..] {
                    [one] => Outcome::Pass(one),
                    _ => Outcome::Node(NodeKind::Sequence),
                }
            }
        };
        let diagnostic = match items[..] {
            [Item::Rule(rule)] => self.grammar.rules[rule as usize].name.starts_with("bad_"),
            _ => false,
        };
        Alternative {
            items,
            outcome,
            diagnostic,
        }
    }

    fn item(&mut self) -> Item {
        match self.peek() {
            "&&" => {
                self.at += 1;
                let text = unquote(self.take());
                let symbol = self.symbol(text);
                return Item::Forced(symbol, text);
            }
            "&" => {
                self.at += 1;
                return Item::Ahead(Box::new(self.atom()));
            }
            "!" => {
                self.at += 1;
                return Item::NotAhead(Box::new(self.atom()));
            }
            "~" => {
                self.at += 1;
                return Item::Cut;
            }
            _ => {}
        }
        let atom = self.atom();
        match self.peek() {
            "?" => {
                self.at += 1;
                Item::Optional(Box::new(atom))
            }
            "*" => {
                self.at += 1;
                Item::Repeat(Box::new(atom), false)
            }
            "+" => {
                self.at += 1;
                Item::Repeat(Box::new(atom), true)
            }
            "." => {
                self.at += 1;
                let element = self.atom();
                self.at += 1;
                Item::Gather(Box::new(atom), Box::new(element))
            }
            _ => atom,
        }
    }

    fn symbol(&mut self, text: &'static str) -> u16 {
        let next = self.grammar.symbols.len() as u16 + 1;
        *self.grammar.symbols.entry(text).or_insert(next)
    }

    fn atom(&mut self) -> Item {
        let word = self.take();
        if word == "(" {
            let alternatives = self.alternatives();
            self.at += 1;
            let rule = self.grammar.rules.len() as u16;
            self.grammar.rules.push(Rule {
                name: "",
                alternatives,
                memo: false,
                left_recursive: false,
                quiet: false,
            });
            return Item::Rule(rule);
        }
        if word.starts_with('\'') {
            return Item::Symbol(self.symbol(unquote(word)));
        }
        if word.starts_with('"') {
            let text = unquote(word);
            if !text.starts_with(|c: char| c.is_alphabetic() || c == '_') {
                return Item::Symbol(self.symbol(text));
            }
            if !self.grammar.soft_keywords.contains(&text) {
                self.grammar.soft_keywords.push(text);
            }
            return Item::Soft(text);
        }
        Item::Class(match word {
            "NAME" => Class::Name,
            "NUMBER" => Class::Number,
            "STRING" => Class::String,
            "NEWLINE" => Class::Newline,
            "INDENT" => Class::Indent,
            "DEDENT" => Class::Dedent,
            "END" => Class::End,
            "FSTART" => Class::FStart,
            "FMIDDLE" => Class::FMiddle,
            "FEND" => Class::FEnd,
            "TSTART" => Class::TStart,
            "TMIDDLE" => Class::TMiddle,
            "TEND" => Class::TEnd,
            "SOFT" => Class::SoftKeyword,
            _ => return Item::Rule(self.grammar.rule(word)),
        })
    }
}

fn unquote(word: &'static str) -> &'static str {
    &word[1..word.len() - 1]
}

/// Cuts a line of the grammar into words.
fn split(line: &'static str) -> Vec<&'static str> {
    let bytes = line.as_bytes();
    let mut words = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            b' ' => {
                at += 1;
                continue;
            }
            quote @ (b'\'' | b'"') => {
                at += 1;
                while bytes[at] != quote {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
            }
            c if c.is_ascii_alphanumeric() || c == b'_' => {
                while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_') {
                    at += 1;
                }
            }
            b'=' if bytes.get(at + 1) == Some(&b'>') => at += 2,
            b'&' if bytes.get(at + 1) == Some(&b'&') => at += 2,
            _ => at += 1,
        }
        words.push(&line[start..at]);
    }
    words
}

fn verb(name: &str) -> Verb {
    match name {
        "at" => Verb::At,
        "range" => Verb::Range,
        "from" => Verb::From,
        "last" => Verb::Last,
        "next" => Verb::Next,
        "indent" => Verb::Indent,
        "target" => Verb::Target,
        "comma" => Verb::Comma,
        "legacy" => Verb::Legacy,
        "clauses" => Verb::Clauses,
        "genexp" => Verb::Genexp,
        "arguments" => Verb::Arguments,
        "bound" => Verb::Bound,
        "kvpair" => Verb::Kvpair,
        "complex" => Verb::Complex,
        "conversion" => Verb::Conversion,
        "string" => Verb::String,
        "strings" => Verb::Strings,
        "fstring" => Verb::Fstring,
        "adjacent" => Verb::Adjacent,
        "lastof" => Verb::LastOf,
        "invalid" => Verb::Invalid,
        _ => panic!("no action {name}"),
    }
}

fn node_kind(name: &str) -> NodeKind {
    use NodeKind::*;
    match name {
        "Stmt" => Stmt,
        "Param" => Param,
        "Clause" => Clause,
        "Arguments" => Arguments,
        "Keyword" => Keyword,
        "Unpacking" => Unpacking,
        "In" => In,
        "Attribute" => Attribute,
        "Subscript" => Subscript,
        "Starred" => Starred,
        "List" => List,
        "Tuple" => Tuple,
        "Lambda" => Lambda,
        "Call" => Call,
        "Operation" => Operation,
        "GeneratorExp" => GeneratorExp,
        "Yield" => Yield,
        "Await" => Await,
        "ListComp" => ListComp,
        "SetComp" => SetComp,
        "DictComp" => DictComp,
        "Dict" => Dict,
        "Set" => Set,
        "JoinedStr" => JoinedStr,
        "TemplateStr" => TemplateStr,
        "Compare" => Compare,
        "IfExp" => IfExp,
        "NamedExpr" => NamedExpr,
        _ => panic!("no node kind {name}"),
    }
}
