//! `type`: calling, attribute access, methods. Attributes are in `type_attributes.rs`, creation in `type_new.rs`.

use crate::attributes::{bind_to_class, lookup_type};
use crate::err::PyResult;
use crate::names::names;
use crate::native::MethodDef;
use crate::slot_table;
use crate::type_ready::{ready, subclasses, type_modified};
use crate::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec, as_type};
use crate::value::{Ref, Value};
use crate::{dict, err, list, object_impl, protocol, strings, tuple};

pub use crate::object_methods::{OBJECT_TYPE, PyObject, object_init, object_new};

object_impl!(
    TypeObject,
    TYPE_TYPE,
    |this, visit| {
        for s in [
            &this.dict_slot,
            &this.bases_slot,
            &this.mro_slot,
            &this.qualname,
            &this.slot_names,
        ] {
            visit(s.get());
        }
    },
    |this| if this.is_heap_type() {
        type_modified(this.as_type());
        let d = this.dict_slot.get();
        if !d.is_null() {
            dict::clear(d);
        }
        // The bases stay alive until the memory goes: instances may still be finalized. Only the order's reference to the type
        // itself is a cycle.
        if !this.mro_slot.is_null() {
            let rest = this.mro().iter().skip(1).map(|t| t.to_ref()).collect();
            this.mro_slot.set(tuple::from_refs(rest));
        }
    }
);

/// `drop_fields` of types.
unsafe fn drop_type(obj: *mut crate::object::Header) {
    // SAFETY: called once, with a dying heap type.
    unsafe {
        let ty = &*(obj as *const TypeObject);
        for b in ty.mro().iter().skip(1) {
            crate::type_ready::remove_subclass(b, ty);
        }
        std::ptr::drop_in_place(obj as *mut TypeObject);
    }
}

pub static TYPE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "type",
    doc: "type(object) -> the object's type\ntype(name, bases, dict, **kwds) -> a new type",
    flags: TypeFlags::BASETYPE
        | TypeFlags::HAVE_GC
        | TypeFlags::TYPE_SUBCLASS
        | TypeFlags::WEAKREFABLE,
    slots: Slots {
        repr: Some(type_repr),
        call: Some(type_call),
        getattro: Some(type_getattro),
        setattro: Some(type_setattro),
        init: Some(type_init),
        new: Some(crate::type_new::type_new),
        or: Some(crate::union_type::type_or),
        drop_fields: Some(drop_type),
        ..Slots::of::<TypeObject>()
    },
    methods: &[
        MethodDef::new(
            "mro($self, /)",
            "Return a type's method resolution order.",
            mro_method,
        ),
        MethodDef::new(
            "__subclasses__($self, /)",
            "Return a list of immediate subclasses.",
            subclasses_method,
        ),
        MethodDef::raw(
            "__prepare__($cls, name, bases, /, **kwds)",
            "Create the namespace for the class statement",
            prepare,
        )
        .class(),
        MethodDef::new(
            "__instancecheck__($self, instance, /)",
            "Check if an object is an instance.",
            instancecheck,
        ),
        MethodDef::new(
            "__subclasscheck__($self, subclass, /)",
            "Check if a class is a subclass.",
            subclasscheck,
        ),
        MethodDef::new(
            "__dir__($self, /)",
            "Specialized __dir__ implementation for types.",
            dir,
        ),
        MethodDef::new(
            "__sizeof__($self, /)",
            "Return memory consumption of the type object.",
            sizeof,
        ),
    ],
    getset: crate::type_attributes::GETSET,
    members: crate::type_attributes::MEMBERS,
    ..TypeSpec::of::<TypeObject>()
});

/// A type argument of a slot or method of `type`.
#[inline(always)]
pub(crate) fn this_type(v: Value) -> Type {
    debug_assert!(as_type(v).is_some());
    // SAFETY: called with types only.
    unsafe { &*(v.as_ptr() as *const TypeObject) }
}

// ---------------------------------------------------------------- calling

