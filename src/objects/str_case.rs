//! Case mapping and character tests of str.

use crate::err::PyResult;
use crate::search::Unit;
use crate::strings::{self, PyStr, StrBuilder, StrData, expect};
use crate::unicode;
use crate::value::{Ref, Value};
use crate::with_str;

fn ascii_map(s: &PyStr, f: impl Fn(&mut [u8])) -> Ref {
    strings::build_latin1(s.len(), true, |out| {
        out.copy_from_slice(s.raw_bytes());
        f(out)
    })
}

fn push_lower(out: &mut StrBuilder, s: &PyStr, i: usize) {
    let c = s.at(i);
    if c == 0x3a3 {
        out.push(if is_final_sigma(s, i) { 0x3c2 } else { 0x3c3 });
    } else {
        unicode::lower(c, &mut |x| out.push(x));
    }
}

/// Whether the capital sigma at `i` ends a word.
fn is_final_sigma(s: &PyStr, i: usize) -> bool {
    let mut j = i;
    let mut before = false;
    while j > 0 {
        j -= 1;
        let c = s.at(j);
        if !unicode::is_case_ignorable(c) {
            before = unicode::is_cased(c);
            break;
        }
    }
    if !before {
        return false;
    }
    for j in i + 1..s.len() {
        let c = s.at(j);
        if !unicode::is_case_ignorable(c) {
            return !unicode::is_cased(c);
        }
    }
    true
}

pub(crate) fn lower(a: &[Value]) -> PyResult {
    let s = expect(a[0]);
    if s.is_ascii() {
        return Ok(ascii_map(s, |b| b.make_ascii_lowercase()));
    }
    let mut out = StrBuilder::with_capacity(s.len());
    for i in 0..s.len() {
        push_lower(&mut out, s, i);
    }
    Ok(out.finish())
}
pub(crate) fn upper(a: &[Value]) -> PyResult {
    let s = expect(a[0]);
    if s.is_ascii() {
        return Ok(ascii_map(s, |b| b.make_ascii_uppercase()));
    }
    let mut out = StrBuilder::with_capacity(s.len());
    for c in s.data().iter() {
        unicode::upper(c, &mut |x| out.push(x));
    }
    Ok(out.finish())
}
pub(crate) fn casefold(a: &[Value]) -> PyResult {
    let s = expect(a[0]);
    if s.is_ascii() {
        return lower(a);
    }
    let mut out = StrBuilder::with_capacity(s.len());
    for c in s.data().iter() {
        unicode::fold(c, &mut |x| out.push(x));
    }
    Ok(out.finish())
}
pub(crate) fn title(a: &[Value]) -> PyResult {
    let s = expect(a[0]);
    let mut out = StrBuilder::with_capacity(s.len());
    let mut inside = false;
    for i in 0..s.len() {
        let c = s.at(i);
        if inside {
            push_lower(&mut out, s, i);
        } else {
            unicode::title(c, &mut |x| out.push(x));
        }
        inside = unicode::is_cased(c);
    }
    Ok(out.finish())
}
pub(crate) fn capitalize(a: &[Value]) -> PyResult {
    let s = expect(a[0]);
    if s.is_ascii() {
        return Ok(ascii_map(s, |b| {
            b.make_ascii_lowercase();
            if let Some(c) = b.first_mut() {
                c.make_ascii_uppercase();
            }
        }));
    }
    let mut out = StrBuilder::with_capacity(s.len());
    unicode::title(s.at(0), &mut |x| out.push(x));
    for i in 1..s.len() {
        push_lower(&mut out, s, i);
    }
    Ok(out.finish())
}
pub(crate) fn swapcase(a: &[Value]) -> PyResult {
    let s = expect(a[0]);
    let mut out = StrBuilder::with_capacity(s.len());
    for i in 0..s.len() {
        let c = s.at(i);
        if unicode::is_upper(c) {
            push_lower(&mut out, s, i);
        } else if unicode::is_lower(c) {
            unicode::upper(c, &mut |x| out.push(x));
        } else {
            out.push(c);
        }
    }
    Ok(out.finish())
}

fn all(a: &[Value], test: impl Fn(u32) -> bool) -> PyResult {
    let s = expect(a[0]);
    Ok(Ref::bool(
        s.len() > 0 && with_str!(s.data(), d => d.iter().all(|c| test(c.code()))),
    ))
}
pub(crate) fn isalpha(a: &[Value]) -> PyResult {
    all(a, unicode::is_alpha)
}
pub(crate) fn isalnum(a: &[Value]) -> PyResult {
    all(a, unicode::is_alnum)
}
pub(crate) fn isdecimal(a: &[Value]) -> PyResult {
    all(a, |c| unicode::to_decimal(c).is_some())
}
pub(crate) fn isdigit(a: &[Value]) -> PyResult {
    all(a, |c| unicode::to_digit(c).is_some())
}
pub(crate) fn isnumeric(a: &[Value]) -> PyResult {
    all(a, unicode::is_numeric)
}
pub(crate) fn isspace(a: &[Value]) -> PyResult {
    all(a, unicode::is_space)
}
pub(crate) fn isascii(a: &[Value]) -> PyResult {
    Ok(Ref::bool(expect(a[0]).is_ascii()))
}
pub(crate) fn isprintable(a: &[Value]) -> PyResult {
    Ok(Ref::bool(
        with_str!(expect(a[0]).data(), d => d.iter().all(|c| unicode::is_printable(c.code()))),
    ))
}
pub(crate) fn islower(a: &[Value]) -> PyResult {
    let mut cased = false;
    for c in expect(a[0]).data().iter() {
        if unicode::is_upper(c) || unicode::is_title(c) {
            return Ok(Ref::bool(false));
        }
        cased |= unicode::is_lower(c);
    }
    Ok(Ref::bool(cased))
}
pub(crate) fn isupper(a: &[Value]) -> PyResult {
    let mut cased = false;
    for c in expect(a[0]).data().iter() {
        if unicode::is_lower(c) || unicode::is_title(c) {
            return Ok(Ref::bool(false));
        }
        cased |= unicode::is_upper(c);
    }
    Ok(Ref::bool(cased))
}
pub(crate) fn istitle(a: &[Value]) -> PyResult {
    let mut cased = false;
    let mut inside = false;
    for c in expect(a[0]).data().iter() {
        if unicode::is_upper(c) || unicode::is_title(c) {
            if inside {
                return Ok(Ref::bool(false));
            }
            inside = true;
            cased = true;
        } else if unicode::is_lower(c) {
            if !inside {
                return Ok(Ref::bool(false));
            }
            cased = true;
        } else {
            inside = false;
        }
    }
    Ok(Ref::bool(cased))
}
/// Whether the text is an identifier (keywords included).
pub fn is_identifier(s: &PyStr) -> bool {
    let mut it = match s.data() {
        StrData::Latin1(d) if s.is_ascii() => {
            return !d.is_empty()
                && !d[0].is_ascii_digit()
                && d.iter().all(|c| c.is_ascii_alphanumeric() || *c == b'_');
        }
        d => d.iter(),
    };
    it.next().is_some_and(unicode::is_identifier_start) && it.all(unicode::is_identifier_continue)
}
pub(crate) fn isidentifier(a: &[Value]) -> PyResult {
    Ok(Ref::bool(is_identifier(expect(a[0]))))
}
