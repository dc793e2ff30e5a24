//! Searching, splitting and replacing in str.

use crate::err::PyResult;
use crate::search::{self, Unit};
use crate::strings::{self, PyStr, StrBuilder, StrData, expect};
use crate::unicode;
use crate::value::{Ref, Value};
use crate::{err, int, list, tuple, with_str};

/// Calls `$f` with haystack and needle in one unit size; `$none` if the needle cannot be in there.
macro_rules! same_units {
    ($hay:expr, $needle:expr, $none:expr, |$h:ident, $n:ident| $body:expr) => {
        match ($hay, $needle) {
            (StrData::Latin1($h), StrData::Latin1($n)) => $body,
            (StrData::Ucs2($h), StrData::Ucs2($n)) => $body,
            (StrData::Ucs4($h), StrData::Ucs4($n)) => $body,
            (StrData::Ucs2($h), StrData::Latin1(n)) => {
                let wide: Vec<u16> = n.iter().map(|c| *c as u16).collect();
                let $n: &[u16] = &wide;
                $body
            }
            (StrData::Ucs4($h), other) => {
                let wide: Vec<u32> = other.to_vec();
                let $n: &[u32] = &wide;
                $body
            }
            _ => $none,
        }
    };
}

/// An argument that must be str: TypeError "find() argument 1 must be str, not int".
pub(crate) fn str_arg(v: &Value, function: &str, position: usize) -> PyResult<&'static PyStr> {
    if strings::is_str(*v) {
        return Ok(expect(*v));
    }
    let place = if position == 0 {
        String::new()
    } else {
        format!(" {position}")
    };
    err!(
        TypeError,
        "{function}() argument{place} must be str, not {}",
        type_or_none(*v)
    )
}

pub(crate) fn type_or_none(v: Value) -> &'static str {
    if v.is_none() { "None" } else { v.type_name() }
}

/// Optional start and end as in `s.find(x, start, end)`, brought into range of `len` (but start may lie behind the end).
pub(crate) fn bounds(start: Value, end: Value, len: usize) -> PyResult<(usize, usize)> {
    let one = |v: Value, default: isize| -> PyResult<isize> {
        if v.is_none_or_null() {
            return Ok(default);
        }
        if v.as_small_int().is_none() && v.ty().slots().index.is_none() {
            return err!(
                TypeError,
                "slice indices must be integers or None or have an __index__ method"
            );
        }
        int::to_isize_clipped(v)
    };
    let n = len as isize;
    let mut s = one(start, 0)?;
    let mut e = one(end, isize::MAX)?;
    if e > n {
        e = n;
    } else if e < 0 {
        e = (e + n).max(0);
    }
    if s < 0 {
        s = (s + n).max(0);
    }
    Ok((s as usize, e as usize))
}