/// `T(…)`: `__new__`, then `__init__` if that gave an instance of T.
pub fn type_call(f: Value, args: &[Value], kwnames: Value) -> PyResult {
    let ty = this_type(f);
    ready(ty);
    if ty.is(&TYPE_TYPE) {
        let nkw = if kwnames.is_null() {
            0
        } else {
            tuple::as_slice(kwnames).len()
        };
        let n = args.len() - nkw;
        if n == 1 && nkw == 0 {
            return Ok(args[0].ty().to_ref());
        }
        if n != 3 {
            return err!(TypeError, "type() takes 1 or 3 arguments");
        }
    }
    let Some(new) = ty.slots().new else {
        return err!(TypeError, "cannot create '{}' instances", ty.full_name());
    };
    let obj = new(ty, args, kwnames)?;
    let made = obj.ty();
    if !made.is(ty) && !made.is_subtype(ty) {
        return Ok(obj);
    }
    if let Some(init) = made.slots().init {
        init(*obj, args, kwnames)?;
    }
    Ok(obj)
}

/// `T.__new__(cls, …)` of native types: `args[0]` is T, `args[1]` cls.
pub(crate) fn new_wrapper(args: &[Value], kwnames: Value) -> PyResult {
    let ty = this_type(args[0]);
    let nkw = if kwnames.is_null() {
        0
    } else {
        tuple::as_slice(kwnames).len()
    };
    if args.len() - nkw < 2 {
        return err!(
            TypeError,
            "{}.__new__(): not enough arguments",
            ty.full_name()
        );
    }
    let Some(sub) = as_type(args[1]) else {
        return err!(
            TypeError,
            "{}.__new__(X): X is not a type object ({})",
            ty.full_name(),
            args[1].type_name()
        );
    };
    if !sub.is_subtype(ty) {
        return err!(
            TypeError,
            "{}.__new__({}): {} is not a subtype of {}",
            ty.full_name(),
            sub.full_name(),
            sub.full_name(),
            ty.full_name()
        );
    }
    // The nearest native base must be made by the same constructor, or its fields would be left unset.
    let mut base = sub;
    while base.is_heap_type() {
        match base.base.get() {
            Some(b) => base = b,
            None => break,
        }
    }
    let (own, wanted) = (ty.slots().new, base.slots().new);
    if !base.is(ty) && own.map(|f| f as usize) != wanted.map(|f| f as usize) {
        return err!(
            TypeError,
            "{}.__new__({}) is not safe, use {}.__new__()",
            ty.full_name(),
            sub.full_name(),
            base.full_name()
        );
    }
    own.expect("types with __new__ have the slot")(sub, &args[2..], kwnames)
}

fn type_init(_this: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    let nkw = if kwnames.is_null() {
        0
    } else {
        tuple::as_slice(kwnames).len()
    };
    let n = args.len() - nkw;
    if nkw > 0 && n == 1 {
        return err!(TypeError, "type.__init__() takes no keyword arguments");
    }
    if n != 1 && n != 3 {
        return err!(TypeError, "type.__init__() takes 1 or 3 arguments");
    }
    Ok(())
}

// ---------------------------------------------------------------- attributes

/// An attribute of a type as `T.name` gives it; `None` where there is none.
#[inline]
pub fn type_getattr_opt(ty: Type, name: Value) -> PyResult<Option<Ref>> {
    ready(ty);
    let meta = ty.header.ty();
    let meta_attr = lookup_type(meta, name);
    let mut meta_ref = Ref::NULL;
    let mut meta_get = None;
    if !meta_attr.is_null() {
        let s = meta_attr.ty().slots();
        meta_ref = meta_attr.to_ref();
        meta_get = s.descr_get;
        if let Some(get) = meta_get
            && s.descr_set.is_some()
        {
            return get(*meta_ref, ty.value(), meta.value()).map(Some);
        }
    }
    let found = lookup_type(ty, name);
    if !found.is_null() {
        return bind_to_class(found, ty).map(Some);
    }
    if let Some(get) = meta_get {
        return get(*meta_ref, ty.value(), meta.value()).map(Some);
    }
    Ok(meta_ref.some())
}

/// `type.__getattribute__`.
pub fn type_getattro(this: Value, name: Value) -> PyResult {
    let ty = this_type(this);
    match type_getattr_opt(ty, name)? {
        Some(v) => Ok(v),
        None => {
            let text = strings::expect(name).to_string();
            Err(crate::attributes::attribute_error(
                this,
                name,
                format!(
                    "type object '{}' has no attribute '{}'",
                    ty.full_name(),
                    text
                ),
            ))
        }
    }
}

