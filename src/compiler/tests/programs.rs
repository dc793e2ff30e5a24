//! Programs whose compilation shows one rule each.

use taipan_bytecode::code::{Code, Const};
use taipan_compiler::error::ErrorKind;
use taipan_compiler::parse::Mode;
use taipan_compiler::{CompileOptions, compile};

fn code(source: &str) -> std::sync::Arc<Code> {
    compile(source, &CompileOptions::new("test"))
        .unwrap_or_else(|error| panic!("{error}"))
        .code
}

fn inner(code: &Code, name: &str) -> std::sync::Arc<Code> {
    code.consts
        .iter()
        .filter_map(Const::as_code)
        .find(|inner| inner.name == *name)
        .unwrap_or_else(|| panic!("no {name}"))
        .clone()
}

fn failure(source: &str) -> (ErrorKind, String) {
    match compile(source, &CompileOptions::new("test")) {
        Ok(_) => panic!("{source:?} compiles"),
        Err(error) => (error.kind, error.msg),
    }
}

#[test]
fn private_names_are_mangled() {
    let class = inner(
        &code("class _C:\n    __x = 1\n    def f(self): self.__y\n"),
        "_C",
    );
    assert!(class.names.iter().any(|name| *name == "_C__x"));
    assert!(inner(&class, "f").names.iter().any(|name| *name == "_C__y"));
}

#[test]
fn qualified_names_skip_type_parameters() {
    let outer = inner(
        &code("def f():\n    class C:\n        def g(self): pass\n"),
        "f",
    );
    assert_eq!(inner(&inner(&outer, "C"), "g").qualname, "f.<locals>.C.g");
    let generic = inner(&code("def f[T](x: T): pass\n"), "<generic parameters of f>");
    assert_eq!(inner(&generic, "f").qualname, "f");
}

#[test]
fn docstrings_are_cleaned_and_dropped() {
    let source = "def f():\n    \"\"\"One\n      two\n    three\n    \"\"\"\n";
    let function = inner(&code(source), "f");
    assert_eq!(function.consts[0], Const::str("One\n  two\nthree\n"));
    let mut options = CompileOptions::new("test");
    options.optimize = 2;
    let module = compile(source, &options).unwrap().code;
    assert!(
        !inner(&module, "f")
            .consts
            .contains(&Const::str("One\n  two\nthree\n"))
    );
}

#[test]
fn surrogates_survive() {
    let module = code("x = '\\ud800\u{FFFD}\\udc00'\n");
    let found = module.consts.iter().find_map(|value| match value {
        Const::Str(text) if text.as_str().is_none() => Some(text.code_points().collect::<Vec<_>>()),
        _ => None,
    });
    assert_eq!(found, Some(vec![0xD800, 0xFFFD, 0xDC00]));
}

#[test]
fn annotations_become_strings_under_the_future_import() {
    let module = code("from __future__ import annotations\nx: lambda *a: {1:2}[ a ]\n");
    assert!(module.consts.contains(&Const::str("lambda*a: {1: 2}[a]")));
}

#[test]
fn errors_are_those_of_cpython() {
    let syntax = |message: &str| (ErrorKind::Syntax, message.to_owned());
    assert_eq!(failure("return\n"), syntax("'return' outside function"));
    assert_eq!(
        failure("def f(a, a): pass\n"),
        syntax("duplicate argument 'a' in function definition")
    );
    assert_eq!(
        failure("def f():\n    nonlocal x\n"),
        syntax("no binding for nonlocal 'x' found")
    );
    assert_eq!(
        failure("[x := 1 for x in y]\n"),
        syntax("assignment expression cannot rebind comprehension iteration variable 'x'")
    );
    assert_eq!(
        failure("match x:\n    case a: pass\n    case b: pass\n"),
        syntax("name capture 'a' makes remaining patterns unreachable")
    );
}

#[test]
fn warnings_come_in_the_order_of_the_phases() {
    let source = "def f():\n    try: pass\n    finally: return\nx is 1\n'\\d'\n";
    let compiled = compile(source, &CompileOptions::new("test")).unwrap();
    let lines: Vec<i32> = compiled
        .warnings
        .iter()
        .map(|warning| warning.lineno)
        .collect();
    assert_eq!(lines, [5, 3, 4]);
}

#[test]
fn every_mode_compiles() {
    for (mode, source) in [
        (Mode::Eval, "1 + x"),
        (Mode::Single, "x\n"),
        (Mode::Exec, ""),
    ] {
        let mut options = CompileOptions::new("test");
        options.mode = mode;
        assert!(compile(source, &options).is_ok());
    }
}
