//! `_bisect`: binary search in sorted sequences.

use taipan_objects::err::PyResult;
use taipan_objects::int::{from_i64, to_isize};
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::typeobject::CompareOp;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{err, list, protocol};

/// Where `x` goes: in front of equal items (`left`) or behind them. `a` is `[sequence, x, lo, hi, key]`.
fn search(a: &[Value], x: Value, left: bool) -> PyResult<isize> {
    let seq = a[0];
    let mut lo = if a[2].is_null() { 0 } else { to_isize(a[2])? };
    if lo < 0 {
        return err!(ValueError, "lo must be non-negative");
    }
    let mut hi = if a[3].is_none_or_null() { protocol::len(seq)? as isize } else { to_isize(a[3])? };
    let key = if a[4].is_none_or_null() { None } else { Some(a[4]) };
    while lo < hi {
        let mid = ((lo as usize + hi as usize) / 2) as isize;
        let mut item = match seq.cast_exact::<list::PyList>().and_then(|l| l.get(mid as usize)) {
            Some(v) => v,
            None => protocol::getitem(seq, *from_i64(mid as i64))?,
        };
        if let Some(k) = key {
            item = protocol::call(k, &[*item])?;
        }
        let lower = if left {
            less(*item, x)?
        } else {
            !less(x, *item)?
        };
        if lower {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    Ok(lo)
}

fn less(a: Value, b: Value) -> PyResult<bool> {
    if Value::both_small_ints(a, b) {
        return Ok(a.small_int_unchecked() < b.small_int_unchecked());
    }
    let r = protocol::richcompare(a, b, CompareOp::Lt)?;
    protocol::is_true(*r)
}

fn insort(a: &[Value], left: bool) -> PyResult {
    let at = if a[4].is_none_or_null() {
        search(a, a[1], left)?
    } else {
        let x = protocol::call(a[4], &[a[1]])?;
        search(a, *x, left)?
    };
    if let Some(l) = a[0].cast_exact::<list::PyList>() {
        let n = l.len();
        l.items_mut().insert((at as usize).min(n), a[1].to_ref());
    } else {
        drop(protocol::call_method_str(a[0], "insert", &[*from_i64(at as i64), a[1]])?);
    }
    Ok(Ref::NONE)
}

pub static MODULE: ModuleDef = ModuleDef {
    name: "_bisect",
    doc: "Bisection algorithms.\n\nThis module provides support for maintaining a list in sorted order without\nhaving to sort the list after each insertion.",
    functions: &[
        MethodDef::new(
            "bisect_left($module, /, a, x, lo=0, hi=None, *, key=None)",
            "Return the index where to insert item x in list a, before items equal to it.",
            |a| Ok(from_i64(search(a, a[1], true)? as i64)),
        ),
        MethodDef::new(
            "bisect_right($module, /, a, x, lo=0, hi=None, *, key=None)",
            "Return the index where to insert item x in list a, after items equal to it.",
            |a| Ok(from_i64(search(a, a[1], false)? as i64)),
        ),
        MethodDef::new(
            "insort_left($module, /, a, x, lo=0, hi=None, *, key=None)",
            "Insert item x in list a, before items equal to it.",
            |a| insort(a, true),
        ),
        MethodDef::new(
            "insort_right($module, /, a, x, lo=0, hi=None, *, key=None)",
            "Insert item x in list a, after items equal to it.",
            |a| insort(a, false),
        ),
    ],
    init: None,
};
