//! Errors inside the compiler, before they get line numbers.

use ruff_text_size::TextRange;

/// Which exception a failure becomes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FailureKind {
    /// `SyntaxError`
    Syntax,
    /// `RecursionError`
    Recursion,
    /// `SystemError`: the compiler broke its own rules.
    Internal,
}

/// A failure with the source it is about.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The exception.
    pub kind: FailureKind,
    /// Its message.
    pub message: String,
    /// Where.
    pub range: Option<TextRange>,
}

impl Failure {
    /// A `SyntaxError` about `range`.
    pub fn syntax(message: impl Into<String>, range: TextRange) -> Failure {
        Failure {
            kind: FailureKind::Syntax,
            message: message.into(),
            range: Some(range),
        }
    }

    /// A failure without a place.
    pub fn plain(kind: FailureKind, message: impl Into<String>) -> Failure {
        Failure {
            kind,
            message: message.into(),
            range: None,
        }
    }
}

/// The deepest nesting that is followed: the parser's own limits are lower for honest programs,
/// and the stack it asks for is enough for this.
pub const DEEP: u32 = 60_000;

/// The failure for going deeper.
pub fn too_deep() -> Failure {
    Failure::plain(
        FailureKind::Recursion,
        "maximum recursion depth exceeded during compilation",
    )
}
