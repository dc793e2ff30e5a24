//! `unicodedata`: properties, names and normal forms of Unicode 16.

use icu_normalizer::properties::{CanonicalCombiningClassMapBorrowed, CanonicalDecompositionBorrowed, Decomposed};
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::props::{BidiClass, BidiMirrored, EastAsianWidth, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};
use std::collections::HashMap;
use std::sync::OnceLock;
use taipan_objects::err::PyResult;
use taipan_objects::native::{MemberDef, MethodDef, ModuleDef};
use taipan_objects::object::{Header, new_object};
use taipan_objects::strings::{self, PyStr, StrBuilder, expect};
use taipan_objects::typeobject::{Slots, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{err, exceptions, float, int, module, type_ready, unicode};

pub static MODULE: ModuleDef = ModuleDef {
    name: "unicodedata",
    doc: "Properties of all Unicode characters, after the Unicode Character Database.",
    functions: &[
        MethodDef::new("decimal($module, chr, default=<unrepresentable>, /)", "Value of a decimal digit.", |a| decimal(a[0], a[1])),
        MethodDef::new("digit($module, chr, default=<unrepresentable>, /)", "Value of a digit.", |a| digit(a[0], a[1])),
        MethodDef::new("numeric($module, chr, default=<unrepresentable>, /)", "Value of a numeric character.", |a| numeric(a[0], a[1])),
        MethodDef::new("category($module, chr, /)", "The general category.", |a| category(a[0])),
        MethodDef::new("bidirectional($module, chr, /)", "The bidirectional class.", |a| bidirectional(a[0])),
        MethodDef::new("combining($module, chr, /)", "The canonical combining class.", |a| combining(a[0])),
        MethodDef::new("mirrored($module, chr, /)", "Whether the character is mirrored in bidirectional text.", |a| mirrored(a[0])),
        MethodDef::new("east_asian_width($module, chr, /)", "The East Asian width.", |a| east_asian_width(a[0])),
        MethodDef::new("decomposition($module, chr, /)", "The decomposition mapping.", |a| decomposition(a[0])),
        MethodDef::new("name($module, chr, default=<unrepresentable>, /)", "The name.", |a| name(a[0], a[1])),
        MethodDef::new("lookup($module, name, /)", "The character of a name.", |a| lookup(a[0])),
        MethodDef::new("is_normalized($module, form, unistr, /)", "Whether a string is in a normal form.", |a| {
            is_normalized(a[0], a[1])
        }),
        MethodDef::new("normalize($module, form, unistr, /)", "The string in a normal form.", |a| normalize(a[0], a[1])),
    ],
    init: Some(|m| {
        type_ready::ready(&UCD_TYPE);
        module::add(m, "UCD", UCD_TYPE.to_ref());
        module::add(m, "unidata_version", strings::new_str("16.0.0"));
        module::add(m, "ucd_3_2_0", new_object(Ucd { header: Header::new(&UCD_TYPE) }));
        Ok(())
    }),
};

/// The database of Unicode 3.2, for IDNA; it differs from the current one only in its version.
#[repr(C)]
pub struct Ucd {
    header: Header,
}
taipan_objects::object_impl!(Ucd, UCD_TYPE);
static UCD_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "unicodedata.UCD",
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots::of::<Ucd>(),
    methods: &[
        MethodDef::new("decimal($self, chr, default=<unrepresentable>, /)", "Value of a decimal digit.", |a| decimal(a[1], a[2])),
        MethodDef::new("digit($self, chr, default=<unrepresentable>, /)", "Value of a digit.", |a| digit(a[1], a[2])),
        MethodDef::new("numeric($self, chr, default=<unrepresentable>, /)", "Value of a numeric character.", |a| numeric(a[1], a[2])),
        MethodDef::new("category($self, chr, /)", "The general category.", |a| category(a[1])),
        MethodDef::new("bidirectional($self, chr, /)", "The bidirectional class.", |a| bidirectional(a[1])),
        MethodDef::new("combining($self, chr, /)", "The canonical combining class.", |a| combining(a[1])),
        MethodDef::new("mirrored($self, chr, /)", "Whether the character is mirrored in bidirectional text.", |a| mirrored(a[1])),
        MethodDef::new("east_asian_width($self, chr, /)", "The East Asian width.", |a| east_asian_width(a[1])),
        MethodDef::new("decomposition($self, chr, /)", "The decomposition mapping.", |a| decomposition(a[1])),
        MethodDef::new("name($self, chr, default=<unrepresentable>, /)", "The name.", |a| name(a[1], a[2])),
        MethodDef::new("lookup($self, name, /)", "The character of a name.", |a| lookup(a[1])),
        MethodDef::new("is_normalized($self, form, unistr, /)", "Whether a string is in a normal form.", |a| {
            is_normalized(a[1], a[2])
        }),
        MethodDef::new("normalize($self, form, unistr, /)", "The string in a normal form.", |a| normalize(a[1], a[2])),
    ],
    members: &[MemberDef::ro("unidata_version", "", |_| Ok(strings::new_str("3.2.0")))],
    ..TypeSpec::of::<Ucd>()
});

