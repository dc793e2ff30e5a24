//! The tagged value word. Everything about the encoding lives here.
//!
//! Low bits of the word:
//! - `…000`: an integer of 61 bits, value `<< 3`;
//! - `..0100`: a pointer to a heap object (16-byte aligned) plus 4;
//! - `..1100`: a special constant (NULL, None, False, True, Ellipsis, NotImplemented), never counted;
//! - low two bits not `00`: a float, `bits.rotate_left(3) ^ 3`. Magnitudes from 2^513, inf and nan are boxed.

use crate::object::{Header, Object};
use crate::typeobject::Type;
use std::mem::ManuallyDrop;
use std::ops::Deref;

/// One Python value, not counted: whoever holds it relies on somebody else's reference.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct Value(u64);

const TAG_MASK: u64 = 15;
const TAG_POINTER: u64 = 4;
/// The smallest integer that is immediate.
pub const SMALL_INT_MIN: i64 = -(1 << 60);
/// The largest integer that is immediate.
pub const SMALL_INT_MAX: i64 = (1 << 60) - 1;

const fn special(n: u64) -> Value {
    Value((n << 4) | 12)
}

impl Value {
    /// Absence of a value: an unbound local, a missing argument. Never visible to Python.
    pub const NULL: Value = special(0);
    pub const NONE: Value = special(1);
    pub const FALSE: Value = special(2);
    pub const TRUE: Value = special(3);
    pub const ELLIPSIS: Value = special(4);
    pub const NOT_IMPLEMENTED: Value = special(5);

    #[inline(always)]
    pub const fn bits(self) -> u64 {
        self.0
    }
    /// Rebuilds a value from `bits()`.
    ///
    /// # Safety
    /// `bits` must come from `Value::bits` of a value that is still alive.
    #[inline(always)]
    pub const unsafe fn from_bits(bits: u64) -> Value {
        Value(bits)
    }
    /// Identity as `is` sees it.
    #[inline(always)]
    pub fn is(self, other: Value) -> bool {
        self.0 == other.0
    }
    #[inline(always)]
    pub fn is_null(self) -> bool {
        self.0 == Value::NULL.0
    }
    #[inline(always)]
    pub fn is_none(self) -> bool {
        self.0 == Value::NONE.0
    }
    #[inline(always)]
    pub fn is_not_implemented(self) -> bool {
        self.0 == Value::NOT_IMPLEMENTED.0
    }
    /// NULL or None: an argument not given.
    #[inline(always)]
    pub fn is_none_or_null(self) -> bool {
        self.is_none() || self.is_null()
    }
    /// `None` for NULL.
    #[inline(always)]
    pub fn some(self) -> Option<Value> {
        if self.is_null() { None } else { Some(self) }
    }
    #[inline(always)]
    pub fn or(self, default: Value) -> Value {
        if self.is_null() { default } else { self }
    }

    // ---- bool
    #[inline(always)]
    pub fn from_bool(b: bool) -> Value {
        Value(Value::FALSE.0 | ((b as u64) << 4))
    }
    #[inline(always)]
    pub fn is_bool(self) -> bool {
        self.0 | 16 == Value::TRUE.0
    }

