//! `range` and its iterators. Ranges whose parts are machine integers have a fast path; others compute with big integers.

use crate::err::PyResult;
use crate::iterators::{builtin, self_iter};
use crate::list_methods::index_bounds;
use crate::native::{MemberDef, MethodDef};
use crate::object::{Header, new_object};
use crate::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Value};
use crate::{err, int, protocol, slice, strings, tuple};
use dashu_int::IBig;
use std::cell::Cell;

/// A range; the parts are exact ints.
#[repr(C)]
pub struct PyRange {
    pub header: Header,
    pub start: Ref,
    pub stop: Ref,
    pub step: Ref,
    pub length: Ref,
}
crate::object_impl!(PyRange, RANGE_TYPE);

/// Iterates a range of machine integers.
#[repr(C)]
pub struct RangeIter {
    pub header: Header,
    pub current: Cell<i64>,
    pub step: Cell<i64>,
    pub remaining: Cell<u64>,
}
crate::object_impl!(RangeIter, RANGE_ITERATOR_TYPE);

/// Iterates any other range.
#[repr(C)]
pub struct LongRangeIter {
    pub header: Header,
    start: IBig,
    step: IBig,
    length: IBig,
    index: std::cell::RefCell<IBig>,
}
crate::object_impl!(LongRangeIter, LONG_RANGE_ITERATOR_TYPE);

impl RangeIter {
    /// The next number.
    #[inline(always)]
    pub fn next(&self) -> Option<Ref> {
        let n = self.remaining.get();
        if n == 0 {
            return None;
        }
        self.remaining.set(n - 1);
        let i = self.current.get();
        self.current.set(i.wrapping_add(self.step.get()));
        Some(int::from_i64(i))
    }
}

fn big(v: Value) -> IBig {
    int::as_int(&v)
        .expect("parts of a range are ints")
        .to_ibig()
}

/// Number of items, by big integers.
fn big_length(start: &IBig, stop: &IBig, step: &IBig) -> IBig {
    let one = IBig::from(1);
    if *step > IBig::ZERO {
        if start < stop {
            (stop - start - &one) / step + one
        } else {
            IBig::ZERO
        }
    } else if start > stop {
        (start - stop - &one) / -step + one
    } else {
        IBig::ZERO
    }
}

fn small_length(start: i64, stop: i64, step: i64) -> u64 {
    if step > 0 {
        if start < stop {
            (stop.wrapping_sub(start) as u64 - 1) / step as u64 + 1
        } else {
            0
        }
    } else if start > stop {
        (start.wrapping_sub(stop) as u64 - 1) / step.unsigned_abs() + 1
    } else {
        0
    }
}

fn exact_int(v: Value) -> PyResult {
    let r = protocol::index(v)?;
    if r.is_small_int() {
        return Ok(r);
    }
    Ok(int::from_ibig(big(*r)))
}

/// `range(start, stop, step)`; the parts are exact ints and `step` is not zero.
fn make(start: Ref, stop: Ref, step: Ref) -> Ref {
    let length = match (
        start.as_small_int(),
        stop.as_small_int(),
        step.as_small_int(),
    ) {
        (Some(a), Some(b), Some(c)) => int::from_u64(small_length(a, b, c)),
        _ => int::from_ibig(big_length(&big(*start), &big(*stop), &big(*step))),
    };
    new_object(PyRange {
        header: Header::new(&RANGE_TYPE),
        start,
        stop,
        step,
        length,
    })
}

/// A range of machine integers.
pub fn new_range(start: i64, stop: i64, step: i64) -> Ref {
    make(
        int::from_i64(start),
        int::from_i64(stop),
        int::from_i64(step),
    )
}

fn range_new(_ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    if !kwnames.is_null() && !tuple::as_slice(kwnames).is_empty() {
        return err!(TypeError, "range() takes no keyword arguments");
    }
    match *args {
        [stop] => Ok(make(
            Ref::immediate(Value::small_int(0)),
            exact_int(stop)?,
            Ref::immediate(Value::small_int(1)),
        )),
        [start, stop] => Ok(make(
            exact_int(start)?,
            exact_int(stop)?,
            Ref::immediate(Value::small_int(1)),
        )),
        [start, stop, step] => {
            let (start, stop, step) = (exact_int(start)?, exact_int(stop)?, exact_int(step)?);
            if step.as_small_int() == Some(0) {
                return err!(ValueError, "range() arg 3 must not be zero");
            }
            Ok(make(start, stop, step))
        }
        [] => err!(TypeError, "range expected at least 1 argument, got 0"),
        _ => err!(
            TypeError,
            "range expected at most 3 arguments, got {}",
            args.len()
        ),
    }
}

