//! Making native types ready: bases, resolution order, inherited slots, namespaces; and version tags.

use crate::descriptors;
use crate::names::names;
use crate::native::{MethodDef, MethodKind};
use crate::slot_table::{self, SLOT_DEFS};
use crate::typeobject::{SlotId, Type, TypeFlags, TypeObject};
use crate::value::{Ref, Value};
use crate::{dict, function, strings};
use std::sync::atomic::{AtomicU32, Ordering};

/// Flags that instances of a derived type have because the base has them.
const INHERITED: u32 = TypeFlags::HAVE_GC
    | TypeFlags::MANAGED_DICT
    | TypeFlags::VAR_SIZED
    | TypeFlags::SEQUENCE
    | TypeFlags::MAPPING
    | TypeFlags::WEAKREFABLE
    | TypeFlags::MATCH_SELF
    | TypeFlags::INT_SUBCLASS
    | TypeFlags::LIST_SUBCLASS
    | TypeFlags::TUPLE_SUBCLASS
    | TypeFlags::BYTES_SUBCLASS
    | TypeFlags::STR_SUBCLASS
    | TypeFlags::DICT_SUBCLASS
    | TypeFlags::EXC_SUBCLASS
    | TypeFlags::TYPE_SUBCLASS;

/// Makes a native type ready, its bases first. Cheap if it is.
#[inline]
pub fn ready(ty: Type) {
    if !ty.has_flag(TypeFlags::READY) {
        make_ready(ty);
    }
}

#[cold]
fn make_ready(ty: Type) {
    let is_object = ty.is(&crate::types::OBJECT_TYPE);
    let base = if is_object {
        None
    } else {
        Some(ty.base.get().unwrap_or(&crate::types::OBJECT_TYPE))
    };
    // Set first: the metatype may be among the types that lead here again.
    ty.set_flag(TypeFlags::READY);
    ty.base.set(base);
    let mut mro = vec![ty];
    if let Some(b) = base {
        ready(b);
        mro.extend_from_slice(b.mro());
        inherit_flags(ty, b);
        if ty.dict_offset.get() == 0 {
            ty.dict_offset.set(b.dict_offset.get());
        }
        let own_new = ty.slots().new;
        let is_mixin = ty.is(&crate::typevar::GENERIC_TYPE);
        ty.slots_mut().inherit(b.slots());
        if is_mixin {
            // A class made to be inherited from, and to be given attributes by `typing`.
            ty.flags.set(ty.flags.get() & !TypeFlags::IMMUTABLE);
        } else if own_new.is_none()
            && (b.is(&crate::types::OBJECT_TYPE) || ty.has_flag(TypeFlags::DISALLOW_INSTANTIATION))
        {
            ty.slots_mut().new = None;
            ty.set_flag(TypeFlags::DISALLOW_INSTANTIATION);
        }
        add_subclass(b, ty);
    }
    for b in ty.spec.map_or(&[][..], |s| s.more_bases) {
        // Types of the further base that are not there yet go before the first ancestor that both have.
        ready(b);
        let at = mro
            .iter()
            .position(|t| !t.is(ty) && b.mro().iter().any(|u| u.is(t)))
            .unwrap_or(mro.len());
        let new: Vec<Type> = b
            .mro()
            .iter()
            .filter(|t| !mro.iter().any(|m| m.is(t)))
            .copied()
            .collect();
        mro.splice(at..at, new);
        add_subclass(b, ty);
    }
    // SAFETY: nobody uses the order of a type that is being made ready.
    unsafe { *ty.mro.get() = mro };
    ready(ty.header.ty());
}

/// Takes over what follows from the base's layout and fast subclass tests.
pub(crate) fn inherit_flags(ty: Type, base: Type) {
    ty.set_flag(base.flags() & INHERITED);
}

/// Records `ty` among the direct subclasses of `base`.
pub(crate) fn add_subclass(base: Type, ty: Type) {
    // SAFETY: under the lock, no reference is kept.
    unsafe { (*base.subclasses.get()).push(ty as *const TypeObject) };
}

/// Takes `ty` out of the direct subclasses of `base`.
pub(crate) fn remove_subclass(base: Type, ty: *const TypeObject) {
    // SAFETY: under the lock, no reference is kept.
    unsafe { (*base.subclasses.get()).retain(|t| *t != ty) };
}

/// Direct subclasses that are alive.
pub fn subclasses(ty: Type) -> Vec<Type> {
    // SAFETY: a type takes itself out of the list before it dies.
    unsafe { (*ty.subclasses.get()).iter().map(|t| &**t).collect() }
}

/// `__new__` of native types: bound to the type, calls its slot.
static NEW_DEF: MethodDef = MethodDef::raw(
    "__new__($type, *args, **kwargs)",
    "Create and return a new object.  See help(type) for accurate signature.",
    crate::type_methods::new_wrapper,
);

