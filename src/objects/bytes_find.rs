//! Searching, splitting and replacing, shared by bytes and bytearray.

use crate::bytes_methods::{argument, data, same_kind};
use crate::err::PyResult;
use crate::search;
use crate::str_find::{bounds, max_arg};
use crate::value::{Ref, Value};
use crate::{bytes, err, int, list, protocol, tuple};
use std::borrow::Cow;

/// A part to search for: a byte or bytes.
pub(crate) fn needle(v: &Value) -> PyResult<Cow<'static, [u8]>> {
    if v.ty().slots().get_buffer.is_some() {
        return argument(*v);
    }
    if v.ty().slots().index.is_some() {
        let i = protocol::index(*v)?;
        return match int::as_int(&i).and_then(|i| i.to_i64()) {
            Some(i) if (0..256).contains(&i) => Ok(Cow::Owned(vec![i as u8])),
            _ => err!(ValueError, "byte must be in range(0, 256)"),
        };
    }
    err!(
        TypeError,
        "argument should be integer or bytes-like object, not '{}'",
        v.type_name()
    )
}

fn place(a: &[Value], last: bool) -> PyResult<Option<usize>> {
    let n = needle(&a[1])?;
    let d = data(&a[0]);
    let (start, end) = bounds(a[2], a[3], d.len())?;
    if start > end {
        return Ok(None);
    }
    let d = &data(&a[0])[start..end];
    Ok(if last {
        search::rfind(d, &n)
    } else {
        search::find(d, &n)
    }
    .map(|i| i + start))
}
pub(crate) fn find(a: &[Value]) -> PyResult {
    Ok(int::from_i64(place(a, false)?.map_or(-1, |i| i as i64)))
}
pub(crate) fn rfind(a: &[Value]) -> PyResult {
    Ok(int::from_i64(place(a, true)?.map_or(-1, |i| i as i64)))
}
pub(crate) fn index(a: &[Value]) -> PyResult {
    match place(a, false)? {
        Some(i) => Ok(int::from_usize(i)),
        None => err!(ValueError, "subsection not found"),
    }
}
pub(crate) fn rindex(a: &[Value]) -> PyResult {
    match place(a, true)? {
        Some(i) => Ok(int::from_usize(i)),
        None => err!(ValueError, "subsection not found"),
    }
}
pub(crate) fn count(a: &[Value]) -> PyResult {
    let n = needle(&a[1])?;
    let (start, end) = bounds(a[2], a[3], data(&a[0]).len())?;
    if start > end {
        return Ok(int::from_i64(0));
    }
    Ok(int::from_usize(search::count(
        &data(&a[0])[start..end],
        &n,
        usize::MAX,
    )))
}
/// `x in b`.
pub(crate) fn contains(v: Value, item: Value) -> PyResult<bool> {
    if item.ty().slots().get_buffer.is_none() && item.ty().slots().index.is_none() {
        return err!(
            TypeError,
            "a bytes-like object is required, not '{}'",
            item.type_name()
        );
    }
    let n = needle(&item)?;
    Ok(search::find(data(&v), &n).is_some())
}

fn affix(a: &[Value], name: &str, at_end: bool) -> PyResult {
    let (start, end) = bounds(a[2], a[3], data(&a[0]).len())?;
    let test = |v: Value| -> PyResult<bool> {
        let n = argument(v)?;
        let d = data(&a[0]);
        if start > end || end - start < n.len() {
            return Ok(false);
        }
        let d = &d[start..end];
        Ok(if at_end {
            d.ends_with(&n)
        } else {
            d.starts_with(&n)
        })
    };
    if tuple::is_tuple(a[1]) {
        for v in tuple::as_slice(a[1]) {
            if test(*v)? {
                return Ok(Ref::bool(true));
            }
        }
        return Ok(Ref::bool(false));
    }
    if a[1].ty().slots().get_buffer.is_none() {
        return err!(
            TypeError,
            "{name} first arg must be bytes or a tuple of bytes, not {}",
            a[1].type_name()
        );
    }
    Ok(Ref::bool(test(a[1])?))
}
pub(crate) fn startswith(a: &[Value]) -> PyResult {
    affix(a, "startswith", false)
}
pub(crate) fn endswith(a: &[Value]) -> PyResult {
    affix(a, "endswith", true)
}
pub(crate) fn removeprefix(a: &[Value]) -> PyResult {
    let n = argument(a[1])?;
    let d = data(&a[0]);
    match d.strip_prefix(&*n) {
        Some(r) if !n.is_empty() => Ok(same_kind(a[0], r.to_vec())),
        _ => whole(a[0]),
    }
}
pub(crate) fn removesuffix(a: &[Value]) -> PyResult {
    let n = argument(a[1])?;
    let d = data(&a[0]);
    match d.strip_suffix(&*n) {
        Some(r) if !n.is_empty() => Ok(same_kind(a[0], r.to_vec())),
        _ => whole(a[0]),
    }
}

/// The object itself if it is an exact bytes, else a copy.
pub(crate) fn whole(v: Value) -> PyResult {
    if v.is_exact::<bytes::PyBytes>() {
        return Ok(v.to_ref());
    }
    Ok(same_kind(v, data(&v).to_vec()))
}