    // ---- immediate int
    #[inline(always)]
    pub fn is_small_int(self) -> bool {
        self.0 & 7 == 0
    }
    /// Both are immediate integers.
    #[inline(always)]
    pub fn both_small_ints(a: Value, b: Value) -> bool {
        (a.0 | b.0) & 7 == 0
    }
    /// The integer, if it fits the immediate form.
    #[inline(always)]
    pub fn try_small_int(i: i64) -> Option<Value> {
        let w = i << 3;
        if w >> 3 == i {
            Some(Value(w as u64))
        } else {
            None
        }
    }
    /// # Panics
    /// In debug builds, if `i` is outside the immediate range.
    #[inline(always)]
    pub const fn small_int(i: i64) -> Value {
        debug_assert!(i >= SMALL_INT_MIN && i <= SMALL_INT_MAX);
        Value((i << 3) as u64)
    }
    #[inline(always)]
    pub fn as_small_int(self) -> Option<i64> {
        if self.is_small_int() {
            Some(self.0 as i64 >> 3)
        } else {
            None
        }
    }
    /// Only meaningful if `is_small_int()`.
    #[inline(always)]
    pub fn small_int_unchecked(self) -> i64 {
        self.0 as i64 >> 3
    }
    /// Sum of two immediates, if both are and the sum is.
    #[inline(always)]
    pub fn checked_add_ints(a: Value, b: Value) -> Option<Value> {
        if !Value::both_small_ints(a, b) {
            return None;
        }
        (a.0 as i64)
            .checked_add(b.0 as i64)
            .map(|w| Value(w as u64))
    }
    #[inline(always)]
    pub fn checked_sub_ints(a: Value, b: Value) -> Option<Value> {
        if !Value::both_small_ints(a, b) {
            return None;
        }
        (a.0 as i64)
            .checked_sub(b.0 as i64)
            .map(|w| Value(w as u64))
    }
    #[inline(always)]
    pub fn checked_mul_ints(a: Value, b: Value) -> Option<Value> {
        if !Value::both_small_ints(a, b) {
            return None;
        }
        (a.0 as i64)
            .checked_mul(b.0 as i64 >> 3)
            .map(|w| Value(w as u64))
    }

    // ---- immediate float
    #[inline(always)]
    pub fn is_immediate_float(self) -> bool {
        self.0 & 3 != 0
    }
    #[inline(always)]
    pub fn try_immediate_float(f: f64) -> Option<Value> {
        let w = f.to_bits().rotate_left(3) ^ 3;
        if w & 3 != 0 { Some(Value(w)) } else { None }
    }
    #[inline(always)]
    pub fn as_immediate_float(self) -> Option<f64> {
        if self.is_immediate_float() {
            Some(self.immediate_float_unchecked())
        } else {
            None
        }
    }
    /// Only meaningful if `is_immediate_float()`.
    #[inline(always)]
    pub fn immediate_float_unchecked(self) -> f64 {
        f64::from_bits((self.0 ^ 3).rotate_right(3))
    }

