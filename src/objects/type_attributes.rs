//! The attributes of types: `__name__`, `__module__`, `__bases__`, `__annotations__`, …

use crate::err::PyResult;
use crate::names::names;
use crate::native::{GetSetDef, MemberDef};
use crate::type_methods::this_type;
use crate::type_ready::{subclasses, type_modified};
use crate::typeobject::{Type, TypeFlags, as_type};
use crate::value::{Ref, Value};
use crate::{dict, err, int, protocol, strings, tuple};
use std::cell::UnsafeCell;
use std::collections::HashSet;

pub(crate) const GETSET: &[GetSetDef] = &[
    GetSetDef::rw("__name__", "", get_name, set_name),
    GetSetDef::rw(
        "__qualname__",
        "",
        |v| Ok(qualname_of(this_type(v))),
        set_qualname,
    ),
    GetSetDef::rw(
        "__bases__",
        "",
        |v| Ok(this_type(v).bases().to_ref()),
        crate::type_new::set_bases,
    ),
    GetSetDef::ro("__mro__", "", |v| {
        crate::type_ready::ready(this_type(v));
        Ok(this_type(v).mro_tuple().to_ref())
    }),
    GetSetDef::rw("__module__", "", |v| module_of(this_type(v)), set_module),
    GetSetDef::rw("__abstractmethods__", "", get_abstract, set_abstract),
    GetSetDef::ro("__dict__", "", |v| {
        Ok(crate::mappingproxy::new_proxy(this_type(v).dict()))
    }),
    GetSetDef::rw("__doc__", "", get_doc, set_doc),
    GetSetDef::ro("__text_signature__", "", |v| {
        Ok(match this_type(v).spec {
            Some(s) if !s.text_signature.is_empty() => strings::new_str(s.text_signature),
            _ => Ref::NONE,
        })
    }),
    GetSetDef::rw("__annotations__", "", get_annotations, set_annotations),
    GetSetDef::rw("__annotate__", "", get_annotate, set_annotate),
    GetSetDef::rw("__type_params__", "", get_type_params, set_type_params),
];

pub(crate) const MEMBERS: &[MemberDef] = &[
    MemberDef::ro("__basicsize__", "", |v| {
        Ok(int::from_usize(this_type(v).basicsize()))
    }),
    MemberDef::ro("__itemsize__", "", |v| {
        let ty = this_type(v);
        Ok(int::from_i64(if ty.has_flag(TypeFlags::VAR_SIZED) {
            if ty.has_flag(TypeFlags::TUPLE_SUBCLASS) {
                8
            } else {
                1
            }
        } else {
            0
        }))
    }),
    MemberDef::ro("__flags__", "", |v| {
        Ok(int::from_i64(cpython_flags(this_type(v)) as i64))
    }),
    MemberDef::ro("__weakrefoffset__", "", |v| {
        Ok(int::from_i64(
            if this_type(v).has_flag(TypeFlags::WEAKREFABLE) {
                -32
            } else {
                0
            },
        ))
    }),
    MemberDef::ro("__base__", "", |v| {
        crate::type_ready::ready(this_type(v));
        Ok(this_type(v).base.get().map_or(Ref::NONE, |b| b.to_ref()))
    }),
    MemberDef::ro("__dictoffset__", "", |v| {
        let ty = this_type(v);
        Ok(int::from_i64(if ty.has_flag(TypeFlags::MANAGED_DICT) {
            -1
        } else {
            ty.dict_offset.get() as i64
        }))
    }),
];