/// The character argument of a function; `position` is 0 if it is the only one.
fn character(v: Value, function: &str, position: usize) -> PyResult<u32> {
    let place = if position == 0 { String::new() } else { format!(" {position}") };
    match strings::as_str(&v) {
        Some(s) if s.len() == 1 => Ok(s.at(0)),
        Some(s) => err!(
            TypeError,
            "{function}(): argument{place} must be a unicode character, not a string of length {}",
            s.len()
        ),
        None => err!(
            TypeError,
            "{function}() argument{place} must be a unicode character, not {}",
            if v.is_none() { "None" } else { v.type_name() }
        ),
    }
}

fn or_default(found: Option<Ref>, default: Value, message: &str) -> PyResult {
    match (found, default.some()) {
        (Some(r), _) => Ok(r),
        (None, Some(d)) => Ok(d.to_ref()),
        (None, None) => err!(ValueError, "{message}"),
    }
}

fn decimal(v: Value, default: Value) -> PyResult {
    let c = character(v, "decimal", 1)?;
    or_default(unicode::to_decimal(c).map(|d| int::from_i64(d as i64)), default, "not a decimal")
}
fn digit(v: Value, default: Value) -> PyResult {
    let c = character(v, "digit", 1)?;
    or_default(unicode::to_digit(c).map(|d| int::from_i64(d as i64)), default, "not a digit")
}
fn numeric(v: Value, default: Value) -> PyResult {
    let c = character(v, "numeric", 1)?;
    let n = unicode::to_numeric(c).map(|(n, d)| float::from_f64(n as f64 / d as f64));
    or_default(n, default, "not a numeric character")
}
fn category(v: Value) -> PyResult {
    Ok(strings::new_str(unicode::category_name(character(v, "category", 0)?)))
}

fn is_assigned(c: u32) -> bool {
    unicode::category(c) != GeneralCategory::Unassigned
}

