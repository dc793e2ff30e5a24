//! `slice`: the object, and how its parts become positions.

use crate::err::PyResult;
use crate::native::{MemberDef, MethodDef, Signature};
use crate::object::{Header, new_object};
use crate::typeobject::{CompareOp, Slots, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Slot, Value};
use crate::{err, int, protocol, strings, tuple};
use dashu_int::IBig;

/// A slice; its parts are never NULL.
#[repr(C)]
pub struct PySlice {
    pub header: Header,
    pub start: Slot,
    pub stop: Slot,
    pub step: Slot,
}
crate::object_impl!(
    PySlice,
    SLICE_TYPE,
    |this, visit| {
        visit(this.start.get());
        visit(this.stop.get());
        visit(this.step.get());
    },
    |_this| {}
);

/// `slice(start, stop, step)`.
#[inline]
pub fn new_slice(start: Value, stop: Value, step: Value) -> Ref {
    new_object(PySlice {
        header: Header::new(&SLICE_TYPE),
        start: Slot::new(start.to_ref()),
        stop: Slot::new(stop.to_ref()),
        step: Slot::new(step.to_ref()),
    })
}

/// The value as a slice, if it is one.
#[inline]
pub fn as_slice(v: &Value) -> Option<&PySlice> {
    v.cast_exact::<PySlice>()
}

fn part(v: Value) -> PyResult<isize> {
    if let Some(i) = v.as_small_int() {
        return Ok(i as isize);
    }
    if v.ty().slots().index.is_none() {
        return err!(
            TypeError,
            "slice indices must be integers or None or have an __index__ method"
        );
    }
    int::to_isize_clipped(v)
}

/// `(start, stop, step)` with defaults filled in, not adjusted to a length. May run Python code.
pub fn unpack(slice: Value) -> PyResult<(isize, isize, isize)> {
    // SAFETY: the caller gives a slice.
    let s = unsafe { slice.cast_unchecked::<PySlice>() };
    unpack_parts(s.start.get(), s.stop.get(), s.step.get())
}

/// As `unpack`, from the parts.
pub fn unpack_parts(start: Value, stop: Value, step: Value) -> PyResult<(isize, isize, isize)> {
    let step = if step.is_none() {
        1
    } else {
        match part(step)? {
            0 => return err!(ValueError, "slice step cannot be zero"),
            n => n.max(-isize::MAX),
        }
    };
    let start = if start.is_none() {
        if step < 0 { isize::MAX } else { 0 }
    } else {
        part(start)?
    };
    let stop = if stop.is_none() {
        if step < 0 { isize::MIN } else { isize::MAX }
    } else {
        part(stop)?
    };
    Ok((start, stop, step))
}

/// Clips `start` and `stop` to a sequence of `len` items; gives them and the number of items selected.
#[inline]
pub fn adjust(len: usize, start: isize, stop: isize, step: isize) -> (isize, isize, usize) {
    let len = len as isize;
    let clip = |i: isize| {
        if i < 0 {
            let i = i + len;
            if i < 0 {
                if step < 0 { -1 } else { 0 }
            } else {
                i
            }
        } else if i >= len {
            if step < 0 { len - 1 } else { len }
        } else {
            i
        }
    };
    let (start, stop) = (clip(start), clip(stop));
    let n = if step < 0 {
        if stop < start {
            (start - stop - 1) / -step + 1
        } else {
            0
        }
    } else if start < stop {
        (stop - start - 1) / step + 1
    } else {
        0
    };
    (start, stop, n as usize)
}

/// `(start, stop, step, count)` of a slice object on a sequence of `len` items. Finding the parts may run Python code: where that can
/// change the sequence, use `unpack` and then `adjust` with the length after it.
pub fn resolve(slice: Value, len: usize) -> PyResult<(isize, isize, isize, usize)> {
    let (start, stop, step) = unpack(slice)?;
    let (start, stop, n) = adjust(len, start, stop, step);
    Ok((start, stop, step, n))
}

fn slice_new(_ty: crate::typeobject::Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("slice(start, stop, step, /)");
    if !kwnames.is_null() && !tuple::as_slice(kwnames).is_empty() {
        return err!(TypeError, "slice() takes no keyword arguments");
    }
    let _ = &S;
    match *args {
        [stop] => Ok(new_slice(Value::NONE, stop, Value::NONE)),
        [start, stop] => Ok(new_slice(start, stop, Value::NONE)),
        [start, stop, step] => Ok(new_slice(start, stop, step)),
        [] => err!(TypeError, "slice expected at least 1 argument, got 0"),
        _ => err!(
            TypeError,
            "slice expected at most 3 arguments, got {}",
            args.len()
        ),
    }
}