    // ---- heap objects
    #[inline(always)]
    pub fn is_heap(self) -> bool {
        self.0 & TAG_MASK == TAG_POINTER
    }
    /// # Safety
    /// `p` must point to a live heap object.
    #[inline(always)]
    pub unsafe fn from_ptr(p: *const Header) -> Value {
        debug_assert!(p as u64 & TAG_MASK == 0);
        Value(p as u64 + TAG_POINTER)
    }
    #[inline(always)]
    pub fn from_obj<T: Object>(obj: &T) -> Value {
        // SAFETY: a reference to a heap object is a live heap object.
        unsafe { Value::from_ptr(obj as *const T as *const Header) }
    }
    /// Only meaningful if `is_heap()`.
    #[inline(always)]
    pub fn as_ptr(self) -> *mut Header {
        (self.0 - TAG_POINTER) as *mut Header
    }
    /// The type, for any value but NULL.
    #[inline(always)]
    pub fn ty(self) -> Type {
        if self.is_heap() {
            // SAFETY: a heap value points to a live object.
            unsafe { (*self.as_ptr()).ty() }
        } else {
            crate::typeobject::immediate_type(self)
        }
    }
    /// Name of the type, for messages: with its module, for native types outside builtins.
    pub fn type_name(self) -> &'static str {
        self.ty().full_name()
    }
    /// The object, if it is an instance of `T`'s type or of a subclass.
    #[inline(always)]
    pub fn cast<T: Object>(&self) -> Option<&T> {
        if self.is_heap() {
            // SAFETY: a heap value points to a live object; the type was checked.
            unsafe {
                let ty = (*self.as_ptr()).ty();
                if std::ptr::eq(ty, T::type_object()) || ty.is_subtype(T::type_object()) {
                    return Some(&*(self.as_ptr() as *const T));
                }
            }
        }
        None
    }
    /// The object, if its type is exactly `T`'s.
    #[inline(always)]
    pub fn cast_exact<T: Object>(&self) -> Option<&T> {
        if self.is_exact::<T>() {
            // SAFETY: checked.
            Some(unsafe { &*(self.as_ptr() as *const T) })
        } else {
            None
        }
    }
    #[inline(always)]
    pub fn is_exact<T: Object>(self) -> bool {
        // SAFETY: a heap value points to a live object.
        self.is_heap() && unsafe { std::ptr::eq((*self.as_ptr()).ty(), T::type_object()) }
    }
    #[inline(always)]
    pub fn is_a<T: Object>(self) -> bool {
        self.cast::<T>().is_some()
    }
    /// # Safety
    /// The value must be a heap object whose layout begins with `T`.
    #[inline(always)]
    pub unsafe fn cast_unchecked<T: Object>(&self) -> &T {
        debug_assert!(self.is_heap());
        unsafe { &*(self.as_ptr() as *const T) }
    }

    /// A new counted reference to the same value.
    #[inline(always)]
    pub fn to_ref(self) -> Ref {
        self.incref();
        Ref(self)
    }
    #[inline(always)]
    pub fn incref(self) {
        if self.is_heap() {
            // SAFETY: a heap value points to a live object.
            unsafe { (*self.as_ptr()).incref() }
        }
    }
    /// Gives up one counted reference.
    ///
    /// # Safety
    /// The caller must own that reference.
    #[inline(always)]
    pub unsafe fn decref(self) {
        if self.is_heap() {
            unsafe { Header::decref(self.as_ptr()) }
        }
    }
    /// What `id()` returns: heap addresses are even, immediates odd.
    pub fn id(self) -> u128 {
        if self.is_heap() {
            self.as_ptr() as u128
        } else {
            ((self.0 as u128) << 1) | 1
        }
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_null() {
            write!(f, "NULL")
        } else if let Some(i) = self.as_small_int() {
            write!(f, "{i}")
        } else if let Some(x) = self.as_immediate_float() {
            write!(f, "{x:?}")
        } else {
            write!(f, "<{} {:#x}>", self.type_name(), self.0)
        }
    }
}

/// A counted reference: owns one count of a heap object, or an immediate.
#[repr(transparent)]
pub struct Ref(Value);

impl Ref {
    pub const NULL: Ref = Ref(Value::NULL);
    pub const NONE: Ref = Ref(Value::NONE);
    pub const NOT_IMPLEMENTED: Ref = Ref(Value::NOT_IMPLEMENTED);

    /// Takes over a count.
    ///
    /// # Safety
    /// The caller must own one count of `v` and forget it.
    #[inline(always)]
    pub unsafe fn from_owned(v: Value) -> Ref {
        Ref(v)
    }
    /// For values that are never counted (specials, immediates).
    #[inline(always)]
    pub fn immediate(v: Value) -> Ref {
        debug_assert!(!v.is_heap());
        Ref(v)
    }
    #[inline(always)]
    pub fn bool(b: bool) -> Ref {
        Ref(Value::from_bool(b))
    }
    /// The borrowed value.
    #[inline(always)]
    pub fn value(&self) -> Value {
        self.0
    }
    /// Gives the count to the caller.
    #[inline(always)]
    pub fn into_value(self) -> Value {
        ManuallyDrop::new(self).0
    }
    /// `None` for NULL.
    #[inline(always)]
    pub fn some(self) -> Option<Ref> {
        if self.is_null() { None } else { Some(self) }
    }
    /// Puts NULL in its place.
    #[inline(always)]
    pub fn take(&mut self) -> Ref {
        std::mem::replace(self, Ref::NULL)
    }
    #[inline(always)]
    pub fn as_object<T: Object>(&self) -> Option<&T> {
        self.0.cast::<T>()
    }
}

