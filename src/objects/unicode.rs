//! Properties and case mappings of code points, as of Unicode 16.
//!
//! The icu crates know a later version of Unicode; what it added is filtered out here.

use crate::unicode_tables::{DECIMAL_ZEROS, FOLD_FULL, NUMERIC, TITLE_FULL, UPPER_FULL};
use icu_casemap::CaseMapper;
use icu_properties::props::{CaseIgnorable, Cased, GeneralCategory, Lowercase, Uppercase, XidContinue, XidStart};
use icu_properties::{CodePointMapData, CodePointSetData};

/// Code points that came after Unicode 16, as ranges with their ends.
#[rustfmt::skip]
pub(crate) const LATER: &[(u32, u32)] = &[
];

#[inline]
fn is_later(c: u32) -> bool {
    if c < 0x800 {
        return false;
    }
    let i = LATER.partition_point(|r| r.1 < c);
    LATER.get(i).is_some_and(|r| r.0 <= c)
}

/// The general category.
#[inline]
pub fn category(c: u32) -> GeneralCategory {
    let g = CodePointMapData::<GeneralCategory>::new().get32(c);
    if g != GeneralCategory::Unassigned && is_later(c) { GeneralCategory::Unassigned } else { g }
}

/// Two-letter name of the general category.
pub fn category_name(c: u32) -> &'static str {
    use GeneralCategory::*;
    match category(c) {
        UppercaseLetter => "Lu",
        LowercaseLetter => "Ll",
        TitlecaseLetter => "Lt",
        ModifierLetter => "Lm",
        OtherLetter => "Lo",
        NonspacingMark => "Mn",
        SpacingMark => "Mc",
        EnclosingMark => "Me",
        DecimalNumber => "Nd",
        LetterNumber => "Nl",
        OtherNumber => "No",
        SpaceSeparator => "Zs",
        LineSeparator => "Zl",
        ParagraphSeparator => "Zp",
        Control => "Cc",
        Format => "Cf",
        PrivateUse => "Co",
        Surrogate => "Cs",
        DashPunctuation => "Pd",
        OpenPunctuation => "Ps",
        ClosePunctuation => "Pe",
        ConnectorPunctuation => "Pc",
        InitialPunctuation => "Pi",
        FinalPunctuation => "Pf",
        OtherPunctuation => "Po",
        MathSymbol => "Sm",
        CurrencySymbol => "Sc",
        ModifierSymbol => "Sk",
        OtherSymbol => "So",
        _ => "Cn",
    }
}

pub fn is_alpha(c: u32) -> bool {
    if c < 128 {
        return (c as u8).is_ascii_alphabetic();
    }
    use GeneralCategory::*;
    matches!(category(c), UppercaseLetter | LowercaseLetter | TitlecaseLetter | ModifierLetter | OtherLetter)
}

/// Value of a decimal digit.
#[inline]
pub fn to_decimal(c: u32) -> Option<u32> {
    if c < 128 {
        return if (c as u8).is_ascii_digit() { Some(c - 48) } else { None };
    }
    if c < 0x660 {
        return None;
    }
    let i = DECIMAL_ZEROS.partition_point(|z| *z <= c);
    let d = c - DECIMAL_ZEROS[i - 1];
    (d < 10).then_some(d)
}

fn numeric_run(c: u32) -> Option<(bool, i64, u16)> {
    let i = NUMERIC.partition_point(|r| r.0 <= c);
    let (start, count, digit, value, denominator) = *NUMERIC.get(i.checked_sub(1)?)?;
    (c < start + count as u32).then(|| (digit, value + (c - start) as i64, denominator))
}

/// Value of a digit: decimals, and those such as superscripts.
pub fn to_digit(c: u32) -> Option<u32> {
    to_decimal(c).or_else(|| match numeric_run(c) {
        Some((true, v, _)) => Some(v as u32),
        _ => None,
    })
}

/// Value of a numeric character as a fraction.
pub fn to_numeric(c: u32) -> Option<(i64, u16)> {
    match to_decimal(c) {
        Some(d) => Some((d as i64, 1)),
        None => numeric_run(c).map(|(_, v, d)| (v, d)),
    }
}

pub fn is_numeric(c: u32) -> bool {
    to_numeric(c).is_some()
}

pub fn is_alnum(c: u32) -> bool {
    is_alpha(c) || is_numeric(c)
}

/// Whitespace as `str.split` and `isspace` see it.
#[inline]
pub fn is_space(c: u32) -> bool {
    match c {
        0x09..=0x0d | 0x1c..=0x20 | 0x85 | 0xa0 => true,
        0..0x1680 => false,
        0x1680 | 0x2000..=0x200a | 0x2028 | 0x2029 | 0x202f | 0x205f | 0x3000 => true,
        _ => false,
    }
}

