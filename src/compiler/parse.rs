//! Source text to syntax tree: ruff's parser, behind a guard on nesting depth, with CPython's errors.

use crate::error::{CompileError, ErrorKind};
use crate::source::SourceIndex;
use crate::syntax::{self, nesting};
use ruff_python_ast::{Mod, PythonVersion, Stmt};
use ruff_python_parser::{Mode as RuffMode, ParseOptions, parse_unchecked};
use ruff_text_size::Ranged;

/// What kind of program the text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Mode {
    /// A module.
    #[default]
    Exec,
    /// One expression.
    Eval,
    /// One interactive statement.
    Single,
}

/// `PyCF_DONT_IMPLY_DEDENT`: a block at the end of the text needs a newline to end it.
pub const DONT_IMPLY_DEDENT: u32 = 0x0200;
/// `PyCF_ALLOW_INCOMPLETE_INPUT`: text that may go on is reported as such.
pub const ALLOW_INCOMPLETE_INPUT: u32 = 0x4000;

/// What the parser needs to know beside the text.
#[derive(Clone, Copy, Debug, Default)]
pub struct ParseFlags {
    /// Kind of program.
    pub mode: Mode,
    /// `PyCF_*` bits.
    pub flags: u32,
}

/// Stack that is kept free for shallow programs.
const SHALLOW_STACK: usize = 1 << 20;
/// Stack for programs up to the nesting limits; only the touched part costs memory.
const DEEP_STACK: usize = 512 << 20;

/// Runs `f` with room for the deepest tree that [`parse`] lets pass: parsing, every walk over the
/// tree and dropping it must happen inside.
pub fn with_stack_for<R>(text: &str, f: impl FnOnce() -> R) -> R {
    if nesting::may_be_deep(text) {
        stacker::grow(DEEP_STACK, f)
    } else {
        stacker::maybe_grow(SHALLOW_STACK, 8 * SHALLOW_STACK, f)
    }
}

/// Parses text whose newlines are normalised. In [`Mode::Single`] the result is a module whose body
/// is one statement, or several simple ones on one line.
pub fn parse(text: &str, index: &SourceIndex, flags: ParseFlags) -> Result<Mod, CompileError> {
    if text.len() >= u32::MAX as usize {
        return Err(CompileError::bare(
            ErrorKind::Overflow,
            "source code string is too long",
        ));
    }
    if nesting::may_be_deep(text) {
        nesting::check(text, index)?;
    }
    let ruff_mode = match flags.mode {
        Mode::Exec | Mode::Single => RuffMode::Module,
        Mode::Eval => RuffMode::Expression,
    };
    let options = ParseOptions::from(ruff_mode).with_target_version(PythonVersion::PY314);
    let parsed = parse_unchecked(text, options);
    if parsed.has_syntax_errors() {
        return Err(syntax::diagnose(text, index, flags, Some(&parsed)));
    }
    if flags.mode == Mode::Single {
        check_single(text, index, flags, parsed.syntax())?;
    }
    Ok(parsed.into_syntax())
}

fn check_single(
    text: &str,
    index: &SourceIndex,
    flags: ParseFlags,
    module: &Mod,
) -> Result<(), CompileError> {
    let Mod::Module(module) = module else {
        return Ok(());
    };
    let Some(first) = module.body.first() else {
        // Only blank and comment lines: the grammar accepts a bare NEWLINE, not an empty file.
        return Err(syntax::diagnose(text, index, flags, None));
    };
    if flags.flags & DONT_IMPLY_DEDENT != 0 && is_compound(first) && !text.ends_with('\n') {
        return Err(syntax::diagnose(text, index, flags, None));
    }
    let one = if is_compound(first) {
        module.body.len() == 1
    } else {
        let line_end = |from: usize| text[from..].find('\n').map_or(text.len(), |n| from + n);
        let end = line_end(first.end().to_usize());
        // Later statements must follow a semicolon on the same logical line.
        module.body.windows(2).all(|pair| {
            let between = &text[pair[0].end().to_usize()..pair[1].start().to_usize()];
            between.contains(';') && !between.replace("\\\n", "").contains('\n')
        }) && end <= text.len()
    };
    if one {
        Ok(())
    } else {
        Err(syntax::multiple_statements(text, index, first))
    }
}

fn is_compound(stmt: &Stmt) -> bool {
    matches!(
        stmt,
        Stmt::FunctionDef(_)
            | Stmt::ClassDef(_)
            | Stmt::For(_)
            | Stmt::While(_)
            | Stmt::If(_)
            | Stmt::With(_)
            | Stmt::Match(_)
            | Stmt::Try(_)
    )
}