/// The value as a range; to be used where it is known to be one.
#[inline]
pub fn expect(v: Value) -> &'static PyRange {
    // SAFETY: known to be a range; alive as long as the caller holds it.
    unsafe { &*(v.as_ptr() as *const PyRange) }
}

impl PyRange {
    /// `(start, stop, step)` as machine integers, if they all are.
    #[inline]
    pub fn small(&self) -> Option<(i64, i64, i64)> {
        let get = |r: &Ref| int::as_int(r).and_then(|i| i.to_i64());
        Some((get(&self.start)?, get(&self.stop)?, get(&self.step)?))
    }
    fn big_item(&self, i: &IBig) -> IBig {
        big(*self.start) + i * big(*self.step)
    }
}

/// The iterator of a range, as a value.
pub fn range_iterator(v: Value) -> Ref {
    let r = expect(v);
    if let Some((start, stop, step)) = r.small() {
        return new_object(RangeIter {
            header: Header::new(&RANGE_ITERATOR_TYPE),
            current: Cell::new(start),
            step: Cell::new(step),
            remaining: Cell::new(small_length(start, stop, step)),
        });
    }
    long_iterator(big(*r.start), big(*r.step), big(*r.length))
}

fn long_iterator(start: IBig, step: IBig, length: IBig) -> Ref {
    new_object(LongRangeIter {
        header: Header::new(&LONG_RANGE_ITERATOR_TYPE),
        start,
        step,
        length,
        index: std::cell::RefCell::new(IBig::ZERO),
    })
}

fn reversed(args: &[Value]) -> PyResult {
    let r = expect(args[0]);
    let length = big(*r.length);
    let first = r.big_item(&(&length - IBig::from(1)));
    let step = -big(*r.step);
    if let (Ok(first), Ok(step), Ok(length), Some(_)) = (
        i64::try_from(&first),
        i64::try_from(&step),
        u64::try_from(&length),
        r.small(),
    ) {
        return Ok(new_object(RangeIter {
            header: Header::new(&RANGE_ITERATOR_TYPE),
            current: Cell::new(first),
            step: Cell::new(step),
            remaining: Cell::new(length),
        }));
    }
    Ok(long_iterator(first, step, length))
}

fn range_repr(v: Value) -> PyResult {
    let r = expect(v);
    let (start, stop) = (
        protocol::repr_text(*r.start)?,
        protocol::repr_text(*r.stop)?,
    );
    Ok(strings::new_str(&if r.step.as_small_int() == Some(1) {
        format!("range({start}, {stop})")
    } else {
        format!("range({start}, {stop}, {})", protocol::repr_text(*r.step)?)
    }))
}

fn range_length(v: Value) -> PyResult<usize> {
    match int::as_int(&expect(v).length).and_then(|i| i.to_i64()) {
        Some(n) => Ok(n as usize),
        None => err!(
            OverflowError,
            "Python int too large to convert to C ssize_t"
        ),
    }
}

fn is_zero(v: &Ref) -> bool {
    v.as_small_int() == Some(0)
}

fn same(a: &Ref, b: &Ref) -> bool {
    a.is(**b) || (a.is_heap() && b.is_heap() && big(**a) == big(**b))
}

fn range_richcompare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if !a.is_exact::<PyRange>()
        || !b.is_exact::<PyRange>()
        || !matches!(op, CompareOp::Eq | CompareOp::Ne)
    {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let (x, y) = (expect(a), expect(b));
    let equal = same(&x.length, &y.length)
        && (is_zero(&x.length)
            || (same(&x.start, &y.start)
                && (x.length.as_small_int() == Some(1) || same(&x.step, &y.step))));
    Ok(Ref::bool(equal == (op == CompareOp::Eq)))
}

fn range_hash(v: Value) -> PyResult<i64> {
    let r = expect(v);
    let none = Value::NONE;
    match r.length.as_small_int() {
        Some(0) => tuple::hash_items(&[*r.length, none, none]),
        Some(1) => tuple::hash_items(&[*r.length, *r.start, none]),
        _ => tuple::hash_items(&[*r.length, *r.start, *r.step]),
    }
}

/// Position of an int in the range.
fn position(r: &PyRange, v: Value) -> Option<IBig> {
    if let (Some((start, stop, step)), Some(i)) = (r.small(), v.as_small_int()) {
        let inside = if step > 0 {
            start <= i && i < stop
        } else {
            stop < i && i <= start
        };
        if !inside {
            return None;
        }
        let offset = i as i128 - start as i128;
        return (offset % step as i128 == 0).then(|| IBig::from(offset / step as i128));
    }
    let (start, stop, step, i) = (big(*r.start), big(*r.stop), big(*r.step), big(v));
    let inside = if step > IBig::ZERO {
        start <= i && i < stop
    } else {
        stop < i && i <= start
    };
    if !inside {
        return None;
    }
    let offset = i - start;
    (&offset % &step == IBig::ZERO).then(|| offset / step)
}

