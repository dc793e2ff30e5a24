//! Cheaply cloned strings that can hold lone surrogates.

use std::fmt;
use std::sync::Arc;

/// A Python string: shared, immutable, WTF-8 inside (UTF-8 that may also encode lone surrogates).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Str(Arc<[u8]>);

impl Str {
    /// From Rust text.
    pub fn new(text: &str) -> Str {
        Str(Arc::from(text.as_bytes()))
    }

    /// From code points; None when one is above 0x10FFFF.
    pub fn from_code_points(points: impl IntoIterator<Item = u32>) -> Option<Str> {
        let mut bytes = Vec::new();
        for point in points {
            push_code_point(&mut bytes, point)?;
        }
        Some(Str(Arc::from(bytes)))
    }

    /// From UTF-8 in which surrogates may be encoded too (CPython's `surrogatepass`). None when malformed.
    pub fn from_wtf8(bytes: &[u8]) -> Option<Str> {
        if std::str::from_utf8(bytes).is_err() && !is_generalized_utf8(bytes) {
            return None;
        }
        Some(Str(Arc::from(bytes)))
    }

    /// The text, when it has no lone surrogates.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// The text with surrogates replaced.
    pub fn to_string_lossy(&self) -> String {
        match self.as_str() {
            Some(text) => text.to_string(),
            None => self
                .code_points()
                .map(|point| char::from_u32(point).unwrap_or('\u{FFFD}'))
                .collect(),
        }
    }

    /// The bytes inside.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Length of the bytes inside.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it is the empty string.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every code point is below 128.
    pub fn is_ascii(&self) -> bool {
        self.0.is_ascii()
    }

    /// Its code points, surrogates included.
    pub fn code_points(&self) -> CodePoints<'_> {
        CodePoints { bytes: &self.0 }
    }
}

/// Appends the encoding of a code point. None when it is above 0x10FFFF.
pub fn push_code_point(bytes: &mut Vec<u8>, point: u32) -> Option<()> {
    match point {
        0..=0x7F => bytes.push(point as u8),
        0x80..=0x7FF => bytes.extend([0xC0 | (point >> 6) as u8, 0x80 | (point & 0x3F) as u8]),
        0x800..=0xFFFF => bytes.extend([
            0xE0 | (point >> 12) as u8,
            0x80 | (point >> 6 & 0x3F) as u8,
            0x80 | (point & 0x3F) as u8,
        ]),
        0x1_0000..=0x10_FFFF => bytes.extend([
            0xF0 | (point >> 18) as u8,
            0x80 | (point >> 12 & 0x3F) as u8,
            0x80 | (point >> 6 & 0x3F) as u8,
            0x80 | (point & 0x3F) as u8,
        ]),
        _ => return None,
    }
    Some(())
}

/// UTF-8 rules, but for surrogates, which pass.
fn is_generalized_utf8(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(&first) = rest.first() {
        let length = match first {
            0..=0x7F => 1,
            0xC2..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF4 => 4,
            _ => return false,
        };
        if rest.len() < length || rest[1..length].iter().any(|byte| byte & 0xC0 != 0x80) {
            return false;
        }
        let point = decode(rest);
        if (length == 3 && point < 0x800)
            || (length == 4 && !(0x1_0000..=0x10_FFFF).contains(&point))
        {
            return false;
        }
        rest = &rest[length..];
    }
    true
}

/// First code point of well-formed bytes that are not empty.
fn decode(bytes: &[u8]) -> u32 {
    let tail = |i: usize| (bytes[i] & 0x3F) as u32;
    match bytes[0] {
        first @ 0..=0x7F => first as u32,
        first @ ..=0xDF => (first as u32 & 0x1F) << 6 | tail(1),
        first @ ..=0xEF => (first as u32 & 0x0F) << 12 | tail(1) << 6 | tail(2),
        first => (first as u32 & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3),
    }
}

/// Iterator over code points.
#[derive(Clone)]
pub struct CodePoints<'a> {
    bytes: &'a [u8],
}

impl Iterator for CodePoints<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let length = match *self.bytes.first()? {
            0..=0x7F => 1,
            0x80..=0xDF => 2,
            0xE0..=0xEF => 3,
            _ => 4,
        };
        let point = decode(self.bytes);
        self.bytes = &self.bytes[length..];
        Some(point)
    }
}

impl From<&str> for Str {
    fn from(text: &str) -> Str {
        Str::new(text)
    }
}

impl From<String> for Str {
    fn from(text: String) -> Str {
        Str(Arc::from(text.into_bytes()))
    }
}

impl fmt::Display for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_string_lossy())
    }
}

impl fmt::Debug for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string_lossy())
    }
}

impl PartialEq<str> for Str {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other.as_bytes()
    }
}

impl PartialEq<&str> for Str {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == other.as_bytes()
    }
}

impl std::borrow::Borrow<[u8]> for Str {
    fn borrow(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrogates_pass() {
        let s = Str::from_code_points([0x61, 0xD800, 0x1F600]).unwrap();
        assert_eq!(s.as_str(), None);
        assert_eq!(s.code_points().collect::<Vec<_>>(), [0x61, 0xD800, 0x1F600]);
        assert_eq!(Str::from_wtf8(s.as_bytes()), Some(s));
        assert_eq!(Str::from_wtf8(&[0xC0, 0x80]), None);
        assert_eq!(Str::from_wtf8(&[0xE0, 0x80, 0x80]), None);
        assert_eq!(Str::from_wtf8(&[0xF4, 0x90, 0x80, 0x80]), None);
        assert_eq!(Str::from_wtf8(&[0xE2, 0x82]), None);
    }
}
