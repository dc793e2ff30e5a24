//! Properties and case mappings of code points, as of Unicode 16.
//!
//! The icu crates know a later version of Unicode; what it added is filtered out here.

use crate::unicode_tables::{DECIMAL_ZEROS, FOLD_FULL, NUMERIC, TITLE_FULL, UPPER_FULL};
use icu_casemap::CaseMapper;
use icu_properties::props::{
    CaseIgnorable, Cased, GeneralCategory, Lowercase, Uppercase, XidContinue, XidStart,
};
use icu_properties::{CodePointMapData, CodePointSetData};

/// Code points that came after Unicode 16, as ranges with their ends.
#[rustfmt::skip]
pub(crate) const LATER: &[(u32, u32)] = &[
    (0x558, 0x558), (0x58b, 0x58c), (0x5c8, 0x5c9), (0x88f, 0x88f), (0xb53, 0xb54), (0xc5c, 0xc5c), (0xcdc, 0xcdc),
    (0x1acf, 0x1af0), (0x208f, 0x208f), (0x209d, 0x209f), (0x20c1, 0x20c4), (0x2b96, 0x2b96), (0x2e60, 0x2e63),
    (0xa7ce, 0xa7cf), (0xa7d2, 0xa7d2), (0xa7d4, 0xa7d4), (0xa7dd, 0xa7dd), (0xa7e2, 0xa7e2), (0xa7f1, 0xa7f1),
    (0xab6c, 0xab6d), (0xfbc3, 0xfbd2), (0xfd90, 0xfd91), (0xfdc8, 0xfdce), (0x107bb, 0x107bf), (0x10940, 0x10959),
    (0x10ec5, 0x10ec7), (0x10ec9, 0x10eee), (0x10ef0, 0x10efb), (0x11b0a, 0x11b0a), (0x11b60, 0x11b67),
    (0x11db0, 0x11ddb), (0x11de0, 0x11de9), (0x11df0, 0x11df1), (0x1246f, 0x1246f), (0x12475, 0x1247f),
    (0x12550, 0x12686), (0x16ea0, 0x16eb8), (0x16ebb, 0x16ed3), (0x16ff2, 0x16ff6), (0x187f8, 0x187ff),
    (0x18cd6, 0x18cda), (0x18d09, 0x18d20), (0x18d80, 0x18df2), (0x18e00, 0x19191), (0x191a0, 0x191d2),
    (0x1b123, 0x1b128), (0x1b168, 0x1b168), (0x1ccfa, 0x1ccfc), (0x1ceba, 0x1ced0), (0x1ced2, 0x1ced4),
    (0x1cedd, 0x1cefd), (0x1d127, 0x1d128), (0x1d1eb, 0x1d1ff), (0x1d250, 0x1d281), (0x1d6a6, 0x1d6a6),
    (0x1db00, 0x1db1c), (0x1df1f, 0x1df24), (0x1df2b, 0x1df81), (0x1df90, 0x1df96), (0x1dfcd, 0x1dfff),
    (0x1e6c0, 0x1e6de), (0x1e6e0, 0x1e6f5), (0x1e6fe, 0x1e6ff), (0x1f1ae, 0x1f1ae), (0x1f6d8, 0x1f6d9),
    (0x1f777, 0x1f77a), (0x1f7da, 0x1f7db), (0x1f7f1, 0x1f7ff), (0x1f8d0, 0x1f8d8), (0x1fa54, 0x1fa57),
    (0x1fa8a, 0x1fa8e), (0x1fac8, 0x1fac8), (0x1facc, 0x1facd), (0x1fadd, 0x1fadd), (0x1faea, 0x1faeb),
    (0x1faef, 0x1faef), (0x1faf9, 0x1fafa), (0x1fbfa, 0x1fbfa), (0x2b73a, 0x2b73f), (0x2b81e, 0x2b81e),
    (0x2cea2, 0x2cead), (0x323b0, 0x33479), (0x3d000, 0x3fc3f),
];

#[inline]
fn is_later(c: u32) -> bool {
    if c < 0x530 {
        return false;
    }
    let i = LATER.partition_point(|r| r.1 < c);
    LATER.get(i).is_some_and(|r| r.0 <= c)
}

/// The general category.
#[inline]
pub fn category(c: u32) -> GeneralCategory {
    let g = CodePointMapData::<GeneralCategory>::new().get32(c);
    // A letter that changed its category later.
    if c == 0x295 {
        return GeneralCategory::LowercaseLetter;
    }
    if g != GeneralCategory::Unassigned && is_later(c) {
        GeneralCategory::Unassigned
    } else {
        g
    }
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
    matches!(
        category(c),
        UppercaseLetter | LowercaseLetter | TitlecaseLetter | ModifierLetter | OtherLetter
    )
}

/// Value of a decimal digit.
#[inline]
pub fn to_decimal(c: u32) -> Option<u32> {
    if c < 128 {
        return if (c as u8).is_ascii_digit() {
            Some(c - 48)
        } else {
            None
        };
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
    (CodePointSetData::new::<Lowercase>().contains32(c) || c == 0x295) && !is_later(c)
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
        Control
            | Format
            | Surrogate
            | PrivateUse
            | Unassigned
            | LineSeparator
            | ParagraphSeparator
            | SpaceSeparator
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
            if r != c && (is_later(r) || is_later(c)) {
                c
            } else {
                r
            }
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