/// Whether the value is the `__new__` of a native type; then that type.
pub fn native_new_owner(v: Value) -> Option<Type> {
    let f = v.cast_exact::<function::PyBuiltin>()?;
    if std::ptr::eq(f.def, &NEW_DEF) {
        crate::typeobject::as_type(f.self_.get())
    } else {
        None
    }
}

/// Fills the namespace of a native type and returns it, borrowed.
#[cold]
pub fn fill_namespace(ty: Type) -> Value {
    ready(ty);
    let d = dict::new_dict();
    let dv = *d;
    // Set before it is filled: making descriptors does not look into it, but nothing may start over.
    ty.dict_slot.set(d);
    let Some(spec) = ty.spec else { return dv };
    let n = names();
    if spec.slots.new.is_some() && !ty.has_flag(TypeFlags::DISALLOW_INSTANTIATION) {
        dict::set_interned(
            dv,
            n.__new__,
            *function::new_bound_builtin(&NEW_DEF, ty.value(), ty),
        );
    }
    for (i, def) in SLOT_DEFS.iter().enumerate() {
        if !def.is_present(&spec.slots) {
            continue;
        }
        let name = slot_table::def_name(i);
        if dict::index_of_str(dv, name).is_some() {
            continue;
        }
        if def.slot == SlotId::hash
            && spec.slots.addr(SlotId::hash)
                == crate::protocol::hash_not_implemented as *const () as usize
        {
            dict::set_interned(dv, name, Value::NONE);
            continue;
        }
        dict::set_interned(dv, name, *descriptors::new_slot_wrapper(i, ty));
    }
    if spec.slots.richcompare.is_some() && spec.slots.hash.is_none() {
        dict::set_interned(dv, n.__hash__, Value::NONE);
    }
    for m in spec.methods {
        let name = strings::intern_str(m.name());
        if dict::index_of_str(dv, *name).is_none() {
            dict::set_interned(dv, *name, *method_object(m, ty));
        }
    }
    for m in spec.members {
        let name = strings::intern_str(m.name);
        if dict::index_of_str(dv, *name).is_none() {
            dict::set_interned(dv, *name, *descriptors::new_native_member(m, ty));
        }
    }
    for g in spec.getset {
        let name = strings::intern_str(g.name);
        if dict::index_of_str(dv, *name).is_none() {
            dict::set_interned(dv, *name, *descriptors::new_getset(g, ty));
        }
    }
    // CPython makes these at run time, so that instances find `__module__` in the class.
    if let Some((module, name)) = spec.name.rsplit_once('.')
        && !matches!(module, "types" | "weakref")
        && name != "Union"
        && dict::index_of_str(dv, n.__module__).is_none()
    {
        dict::set_interned(dv, n.__module__, *strings::intern_str(module));
    }
    let doc = if spec.doc.is_empty() {
        Ref::NONE
    } else {
        strings::new_str(spec.doc)
    };
    if dict::index_of_str(dv, n.__doc__).is_none() {
        dict::set_interned(dv, n.__doc__, *doc);
    }
    dv
}

/// What stands in the namespace for a native method.
fn method_object(m: &'static MethodDef, ty: Type) -> Ref {
    match m.kind {
        MethodKind::Instance => descriptors::new_method_descr(m, ty),
        MethodKind::Class => descriptors::new_classmethod_descr(m, ty),
        MethodKind::Static => {
            let f = function::new_builtin(m, Value::NULL, Value::NULL);
            crate::class_methods::new_staticmethod(*f)
        }
    }
}

static NEXT_VERSION: AtomicU32 = AtomicU32::new(1);

/// Gives the type and its bases version tags. 0 when numbers have run out.
#[cold]
pub fn assign_version(ty: Type) -> u32 {
    ready(ty);
    if ty.version_tag.get() != 0 {
        return ty.version_tag.get();
    }
    // Invariant: a type with a tag has bases with tags, so that invalidation can stop at a type without one.
    for b in ty.mro().iter().skip(1) {
        if b.version_tag.get() == 0 && take_version(b) == 0 {
            return 0;
        }
    }
    take_version(ty)
}

fn take_version(ty: Type) -> u32 {
    let v = NEXT_VERSION.load(Ordering::Relaxed);
    if v >= u32::MAX - 1 {
        return 0;
    }
    NEXT_VERSION.store(v + 1, Ordering::Relaxed);
    ty.version_tag.set(v);
    v
}

/// To be called whenever a type's namespace or resolution order changes: caches of it and its subclasses become invalid.
pub fn type_modified(ty: Type) {
    if ty.version_tag.get() == 0 {
        return;
    }
    ty.version_tag.set(0);
    ty.cached_version.set(0);
    for t in subclasses(ty) {
        type_modified(t);
    }
}