/// `tp_flags` as CPython numbers them, as far as programs look at them.
fn cpython_flags(ty: Type) -> u64 {
    let mut f: u64 = 1 << 12; // ready
    let mut put = |ours: u32, bit: u32| {
        if ty.has_flag(ours) {
            f |= 1 << bit;
        }
    };
    put(TypeFlags::SEQUENCE, 5);
    put(TypeFlags::MAPPING, 6);
    put(TypeFlags::DISALLOW_INSTANTIATION, 7);
    put(TypeFlags::IMMUTABLE, 8);
    put(TypeFlags::HEAPTYPE, 9);
    put(TypeFlags::BASETYPE, 10);
    put(TypeFlags::HAVE_GC, 14);
    put(TypeFlags::METHOD_DESCRIPTOR, 17);
    put(TypeFlags::IS_ABSTRACT, 20);
    put(TypeFlags::MATCH_SELF, 22);
    put(TypeFlags::MANAGED_DICT, 4);
    for bit in 24..32 {
        put(1 << bit, bit);
    }
    f
}

struct NameSet(UnsafeCell<Option<HashSet<&'static str>>>);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for NameSet {}
static TYPE_NAMES: NameSet = NameSet(UnsafeCell::new(None));

/// A name that lives for ever; equal names share their memory.
pub(crate) fn static_name(s: &str) -> &'static str {
    // SAFETY: under the lock.
    let set = unsafe { (*TYPE_NAMES.0.get()).get_or_insert_default() };
    if let Some(n) = set.get(s) {
        return n;
    }
    let n: &'static str = Box::leak(s.to_string().into_boxed_str());
    set.insert(n);
    n
}

/// Refuses to change native types, and to delete the attribute.
fn check_settable(ty: Type, name: &str, value: Value) -> PyResult<()> {
    if ty.has_flag(TypeFlags::IMMUTABLE) {
        return err!(
            TypeError,
            "cannot set '{name}' attribute of immutable type '{}'",
            ty.full_name()
        );
    }
    if value.is_null() {
        return err!(
            TypeError,
            "cannot delete '{name}' attribute of immutable type '{}'",
            ty.full_name()
        );
    }
    Ok(())
}

fn get_name(v: Value) -> PyResult {
    Ok(strings::intern_str(this_type(v).name()))
}
fn set_name(v: Value, value: Value) -> PyResult<()> {
    let ty = this_type(v);
    check_settable(ty, "__name__", value)?;
    let Some(s) = strings::as_str(&value) else {
        return err!(
            TypeError,
            "can only assign string to {}.__name__, not '{}'",
            ty.full_name(),
            value.type_name()
        );
    };
    let text = s.to_utf8()?;
    if text.contains('\0') {
        return err!(ValueError, "type name must not contain null characters");
    }
    ty.name.set(static_name(&text));
    type_modified(ty);
    Ok(())
}

/// `__qualname__`.
pub fn qualname_of(ty: Type) -> Ref {
    if ty.qualname.is_null() {
        strings::intern_str(ty.name())
    } else {
        ty.qualname.get_ref()
    }
}
fn set_qualname(v: Value, value: Value) -> PyResult<()> {
    let ty = this_type(v);
    check_settable(ty, "__qualname__", value)?;
    if !strings::is_str(value) {
        return err!(
            TypeError,
            "can only assign string to {}.__qualname__, not '{}'",
            ty.full_name(),
            value.type_name()
        );
    }
    ty.qualname.set(value.to_ref());
    Ok(())
}

/// `__module__`.
pub fn module_of(ty: Type) -> PyResult {
    if ty.is_heap_type() {
        let m = crate::attributes::own_attribute(ty, names().__module__);
        if m.is_null() {
            return err!(AttributeError, "__module__");
        }
        if let Some(get) = m.ty().slots().descr_get
            && m.is_a::<crate::descriptors::PyGetSet>()
        {
            let _ = get;
        }
        return Ok(m.to_ref());
    }
    Ok(match ty.full_name().rsplit_once('.') {
        Some((m, _)) => strings::intern_str(m),
        None => names().builtins.to_ref(),
    })
}
fn set_module(v: Value, value: Value) -> PyResult<()> {
    let ty = this_type(v);
    check_settable(ty, "__module__", value)?;
    let d = ty.dict().to_ref();
    dict::set(*d, names().__module__, value)?;
    dict::delete(*d, names().__firstlineno__)?;
    type_modified(ty);
    Ok(())
}

