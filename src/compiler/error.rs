//! Errors and warnings that compiling source text can produce.

use crate::source::SourceIndex;
use ruff_text_size::TextRange;
use std::fmt;

/// The Python exception class an error becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// `SyntaxError`
    Syntax,
    /// `IndentationError`
    Indentation,
    /// `TabError`
    Tab,
    /// `_IncompleteInputError`, only with `PyCF_ALLOW_INCOMPLETE_INPUT`
    IncompleteInput,
    /// `ValueError`
    Value,
    /// `OverflowError`
    Overflow,
    /// `MemoryError`
    Memory,
    /// `RecursionError`
    Recursion,
    /// `SystemError`
    System,
}

impl ErrorKind {
    /// The name of the Python class.
    pub fn class_name(self) -> &'static str {
        match self {
            ErrorKind::Syntax => "SyntaxError",
            ErrorKind::Indentation => "IndentationError",
            ErrorKind::Tab => "TabError",
            ErrorKind::IncompleteInput => "_IncompleteInputError",
            ErrorKind::Value => "ValueError",
            ErrorKind::Overflow => "OverflowError",
            ErrorKind::Memory => "MemoryError",
            ErrorKind::Recursion => "RecursionError",
            ErrorKind::System => "SystemError",
        }
    }

    /// Whether the class takes the `(filename, lineno, offset, text, end_lineno, end_offset)` details.
    pub fn is_syntax(self) -> bool {
        matches!(
            self,
            ErrorKind::Syntax
                | ErrorKind::Indentation
                | ErrorKind::Tab
                | ErrorKind::IncompleteInput
        )
    }
}

/// Where a syntax error lies, in the numbers its Python object shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorLocation {
    /// 1-based line; 0 where CPython gives 0.
    pub lineno: i32,
    /// 1-based column in characters (errors found after parsing: in bytes, as CPython does).
    pub offset: i32,
    /// Last line, absent for a few decoding errors.
    pub end_lineno: Option<i32>,
    /// End column, absent with `end_lineno`.
    pub end_offset: Option<i32>,
}

/// An error in source text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileError {
    /// The exception class.
    pub kind: ErrorKind,
    /// The message, the exception's first argument.
    pub msg: String,
    /// Where; `None` gives an exception with the message only.
    pub location: Option<ErrorLocation>,
    /// The line of source. `None` for errors found after parsing: the embedder then looks the line
    /// up in the file, if there is one.
    pub text: Option<String>,
    /// A few decoding errors report `None` instead of the file name.
    pub filename_unknown: bool,
}

impl CompileError {
    /// An error without place.
    pub fn bare(kind: ErrorKind, msg: impl Into<String>) -> Self {
        CompileError {
            kind,
            msg: msg.into(),
            location: None,
            text: None,
            filename_unknown: false,
        }
    }

    /// An error the parser finds: columns count characters, and the line is at hand.
    pub fn at_range(
        kind: ErrorKind,
        msg: impl Into<String>,
        text: &str,
        index: &SourceIndex,
        range: TextRange,
    ) -> Self {
        let (lineno, offset) = index.line_and_character(text, range.start().to_usize());
        let (end_lineno, end_offset) = index.line_and_character(text, range.end().to_usize());
        CompileError {
            kind,
            msg: msg.into(),
            location: Some(ErrorLocation {
                lineno: lineno as i32,
                offset: offset as i32 + 1,
                end_lineno: Some(end_lineno as i32),
                end_offset: Some(end_offset as i32 + 1),
            }),
            text: Some(index.line_text(text, lineno).to_owned()),
            filename_unknown: false,
        }
    }

    /// A SyntaxError found after parsing (symbol table, code generation): columns are byte offsets
    /// counted from 0, as in instruction locations, and no line text is given.
    pub fn after_parsing(
        msg: impl Into<String>,
        lineno: i32,
        col_offset: i32,
        end_lineno: i32,
        end_col_offset: i32,
    ) -> Self {
        CompileError {
            kind: ErrorKind::Syntax,
            msg: msg.into(),
            location: Some(ErrorLocation {
                lineno,
                offset: col_offset + 1,
                end_lineno: Some(end_lineno),
                end_offset: Some(end_col_offset + 1),
            }),
            text: None,
            filename_unknown: false,
        }
    }

    /// The same, from a range of the source.
    pub fn after_parsing_at(msg: impl Into<String>, index: &SourceIndex, range: TextRange) -> Self {
        let (lineno, col) = index.line_and_byte(range.start().to_usize());
        let (end_lineno, end_col) = index.line_and_byte(range.end().to_usize());
        Self::after_parsing(
            msg,
            lineno as i32,
            col as i32,
            end_lineno as i32,
            end_col as i32,
        )
    }

    /// The line number, 0 when there is none.
    pub fn lineno(&self) -> i32 {
        self.location.map_or(0, |l| l.lineno)
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.class_name(), self.msg)?;
        if let Some(l) = self.location {
            write!(f, " (line {}, column {})", l.lineno, l.offset)?;
        }
        Ok(())
    }
}

impl std::error::Error for CompileError {}

/// The category of a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WarningKind {
    /// `SyntaxWarning`
    Syntax,
    /// `DeprecationWarning`
    Deprecation,
}

/// A warning that the embedder hands to `warnings` (and that may come back as an error).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Category.
    pub kind: WarningKind,
    /// Text.
    pub msg: String,
    /// 1-based line.
    pub lineno: i32,
    /// What a SyntaxError made of this warning reports as its place.
    pub location: Option<ErrorLocation>,
}
