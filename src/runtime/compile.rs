//! `compile`, `eval` and `exec`.

use taipan_compiler::error::{CompileError, ErrorKind};
use taipan_compiler::parse::Mode;
use taipan_compiler::{CompileOptions, Source};
use taipan_objects::err::{PyResult, Raised};
use taipan_objects::function::PyCode;
use taipan_objects::names::names;
use taipan_objects::typeobject::Type;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{code_object, dict, err, exceptions, int, protocol, strings, tuple};

/// The Python exception for what the compiler found.
pub fn raise_compile_error(e: &CompileError, filename: &str) -> Raised {
    let ty: Type = match e.kind {
        ErrorKind::Syntax => &exceptions::SyntaxError,
        ErrorKind::Indentation => &exceptions::IndentationError,
        ErrorKind::Tab => &exceptions::TabError,
        ErrorKind::IncompleteInput => &exceptions::_IncompleteInputError,
        ErrorKind::Value => &exceptions::ValueError,
        ErrorKind::Overflow => &exceptions::OverflowError,
        ErrorKind::Memory => &exceptions::MemoryError,
        ErrorKind::Recursion => &exceptions::RecursionError,
        ErrorKind::System => &exceptions::SystemError,
    };
    let (true, Some(loc)) = (e.kind.is_syntax(), e.location) else {
        return taipan_objects::err::raise(ty, &e.msg);
    };
    let n = |i: i32| int::from_i64(i as i64);
    let text = match &e.text {
        Some(t) => strings::new_str(t),
        None => source_line(filename, loc.lineno).map_or(Ref::NONE, |t| strings::new_str(&t)),
    };
    let file = if e.filename_unknown {
        Ref::NONE
    } else {
        strings::new_str(filename)
    };
    let mut details = vec![file, n(loc.lineno), n(loc.offset), text];
    if let (Some(l), Some(o)) = (loc.end_lineno, loc.end_offset) {
        details.push(n(l));
        details.push(n(o));
    }
    let details = tuple::from_refs(details);
    taipan_objects::err::raise_with(ty, &[*strings::new_str(&e.msg), *details])
}

/// A line of a file, for errors found after parsing.
fn source_line(filename: &str, line: i32) -> Option<String> {
    let data = std::fs::read(filename).ok()?;
    let text = String::from_utf8_lossy(&data);
    text.split_inclusive('\n')
        .nth((line.max(1) - 1) as usize)
        .map(|l| l.to_string())
}

/// Compiles to a code object, with the warnings given as Python warnings.
pub fn compile_source(
    source: Source,
    filename: &str,
    mode: Mode,
    flags: u32,
    optimize: u8,
) -> PyResult {
    let options = CompileOptions {
        filename: taipan_bytecode::Str::new(filename),
        mode,
        flags,
        optimize,
    };
    match taipan_compiler::compile(source, &options) {
        Ok(c) => {
            for w in &c.warnings {
                crate::warnings::warn_syntax(w, filename)?;
            }
            Ok(code_object::new_code(c.code))
        }
        Err(e) => Err(raise_compile_error(&e, filename)),
    }
}

/// `-O` level of the interpreter.
pub fn default_optimize() -> u8 {
    crate::sys::config().optimize
}

/// Text or bytes of a source argument, kept alive by the returned holder.
pub enum SourceText {
    Text(String),
    Bytes(Vec<u8>),
}

/// `str` or bytes-like source; NUL bytes are refused.
pub fn source_text(v: Value, function: &str) -> PyResult<SourceText> {
    if let Some(s) = strings::as_str(&v) {
        let t = s.to_utf8()?.into_owned();
        if t.contains('\0') {
            return err!(SyntaxError, "source code string cannot contain null bytes");
        }
        return Ok(SourceText::Text(t));
    }
    if v.ty().slots().get_buffer.is_none() {
        return err!(
            TypeError,
            "{function}() arg 1 must be a string, bytes or {} object",
            if function == "compile" { "AST" } else { "code" }
        );
    }
    let b = taipan_objects::buffer::to_vec(v)?;
    if b.contains(&0) {
        return err!(SyntaxError, "source code string cannot contain null bytes");
    }
    Ok(SourceText::Bytes(b))
}

fn compile_text(
    text: &SourceText,
    filename: &str,
    mode: Mode,
    flags: u32,
    optimize: u8,
) -> PyResult {
    match text {
        SourceText::Text(t) => compile_source(Source::Text(t), filename, mode, flags, optimize),
        SourceText::Bytes(b) => {
            compile_source(Source::from(b.as_slice()), filename, mode, flags, optimize)
        }
    }
}

