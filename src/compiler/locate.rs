//! Places in the source that the syntax tree does not keep.

use ruff_python_ast::Decorator;
use ruff_text_size::{Ranged, TextRange, TextSize};

/// Whether the text only stands in for the places of a made tree, whose ranges are right already: no
/// program contains NUL.
fn is_made(source: &str) -> bool {
    source.starts_with('\0')
}

/// The range of a decorated `def` or `class` without its decorators.
pub fn statement_range(source: &str, decorators: &[Decorator], range: TextRange) -> TextRange {
    if is_made(source) {
        return range;
    }
    let range = block_range(source, range);
    let Some(last) = decorators.last() else {
        return range;
    };
    let bytes = source.as_bytes();
    let mut at = last.end().to_usize();
    while at < bytes.len() {
        match bytes[at] {
            b'#' => {
                while at < bytes.len() && bytes[at] != b'\n' && bytes[at] != b'\r' {
                    at += 1;
                }
            }
            // The decorator's expression may stand in parentheses that are not part of its range.
            b' ' | b'\t' | b'\x0c' | b'\n' | b'\r' | b'\\' | b')' => at += 1,
            _ => break,
        }
    }
    TextRange::new(TextSize::try_from(at).unwrap_or(range.start()), range.end())
}

/// The range of a compound statement as CPython has it: a semicolon after its last statement belongs to it.
pub fn block_range(source: &str, range: TextRange) -> TextRange {
    if is_made(source) {
        return range;
    }
    let bytes = source.as_bytes();
    let mut at = range.end().to_usize();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\x0c' => at += 1,
            b'\\' if bytes.get(at + 1) == Some(&b'\n') => at += 2,
            b';' => {
                let end = TextSize::try_from(at + 1).unwrap_or(range.end());
                return TextRange::new(range.start(), end);
            }
            _ => break,
        }
    }
    range
}