fn bidirectional(v: Value) -> PyResult {
    let c = character(v, "bidirectional", 0)?;
    if !is_assigned(c) {
        return Ok(strings::empty());
    }
    let b = match c {
        // Changed later.
        0x1b3a | 0x1b3c | 0x1b42 => BidiClass::NonspacingMark,
        _ => CodePointMapData::<BidiClass>::new().get32(c),
    };
    let names = [
        (BidiClass::LeftToRight, "L"),
        (BidiClass::RightToLeft, "R"),
        (BidiClass::EuropeanNumber, "EN"),
        (BidiClass::EuropeanSeparator, "ES"),
        (BidiClass::EuropeanTerminator, "ET"),
        (BidiClass::ArabicNumber, "AN"),
        (BidiClass::CommonSeparator, "CS"),
        (BidiClass::ParagraphSeparator, "B"),
        (BidiClass::SegmentSeparator, "S"),
        (BidiClass::WhiteSpace, "WS"),
        (BidiClass::OtherNeutral, "ON"),
        (BidiClass::LeftToRightEmbedding, "LRE"),
        (BidiClass::LeftToRightOverride, "LRO"),
        (BidiClass::ArabicLetter, "AL"),
        (BidiClass::RightToLeftEmbedding, "RLE"),
        (BidiClass::RightToLeftOverride, "RLO"),
        (BidiClass::PopDirectionalFormat, "PDF"),
        (BidiClass::NonspacingMark, "NSM"),
        (BidiClass::BoundaryNeutral, "BN"),
        (BidiClass::FirstStrongIsolate, "FSI"),
        (BidiClass::LeftToRightIsolate, "LRI"),
        (BidiClass::RightToLeftIsolate, "RLI"),
        (BidiClass::PopDirectionalIsolate, "PDI"),
    ];
    Ok(strings::new_str(names.iter().find(|n| n.0 == b).map_or("", |n| n.1)))
}
fn combining(v: Value) -> PyResult {
    let c = character(v, "combining", 0)?;
    let n = if is_assigned(c) { CanonicalCombiningClassMapBorrowed::new().get32_u8(c) } else { 0 };
    Ok(int::from_i64(n as i64))
}
fn mirrored(v: Value) -> PyResult {
    let c = character(v, "mirrored", 0)?;
    Ok(int::from_i64((is_assigned(c) && CodePointSetData::new::<BidiMirrored>().contains32(c)) as i64))
}
fn east_asian_width(v: Value) -> PyResult {
    let c = character(v, "east_asian_width", 0)?;
    let w = CodePointMapData::<EastAsianWidth>::new().get32(c);
    let names = [
        (EastAsianWidth::Neutral, "N"),
        (EastAsianWidth::Ambiguous, "A"),
        (EastAsianWidth::Halfwidth, "H"),
        (EastAsianWidth::Fullwidth, "F"),
        (EastAsianWidth::Narrow, "Na"),
        (EastAsianWidth::Wide, "W"),
    ];
    Ok(strings::new_str(names.iter().find(|n| n.0 == w).map_or("N", |n| n.1)))
}

/// Compatibility mappings: a line per code point with it, the tag and the mapping, all in hexadecimal.
static COMPATIBILITY: &str = include_str!("compat_decompositions.txt");

fn compatibility(c: u32) -> Option<String> {
    static TABLE: OnceLock<HashMap<u32, &'static str>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        COMPATIBILITY
            .lines()
            .filter_map(|l| {
                let (c, rest) = l.split_once(' ')?;
                Some((u32::from_str_radix(c, 16).ok()?, rest))
            })
            .collect()
    });
    let (tag, mapping) = table.get(&c)?.split_once(' ')?;
    Some(format!("<{tag}> {mapping}"))
}

fn decomposition(v: Value) -> PyResult {
    let c = character(v, "decomposition", 0)?;
    let text = match char::from_u32(c) {
        Some(_) if (0xac00..=0xd7a3).contains(&c) => {
            let i = c - 0xac00;
            let (l, v, t) = (0x1100 + i / 588, 0x1161 + i % 588 / 28, 0x11a7 + i % 28);
            if t == 0x11a7 { format!("{l:04X} {v:04X}") } else { format!("{l:04X} {v:04X} {t:04X}") }
        }
        Some(_) if !is_assigned(c) => String::new(),
        Some(ch) => match CanonicalDecompositionBorrowed::new().decompose(ch) {
            Decomposed::Singleton(a) => format!("{:04X}", a as u32),
            Decomposed::Expansion(a, b) => format!("{:04X} {:04X}", a as u32, b as u32),
            Decomposed::Default => compatibility(c).unwrap_or_default(),
        },
        None => String::new(),
    };
    Ok(strings::new_str(&text))
}