/// Hooks of the `_ast` module: from and to trees of Python objects.
pub struct AstHooks {
    /// Parses to a tree object: (source, filename, mode, flags, optimize, feature_version).
    pub parse: fn(Value, &str, &str, u32, i64, i64) -> PyResult,
    /// Compiles a tree object; `None` if the value is no tree.
    pub compile: fn(Value, &str, &str, u32, u8) -> PyResult<Option<Ref>>,
}
static AST: std::sync::OnceLock<AstHooks> = std::sync::OnceLock::new();
/// Called by the `_ast` module.
pub fn set_ast_hooks(h: AstHooks) {
    let _ = AST.set(h);
}

const PYCF_ONLY_AST: i64 = 0x400;
const PYCF_SOURCE_IS_UTF8: i64 = 0x100;
const FUTURE_MASK: u32 = 0x1fe_0000;
const ALLOWED: i64 =
    0x1fe_0000 | 0x100 | 0x200 | 0x400 | 0x800 | 0x1000 | 0x2000 | 0x4000 | 0x8000 | 0x10;

/// Future statements in force where the caller is.
fn inherited_flags() -> u32 {
    crate::frame_object::at_depth(0).map_or(0, |f| f.code().flags & FUTURE_MASK)
}

fn filename_arg(v: Value) -> PyResult<String> {
    let v = crate::sys::fsdecode(v)?;
    protocol::str_text(*v)
}

/// `compile(source, filename, mode, flags, dont_inherit, optimize, _feature_version)`.
pub fn compile(a: &[Value]) -> PyResult {
    let filename = filename_arg(a[1])?;
    let Some(mode_s) = strings::as_str(&a[2]) else {
        return err!(
            TypeError,
            "compile() argument 'mode' must be str, not {}",
            a[2].type_name()
        );
    };
    let mode_text = mode_s.to_string();
    let flags = if a[3].is_null() {
        0
    } else {
        int::to_i64(a[3])?
    };
    let dont_inherit = !a[4].is_null() && protocol::is_true(a[4])?;
    let optimize = if a[5].is_null() {
        -1
    } else {
        int::to_i64(a[5])?
    };
    let feature = if a[6].is_null() {
        -1
    } else {
        int::to_i64(a[6])?
    };
    if flags & !ALLOWED != 0 {
        return err!(ValueError, "compile(): unrecognised flags");
    }
    if !(-1..=2).contains(&optimize) {
        return err!(ValueError, "compile(): invalid optimize value");
    }
    let mode = match mode_text.as_str() {
        "exec" => Mode::Exec,
        "eval" => Mode::Eval,
        "single" => Mode::Single,
        "func_type" if flags & PYCF_ONLY_AST != 0 => Mode::Exec,
        "func_type" => {
            return err!(
                ValueError,
                "compile() mode 'func_type' requires flag PyCF_ONLY_AST"
            );
        }
        _ if flags & PYCF_ONLY_AST != 0 => {
            return err!(
                ValueError,
                "compile() mode must be 'exec', 'eval', 'single' or 'func_type'"
            );
        }
        _ => {
            return err!(
                ValueError,
                "compile() mode must be 'exec', 'eval' or 'single'"
            );
        }
    };
    let mut all = (flags & !PYCF_SOURCE_IS_UTF8) as u32;
    if !dont_inherit {
        all |= inherited_flags();
    }
    let level = if optimize < 0 {
        default_optimize()
    } else {
        optimize as u8
    };
    if flags & PYCF_ONLY_AST != 0
        || !(strings::is_str(a[0]) || a[0].ty().slots().get_buffer.is_some())
    {
        crate::import::ensure_module("_ast")?;
        let Some(h) = AST.get() else {
            return taipan_objects::err::missing("compile() to or from syntax trees");
        };
        if strings::is_str(a[0]) || a[0].ty().slots().get_buffer.is_some() {
            return (h.parse)(a[0], &filename, &mode_text, all, optimize, feature);
        }
        if flags & PYCF_ONLY_AST != 0 && flags & 0x8000 == 0 {
            return Ok(a[0].to_ref());
        }
        if let Some(c) = (h.compile)(a[0], &filename, &mode_text, all, level)? {
            return Ok(c);
        }
    }
    let text = source_text(a[0], "compile")?;
    compile_text(&text, &filename, mode, all, level)
}

