//! Attribute look-up: on types along the MRO through a global cache, on instances, and the generic get and set.

use crate::err::PyResult;
use crate::shape::DICT_SHAPE;
use crate::typeobject::{Type, TypeFlags};
use crate::value::{Ref, Slot, Value};
use crate::{dict, raised, shape, strings};
use std::cell::UnsafeCell;

/// One remembered look-up. The name is owned; the result lives as long as the type keeps its version.
struct CacheEntry {
    version: u32,
    name: Ref,
    value: Value,
}

const CACHE_SIZE: usize = 4096;
struct Cache(UnsafeCell<[CacheEntry; CACHE_SIZE]>);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Cache {}
const EMPTY: CacheEntry = CacheEntry {
    version: 0,
    name: Ref::NULL,
    value: Value::NULL,
};
static CACHE: Cache = Cache(UnsafeCell::new([EMPTY; CACHE_SIZE]));

#[inline(always)]
fn cache_index(version: u32, name: Value) -> usize {
    ((version as u64 ^ (name.bits() >> 4)) as usize) & (CACHE_SIZE - 1)
}

/// The attribute in the namespaces of the MRO, borrowed and not bound; NULL if none. `name` must be interned.
#[inline]
pub fn lookup_type(ty: Type, name: Value) -> Value {
    let version = ty.version_tag.get();
    // SAFETY: under the lock; the reference does not outlive this expression.
    let e = unsafe { &(*CACHE.0.get())[cache_index(version, name)] };
    if e.version == version && e.name.is(name) && version != 0 {
        return e.value;
    }
    lookup_type_slow(ty, name)
}

#[inline(never)]
fn lookup_type_slow(ty: Type, name: Value) -> Value {
    let version = ty.version();
    let found = lookup_mro(ty, name);
    if version != 0 && strings::as_str(&name).is_some_and(|s| s.is_interned()) {
        // SAFETY: under the lock. The old name is dropped after the entry is complete: a string's end runs no Python code.
        unsafe {
            let e = &mut (*CACHE.0.get())[cache_index(version, name)];
            *e = CacheEntry {
                version,
                name: name.to_ref(),
                value: found,
            };
        }
    }
    found
}

fn lookup_mro(ty: Type, name: Value) -> Value {
    for t in ty.mro() {
        let v = own_attribute(t, name);
        if !v.is_null() {
            return v;
        }
    }
    Value::NULL
}

/// An attribute of the type's own namespace, borrowed; NULL if none.
pub fn own_attribute(ty: Type, name: Value) -> Value {
    let d = ty.dict();
    if let Some(i) = dict::index_of_str(d, name) {
        // SAFETY: the index was found just now.
        return unsafe { dict::expect(d).entry_value(i) };
    }
    if dict::expect(d).is_str_keyed() {
        return Value::NULL;
    }
    match dict::get(d, name) {
        Ok(v) => v,
        Err(_) => {
            drop(crate::vm::vm().take_pending());
            Value::NULL
        }
    }
}

/// Forgets all remembered look-ups (at the end of the interpreter, and for tests).
pub fn clear_cache() {
    // SAFETY: under the lock; dropping strings runs no Python code.
    unsafe {
        for e in (*CACHE.0.get()).iter_mut() {
            *e = EMPTY;
        }
    }
}

/// The field in which an object of a native layout keeps its `__dict__`, if it has one.
#[inline]
pub fn dict_field(obj: Value) -> Option<&'static Slot> {
    if !obj.is_heap() {
        return None;
    }
    let off = obj.ty().dict_offset.get();
    if off == 0 {
        return None;
    }
    // SAFETY: `dict_offset` is the offset of a Slot in the layout; callers hold the object.
    Some(unsafe { &*((obj.as_ptr() as *const u8).add(off as usize) as *const Slot) })
}

/// The instance's own attribute, borrowed; NULL if none.
#[inline]
pub fn instance_attribute(obj: Value, name: Value) -> PyResult<Value> {
    if obj.is_heap() {
        let ty = obj.ty();
        if ty.has_flag(TypeFlags::MANAGED_DICT) {
            return shape::get_attribute(obj, name);
        }
        if ty.dict_offset.get() != 0 {
            let d = dict_field(obj).expect("has an offset").get();
            if !d.is_null() {
                return dict::get(d, name);
            }
        }
    }
    Ok(Value::NULL)
}

/// As `generic_getattr`, but `None` instead of AttributeError where no descriptor raised it.
#[inline]
pub fn generic_getattr_opt(obj: Value, name: Value) -> PyResult<Option<Ref>> {
    let ty = obj.ty();
    let found = lookup_type(ty, name);
    if found.is_null() {
        let own = instance_attribute(obj, name)?;
        return Ok(if own.is_null() {
            None
        } else {
            Some(own.to_ref())
        });
    }
    let found = found.to_ref();
    let slots = found.ty().slots();
    let getter = slots.descr_get;
    if let Some(get) = getter
        && slots.descr_set.is_some()
    {
        return get(*found, obj, ty.value()).map(Some);
    }
    let own = instance_attribute(obj, name)?;
    if !own.is_null() {
        return Ok(Some(own.to_ref()));
    }
    match getter {
        Some(get) => get(*found, obj, ty.value()).map(Some),
        None => Ok(Some(found)),
    }
}

