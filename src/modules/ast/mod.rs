//! `_ast`: node classes, and the ways between them and the compiler.

mod build;
mod node;
mod read;
mod read_expr;
mod read_stmt;
mod schema;

use build::Builder;
use read::Reader;
use schema::{Kind, classes};
use taipan_compiler::error::CompileError;
use taipan_compiler::parse::{Mode, ParseFlags};
use taipan_compiler::syntax::tokenizer::{Kind as Token, Tokenizer};
use taipan_compiler::{CompileOptions, Source, tree};
use taipan_objects::err::PyResult;
use taipan_objects::native::ModuleDef;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{attributes, code_object, err, int, list, module};
use taipan_runtime::compile::{AstHooks, SourceText, default_optimize, raise_compile_error, set_ast_hooks, source_text};

const ONLY_AST: u32 = 0x400;
const OPTIMIZED_AST: u32 = 0x8000 | ONLY_AST;
const TYPE_COMMENTS: u32 = 0x1000;

pub static MODULE: ModuleDef = ModuleDef {
    name: "_ast",
    doc: "",
    functions: &[],
    init: Some(|m| {
        schema::init(m)?;
        for (name, value) in [
            ("PyCF_ONLY_AST", ONLY_AST),
            ("PyCF_TYPE_COMMENTS", TYPE_COMMENTS),
            ("PyCF_ALLOW_TOP_LEVEL_AWAIT", 0x2000),
            ("PyCF_OPTIMIZED_AST", OPTIMIZED_AST),
        ] {
            module::add(m, name, int::from_i64(value as i64));
        }
        set_ast_hooks(AstHooks { parse, compile });
        Ok(())
    }),
};

fn mode_of(mode: &str) -> Mode {
    match mode {
        "eval" => Mode::Eval,
        "single" => Mode::Single,
        _ => Mode::Exec,
    }
}

fn as_source(text: &SourceText) -> Source<'_> {
    match text {
        SourceText::Text(t) => Source::Text(t),
        SourceText::Bytes(b) => Source::from(b.as_slice()),
    }
}

fn level(flags: u32, optimize: i64) -> Option<u8> {
    (flags & OPTIMIZED_AST == OPTIMIZED_AST).then(|| if optimize < 0 { default_optimize() } else { optimize as u8 })
}

/// `compile(source, …, PyCF_ONLY_AST)`.
fn parse(source: Value, filename: &str, mode: &str, flags: u32, optimize: i64, _feature: i64) -> PyResult {
    let text = source_text(source, "compile")?;
    let fail = |e: CompileError| raise_compile_error(&e, filename);
    if mode == "func_type" {
        return function_type(&tree::decode(as_source(&text)).map_err(fail)?, filename);
    }
    let parse_flags = ParseFlags { mode: mode_of(mode), flags };
    let optimize = level(flags, optimize);
    tree::with_tree(as_source(&text), parse_flags, |tree, places| {
        let module = Builder::new(places, optimize).module(tree, mode == "single");
        if flags & TYPE_COMMENTS != 0 {
            add_type_ignores(&module, places.text);
        }
        module
    })
    .map_err(fail)
}

/// The comments `# type: ignore` of a module.
fn add_type_ignores(module: &Ref, text: &str) {
    let class = classes().of(Kind::Module);
    if !module.ty().is(class.ty) || !text.contains("ignore") {
        return;
    }
    let keys = &classes().of(Kind::TypeIgnore).fields;
    let mut found = Vec::new();
    let mut tokens = Tokenizer::new(text);
    tokens.all_tokens = true;
    loop {
        let token = tokens.next_token();
        if matches!(token.kind, Token::End | Token::Error) {
            break;
        }
        if token.kind != Token::Comment {
            continue;
        }
        let comment = text[token.start as usize..token.end as usize].trim_start_matches('#').trim_start_matches([' ', '\t']);
        let Some(rest) = comment.strip_prefix("type: ") else { continue };
        let Some(tag) = rest.trim_start_matches([' ', '\t']).strip_prefix("ignore") else { continue };
        if tag.starts_with(|c: char| c.is_alphanumeric()) {
            continue;
        }
        let node = node::instance(classes().of(Kind::TypeIgnore).ty);
        let values = [int::from_i64(token.line as i64), taipan_objects::strings::new_str(tag)];
        for (field, value) in keys.iter().zip(&values) {
            let done = attributes::generic_setattr(*node, field.key, **value);
            debug_assert!(done.is_ok(), "nodes take any attribute");
        }
        found.push(node);
    }
    let done = attributes::generic_setattr(**module, class.fields[1].key, *list::new_list(found));
    debug_assert!(done.is_ok(), "nodes take any attribute");
}

