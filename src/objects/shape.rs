//! Hidden classes: where the attributes of instances live.
//!
//! An instance of a type with MANAGED_DICT has an `AttrHead` in front of its header. While its shape is not
//! `DICT_SHAPE`, attribute `i` of the shape is in inline slot `i` (from `basicsize` on) and `dict` is NULL.
//! Otherwise (`__dict__` was asked for, a key was deleted, or there are more attributes than slots) all attributes are in `dict`.
//! Invariant: a shape belongs to one type; so a cache that compares the shape's number has compared the type too.

use crate::dict;
use crate::err::PyResult;
use crate::object::Header;
use crate::typeobject::{Type, TypeObject};
use crate::value::{Ref, Slot, Value};
use std::cell::{Cell, UnsafeCell};

/// The number of no shape: attributes are in the dict.
pub const DICT_SHAPE: u32 = 0;

/// The 16 bytes 32 bytes in front of an object with MANAGED_DICT.
#[repr(C)]
pub struct AttrHead {
    /// NULL while the attributes are inline.
    pub dict: Slot,
    pub shape: Cell<u32>,
    /// Inline slots this object was allocated with.
    pub capacity: Cell<u32>,
}

impl AttrHead {
    /// Where the head of `obj` is.
    #[inline(always)]
    pub fn of(obj: *mut Header) -> *mut AttrHead {
        (obj as *mut u8).wrapping_sub(32) as *mut AttrHead
    }
    pub fn new(ty: Type) -> AttrHead {
        let capacity = ty.inline_capacity() as u32;
        let shape = if capacity == 0 {
            DICT_SHAPE
        } else {
            root_shape(ty)
        };
        AttrHead {
            dict: Slot::null(),
            shape: Cell::new(shape),
            capacity: Cell::new(capacity),
        }
    }
}

struct Shape {
    ty: *const TypeObject,
    /// Interned names, by slot: at most 30, so that looking through them beats a table.
    keys: Vec<Ref>,
    /// Word of the interned name and the shape with that key added.
    transitions: Vec<(u64, u32)>,
}

impl Shape {
    #[inline]
    fn find(&self, name: Value) -> Option<usize> {
        self.keys.iter().position(|k| k.is(name))
    }
}

struct Shapes(UnsafeCell<Vec<Shape>>);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Shapes {}
static SHAPES: Shapes = Shapes(UnsafeCell::new(Vec::new()));

fn shapes() -> &'static mut Vec<Shape> {
    // SAFETY: under the lock, and no function here keeps the reference across a call that can run Python code.
    let v = unsafe { &mut *SHAPES.0.get() };
    if v.is_empty() {
        v.push(Shape {
            ty: std::ptr::null(),
            keys: Vec::new(),
            transitions: Vec::new(),
        });
    }
    v
}

fn new_shape(ty: *const TypeObject, keys: Vec<Ref>) -> u32 {
    let all = shapes();
    all.push(Shape {
        ty,
        keys,
        transitions: Vec::new(),
    });
    (all.len() - 1) as u32
}

/// The shape of an instance of `ty` without attributes.
#[inline]
pub fn root_shape(ty: Type) -> u32 {
    let s = ty.root_shape.get();
    if s != 0 {
        return s;
    }
    let s = new_shape(ty, Vec::new());
    ty.root_shape.set(s);
    s
}

/// Slot of an interned name in a shape.
pub fn lookup(shape: u32, name: Value) -> Option<usize> {
    if shape == DICT_SHAPE {
        return None;
    }
    shapes()[shape as usize].find(name)
}

/// The shape with `name` added behind. `name` must be interned.
pub fn transition(shape: u32, name: Value) -> u32 {
    let s = &shapes()[shape as usize];
    let word = name.bits();
    if let Some((_, next)) = s.transitions.iter().find(|t| t.0 == word) {
        return *next;
    }
    let mut keys = s.keys.clone();
    keys.push(name.to_ref());
    let ty = s.ty;
    let next = new_shape(ty, keys);
    shapes()[shape as usize].transitions.push((word, next));
    next
}

/// Number of attributes in the shape.
pub fn len(shape: u32) -> usize {
    shapes()[shape as usize].keys.len()
}

/// Names in slot order.
pub fn keys(shape: u32) -> Vec<Ref> {
    shapes()[shape as usize].keys.clone()
}

/// The attribute head, if the object's type has MANAGED_DICT.
#[inline(always)]
pub fn head(obj: Value) -> Option<&'static AttrHead> {
    if obj.is_heap()
        && obj
            .ty()
            .has_flag(crate::typeobject::TypeFlags::MANAGED_DICT)
    {
        // SAFETY: the flag says that the head is there; callers hold the object.
        Some(unsafe { &*AttrHead::of(obj.as_ptr()) })
    } else {
        None
    }
}

/// Inline slot `i` of the object.
///
/// # Safety
/// `i` is below the head's capacity.
#[inline(always)]
pub unsafe fn inline_slot(obj: *mut Header, ty: Type, i: usize) -> *mut Slot {
    unsafe { ((obj as *mut u8).add(ty.basicsize()) as *mut Slot).add(i) }
}