pub(crate) fn is_space(c: u8) -> bool {
    matches!(c, b' ' | 9..=13)
}

fn pieces(v: Value, ranges: &[(usize, usize)]) -> Ref {
    let d = data(&v);
    if ranges.len() == 1 && ranges[0] == (0, d.len()) && v.is_exact::<bytes::PyBytes>() {
        return list::new_list(vec![v.to_ref()]);
    }
    list::new_list(
        ranges
            .iter()
            .map(|r| same_kind(v, d[r.0..r.1].to_vec()))
            .collect(),
    )
}
fn do_split(a: &[Value], right: bool) -> PyResult {
    let max = max_arg(a[2])?;
    if a[1].is_none_or_null() {
        let d = data(&a[0]);
        let ranges = if right {
            search::rsplit_whitespace(d, max, is_space)
        } else {
            search::split_whitespace(d, max, is_space)
        };
        return Ok(pieces(a[0], &ranges));
    }
    let sep = argument(a[1])?;
    if sep.is_empty() {
        return err!(ValueError, "empty separator");
    }
    let d = data(&a[0]);
    let ranges = if right {
        search::rsplit(d, &sep, max)
    } else {
        search::split(d, &sep, max)
    };
    Ok(pieces(a[0], &ranges))
}
pub(crate) fn split(a: &[Value]) -> PyResult {
    do_split(a, false)
}
pub(crate) fn rsplit(a: &[Value]) -> PyResult {
    do_split(a, true)
}
pub(crate) fn splitlines(a: &[Value]) -> PyResult {
    let keep = !a[1].is_null() && protocol::is_true(a[1])?;
    let ranges = search::split_lines(data(&a[0]), keep, |c| c == b'\n' || c == b'\r');
    Ok(pieces(a[0], &ranges))
}
fn do_partition(a: &[Value], right: bool) -> PyResult {
    let sep = argument(a[1])?;
    if sep.is_empty() {
        return err!(ValueError, "empty separator");
    }
    let d = data(&a[0]);
    let at = if right {
        search::rfind(d, &sep)
    } else {
        search::find(d, &sep)
    };
    let part = |d: &[u8]| same_kind(a[0], d.to_vec());
    Ok(match at {
        Some(i) => {
            let middle = if bytes::is_bytes(a[0]) {
                a[1].to_ref()
            } else {
                part(&sep)
            };
            tuple::of([part(&d[..i]), middle, part(&d[i + sep.len()..])])
        }
        None if right => tuple::of([part(b""), part(b""), whole(a[0])?]),
        None => tuple::of([whole(a[0])?, part(b""), part(b"")]),
    })
}
pub(crate) fn partition(a: &[Value]) -> PyResult {
    do_partition(a, false)
}
pub(crate) fn rpartition(a: &[Value]) -> PyResult {
    do_partition(a, true)
}
pub(crate) fn replace(a: &[Value]) -> PyResult {
    let (old, new) = (argument(a[1])?, argument(a[2])?);
    let max = max_arg(a[3])?;
    match search::replace(data(&a[0]), &old, &new, max) {
        Some(v) => Ok(same_kind(a[0], v)),
        None => whole(a[0]),
    }
}
fn do_strip(a: &[Value], left: bool, right: bool) -> PyResult {
    let chars: Cow<[u8]> = if a[1].is_none_or_null() {
        Cow::Borrowed(b" \t\n\r\x0b\x0c")
    } else {
        argument(a[1])?
    };
    let d = data(&a[0]);
    let (mut start, mut end) = (0, d.len());
    while left && start < end && chars.contains(&d[start]) {
        start += 1;
    }
    while right && end > start && chars.contains(&d[end - 1]) {
        end -= 1;
    }
    if start == 0 && end == d.len() {
        return whole(a[0]);
    }
    Ok(same_kind(a[0], d[start..end].to_vec()))
}
pub(crate) fn strip(a: &[Value]) -> PyResult {
    do_strip(a, true, true)
}
pub(crate) fn lstrip(a: &[Value]) -> PyResult {
    do_strip(a, true, false)
}
pub(crate) fn rstrip(a: &[Value]) -> PyResult {
    do_strip(a, false, true)
}
pub(crate) fn join(a: &[Value]) -> PyResult {
    if a[1].ty().slots().iter.is_none() && a[1].ty().slots().item.is_none() {
        return err!(TypeError, "can only join an iterable");
    }
    let items = protocol::to_vec(a[1])?;
    if let [one] = items.as_slice()
        && one.is_exact::<bytes::PyBytes>()
        && bytes::is_bytes(a[0])
    {
        return Ok(one.clone());
    }
    let mut out = Vec::new();
    for (i, item) in items.iter().enumerate() {
        if item.ty().slots().get_buffer.is_none() {
            return err!(
                TypeError,
                "sequence item {i}: expected a bytes-like object, {} found",
                item.type_name()
            );
        }
        if i > 0 {
            out.extend_from_slice(data(&a[0]));
        }
        out.extend_from_slice(&argument(**item)?);
    }
    Ok(same_kind(a[0], out))
}