fn part(d: StrData<'_>, start: usize, end: usize) -> StrData<'_> {
    match d {
        StrData::Latin1(s) => StrData::Latin1(&s[start..end]),
        StrData::Ucs2(s) => StrData::Ucs2(&s[start..end]),
        StrData::Ucs4(s) => StrData::Ucs4(&s[start..end]),
    }
}

/// First place of `needle` in `s[start..end]`.
pub fn find_in(s: &PyStr, needle: &PyStr, start: usize, end: usize) -> Option<usize> {
    if start > end {
        return None;
    }
    same_units!(part(s.data(), start, end), needle.data(), None, |h, n| {
        search::find(h, n)
    })
    .map(|i| i + start)
}

fn rfind_in(s: &PyStr, needle: &PyStr, start: usize, end: usize) -> Option<usize> {
    if start > end {
        return None;
    }
    same_units!(part(s.data(), start, end), needle.data(), None, |h, n| {
        search::rfind(h, n)
    })
    .map(|i| i + start)
}

/// Whether `needle` occurs in `s`.
pub fn contains(s: &PyStr, needle: &PyStr) -> bool {
    find_in(s, needle, 0, s.len()).is_some()
}

pub(crate) fn find(a: &[Value]) -> PyResult {
    let (s, n) = (expect(a[0]), str_arg(&a[1], "find", 1)?);
    let (start, end) = bounds(a[2], a[3], s.len())?;
    Ok(int::from_i64(
        find_in(s, n, start, end).map_or(-1, |i| i as i64),
    ))
}
pub(crate) fn rfind(a: &[Value]) -> PyResult {
    let (s, n) = (expect(a[0]), str_arg(&a[1], "rfind", 1)?);
    let (start, end) = bounds(a[2], a[3], s.len())?;
    Ok(int::from_i64(
        rfind_in(s, n, start, end).map_or(-1, |i| i as i64),
    ))
}
pub(crate) fn index(a: &[Value]) -> PyResult {
    let (s, n) = (expect(a[0]), str_arg(&a[1], "index", 1)?);
    let (start, end) = bounds(a[2], a[3], s.len())?;
    match find_in(s, n, start, end) {
        Some(i) => Ok(int::from_usize(i)),
        None => err!(ValueError, "substring not found"),
    }
}
pub(crate) fn rindex(a: &[Value]) -> PyResult {
    let (s, n) = (expect(a[0]), str_arg(&a[1], "rindex", 1)?);
    let (start, end) = bounds(a[2], a[3], s.len())?;
    match rfind_in(s, n, start, end) {
        Some(i) => Ok(int::from_usize(i)),
        None => err!(ValueError, "substring not found"),
    }
}
pub(crate) fn count(a: &[Value]) -> PyResult {
    let (s, n) = (expect(a[0]), str_arg(&a[1], "count", 1)?);
    let (start, end) = bounds(a[2], a[3], s.len())?;
    if start > end {
        return Ok(int::from_i64(0));
    }
    let c = same_units!(part(s.data(), start, end), n.data(), 0, |h, n| {
        search::count(h, n, usize::MAX)
    });
    Ok(int::from_usize(c))
}

fn matches_at(s: &PyStr, needle: &PyStr, start: usize, end: usize, at_end: bool) -> bool {
    if start > end || end - start < needle.len() {
        return false;
    }
    let from = if at_end { end - needle.len() } else { start };
    let d = part(s.data(), from, from + needle.len());
    same_units!(d, needle.data(), false, |h, n| h == n)
}

fn affix(a: &[Value], name: &str, at_end: bool) -> PyResult {
    let s = expect(a[0]);
    let (start, end) = bounds(a[2], a[3], s.len())?;
    if tuple::is_tuple(a[1]) {
        for item in tuple::as_slice(a[1]) {
            let Some(n) = strings::as_str(item) else {
                return err!(
                    TypeError,
                    "tuple for {name} must only contain str, not {}",
                    item.type_name()
                );
            };
            if matches_at(s, n, start, end, at_end) {
                return Ok(Ref::bool(true));
            }
        }
        return Ok(Ref::bool(false));
    }
    match strings::as_str(&a[1]) {
        Some(n) => Ok(Ref::bool(matches_at(s, n, start, end, at_end))),
        None => err!(
            TypeError,
            "{name} first arg must be str or a tuple of str, not {}",
            a[1].type_name()
        ),
    }
}
pub(crate) fn startswith(a: &[Value]) -> PyResult {
    affix(a, "startswith", false)
}
pub(crate) fn endswith(a: &[Value]) -> PyResult {
    affix(a, "endswith", true)
}

/// The value itself if it is an exact str, else an exact copy.
pub(crate) fn exact(v: Value) -> Ref {
    if v.is_exact::<PyStr>() {
        v.to_ref()
    } else {
        strings::from_data(expect(v).data())
    }
}

pub(crate) fn removeprefix(a: &[Value]) -> PyResult {
    let (s, n) = (expect(a[0]), str_arg(&a[1], "removeprefix", 0)?);
    if matches_at(s, n, 0, s.len(), false) {
        return Ok(strings::substring(s, n.len(), s.len()));
    }
    Ok(exact(a[0]))
}
pub(crate) fn removesuffix(a: &[Value]) -> PyResult {
    let (s, n) = (expect(a[0]), str_arg(&a[1], "removesuffix", 0)?);
    if matches_at(s, n, 0, s.len(), true) {
        return Ok(strings::substring(s, 0, s.len() - n.len()));
    }
    Ok(exact(a[0]))
}

fn pieces(s: &PyStr, ranges: &[(usize, usize)]) -> Ref {
    list::new_list(
        ranges
            .iter()
            .map(|r| strings::substring(s, r.0, r.1))
            .collect(),
    )
}

pub(crate) fn max_arg(v: Value) -> PyResult<usize> {
    if v.is_null() {
        return Ok(usize::MAX);
    }
    let n = int::to_isize(v)?;
    Ok(if n < 0 { usize::MAX } else { n as usize })
}

fn do_split(a: &[Value], right: bool) -> PyResult {
    let s = expect(a[0]);
    let max = max_arg(a[2])?;
    if a[1].is_none_or_null() {
        let ranges = match s.data() {
            StrData::Latin1(d) => {
                let space = |c: u8| unicode::is_space(c as u32);
                if right {
                    search::rsplit_whitespace(d, max, space)
                } else {
                    search::split_whitespace(d, max, space)
                }
            }
            d => with_str!(d, h => {
                if right {
                    search::rsplit_whitespace(h, max, |c| unicode::is_space(c.code()))
                } else {
                    search::split_whitespace(h, max, |c| unicode::is_space(c.code()))
                }
            }),
        };
        return Ok(pieces(s, &ranges));
    }
    let Some(sep) = strings::as_str(&a[1]) else {
        return err!(TypeError, "must be str or None, not {}", a[1].type_name());
    };
    if sep.len() == 0 {
        return err!(ValueError, "empty separator");
    }
    let ranges = same_units!(s.data(), sep.data(), vec![(0, s.len())], |h, n| if right {
        search::rsplit(h, n, max)
    } else {
        search::split(h, n, max)
    });
    if ranges.len() == 1 {
        return Ok(list::new_list(vec![exact(a[0])]));
    }
    Ok(pieces(s, &ranges))
}
pub(crate) fn split(a: &[Value]) -> PyResult {
    do_split(a, false)
}
pub(crate) fn rsplit(a: &[Value]) -> PyResult {
    do_split(a, true)
}
pub(crate) fn splitlines(a: &[Value]) -> PyResult {
    let s = expect(a[0]);
    let keep = !a[1].is_null() && crate::protocol::is_true(a[1])?;
    let ranges =
        with_str!(s.data(), h => search::split_lines(h, keep, |c| unicode::is_linebreak(c.code())));
    if ranges.len() == 1 && ranges[0] == (0, s.len()) {
        return Ok(list::new_list(vec![exact(a[0])]));
    }
    Ok(pieces(s, &ranges))
}

fn separator(v: &Value) -> PyResult<&'static PyStr> {
    if !strings::is_str(*v) {
        return err!(TypeError, "must be str, not {}", v.type_name());
    }
    let sep = expect(*v);
    if sep.len() == 0 {
        return err!(ValueError, "empty separator");
    }
    Ok(sep)
}
pub(crate) fn partition(a: &[Value]) -> PyResult {
    let (s, sep) = (expect(a[0]), separator(&a[1])?);
    Ok(match find_in(s, sep, 0, s.len()) {
        Some(i) => tuple::of([
            strings::substring(s, 0, i),
            a[1].to_ref(),
            strings::substring(s, i + sep.len(), s.len()),
        ]),
        None => tuple::of([exact(a[0]), strings::empty(), strings::empty()]),
    })
}
pub(crate) fn rpartition(a: &[Value]) -> PyResult {
    let (s, sep) = (expect(a[0]), separator(&a[1])?);
    Ok(match rfind_in(s, sep, 0, s.len()) {
        Some(i) => tuple::of([
            strings::substring(s, 0, i),
            a[1].to_ref(),
            strings::substring(s, i + sep.len(), s.len()),
        ]),
        None => tuple::of([strings::empty(), strings::empty(), exact(a[0])]),
    })
}

