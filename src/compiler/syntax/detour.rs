//! A way around programs that are right but that ruff's parser refuses: a bare `raise` before a
//! semicolon, and a statement that begins with a variable called `match` after `;` or `:` on the same
//! line. Words of the same length stand in for them while parsing and are exchanged in the tree.

use super::tokenizer::{Kind, Tokenizer};
use ruff_python_ast::name::Name;
use ruff_python_ast::visitor::transformer::{Transformer, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, Mod, Stmt, StmtRaise};
use ruff_python_parser::{ParseOptions, parse_unchecked};
use ruff_text_size::Ranged;
use std::collections::HashSet;

/// Stands in for the variable `match`.
const NAME: &str = "mAtcH";
/// Stands in for the statement `raise`.
const STATEMENT: &str = "break";

/// Tries the detour on a program known to be right. `None` if it does not help.
pub fn parse(text: &str, options: ParseOptions) -> Option<Mod> {
    let mut detour = Detour {
        names: HashSet::new(),
        raises: HashSet::new(),
    };
    let mut patched = text.as_bytes().to_vec();
    let mut tokenizer = Tokenizer::new(text);
    let mut before = tokenizer.next_token();
    while !matches!(before.kind, Kind::End | Kind::Error) {
        let token = tokenizer.next_token();
        let word =
            |token: &super::tokenizer::Token| &text[token.start as usize..token.end as usize];
        let (start, end) = (token.start as usize, token.end as usize);
        if token.kind == Kind::Name
            && word(&token) == "match"
            && before.kind == Kind::Op
            && matches!(word(&before), ";" | ":")
        {
            patched[start..end].copy_from_slice(NAME.as_bytes());
            detour.names.insert(token.start);
        }
        if token.kind == Kind::Op
            && word(&token) == ";"
            && before.kind == Kind::Name
            && word(&before) == "raise"
        {
            patched[before.start as usize..before.end as usize]
                .copy_from_slice(STATEMENT.as_bytes());
            detour.raises.insert(before.start);
        }
        before = token;
    }
    if detour.names.is_empty() && detour.raises.is_empty() {
        return None;
    }
    let patched = String::from_utf8(patched).ok()?;
    let parsed = parse_unchecked(&patched, options);
    if parsed.has_syntax_errors() {
        return None;
    }
    let mut module = parsed.into_syntax();
    match &mut module {
        Mod::Module(module) => detour.visit_body(&mut module.body),
        Mod::Expression(expression) => detour.visit_expr(&mut expression.body),
    }
    Some(module)
}

struct Detour {
    names: HashSet<u32>,
    raises: HashSet<u32>,
}

impl Transformer for Detour {
    fn visit_stmt(&self, stmt: &mut Stmt) {
        if let Stmt::Break(placeholder) = stmt
            && self.raises.contains(&placeholder.range.start().to_u32())
        {
            *stmt = Stmt::Raise(StmtRaise {
                node_index: Default::default(),
                range: placeholder.range,
                exc: None,
                cause: None,
            });
            return;
        }
        walk_stmt(self, stmt);
    }

    fn visit_expr(&self, expr: &mut Expr) {
        if let Expr::Name(name) = expr
            && self.names.contains(&name.range().start().to_u32())
        {
            name.id = Name::new("match");
        }
        walk_expr(self, expr);
    }
}
