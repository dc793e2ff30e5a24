//! Attribute look-up: on types along the MRO, on instances, and the generic get and set.
use crate::err::PyResult;
use crate::typeobject::Type;
use crate::value::{Ref, Value};
use crate::{dict, err, shape, strings};

/// The attribute in the namespaces of the MRO, borrowed and not bound; NULL if none. `name` must be interned.
pub fn lookup_type(ty: Type, name: Value) -> Value {
    for t in ty.mro() {
        let d = t.dict.get();
        if let Some(i) = dict::index_of_str(d, name) {
            // SAFETY: the index was found just now.
            return unsafe { dict::expect(d).entry_value(i) };
        }
    }
    Value::NULL
}

/// The instance's own attribute, borrowed; NULL if none.
pub fn instance_attribute(obj: Value, name: Value) -> PyResult<Value> {
    shape::get_attribute(obj, name)
}

/// `object.__getattribute__`.
pub fn generic_getattr(obj: Value, name: Value) -> PyResult {
    let ty = obj.ty();
    let found = lookup_type(ty, name);
    let mut getter = None;
    let found_ref = if found.is_null() { Ref::NULL } else { found.to_ref() };
    if !found.is_null() {
        getter = found.ty().slots().descr_get;
        if let Some(get) = getter
            && found.ty().slots().descr_set.is_some()
        {
            return get(*found_ref, obj, ty.value());
        }
    }
    let own = instance_attribute(obj, name)?;
    if !own.is_null() {
        return Ok(own.to_ref());
    }
    if let Some(get) = getter {
        return get(*found_ref, obj, ty.value());
    }
    if !found_ref.is_null() {
        return Ok(found_ref);
    }
    err!(AttributeError, "'{}' object has no attribute '{}'", ty.name(), strings::expect(name))
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
    if shape::head(obj).is_some() && shape::set_attribute(obj, name, value)? {
        return Ok(());
    }
    err!(AttributeError, "'{}' object has no attribute '{}'", ty.name(), strings::expect(name))
}