impl Deref for Ref {
    type Target = Value;
    #[inline(always)]
    fn deref(&self) -> &Value {
        &self.0
    }
}
impl Clone for Ref {
    #[inline(always)]
    fn clone(&self) -> Ref {
        self.0.to_ref()
    }
}
impl Drop for Ref {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: a Ref owns one count.
        unsafe { self.0.decref() }
    }
}
impl Default for Ref {
    fn default() -> Ref {
        Ref::NULL
    }
}
impl std::fmt::Debug for Ref {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
impl From<bool> for Ref {
    fn from(b: bool) -> Ref {
        Ref::bool(b)
    }
}
/// A slice of counted references read as borrowed values.
#[inline(always)]
pub fn values(refs: &[Ref]) -> &[Value] {
    // SAFETY: Ref is a transparent wrapper of Value.
    unsafe { std::slice::from_raw_parts(refs.as_ptr() as *const Value, refs.len()) }
}

/// An owned reference that may change through a shared one; the fields of heap objects are made of these.
#[repr(transparent)]
pub struct Slot(std::cell::Cell<Value>);

impl Slot {
    #[inline(always)]
    pub const fn null() -> Slot {
        Slot(std::cell::Cell::new(Value::NULL))
    }
    #[inline(always)]
    pub fn new(r: Ref) -> Slot {
        Slot(std::cell::Cell::new(r.into_value()))
    }
    /// The borrowed content; NULL if empty.
    #[inline(always)]
    pub fn get(&self) -> Value {
        self.0.get()
    }
    /// A counted copy of the content.
    #[inline(always)]
    pub fn get_ref(&self) -> Ref {
        self.0.get().to_ref()
    }
    /// Stores first and drops the old content after, as destruction may run code.
    #[inline(always)]
    pub fn set(&self, r: Ref) {
        drop(self.replace(r));
    }
    #[inline(always)]
    pub fn replace(&self, r: Ref) -> Ref {
        Ref(self.0.replace(r.into_value()))
    }
    #[inline(always)]
    pub fn take(&self) -> Ref {
        self.replace(Ref::NULL)
    }
    #[inline(always)]
    pub fn is_null(&self) -> bool {
        self.get().is_null()
    }
}
impl Drop for Slot {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: a Slot owns its content.
        unsafe { self.0.get().decref() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    proptest! {
        #[test]
        fn small_ints_round_trip(i in SMALL_INT_MIN..=SMALL_INT_MAX) {
            let v = Value::try_small_int(i).unwrap();
            prop_assert_eq!(v.as_small_int(), Some(i));
            prop_assert!(!v.is_heap() && !v.is_immediate_float() && !v.is_bool() && !v.is_null());
        }
        #[test]
        fn ints_outside_are_refused(i in any::<i64>()) {
            prop_assert_eq!(Value::try_small_int(i).is_some(), (SMALL_INT_MIN..=SMALL_INT_MAX).contains(&i));
        }
        #[test]
        fn floats_round_trip(bits in any::<u64>()) {
            let f = f64::from_bits(bits);
            match Value::try_immediate_float(f) {
                Some(v) => {
                    prop_assert_eq!(v.as_immediate_float().unwrap().to_bits(), bits);
                    prop_assert!(!v.is_heap() && !v.is_small_int());
                }
                None => prop_assert!(f.is_nan() || f.abs() >= 2f64.powi(513)),
            }
        }
        #[test]
        fn sums_agree(a in SMALL_INT_MIN..=SMALL_INT_MAX, b in SMALL_INT_MIN..=SMALL_INT_MAX) {
            let r = Value::checked_add_ints(Value::small_int(a), Value::small_int(b));
            prop_assert_eq!(r.map(|v| v.small_int_unchecked()), Value::try_small_int(a + b).map(|v| v.small_int_unchecked()));
        }
    }
}