/// Where `splitlines` splits.
#[inline]
pub fn is_linebreak(c: u32) -> bool {
    matches!(c, 0x0a..=0x0d | 0x1c..=0x1e | 0x85 | 0x2028 | 0x2029)
}

pub fn is_lower(c: u32) -> bool {
    if c < 128 {
        return (c as u8).is_ascii_lowercase();
    }
    CodePointSetData::new::<Lowercase>().contains32(c) && !is_later(c)
}
pub fn is_upper(c: u32) -> bool {
    if c < 128 {
        return (c as u8).is_ascii_uppercase();
    }
    CodePointSetData::new::<Uppercase>().contains32(c) && !is_later(c)
}
pub fn is_title(c: u32) -> bool {
    c > 255 && category(c) == GeneralCategory::TitlecaseLetter
}
/// Upper, lower or title case.
pub fn is_cased(c: u32) -> bool {
    if c < 128 {
        return (c as u8).is_ascii_alphabetic();
    }
    CodePointSetData::new::<Cased>().contains32(c) && !is_later(c)
}
pub fn is_case_ignorable(c: u32) -> bool {
    CodePointSetData::new::<CaseIgnorable>().contains32(c) && !is_later(c)
}

/// What `repr` shows as it is.
#[inline]
pub fn is_printable(c: u32) -> bool {
    if c < 127 {
        return c >= 32;
    }
    use GeneralCategory::*;
    !matches!(
        category(c),
        Control | Format | Surrogate | PrivateUse | Unassigned | LineSeparator | ParagraphSeparator | SpaceSeparator
    )
}

/// May begin an identifier.
pub fn is_identifier_start(c: u32) -> bool {
    if c < 128 {
        return (c as u8).is_ascii_alphabetic() || c == '_' as u32;
    }
    CodePointSetData::new::<XidStart>().contains32(c) && !is_later(c)
}
/// May continue an identifier.
pub fn is_identifier_continue(c: u32) -> bool {
    if c < 128 {
        return (c as u8).is_ascii_alphanumeric() || c == '_' as u32;
    }
    CodePointSetData::new::<XidContinue>().contains32(c) && !is_later(c)
}

fn simple(c: u32, f: impl Fn(char) -> char) -> u32 {
    match char::from_u32(c) {
        Some(ch) => {
            let r = f(ch) as u32;
            if r != c && (is_later(r) || is_later(c)) { c } else { r }
        }
        None => c,
    }
}
pub fn simple_lower(c: u32) -> u32 {
    if c < 128 {
        return (c as u8).to_ascii_lowercase() as u32;
    }
    simple(c, |ch| CaseMapper::new().simple_lowercase(ch))
}
pub fn simple_upper(c: u32) -> u32 {
    if c < 128 {
        return (c as u8).to_ascii_uppercase() as u32;
    }
    simple(c, |ch| CaseMapper::new().simple_uppercase(ch))
}
pub fn simple_title(c: u32) -> u32 {
    simple(c, |ch| CaseMapper::new().simple_titlecase(ch))
}

fn full(table: &[(u32, [u32; 3])], c: u32, out: &mut impl FnMut(u32)) -> bool {
    match table.binary_search_by_key(&c, |e| e.0) {
        Ok(i) => {
            for x in table[i].1 {
                if x != 0 {
                    out(x);
                }
            }
            true
        }
        Err(_) => false,
    }
}

/// The full lowercase, without the rule for final sigma.
pub fn lower(c: u32, out: &mut impl FnMut(u32)) {
    if c == 0x130 {
        out('i' as u32);
        out(0x307);
    } else {
        out(simple_lower(c));
    }
}
/// The full uppercase.
pub fn upper(c: u32, out: &mut impl FnMut(u32)) {
    if c < 128 || !full(UPPER_FULL, c, out) {
        out(simple_upper(c));
    }
}
/// The full titlecase.
pub fn title(c: u32, out: &mut impl FnMut(u32)) {
    if c < 128 {
        out((c as u8).to_ascii_uppercase() as u32);
    } else if !full(TITLE_FULL, c, out) {
        out(simple_title(c));
    }
}
/// The full case folding.
pub fn fold(c: u32, out: &mut impl FnMut(u32)) {
    if c < 128 {
        out((c as u8).to_ascii_lowercase() as u32);
    } else if !full(FOLD_FULL, c, out) {
        out(simple(c, |ch| CaseMapper::new().simple_fold(ch)));
    }
}