fn is_plain_int(v: Value) -> bool {
    v.is_small_int() || v.is_bool() || v.is_exact::<int::PyInt>()
}

fn range_contains(v: Value, item: Value) -> PyResult<bool> {
    if is_plain_int(item) {
        return Ok(position(expect(v), item).is_some());
    }
    let it = range_iterator(v);
    while let Some(x) = protocol::next(*it)? {
        if protocol::eq(*x, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn item(r: &PyRange, i: &IBig) -> PyResult {
    let n = big(*r.length);
    let i = if *i < IBig::ZERO { i + &n } else { i.clone() };
    if i < IBig::ZERO || i >= n {
        return err!(IndexError, "range object index out of range");
    }
    Ok(int::from_ibig(r.big_item(&i)))
}

fn range_item(v: Value, i: isize) -> PyResult {
    if i < 0 {
        return err!(IndexError, "range object index out of range");
    }
    item(expect(v), &IBig::from(i))
}

fn range_subscript(v: Value, key: Value) -> PyResult {
    let r = expect(v);
    if let (Some(i), Some((start, stop, step))) = (key.as_small_int(), r.small()) {
        let n = small_length(start, stop, step) as i128;
        let i = if i < 0 { i as i128 + n } else { i as i128 };
        if i < 0 || i >= n {
            return err!(IndexError, "range object index out of range");
        }
        return Ok(int::from_i128(start as i128 + i * step as i128));
    }
    if slice::as_slice(&key).is_some() {
        let parts = protocol::call_method_str(key, "indices", &[*r.length])?;
        let parts = tuple::as_slice(*parts);
        let (start, stop, step) = (big(parts[0]), big(parts[1]), big(parts[2]));
        return Ok(make(
            int::from_ibig(r.big_item(&start)),
            int::from_ibig(r.big_item(&stop)),
            int::from_ibig(step * big(*r.step)),
        ));
    }
    if key.ty().slots().index.is_none() {
        return err!(
            TypeError,
            "range indices must be integers or slices, not {}",
            key.type_name()
        );
    }
    let i = protocol::index(key)?;
    item(r, &big(*i))
}

fn index(args: &[Value]) -> PyResult {
    let r = expect(args[0]);
    if is_plain_int(args[1]) {
        return match position(r, args[1]) {
            Some(i) => Ok(int::from_ibig(i)),
            None => err!(ValueError, "range.index(x): x not in range"),
        };
    }
    let (from, _) = index_bounds(Value::NULL, Value::NULL, 0)?;
    let it = range_iterator(args[0]);
    let mut i = from;
    while let Some(x) = protocol::next(*it)? {
        if protocol::eq(*x, args[1])? {
            return Ok(int::from_usize(i));
        }
        i += 1;
    }
    err!(ValueError, "sequence.index(x): x not in sequence")
}

fn count(args: &[Value]) -> PyResult {
    if is_plain_int(args[1]) {
        return Ok(int::from_i64(
            position(expect(args[0]), args[1]).is_some() as i64
        ));
    }
    let it = range_iterator(args[0]);
    let mut n = 0;
    while let Some(x) = protocol::next(*it)? {
        n += protocol::eq(*x, args[1])? as i64;
    }
    Ok(int::from_i64(n))
}

fn reduce(args: &[Value]) -> PyResult {
    let r = expect(args[0]);
    Ok(tuple::of([
        RANGE_TYPE.to_ref(),
        tuple::of([r.start.clone(), r.stop.clone(), r.step.clone()]),
    ]))
}

pub static RANGE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "range",
    doc: "range(stop) -> range object\nrange(start, stop[, step]) -> range object\n\nThe integers from start up to, not including, stop, step apart.",
    flags: TypeFlags::SEQUENCE,
    slots: Slots {
        new: Some(range_new),
        repr: Some(range_repr),
        hash: Some(range_hash),
        richcompare: Some(range_richcompare),
        iter: Some(|v| Ok(range_iterator(v))),
        bool: Some(|v| Ok(!is_zero(&expect(v).length))),
        length: Some(range_length),
        map_length: Some(range_length),
        item: Some(range_item),
        contains: Some(range_contains),
        subscript: Some(range_subscript),
        ..Slots::of::<PyRange>()
    },
    methods: &[
        MethodDef::new(
            "count($self, object, /)",
            "Return number of occurrences of value.",
            count,
        ),
        MethodDef::new(
            "index($self, object, /)",
            "Return index of value; ValueError if it is not in the range.",
            index,
        ),
        MethodDef::new(
            "__reversed__($self, /)",
            "Return a reverse iterator.",
            reversed,
        ),
        MethodDef::new("__reduce__($self, /)", "For pickling.", reduce),
    ],
    members: &[
        MemberDef::ro("start", "", |v| Ok(expect(v).start.clone())),
        MemberDef::ro("stop", "", |v| Ok(expect(v).stop.clone())),
        MemberDef::ro("step", "", |v| Ok(expect(v).step.clone())),
    ],
    ..TypeSpec::of::<PyRange>()
});

fn small_iter(v: Value) -> &'static RangeIter {
    // SAFETY: slots and methods get an instance of their own type; alive during the call.
    unsafe { &*(v.as_ptr() as *const RangeIter) }
}