fn get_abstract(v: Value) -> PyResult {
    let ty = this_type(v);
    // `type` itself has the descriptor in its own namespace.
    let found = if ty.is(&crate::types::TYPE_TYPE) {
        Value::NULL
    } else {
        crate::attributes::own_attribute(ty, names().__abstractmethods__)
    };
    if found.is_null() {
        return Err(crate::attributes::attribute_error(
            v,
            names().__abstractmethods__,
            "__abstractmethods__".to_string(),
        ));
    }
    Ok(found.to_ref())
}
fn set_abstract(v: Value, value: Value) -> PyResult<()> {
    let ty = this_type(v);
    if ty.has_flag(TypeFlags::IMMUTABLE) {
        return err!(
            TypeError,
            "cannot set '__abstractmethods__' attribute of immutable type '{}'",
            ty.full_name()
        );
    }
    let d = ty.dict().to_ref();
    let mut is_abstract = false;
    if value.is_null() {
        if !dict::delete(*d, names().__abstractmethods__)? {
            return Err(crate::attributes::attribute_error(
                v,
                names().__abstractmethods__,
                "__abstractmethods__".to_string(),
            ));
        }
    } else {
        is_abstract = protocol::is_true(value)?;
        dict::set(*d, names().__abstractmethods__, value)?;
    }
    type_modified(ty);
    let f = ty.flags.get() & !TypeFlags::IS_ABSTRACT;
    ty.flags.set(
        f | if is_abstract {
            TypeFlags::IS_ABSTRACT
        } else {
            0
        },
    );
    Ok(())
}

fn get_doc(v: Value) -> PyResult {
    let ty = this_type(v);
    if let Some(spec) = ty.spec {
        return Ok(if spec.doc.is_empty() {
            Ref::NONE
        } else {
            strings::new_str(spec.doc)
        });
    }
    let found = crate::attributes::own_attribute(ty, names().__doc__);
    if found.is_null() {
        return Ok(Ref::NONE);
    }
    let found = found.to_ref();
    match found.ty().slots().descr_get {
        Some(get) => get(*found, Value::NULL, v),
        None => Ok(found),
    }
}
fn set_doc(v: Value, value: Value) -> PyResult<()> {
    let ty = this_type(v);
    check_settable(ty, "__doc__", value)?;
    let d = ty.dict().to_ref();
    dict::set(*d, names().__doc__, value)?;
    type_modified(ty);
    Ok(())
}

fn own_bound(ty: Type, name: Value) -> PyResult {
    let found = crate::attributes::own_attribute(ty, name);
    if found.is_null() {
        return Ok(Ref::NULL);
    }
    let found = found.to_ref();
    match found.ty().slots().descr_get {
        Some(get) => get(*found, Value::NULL, ty.value()),
        None => Ok(found),
    }
}

fn get_annotate(v: Value) -> PyResult {
    let ty = this_type(v);
    let n = names();
    if !ty.is_heap_type() {
        return err!(
            AttributeError,
            "type object '{}' has no attribute '__annotate__'",
            ty.full_name()
        );
    }
    for name in [n.__annotate_func__, n.__annotate__] {
        let f = own_bound(ty, name)?;
        if !f.is_null() {
            return Ok(f);
        }
    }
    let d = ty.dict().to_ref();
    dict::set(*d, n.__annotate_func__, Value::NONE)?;
    Ok(Ref::NONE)
}
fn set_annotate(v: Value, value: Value) -> PyResult<()> {
    let ty = this_type(v);
    let n = names();
    if value.is_null() {
        return err!(TypeError, "cannot delete __annotate__ attribute");
    }
    if ty.has_flag(TypeFlags::IMMUTABLE) {
        return err!(
            TypeError,
            "cannot set '__annotate__' attribute of immutable type '{}'",
            ty.full_name()
        );
    }
    if !value.is_none() && value.ty().slots().call.is_none() {
        return err!(TypeError, "__annotate__ must be callable or None");
    }
    let d = ty.dict().to_ref();
    dict::set(*d, n.__annotate_func__, value)?;
    if !value.is_none() {
        dict::delete(*d, n.__annotations__)?;
        dict::delete(*d, n.__annotations_cache__)?;
    }
    type_modified(ty);
    Ok(())
}