fn check_code_for_exec(code: &PyCode, closure: Value) -> PyResult<()> {
    let n = code.nfrees as usize;
    if n == 0 {
        if !closure.is_none_or_null() {
            return err!(TypeError, "cannot use a closure with this code object");
        }
        return Ok(());
    }
    let ok = !closure.is_none_or_null()
        && tuple::is_tuple(closure)
        && tuple::as_slice(closure).len() == n
        && tuple::as_slice(closure)
            .iter()
            .all(|c| c.is_exact::<taipan_objects::function::PyCell>());
    if !ok {
        return err!(
            TypeError,
            "code object requires a closure of exactly length {n}"
        );
    }
    Ok(())
}

/// Globals and locals for `eval` and `exec`.
fn namespaces(globals: Value, locals: Value, what: &str) -> PyResult<(Ref, Ref)> {
    if !globals.is_none_or_null() && !dict::is_dict(globals) {
        if what == "eval" {
            return if globals.ty().slots().subscript.is_some() {
                err!(
                    TypeError,
                    "globals must be a real dict; try eval(expr, {{}}, mapping)"
                )
            } else {
                err!(TypeError, "globals must be a dict")
            };
        }
        return err!(
            TypeError,
            "exec() globals must be a dict, not {}",
            globals.type_name()
        );
    }
    if !locals.is_none_or_null() && locals.ty().slots().subscript.is_none() {
        return if what == "eval" {
            err!(TypeError, "locals must be a mapping")
        } else {
            err!(
                TypeError,
                "locals must be a mapping or None, not {}",
                locals.type_name()
            )
        };
    }
    let (g, l) = if globals.is_none_or_null() {
        let Some(f) = crate::frame_object::at_depth(0) else {
            return err!(
                TypeError,
                "{what} must be given globals and locals when called without a frame"
            );
        };
        let g = f.globals.get().to_ref();
        let l = if locals.is_none_or_null() {
            crate::builtins::current_locals()?
        } else {
            locals.to_ref()
        };
        (g, l)
    } else {
        (
            globals.to_ref(),
            if locals.is_none_or_null() {
                globals.to_ref()
            } else {
                locals.to_ref()
            },
        )
    };
    if !dict::contains(*g, names().__builtins__)? {
        let b = match crate::frame_object::at_depth(0) {
            Some(f) => f.builtins.get().to_ref(),
            None => crate::builtins::namespace(),
        };
        dict::set(*g, names().__builtins__, *b)?;
    }
    Ok((g, l))
}

/// `eval(source, globals, locals)`.
pub fn eval(a: &[Value]) -> PyResult {
    let (g, l) = namespaces(a[1], a[2], "eval")?;
    let builtins = crate::call::builtins_of(*g)?;
    let code = if let Some(c) = a[0].cast_exact::<PyCode>() {
        if c.nfrees > 0 {
            return err!(
                TypeError,
                "code object passed to eval() may not contain free variables"
            );
        }
        a[0].to_ref()
    } else {
        let text = match source_text(a[0], "eval")? {
            SourceText::Text(t) => SourceText::Text(t.trim_start_matches([' ', '\t']).to_string()),
            SourceText::Bytes(b) => {
                let skip = b.iter().take_while(|c| **c == b' ' || **c == b'\t').count();
                SourceText::Bytes(b[skip..].to_vec())
            }
        };
        compile_text(
            &text,
            "<string>",
            Mode::Eval,
            inherited_flags(),
            default_optimize(),
        )?
    };
    crate::call::run_code(*code, *g, *builtins, *l, Value::NULL)
}

/// `exec(source, globals, locals, closure=…)`.
pub fn exec(a: &[Value]) -> PyResult {
    let (g, l) = namespaces(a[1], a[2], "exec")?;
    let builtins = crate::call::builtins_of(*g)?;
    let code = if let Some(c) = a[0].cast_exact::<PyCode>() {
        check_code_for_exec(c, a[3])?;
        a[0].to_ref()
    } else {
        if !a[3].is_none_or_null() {
            return err!(
                TypeError,
                "closure can only be used when source is a code object"
            );
        }
        let text = source_text(a[0], "exec")?;
        compile_text(
            &text,
            "<string>",
            Mode::Exec,
            inherited_flags(),
            default_optimize(),
        )?
    };
    let function = if a[3].is_none_or_null() {
        Ref::NULL
    } else {
        let f = taipan_objects::function_type::new_function(*code, *g, *builtins);
        // SAFETY: just made.
        unsafe { f.cast_unchecked::<taipan_objects::function::PyFunction>() }
            .closure
            .set(a[3].to_ref());
        f
    };
    drop(crate::call::run_code(*code, *g, *builtins, *l, *function)?);
    Ok(Ref::NONE)
}