pub(crate) fn replace(a: &[Value]) -> PyResult {
    let (s, old, new) = (
        expect(a[0]),
        str_arg(&a[1], "replace", 1)?,
        str_arg(&a[2], "replace", 2)?,
    );
    let max = max_arg(a[3])?;
    if old.equals(new) || max == 0 {
        return Ok(exact(a[0]));
    }
    if new.kind() <= s.kind() {
        if old.kind() > s.kind() {
            return Ok(exact(a[0]));
        }
        let done = match s.data() {
            StrData::Latin1(h) => search::replace(h, old.raw_bytes(), new.raw_bytes(), max)
                .map(|v| strings::new_latin1(&v)),
            StrData::Ucs2(h) => {
                let (o, n) = (narrow16(old), narrow16(new));
                search::replace(h, &o, &n, max).map(|v| strings::from_data(StrData::Ucs2(&v)))
            }
            StrData::Ucs4(h) => search::replace(h, &old.data().to_vec(), &new.data().to_vec(), max)
                .map(|v| strings::from_code_points(&v)),
        };
        return Ok(done.unwrap_or_else(|| exact(a[0])));
    }
    if old.len() > 0 && !contains(s, old) {
        return Ok(exact(a[0]));
    }
    let done = search::replace(
        &s.data().to_vec(),
        &old.data().to_vec(),
        &new.data().to_vec(),
        max,
    );
    Ok(done.map_or_else(|| exact(a[0]), |v| strings::from_code_points(&v)))
}

