//! `int`: representation and conversions. Arithmetic and methods are in `int_methods.rs`.

use crate::err::PyResult;
use crate::object::{Header, alloc};
use crate::typeobject::{Type, TypeFlags};
use crate::value::{Ref, Value};
use dashu_int::IBig;

/// An integer on the heap: outside the immediate range, or an instance of a subclass.
#[repr(C)]
pub struct PyInt {
    pub header: Header,
    pub value: IBig,
}
crate::object_impl!(PyInt, crate::int_methods::INT_TYPE);

/// The number in any int (bool and subclasses included).
#[derive(Clone, Copy)]
pub enum IntValue<'a> {
    Small(i64),
    Big(&'a IBig),
}

impl IntValue<'_> {
    pub fn to_ibig(self) -> IBig {
        match self {
            IntValue::Small(i) => IBig::from(i),
            IntValue::Big(b) => b.clone(),
        }
    }
    pub fn to_i64(self) -> Option<i64> {
        match self {
            IntValue::Small(i) => Some(i),
            IntValue::Big(b) => i64::try_from(b).ok(),
        }
    }
    pub fn is_negative(self) -> bool {
        match self {
            IntValue::Small(i) => i < 0,
            IntValue::Big(b) => *b < IBig::ZERO,
        }
    }
}

/// An int from a machine integer.
#[inline(always)]
pub fn from_i64(i: i64) -> Ref {
    match Value::try_small_int(i) {
        Some(v) => Ref::immediate(v),
        None => boxed(IBig::from(i)),
    }
}
pub fn from_u64(i: u64) -> Ref {
    if i <= i64::MAX as u64 {
        from_i64(i as i64)
    } else {
        boxed(IBig::from(i))
    }
}
pub fn from_usize(i: usize) -> Ref {
    from_u64(i as u64)
}
pub fn from_i128(i: i128) -> Ref {
    match i64::try_from(i) {
        Ok(i) => from_i64(i),
        Err(_) => boxed(IBig::from(i)),
    }
}
/// An int from a big integer, immediate if it fits.
pub fn from_ibig(b: IBig) -> Ref {
    match i64::try_from(&b) {
        Ok(i) => match Value::try_small_int(i) {
            Some(v) => Ref::immediate(v),
            None => boxed(b),
        },
        Err(_) => boxed(b),
    }
}
#[cold]
#[inline(never)]
fn boxed(b: IBig) -> Ref {
    new_of_type(&crate::int_methods::INT_TYPE, b)
}
/// An instance of `ty` (a subclass of int) with this number.
pub fn new_of_type(ty: Type, b: IBig) -> Ref {
    alloc(
        ty,
        PyInt {
            header: Header::new(ty),
            value: b,
        },
    )
}

/// The number, if the value is an int, a bool or an instance of a subclass.
#[inline(always)]
pub fn as_int(v: &Value) -> Option<IntValue<'_>> {
    if let Some(i) = v.as_small_int() {
        Some(IntValue::Small(i))
    } else if v.is_bool() {
        Some(IntValue::Small(v.is(Value::TRUE) as i64))
    } else if v.is_heap() && v.ty().has_flag(TypeFlags::INT_SUBCLASS) {
        // SAFETY: instances of int have PyInt's layout.
        Some(IntValue::Big(unsafe { &v.cast_unchecked::<PyInt>().value }))
    } else {
        None
    }
}
/// Instance of int or of a subclass.
#[inline(always)]
pub fn is_int(v: Value) -> bool {
    as_int(&v).is_some()
}

/// `__index__` and then a machine integer; OverflowError if it does not fit.
pub fn to_i64(v: Value) -> PyResult<i64> {
    if let Some(i) = v.as_small_int() {
        return Ok(i);
    }
    let r = crate::protocol::index(v)?;
    match as_int(&r).and_then(|i| i.to_i64()) {
        Some(i) => Ok(i),
        None => crate::err!(OverflowError, "Python int too large to convert to C long"),
    }
}
pub fn to_isize(v: Value) -> PyResult<isize> {
    to_i64(v).map(|i| i as isize)
}
/// `__index__`, clipped to the range of isize (for slices and the like).
pub fn to_isize_clipped(v: Value) -> PyResult<isize> {
    if let Some(i) = v.as_small_int() {
        return Ok(i as isize);
    }
    let r = crate::protocol::index(v)?;
    let i = as_int(&r).expect("index gives an int");
    Ok(i.to_i64().map_or(
        if i.is_negative() {
            isize::MIN
        } else {
            isize::MAX
        },
        |i| i as isize,
    ))
}
/// `__index__` and then i32; OverflowError as CPython's "i" argument format.
pub fn to_i32(v: Value) -> PyResult<i32> {
    let i = to_i64(v)?;
    if i > i32::MAX as i64 {
        return crate::err!(OverflowError, "signed integer is greater than maximum");
    }
    if i < i32::MIN as i64 {
        return crate::err!(OverflowError, "signed integer is less than minimum");
    }
    Ok(i as i32)
}

/// The warning about `__int__` and `__index__` that give an instance of a subclass.
#[cold]
pub fn warn_strict_subclass(method: &str, r: Value) -> PyResult<()> {
    crate::err::warn(
        &crate::exceptions::DeprecationWarning,
        &format!(
            "{method} returned non-int (type {}).  The ability to return an instance of a strict subclass of int is deprecated, \
             and may be removed in a future version of Python.",
            r.type_name()
        ),
    )
}