fn get_annotations(v: Value) -> PyResult {
    let ty = this_type(v);
    let n = names();
    if !ty.is_heap_type() {
        return err!(
            AttributeError,
            "type object '{}' has no attribute '__annotations__'",
            ty.full_name()
        );
    }
    for name in [n.__annotations__, n.__annotations_cache__] {
        let a = own_bound(ty, name)?;
        if !a.is_null() {
            return Ok(a);
        }
    }
    let annotate = protocol::getattr(v, n.__annotate__)?;
    let result = if annotate.ty().slots().call.is_some() {
        let r = protocol::call(*annotate, &[Value::small_int(1)])?;
        if !dict::is_dict(*r) {
            return err!(
                TypeError,
                "__annotate__ returned non-dict of type '{}'",
                r.type_name()
            );
        }
        r
    } else {
        dict::new_dict()
    };
    let d = ty.dict().to_ref();
    dict::set(*d, n.__annotations_cache__, *result)?;
    type_modified(ty);
    Ok(result)
}
fn set_annotations(v: Value, value: Value) -> PyResult<()> {
    let ty = this_type(v);
    let n = names();
    if ty.has_flag(TypeFlags::IMMUTABLE) {
        return err!(
            TypeError,
            "cannot set '__annotations__' attribute of immutable type '{}'",
            ty.full_name()
        );
    }
    let d = ty.dict().to_ref();
    if value.is_null() {
        let had = dict::delete(*d, n.__annotations__)? | dict::delete(*d, n.__annotations_cache__)?;
        if !had {
            return err!(AttributeError, "__annotations__");
        }
    } else if dict::contains(*d, n.__annotations__)? {
        dict::set(*d, n.__annotations__, value)?;
    } else {
        dict::set(*d, n.__annotations_cache__, value)?;
    }
    dict::delete(*d, n.__annotate_func__)?;
    dict::delete(*d, n.__annotate__)?;
    type_modified(ty);
    Ok(())
}

fn get_type_params(v: Value) -> PyResult {
    let ty = this_type(v);
    if ty.is(&crate::types::TYPE_TYPE) || !ty.is_heap_type() {
        return Ok(tuple::empty());
    }
    let p = crate::attributes::own_attribute(ty, names().__type_params__);
    Ok(if p.is_null() {
        tuple::empty()
    } else {
        p.to_ref()
    })
}
fn set_type_params(v: Value, value: Value) -> PyResult<()> {
    let ty = this_type(v);
    check_settable(ty, "__type_params__", value)?;
    if !tuple::is_tuple(value) {
        return err!(TypeError, "__type_params__ must be set to a tuple");
    }
    let d = ty.dict().to_ref();
    dict::set(*d, names().__type_params__, value)?;
    type_modified(ty);
    Ok(())
}

/// Marks a class and all its subclasses as matching sequence or mapping patterns (`_abc`).
pub fn set_collection_flag(ty: Type, flag: u32) {
    if ty.has_flag(TypeFlags::IMMUTABLE) {
        return;
    }
    let both = TypeFlags::SEQUENCE | TypeFlags::MAPPING;
    ty.flags.set((ty.flags.get() & !both) | flag);
    for t in subclasses(ty) {
        set_collection_flag(t, flag);
    }
}

/// The type that a class argument is, for messages that print it.
pub fn shown_name(v: Value) -> String {
    as_type(v).map_or_else(|| v.type_name().to_string(), |t| t.name().to_string())
}
