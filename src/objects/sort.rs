//! `list.sort`: stable, and safe when comparisons raise or change the list.
//!
//! Keys that are all immediate ints, all immediate floats, all exact strings, or tuples of those are sorted by the standard library's
//! stable sort, as their comparison runs no Python code. Everything else goes through a natural merge sort (runs, binary insertion,
//! galloping merges) whose comparisons may fail at any time; the array is a permutation of its items whenever one does.

use crate::err::PyResult;
use crate::list::{self, PyList};
use crate::strings::{self, PyStr};
use crate::tuple::{self, PyTuple};
use crate::typeobject::CompareOp;
use crate::value::{Ref, Value, values};
use crate::{err, protocol};
use std::cmp::Ordering;

/// What is sorted: a value by itself, or a key with the value it stands for. Counts are held elsewhere.
trait Item: Copy {
    fn key(self) -> Value;
}
impl Item for Value {
    #[inline(always)]
    fn key(self) -> Value {
        self
    }
}
impl Item for (Value, Value) {
    #[inline(always)]
    fn key(self) -> Value {
        self.0
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Int,
    Float,
    Str,
}

#[inline]
fn kind_of(v: Value) -> Option<Kind> {
    if v.is_small_int() {
        Some(Kind::Int)
    } else if v.is_immediate_float() {
        Some(Kind::Float)
    } else if v.is_exact::<PyStr>() {
        Some(Kind::Str)
    } else {
        None
    }
}

/// Order of two values of the same kind.
#[inline(always)]
fn order(kind: Kind, a: Value, b: Value) -> Ordering {
    match kind {
        Kind::Int => a.small_int_unchecked().cmp(&b.small_int_unchecked()),
        // Immediate floats are never nan.
        Kind::Float => a
            .immediate_float_unchecked()
            .partial_cmp(&b.immediate_float_unchecked())
            .unwrap_or(Ordering::Equal),
        Kind::Str => strings::expect(a).cmp(strings::expect(b)),
    }
}

/// Sorts by the standard library if the keys allow it; says whether it did.
fn sort_simple<T: Item>(v: &mut [T]) -> bool {
    let first = v[0].key();
    if let Some(kind) = kind_of(first) {
        if !v.iter().all(|t| kind_of(t.key()) == Some(kind)) {
            return false;
        }
        match kind {
            Kind::Int => v.sort_by_key(|t| t.key().bits() as i64),
            Kind::Float => v.sort_by(|a, b| order(Kind::Float, a.key(), b.key())),
            Kind::Str => v.sort_by(|a, b| order(Kind::Str, a.key(), b.key())),
        }
        return true;
    }
    if !first.is_exact::<PyTuple>() {
        return false;
    }
    let shape = tuple::as_slice(first);
    if shape.is_empty() || shape.len() > 4 {
        return false;
    }
    let mut kinds = [Kind::Int; 4];
    for (k, x) in kinds.iter_mut().zip(shape) {
        match kind_of(*x) {
            Some(kind) => *k = kind,
            None => return false,
        }
    }
    let kinds = &kinds[..shape.len()];
    let fits = |t: &T| {
        t.key().is_exact::<PyTuple>() && {
            let items = tuple::as_slice(t.key());
            items.len() == kinds.len()
                && items
                    .iter()
                    .zip(kinds)
                    .all(|(x, k)| kind_of(*x) == Some(*k))
        }
    };
    if !v.iter().all(fits) {
        return false;
    }
    v.sort_by(|a, b| {
        let (x, y) = (tuple::as_slice(a.key()), tuple::as_slice(b.key()));
        for i in 0..kinds.len() {
            let o = order(kinds[i], x[i], y[i]);
            if o != Ordering::Equal {
                return o;
            }
        }
        Ordering::Equal
    });
    true
}

#[inline]
fn less(a: Value, b: Value) -> PyResult<bool> {
    if Value::both_small_ints(a, b) {
        return Ok(a.small_int_unchecked() < b.small_int_unchecked());
    }
    if a.is_exact::<PyStr>() && b.is_exact::<PyStr>() {
        return Ok(strings::expect(a).cmp(strings::expect(b)).is_lt());
    }
    let r = protocol::richcompare(a, b, CompareOp::Lt)?;
    protocol::is_true(*r)
}

/// Where `key` goes in the sorted `run`: before equal items, or after them. Searches outward from `hint`.
fn gallop<T: Item>(key: Value, run: &[T], hint: usize, after_equal: bool) -> PyResult<usize> {
    // `below(i)`: item i belongs in front of the key.
    let below = |i: usize| -> PyResult<bool> {
        if after_equal {
            Ok(!less(key, run[i].key())?)
        } else {
            less(run[i].key(), key)
        }
    };
    let n = run.len();
    let (mut lo, mut hi);
    if below(hint)? {
        // The place is right of hint: double the steps.
        lo = hint + 1;
        hi = n;
        let mut step = 1usize;
        while hint + step < n {
            if below(hint + step)? {
                lo = hint + step + 1;
            } else {
                hi = hint + step;
                break;
            }
            step = step * 2 + 1;
        }
    } else {
        hi = hint;
        lo = 0;
        let mut step = 1usize;
        while step <= hint {
            if below(hint - step)? {
                lo = hint - step + 1;
                break;
            }
            hi = hint - step;
            step = step * 2 + 1;
        }
    }
    while lo < hi {
        let mid = (lo + hi) / 2;
        if below(mid)? {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    Ok(lo)
}

const MIN_GALLOP: usize = 7;

struct Run {
    start: usize,
    len: usize,
    power: u32,
}

struct Sorter<'a, T> {
    v: &'a mut [T],
    tmp: Vec<T>,
    min_gallop: usize,
    runs: Vec<Run>,
}

impl<T: Item> Sorter<'_, T> {
    fn sort(&mut self) -> PyResult<()> {
        let n = self.v.len();
        let min_run = {
            let (mut m, mut r) = (n, 0);
            while m >= 64 {
                r |= m & 1;
                m >>= 1;
            }
            m + r
        };
        let mut at = 0;
        while at < n {
            let mut len = self.natural_run(at)?;
            if len < min_run {
                let forced = min_run.min(n - at);
                self.insertion(at, len, forced)?;
                len = forced;
            }
            self.push_run(at, len, n)?;
            at += len;
        }
        while self.runs.len() > 1 {
            self.merge_top()?;
        }
        Ok(())
    }

    /// Length of the run that begins at `at`, turned round if it is strictly descending.
    fn natural_run(&mut self, at: usize) -> PyResult<usize> {
        let v = &mut self.v[at..];
        if v.len() < 2 {
            return Ok(v.len());
        }
        let mut n = 2;
        if less(v[1].key(), v[0].key())? {
            while n < v.len() && less(v[n].key(), v[n - 1].key())? {
                n += 1;
            }
            v[..n].reverse();
        } else {
            while n < v.len() && !less(v[n].key(), v[n - 1].key())? {
                n += 1;
            }
        }
        Ok(n)
    }

    /// Extends the sorted `v[at..at+sorted]` to `len` items.
    fn insertion(&mut self, at: usize, sorted: usize, len: usize) -> PyResult<()> {
        let v = &mut self.v[at..at + len];
        for i in sorted..len {
            let key = v[i].key();
            let (mut lo, mut hi) = (0, i);
            while lo < hi {
                let mid = (lo + hi) / 2;
                if less(key, v[mid].key())? {
                    hi = mid;
                } else {
                    lo = mid + 1;
                }
            }
            v[lo..=i].rotate_right(1);
        }
        Ok(())
    }

    /// Notes a run, after merging those that the powersort rule says go first.
    fn push_run(&mut self, start: usize, len: usize, n: usize) -> PyResult<()> {
        if let Some(last) = self.runs.last() {
            // Depth, in a perfectly balanced tree over the array, of the node between the two runs.
            let (mut a, mut b) = (
                2 * last.start + last.len,
                last.start + last.len + start + len,
            );
            let mut power = 0;
            loop {
                power += 1;
                if a >= n {
                    a -= n;
                    b -= n;
                } else if b >= n {
                    break;
                }
                a *= 2;
                b *= 2;
            }
            while self.runs.len() > 1 && self.runs[self.runs.len() - 2].power > power {
                self.merge_top()?;
            }
            self.runs.last_mut().expect("not empty").power = power;
        }
        self.runs.push(Run {
            start,
            len,
            power: 0,
        });
        Ok(())
    }

    /// Merges the two newest runs.
    fn merge_top(&mut self) -> PyResult<()> {
        let right = self.runs.pop().expect("two runs");
        let left = self.runs.last_mut().expect("two runs");
        let (mut lo, mid, mut hi) = (left.start, right.start, right.start + right.len);
        left.len += right.len;
        lo += gallop(self.v[mid].key(), &self.v[lo..mid], 0, true)?;
        if lo == mid {
            return Ok(());
        }
        hi = mid + gallop(self.v[mid - 1].key(), &self.v[mid..hi], hi - mid - 1, false)?;
        if hi == mid {
            return Ok(());
        }
        if mid - lo <= hi - mid {
            self.merge_low(lo, mid, hi)
        } else {
            self.merge_high(lo, mid, hi)
        }
    }

    /// Merges upward, with the left run set aside.
    fn merge_low(&mut self, lo: usize, mid: usize, hi: usize) -> PyResult<()> {
        self.tmp.clear();
        self.tmp.extend_from_slice(&self.v[lo..mid]);
        let (mut i, mut j, mut d) = (0, mid, lo);
        let r = self.merge_low_steps(&mut i, &mut j, &mut d, hi);
        // What is left of the set-aside run fills the gap exactly, also after a failure.
        self.v[d..d + self.tmp.len() - i].copy_from_slice(&self.tmp[i..]);
        r
    }
    fn merge_low_steps(
        &mut self,
        i: &mut usize,
        j: &mut usize,
        d: &mut usize,
        hi: usize,
    ) -> PyResult<()> {
        let (v, tmp) = (&mut *self.v, &self.tmp);
        let n = tmp.len();
        loop {
            let (mut left_wins, mut right_wins) = (0, 0);
            while left_wins < self.min_gallop && right_wins < self.min_gallop {
                if *i == n || *j == hi {
                    return Ok(());
                }
                if less(v[*j].key(), tmp[*i].key())? {
                    v[*d] = v[*j];
                    *j += 1;
                    right_wins += 1;
                    left_wins = 0;
                } else {
                    v[*d] = tmp[*i];
                    *i += 1;
                    left_wins += 1;
                    right_wins = 0;
                }
                *d += 1;
            }
            loop {
                if *i == n || *j == hi {
                    return Ok(());
                }
                self.min_gallop = self.min_gallop.saturating_sub(1).max(1);
                let a = gallop(v[*j].key(), &tmp[*i..], 0, true)?;
                v[*d..*d + a].copy_from_slice(&tmp[*i..*i + a]);
                *i += a;
                *d += a;
                if *i == n {
                    return Ok(());
                }
                let b = gallop(tmp[*i].key(), &v[*j..hi], 0, false)?;
                v.copy_within(*j..*j + b, *d);
                *j += b;
                *d += b;
                if a < MIN_GALLOP && b < MIN_GALLOP {
                    self.min_gallop += 2;
                    break;
                }
            }
        }
    }

    /// Merges downward, with the right run set aside.
    fn merge_high(&mut self, lo: usize, mid: usize, hi: usize) -> PyResult<()> {
        self.tmp.clear();
        self.tmp.extend_from_slice(&self.v[mid..hi]);
        let (mut i, mut j) = (mid, hi - mid);
        let r = self.merge_high_steps(lo, &mut i, &mut j);
        self.v[i..i + j].copy_from_slice(&self.tmp[..j]);
        r
    }
    /// `i`: end of what is left of the left run; `j`: of the set-aside one. The next place is always `i + j - 1`.
    fn merge_high_steps(&mut self, lo: usize, i: &mut usize, j: &mut usize) -> PyResult<()> {
        let (v, tmp) = (&mut *self.v, &self.tmp);
        loop {
            let (mut left_wins, mut right_wins) = (0, 0);
            while left_wins < self.min_gallop && right_wins < self.min_gallop {
                if *i == lo || *j == 0 {
                    return Ok(());
                }
                let d = *i + *j - 1;
                if less(tmp[*j - 1].key(), v[*i - 1].key())? {
                    v[d] = v[*i - 1];
                    *i -= 1;
                    left_wins += 1;
                    right_wins = 0;
                } else {
                    v[d] = tmp[*j - 1];
                    *j -= 1;
                    right_wins += 1;
                    left_wins = 0;
                }
            }
            loop {
                if *i == lo || *j == 0 {
                    return Ok(());
                }
                self.min_gallop = self.min_gallop.saturating_sub(1).max(1);
                let keep = gallop(tmp[*j - 1].key(), &v[lo..*i], *i - lo - 1, true)?;
                let a = *i - lo - keep;
                v.copy_within(*i - a..*i, *i + *j - a);
                *i -= a;
                if *i == lo {
                    return Ok(());
                }
                let keep = gallop(v[*i - 1].key(), &tmp[..*j], *j - 1, false)?;
                let b = *j - keep;
                v[*i + keep..*i + *j].copy_from_slice(&tmp[keep..*j]);
                *j = keep;
                if a < MIN_GALLOP && b < MIN_GALLOP {
                    self.min_gallop += 2;
                    break;
                }
            }
        }
    }
}

fn sort_items<T: Item>(v: &mut [T]) -> PyResult<()> {
    if v.len() < 2 || sort_simple(v) {
        return Ok(());
    }
    Sorter {
        v,
        tmp: Vec::new(),
        min_gallop: MIN_GALLOP,
        runs: Vec::new(),
    }
    .sort()
}

/// Sorts references in place; on failure they are all there, in some order.
pub fn sort_refs(items: &mut [Ref], key: Value, reverse: bool) -> PyResult<()> {
    let mut keys: Vec<Ref> = Vec::new();
    if !key.is_none_or_null() {
        keys.reserve(items.len());
        for v in items.iter() {
            keys.push(protocol::call(key, &[**v])?);
        }
    }
    if reverse {
        items.reverse();
        keys.reverse();
    }
    let result;
    if keys.is_empty() {
        // SAFETY: Ref is a transparent wrapper of Value, and sorting only permutes.
        let words = unsafe {
            std::slice::from_raw_parts_mut(items.as_mut_ptr() as *mut Value, items.len())
        };
        result = sort_items(words);
    } else {
        let mut pairs: Vec<(Value, Value)> = values(&keys)
            .iter()
            .copied()
            .zip(values(items).iter().copied())
            .collect();
        result = sort_items(&mut pairs);
        for (i, (_, v)) in pairs.iter().enumerate() {
            // SAFETY: the pairs are a permutation of the items: each count is written back once, none is dropped.
            unsafe { std::ptr::write(&mut items[i], Ref::from_owned(*v)) };
        }
    }
    if reverse {
        items.reverse();
    }
    result
}

/// `l.sort(key=key, reverse=reverse)`.
pub fn sort_list(l: Value, key: Value, reverse: bool) -> PyResult<()> {
    let this: &PyList = list::expect(l);
    // While it is sorted the list is empty, so that nobody sees or changes the items.
    let mut items = std::mem::take(this.items_mut());
    let result = sort_refs(&mut items, key, reverse);
    let meanwhile = std::mem::replace(this.items_mut(), items);
    let modified = meanwhile.capacity() != 0;
    drop(meanwhile);
    result?;
    if modified {
        return err!(ValueError, "list modified during sort");
    }
    Ok(())
}