/// An instance attribute (not the type's), borrowed; NULL if there is none. `name` must be interned.
pub fn get_attribute(obj: Value, name: Value) -> PyResult<Value> {
    let Some(h) = head(obj) else {
        return Ok(Value::NULL);
    };
    if h.shape.get() != DICT_SHAPE {
        return Ok(match lookup(h.shape.get(), name) {
            // SAFETY: slots of the shape are within the capacity.
            Some(i) => unsafe { (*inline_slot(obj.as_ptr(), obj.ty(), i)).get() },
            None => Value::NULL,
        });
    }
    if h.dict.is_null() {
        return Ok(Value::NULL);
    }
    dict::get(h.dict.get(), name)
}

/// Sets or (NULL) deletes an instance attribute; `Ok(false)` if the one to delete is missing. `name` must be interned.
pub fn set_attribute(obj: Value, name: Value, value: Value) -> PyResult<bool> {
    let Some(h) = head(obj) else { return Ok(false) };
    let shape = h.shape.get();
    if shape != DICT_SHAPE {
        let ty = obj.ty();
        match lookup(shape, name) {
            Some(i) if !value.is_null() => {
                // SAFETY: slots of the shape are within the capacity.
                unsafe { (*inline_slot(obj.as_ptr(), ty, i)).set(value.to_ref()) };
                return Ok(true);
            }
            None if value.is_null() => return Ok(false),
            None if len(shape) < h.capacity.get() as usize => {
                let i = len(shape);
                let next = transition(shape, name);
                // SAFETY: i is below the capacity.
                unsafe { (*inline_slot(obj.as_ptr(), ty, i)).set(value.to_ref()) };
                h.shape.set(next);
                return Ok(true);
            }
            None => {
                let cap = ty.inline_capacity.get();
                if h.capacity.get() == cap && cap < 30 {
                    grow_capacity(ty);
                }
            }
            _ => {}
        }
        materialize_dict(obj);
    }
    if h.dict.is_null() {
        if value.is_null() {
            return Ok(false);
        }
        h.dict.set(dict::new_dict());
    }
    let d = h.dict.get();
    if value.is_null() {
        dict::delete(d, name)
    } else {
        dict::set(d, name, value)?;
        Ok(true)
    }
}

/// Instances made from now on get room for more attributes.
fn grow_capacity(ty: Type) {
    ty.inline_capacity
        .set((ty.inline_capacity.get() * 2).clamp(4, 30));
}

/// Moves inline attributes into a dict for good, and returns it.
pub fn materialize_dict(obj: Value) -> Ref {
    let h = head(obj).expect("type has MANAGED_DICT");
    if h.dict.is_null() {
        let d = dict::new_dict();
        let shape = h.shape.get();
        if shape != DICT_SHAPE {
            for (i, k) in keys(shape).iter().enumerate() {
                // SAFETY: slots of the shape are within the capacity.
                let v = unsafe { (*inline_slot(obj.as_ptr(), obj.ty(), i)).take() };
                if !v.is_null() {
                    dict::set_interned(*d, **k, *v);
                }
            }
        }
        h.shape.set(DICT_SHAPE);
        h.dict.set(d);
    }
    h.dict.get_ref()
}

/// Replaces the whole `__dict__`.
pub fn set_dict(obj: Value, d: Ref) {
    drop(materialize_dict(obj));
    if let Some(h) = head(obj) {
        h.dict.set(d);
    }
}

/// Drops all attributes of an object that stays usable.
///
/// # Safety
/// The object has an attribute head.
pub(crate) unsafe fn clear_attributes(obj: *mut Header, ty: Type) {
    unsafe {
        let h = &*AttrHead::of(obj);
        let shape = h.shape.replace(DICT_SHAPE);
        let dict = h.dict.take();
        if shape != DICT_SHAPE {
            for i in 0..len(shape) {
                drop((*inline_slot(obj, ty, i)).take());
            }
        }
        drop(dict);
    }
}

/// Drops all attributes of a dying object.
///
/// # Safety
/// The object has an attribute head and is not used afterwards.
pub(crate) unsafe fn drop_attributes(obj: *mut Header, ty: Type) {
    unsafe {
        let h = &*AttrHead::of(obj);
        let shape = h.shape.get();
        if shape != DICT_SHAPE {
            for i in 0..len(shape) {
                drop((*inline_slot(obj, ty, i)).take());
            }
        }
        drop(h.dict.take());
    }
}

/// Shows the collector the attributes of an object.
pub(crate) fn traverse_attributes(obj: *mut Header, ty: Type, visit: &mut dyn FnMut(Value)) {
    // SAFETY: called for types with MANAGED_DICT only.
    unsafe {
        let h = &*AttrHead::of(obj);
        if h.shape.get() != DICT_SHAPE {
            for i in 0..len(h.shape.get()) {
                visit((*inline_slot(obj, ty, i)).get());
            }
        }
        visit(h.dict.get());
    }
}