fn long_iter(v: Value) -> &'static LongRangeIter {
    // SAFETY: as above.
    unsafe { &*(v.as_ptr() as *const LongRangeIter) }
}

fn small_reduce(args: &[Value]) -> PyResult {
    let it = small_iter(args[0]);
    let (start, step) = (it.current.get(), it.step.get());
    let stop = start as i128 + it.remaining.get() as i128 * step as i128;
    let r = make(
        int::from_i64(start),
        int::from_i128(stop),
        int::from_i64(step),
    );
    Ok(tuple::of([builtin("iter")?, tuple::of([r]), Ref::NONE]))
}

fn small_setstate(args: &[Value]) -> PyResult {
    let it = small_iter(args[0]);
    let n = int::to_i64(args[1])?.max(0) as u64;
    let n = n.min(it.remaining.get());
    it.current.set(
        it.current
            .get()
            .wrapping_add((n as i64).wrapping_mul(it.step.get())),
    );
    it.remaining.set(it.remaining.get() - n);
    Ok(Ref::NONE)
}

pub static RANGE_ITERATOR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "range_iterator",
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        iter: Some(self_iter),
        iternext: Some(|v| Ok(small_iter(v).next())),
        ..Slots::of::<RangeIter>()
    },
    methods: &[
        MethodDef::new(
            "__length_hint__($self, /)",
            "Private method returning an estimate of len(list(it)).",
            |a| Ok(int::from_u64(small_iter(a[0]).remaining.get())),
        ),
        MethodDef::new(
            "__reduce__($self, /)",
            "Return state information for pickling.",
            small_reduce,
        ),
        MethodDef::new(
            "__setstate__($self, object, /)",
            "Set state information for unpickling.",
            small_setstate,
        ),
    ],
    ..TypeSpec::of::<RangeIter>()
});

fn long_next(v: Value) -> PyResult<Option<Ref>> {
    let it = long_iter(v);
    let mut i = it.index.borrow_mut();
    if *i >= it.length {
        return Ok(None);
    }
    let r = &it.start + &*i * &it.step;
    *i += IBig::from(1);
    Ok(Some(int::from_ibig(r)))
}

fn long_reduce(args: &[Value]) -> PyResult {
    let it = long_iter(args[0]);
    let i = it.index.borrow();
    let r = make(
        int::from_ibig(&it.start + &*i * &it.step),
        int::from_ibig(&it.start + &it.length * &it.step),
        int::from_ibig(it.step.clone()),
    );
    Ok(tuple::of([builtin("iter")?, tuple::of([r]), Ref::NONE]))
}

fn long_setstate(args: &[Value]) -> PyResult {
    let it = long_iter(args[0]);
    let n = protocol::index(args[1])?;
    *it.index.borrow_mut() = big(*n).max(IBig::ZERO).min(it.length.clone());
    Ok(Ref::NONE)
}

pub static LONG_RANGE_ITERATOR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "longrange_iterator",
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        iter: Some(self_iter),
        iternext: Some(long_next),
        ..Slots::of::<LongRangeIter>()
    },
    methods: &[
        MethodDef::new(
            "__length_hint__($self, /)",
            "Private method returning an estimate of len(list(it)).",
            |a| {
                let it = long_iter(a[0]);
                let n = &it.length - &*it.index.borrow();
                Ok(int::from_ibig(n))
            },
        ),
        MethodDef::new(
            "__reduce__($self, /)",
            "Return state information for pickling.",
            long_reduce,
        ),
        MethodDef::new(
            "__setstate__($self, object, /)",
            "Set state information for unpickling.",
            long_setstate,
        ),
    ],
    ..TypeSpec::of::<LongRangeIter>()
});
