//! Source text to syntax tree: ruff's parser, behind a guard on nesting depth, with CPython's errors.

use crate::error::{CompileError, ErrorKind};
use crate::source::SourceIndex;
use crate::syntax::{self, nesting, tokens};
use ruff_python_ast::{Mod, PythonVersion};
use ruff_python_parser::{Mode as RuffMode, ParseOptions, parse_unchecked};

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

/// Text of this many bytes or more is refused; offsets have 32 bits.
const MAX_TEXT: usize = u32::MAX as usize;

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
    if text.len() >= MAX_TEXT {
        return Err(CompileError::bare(
            ErrorKind::Overflow,
            "source code string is too long",
        ));
    }
    if nesting::may_be_deep(text)
        && !nesting::check(text)?
        && let Some(error) = syntax::find_error(text, flags)
    {
        return Err(error);
    }
    let ruff_mode = match flags.mode {
        Mode::Exec | Mode::Single => RuffMode::Module,
        Mode::Eval => RuffMode::Expression,
    };
    let options = ParseOptions::from(ruff_mode).with_target_version(PythonVersion::PY314);
    let parsed = parse_unchecked(text, options.clone());
    if parsed.has_syntax_errors() {
        return syntax::judge(text, index, flags, options, &parsed);
    }
    // Texts that the two parsers may judge differently are put before the slower one as well.
    let doubtful = match flags.mode {
        Mode::Exec => text.starts_with('\u{feff}') || syntax::has_mixed_indentation(text),
        Mode::Eval => text.contains('\n') || text.starts_with([' ', '\t', '\x0c', '\u{feff}']),
        Mode::Single => true,
    };
    if (doubtful || tokens::are_doubtful(parsed.tokens()))
        && let Some(error) = syntax::find_error(text, flags)
    {
        return Err(error);
    }
    tokens::check_numbers(text, index, parsed.tokens())?;
    Ok(parsed.into_syntax())
}