/// `type.__setattr__` and, with NULL, `type.__delattr__`.
pub fn type_setattro(this: Value, name: Value, value: Value) -> PyResult<()> {
    let ty = this_type(this);
    if ty.has_flag(TypeFlags::IMMUTABLE) {
        return err!(
            TypeError,
            "cannot set '{}' attribute of immutable type '{}'",
            strings::expect(name).to_string(),
            ty.full_name()
        );
    }
    let meta = ty.header.ty();
    let meta_attr = lookup_type(meta, name);
    if !meta_attr.is_null()
        && let Some(set) = meta_attr.ty().slots().descr_set
    {
        let m = meta_attr.to_ref();
        return set(*m, this, value);
    }
    let d = ty.dict().to_ref();
    if value.is_null() {
        let old = dict::pop(*d, name)?;
        if old.is_null() {
            let text = strings::expect(name).to_string();
            return Err(crate::attributes::attribute_error(
                this,
                name,
                format!(
                    "type object '{}' has no attribute '{}'",
                    ty.full_name(),
                    text
                ),
            ));
        }
        changed(ty, name);
        drop(old);
    } else {
        let old = dict::get(*d, name)?.to_ref();
        dict::set(*d, name, value)?;
        changed(ty, name);
        drop(old);
    }
    Ok(())
}

/// After a change of `ty.name`: caches and slots.
pub(crate) fn changed(ty: Type, name: Value) {
    type_modified(ty);
    if slot_table::defs_of(name).next().is_some() {
        crate::slot_functions::update_slots_for(ty, name);
    }
}

fn type_repr(this: Value) -> PyResult {
    let ty = this_type(this);
    let n = names();
    let module = crate::type_attributes::module_of(ty)?;
    let qualname = crate::type_attributes::qualname_of(ty);
    if strings::is_str(*module)
        && !module.is(n.builtins)
        && !strings::expect(*module).eq_str("builtins")
    {
        return Ok(strings::new_str(&format!(
            "<class '{}.{}'>",
            strings::expect(*module),
            strings::expect(*qualname)
        )));
    }
    Ok(strings::new_str(&format!("<class '{}'>", ty.full_name())))
}

// ---------------------------------------------------------------- methods

fn mro_method(args: &[Value]) -> PyResult {
    let order = crate::mro::compute(this_type(args[0]))?;
    Ok(list::new_list(order))
}
fn subclasses_method(args: &[Value]) -> PyResult {
    Ok(list::new_list(
        subclasses(this_type(args[0]))
            .into_iter()
            .map(|t| t.to_ref())
            .collect(),
    ))
}
fn prepare(_args: &[Value], _kwnames: Value) -> PyResult {
    Ok(dict::new_dict())
}
fn instancecheck(args: &[Value]) -> PyResult {
    Ok(Ref::bool(protocol::recursive_isinstance(args[1], args[0])?))
}
fn subclasscheck(args: &[Value]) -> PyResult {
    Ok(Ref::bool(protocol::recursive_issubclass(args[1], args[0])?))
}
fn sizeof(_args: &[Value]) -> PyResult {
    Ok(crate::int::from_usize(size_of::<TypeObject>()))
}
fn dir(args: &[Value]) -> PyResult {
    let d = dict::new_dict();
    merge_class_dict(*d, args[0])?;
    Ok(list::new_list(
        dict::items(*d).into_iter().map(|(k, _)| k).collect(),
    ))
}

/// Adds the names of a class and its bases to a dict, for `dir`.
pub(crate) fn merge_class_dict(into: Value, class: Value) -> PyResult<()> {
    let n = names();
    if let Some(d) = protocol::getattr_opt(class, n.__dict__)? {
        let keys = protocol::to_vec(*d)?;
        for k in keys {
            dict::set(into, *k, Value::NONE)?;
        }
    }
    if let Some(bases) = protocol::getattr_opt(class, n.__bases__)? {
        for b in protocol::to_vec(*bases)? {
            merge_class_dict(into, *b)?;
        }
    }
    Ok(())
}