fn narrow16(s: &PyStr) -> Vec<u16> {
    with_str!(s.data(), d => d.iter().map(|c| *c as u16).collect())
}

fn do_strip(a: &[Value], name: &str, left: bool, right: bool) -> PyResult {
    let s = expect(a[0]);
    let (mut start, mut end) = (0, s.len());
    if a[1].is_none_or_null() {
        with_str!(s.data(), d => {
            while left && start < end && unicode::is_space(d[start].code()) {
                start += 1;
            }
            while right && end > start && unicode::is_space(d[end - 1].code()) {
                end -= 1;
            }
        });
    } else {
        let Some(chars) = strings::as_str(&a[1]) else {
            return err!(TypeError, "{name} arg must be None or str");
        };
        let set = chars.data().to_vec();
        let has = |c: u32| set.contains(&c);
        with_str!(s.data(), d => {
            while left && start < end && has(d[start].code()) {
                start += 1;
            }
            while right && end > start && has(d[end - 1].code()) {
                end -= 1;
            }
        });
    }
    if start == 0 && end == s.len() {
        return Ok(exact(a[0]));
    }
    Ok(strings::substring(s, start, end))
}
pub(crate) fn strip(a: &[Value]) -> PyResult {
    do_strip(a, "strip", true, true)
}
pub(crate) fn lstrip(a: &[Value]) -> PyResult {
    do_strip(a, "lstrip", true, false)
}
pub(crate) fn rstrip(a: &[Value]) -> PyResult {
    do_strip(a, "rstrip", false, true)
}

/// `separator.join(iterable)`.
pub(crate) fn join(a: &[Value]) -> PyResult {
    join_values(a[0], a[1])
}

/// The strings of an iterable with `sep` between them.
pub fn join_values(sep: Value, iterable: Value) -> PyResult {
    let held;
    let items: &[Ref] = if iterable.is_exact::<list::PyList>() {
        list::expect(iterable).items()
    } else {
        if iterable.ty().slots().iter.is_none() && iterable.ty().slots().item.is_none() {
            return err!(TypeError, "can only join an iterable");
        }
        held = crate::protocol::to_vec(iterable)?;
        &held
    };
    join_refs(sep, items)
}

/// Joins strings; runs no Python code.
pub fn join_refs(sep: Value, items: &[Ref]) -> PyResult {
    let separator = expect(sep);
    if let [one] = items
        && one.is_exact::<PyStr>()
    {
        return Ok(one.clone());
    }
    let mut total = 0usize;
    let mut narrow = separator.kind() == 1 || items.len() < 2;
    let mut ascii = separator.is_ascii() || items.len() < 2;
    for (i, item) in items.iter().enumerate() {
        let Some(s) = strings::as_str(item) else {
            return err!(
                TypeError,
                "sequence item {i}: expected str instance, {} found",
                item.type_name()
            );
        };
        total += s.len();
        narrow &= s.kind() == 1;
        ascii &= s.is_ascii();
    }
    total += separator.len() * items.len().saturating_sub(1);
    if total > u32::MAX as usize / 4 {
        return err!(
            OverflowError,
            "join() result is too long for a Python string"
        );
    }
    if narrow {
        return Ok(strings::build_latin1(total, ascii, |out| {
            let mut at = 0;
            let mut put = |b: &[u8]| {
                out[at..at + b.len()].copy_from_slice(b);
                at += b.len();
            };
            for (i, item) in items.iter().enumerate() {
                if i > 0 && separator.len() > 0 {
                    put(separator.raw_bytes());
                }
                put(expect(**item).raw_bytes());
            }
        }));
    }
    let mut out = StrBuilder::with_capacity(0);
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push_pystr(separator);
        }
        out.push_pystr(expect(**item));
    }
    Ok(out.finish())
}