fn this(v: Value) -> &'static PySlice {
    // SAFETY: slots and methods get a slice; alive during the call.
    unsafe { &*(v.as_ptr() as *const PySlice) }
}

fn slice_repr(v: Value) -> PyResult {
    let s = this(v);
    let text = format!(
        "slice({}, {}, {})",
        protocol::repr_text(s.start.get())?,
        protocol::repr_text(s.stop.get())?,
        protocol::repr_text(s.step.get())?
    );
    Ok(strings::new_str(&text))
}

fn slice_hash(v: Value) -> PyResult<i64> {
    let s = this(v);
    tuple::hash_items(&[s.start.get(), s.stop.get(), s.step.get()])
}

fn slice_richcompare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if !a.is_exact::<PySlice>() || !b.is_exact::<PySlice>() {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    if a.is(b) {
        return Ok(Ref::bool(matches!(
            op,
            CompareOp::Eq | CompareOp::Le | CompareOp::Ge
        )));
    }
    let as_tuple = |v: Value| {
        let s = this(v);
        tuple::of([s.start.get_ref(), s.stop.get_ref(), s.step.get_ref()])
    };
    protocol::richcompare(*as_tuple(a), *as_tuple(b), op)
}

fn slice_indices(args: &[Value]) -> PyResult {
    let s = this(args[0]);
    let len = protocol::index(args[1])?;
    let len = int::as_int(&len).expect("index gives an int").to_ibig();
    if len < IBig::ZERO {
        return err!(ValueError, "length should not be negative");
    }
    let big = |v: Value| -> PyResult<IBig> {
        if v.ty().slots().index.is_none() {
            return err!(
                TypeError,
                "slice indices must be integers or None or have an __index__ method"
            );
        }
        let i = protocol::index(v)?;
        Ok(int::as_int(&i).expect("index gives an int").to_ibig())
    };
    let step = if s.step.get().is_none() {
        IBig::from(1)
    } else {
        big(s.step.get())?
    };
    if step == IBig::ZERO {
        return err!(ValueError, "slice step cannot be zero");
    }
    let negative = step < IBig::ZERO;
    let (lower, upper) = if negative {
        (IBig::from(-1), &len - IBig::from(1))
    } else {
        (IBig::ZERO, len.clone())
    };
    let clip = |v: Value, default: &IBig| -> PyResult<IBig> {
        if v.is_none() {
            return Ok(default.clone());
        }
        let mut i = big(v)?;
        if i < IBig::ZERO {
            i += &len;
            Ok(i.max(lower.clone()))
        } else {
            Ok(i.min(upper.clone()))
        }
    };
    let start = clip(s.start.get(), if negative { &upper } else { &lower })?;
    let stop = clip(s.stop.get(), if negative { &lower } else { &upper })?;
    Ok(tuple::of([
        int::from_ibig(start),
        int::from_ibig(stop),
        int::from_ibig(step),
    ]))
}

fn slice_reduce(args: &[Value]) -> PyResult {
    let s = this(args[0]);
    let parts = tuple::of([s.start.get_ref(), s.stop.get_ref(), s.step.get_ref()]);
    Ok(tuple::of([SLICE_TYPE.to_ref(), parts]))
}

pub static SLICE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "slice",
    doc: "Positions from start up to, not including, stop, step apart, as subscription with colons makes them.",
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        repr: Some(slice_repr),
        hash: Some(slice_hash),
        richcompare: Some(slice_richcompare),
        new: Some(slice_new),
        ..Slots::of::<PySlice>()
    },
    methods: &[
        MethodDef::new(
            "indices($self, object, /)",
            "The start, stop and step that the slice means for a sequence of this length.",
            slice_indices,
        ),
        MethodDef::new("__reduce__($self, /)", "For pickling.", slice_reduce),
    ],
    members: &[
        MemberDef::ro("start", "", |v| Ok(this(v).start.get_ref())),
        MemberDef::ro("stop", "", |v| Ok(this(v).stop.get_ref())),
        MemberDef::ro("step", "", |v| Ok(this(v).step.get_ref())),
    ],
    ..TypeSpec::of::<PySlice>()
});