/// `object.__getattribute__`.
pub fn generic_getattr(obj: Value, name: Value) -> PyResult {
    match generic_getattr_opt(obj, name)? {
        Some(v) => Ok(v),
        None => Err(no_attribute(obj, name)),
    }
}

/// AttributeError with `name` and `obj`, from which suggestions are made.
#[cold]
pub fn attribute_error(obj: Value, name: Value, message: String) -> crate::err::Raised {
    let r = raised!(AttributeError, "{message}");
    set_error_context(obj, name);
    r
}

/// Fills `name` and `obj` of the pending AttributeError, where they are not set.
#[cold]
pub fn set_error_context(obj: Value, name: Value) {
    let e = crate::vm::vm().pending();
    if e.is_null() || !e.ty().is_subtype(&crate::exceptions::AttributeError) {
        return;
    }
    let exc = crate::exceptions::expect(e);
    if exc.field(0).is_none_or_null() && exc.field(1).is_none_or_null() {
        exc.set_field(0, name.to_ref());
        exc.set_field(1, obj.to_ref());
    }
}

/// The usual AttributeError of instances.
#[cold]
pub fn no_attribute(obj: Value, name: Value) -> crate::err::Raised {
    let Some(text) = strings::as_str(&name) else {
        return crate::raised!(
            TypeError,
            "attribute name must be string, not '{}'",
            name.type_name()
        );
    };
    let text = text.to_string();
    attribute_error(
        obj,
        name,
        format!(
            "'{}' object has no attribute '{}'",
            obj.ty().full_name(),
            text
        ),
    )
}

/// `object.__setattr__` and, with NULL as value, `object.__delattr__`.
pub fn generic_setattr(obj: Value, name: Value, value: Value) -> PyResult<()> {
    let ty = obj.ty();
    let found = lookup_type(ty, name);
    if !found.is_null()
        && let Some(set) = found.ty().slots().descr_set
    {
        let found = found.to_ref();
        return set(*found, obj, value);
    }
    if obj.is_heap() {
        if ty.has_flag(TypeFlags::MANAGED_DICT) {
            if shape::set_attribute(obj, name, value)? {
                return Ok(());
            }
            return Err(no_attribute(obj, name));
        }
        if let Some(slot) = dict_field(obj) {
            if value.is_null() {
                let d = slot.get_ref();
                if !d.is_null() && dict::delete(*d, name)? {
                    return Ok(());
                }
                return Err(no_attribute(obj, name));
            }
            if slot.is_null() {
                slot.set(dict::new_dict());
            }
            let d = slot.get_ref();
            return dict::set(*d, name, value);
        }
    }
    let text = strings::expect(name).to_string();
    let message = if found.is_null() {
        let plain =
            ty.slots().setattro.map_or(0, |f| f as usize) == generic_setattr as *const () as usize;
        let hint = if plain {
            " and no __dict__ for setting new attributes"
        } else {
            ""
        };
        format!(
            "'{}' object has no attribute '{}'{}",
            ty.full_name(),
            text,
            hint
        )
    } else {
        format!(
            "'{}' object attribute '{}' is read-only",
            ty.full_name(),
            text
        )
    };
    Err(attribute_error(obj, name, message))
}

/// The `__dict__` of an object that has one, made if need be; `None` if it has none.
pub fn object_dict(obj: Value) -> Option<Ref> {
    if let Some(h) = shape::head(obj) {
        if h.shape.get() == DICT_SHAPE && !h.dict.is_null() {
            return Some(h.dict.get_ref());
        }
        return Some(shape::materialize_dict(obj));
    }
    let slot = dict_field(obj)?;
    if slot.is_null() {
        slot.set(dict::new_dict());
    }
    Some(slot.get_ref())
}

/// Assigns `__dict__`; NULL puts an empty one. TypeError if the value is no dict.
pub fn set_object_dict(obj: Value, value: Value) -> PyResult<()> {
    if !value.is_null() && !dict::is_dict(value) {
        return crate::err!(
            TypeError,
            "__dict__ must be set to a dictionary, not a '{}'",
            value.type_name()
        );
    }
    let d = if value.is_null() {
        dict::new_dict()
    } else {
        value.to_ref()
    };
    if shape::head(obj).is_some() {
        shape::set_dict(obj, d);
        return Ok(());
    }
    match dict_field(obj) {
        Some(slot) => {
            slot.set(d);
            Ok(())
        }
        None => crate::err!(AttributeError, "This object has no __dict__"),
    }
}

/// Binds a class attribute as access through the class does.
#[inline]
pub fn bind_to_class(found: Value, ty: Type) -> PyResult {
    let found = found.to_ref();
    match found.ty().slots().descr_get {
        Some(get) => get(*found, Value::NULL, ty.value()),
        None => Ok(found),
    }
}