fn name_of(c: u32) -> Option<String> {
    if !is_assigned(c) {
        return None;
    }
    unicode_names2::name(char::from_u32(c)?).map(|n| n.to_string())
}
fn name(v: Value, default: Value) -> PyResult {
    let c = character(v, "name", 1)?;
    or_default(name_of(c).map(|n| strings::new_str(&n)), default, "no such name")
}
fn lookup(v: Value) -> PyResult {
    let Some(s) = strings::as_str(&v) else {
        return err!(TypeError, "lookup() argument must be str, not {}", v.type_name());
    };
    let text = s.to_string_lossy().to_ascii_uppercase();
    if text.is_ascii()
        && let Some(c) = unicode_names2::character(&text)
        && is_assigned(c as u32)
    {
        // The crate matches loosely; only the exact name counts, or an alias (which is not the name at all).
        let squeeze = |t: &str| -> String { t.chars().filter(|c| c.is_ascii_alphanumeric()).collect() };
        let exact = match name_of(c as u32) {
            Some(n) if n == text => true,
            Some(n) => squeeze(&n) != squeeze(&text) && !text.contains('_'),
            None => !text.contains('_'),
        };
        if exact {
            return Ok(strings::from_char(c as u32));
        }
    }
    let message = strings::new_str(&format!("undefined character name '{}'", s.to_string_lossy()));
    Err(taipan_objects::err::raise_with(&exceptions::KeyError, &[*message]))
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    Nfc,
    Nfd,
    Nfkc,
    Nfkd,
}

fn form(v: Value, function: &str) -> PyResult<Form> {
    let Some(s) = strings::as_str(&v) else {
        return err!(TypeError, "{function}() argument 1 must be str, not {}", v.type_name());
    };
    match &*s.to_string_lossy() {
        "NFC" => Ok(Form::Nfc),
        "NFD" => Ok(Form::Nfd),
        "NFKC" => Ok(Form::Nfkc),
        "NFKD" => Ok(Form::Nfkd),
        _ => err!(ValueError, "invalid normalization form"),
    }
}

fn normalized(f: Form, text: &str) -> String {
    match f {
        Form::Nfc => ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned(),
        Form::Nfkc => ComposingNormalizerBorrowed::new_nfkc().normalize(text).into_owned(),
        Form::Nfd => DecomposingNormalizerBorrowed::new_nfd().normalize(text).into_owned(),
        Form::Nfkd => DecomposingNormalizerBorrowed::new_nfkd().normalize(text).into_owned(),
    }
}

/// Normalizes the parts between lone surrogates, and later characters, which stay as they are.
fn apply(f: Form, s: &PyStr) -> Ref {
    let mut out = StrBuilder::new();
    let mut part = String::new();
    for c in s.data().iter() {
        match char::from_u32(c) {
            Some(ch) => part.push(ch),
            None => {
                out.push_str(&normalized(f, &part));
                part.clear();
                out.push(c);
            }
        }
    }
    out.push_str(&normalized(f, &part));
    out.finish()
}

fn normalize(form_name: Value, v: Value) -> PyResult {
    let f = form(form_name, "normalize")?;
    let Some(s) = strings::as_str(&v) else {
        return err!(TypeError, "normalize() argument 2 must be str, not {}", v.type_name());
    };
    if s.is_ascii() && v.is_exact::<PyStr>() {
        return Ok(v.to_ref());
    }
    let r = apply(f, s);
    Ok(if v.is_exact::<PyStr>() && expect(*r).equals(s) { v.to_ref() } else { r })
}
fn is_normalized(form_name: Value, v: Value) -> PyResult {
    let f = form(form_name, "is_normalized")?;
    let Some(s) = strings::as_str(&v) else {
        return err!(TypeError, "is_normalized() argument 2 must be str, not {}", v.type_name());
    };
    Ok(Ref::bool(s.is_ascii() || expect(*apply(f, s)).equals(s)))
}