/// `(int, *str) -> None`, the comment that declares a function's types.
fn function_type(text: &str, filename: &str) -> PyResult {
    let bad = |at: (u32, u32)| {
        let index = taipan_compiler::source::SourceIndex::new(text);
        let range = ruff_text_size::TextRange::new(at.0.into(), at.1.into());
        let e = CompileError::at_range(taipan_compiler::error::ErrorKind::Syntax, "invalid syntax", text, &index, range);
        raise_compile_error(&e, filename)
    };
    let mut tokens = Tokenizer::new(text);
    let (mut arguments, mut returns) = (text.as_bytes().to_vec(), None);
    let mut depth = 0;
    let mut before = ((0, 0), "(");
    let mut close = None;
    loop {
        let token = tokens.next_token();
        let (start, end) = (token.start as usize, token.end as usize);
        if matches!(token.kind, Token::End | Token::Error) {
            break;
        }
        let word = &text[start..end];
        if depth == 0 && close.is_none() && word != "(" {
            return Err(bad((token.start, token.end)));
        }
        match word {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => {
                depth -= 1;
                if depth == 0 && close.is_none() {
                    close = Some(end);
                }
            }
            "->" if depth == 0 && before.1 == ")" => {
                returns = Some(end);
                break;
            }
            // The stars say nothing in the tree.
            "*" | "**" if depth == 1 && matches!(before.1, "(" | ",") => arguments[start..end].fill(b' '),
            _ => {}
        }
        if depth == 0 && close != Some(end) {
            return Err(bad((token.start, token.end)));
        }
        before = ((token.start, token.end), word);
    }
    let (Some(close), Some(returns)) = (close, returns) else { return Err(bad(before.0)) };
    arguments.truncate(close);
    let blank = |b: &u8| if *b == b'\n' { b'\n' } else { b' ' };
    let mut result: Vec<u8> = text.as_bytes()[..returns].iter().map(blank).collect();
    result[0] = b'(';
    result.extend_from_slice(text[returns..].trim_end().as_bytes());
    result.push(b')');
    let read = |bytes: Vec<u8>, many: bool| -> PyResult {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let flags = ParseFlags { mode: Mode::Eval, flags: 0 };
        let result = tree::with_tree(Source::Text(&text), flags, |tree, places| {
            let builder = Builder::new(places, None);
            let ruff_python_ast::Mod::Expression(e) = tree else { return Ref::NONE };
            match &*e.body {
                ruff_python_ast::Expr::Tuple(t) if many && t.range.start().to_u32() == 0 => {
                    list::new_list(t.elts.iter().map(|e| builder.expression(e)).collect())
                }
                one if many => list::new_list(vec![builder.expression(one)]),
                one => builder.expression(one),
            }
        });
        result.map_err(|e| raise_compile_error(&e, filename))
    };
    let (argtypes, returns) = (read(arguments, true)?, read(result, false)?);
    let class = classes().of(Kind::FunctionType);
    let node = node::instance(class.ty);
    attributes::generic_setattr(*node, class.fields[0].key, *argtypes)?;
    attributes::generic_setattr(*node, class.fields[1].key, *returns)?;
    Ok(node)
}

/// `compile(tree, …)`: to code, or to the optimized tree.
fn compile(object: Value, filename: &str, mode: &str, flags: u32, optimize: u8) -> PyResult<Option<Ref>> {
    if !object.is_heap() || !object.ty().is_subtype(&node::AST_TYPE) {
        return Ok(None);
    }
    let expected = match mode {
        "eval" => Kind::Expression,
        "single" => Kind::Interactive,
        "func_type" => Kind::FunctionType,
        _ => Kind::Module,
    };
    if classes().kind_of(object.ty()) != Some(expected) {
        return err!(TypeError, "expected {} node, got {}", expected.name(), object.type_name());
    }
    let (tree, made) = Reader::new().module(object)?;
    if flags & OPTIMIZED_AST == OPTIMIZED_AST {
        let result =
            made.with_tree(tree, |tree, places| Builder::new(places, Some(optimize)).module(tree, mode == "single"));
        return Ok(Some(result));
    }
    let options =
        CompileOptions { filename: taipan_bytecode::Str::new(filename), mode: mode_of(mode), flags, optimize };
    match made.compile(tree, &options) {
        Ok(compiled) => {
            for w in &compiled.warnings {
                taipan_runtime::warnings::warn_syntax(w, filename)?;
            }
            Ok(Some(code_object::new_code(compiled.code)))
        }
        Err(e) => Err(raise_compile_error(&e, filename)),
    }
}
