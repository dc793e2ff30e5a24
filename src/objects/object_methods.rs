//! `object`: what every type inherits.

use crate::attributes::{generic_getattr, generic_setattr, lookup_type, object_dict};
use crate::err::PyResult;
use crate::names::names;
use crate::native::{GetSetDef, MethodDef};
use crate::object::{Header, alloc};
use crate::typeobject::{CompareOp, SlotId, Slots, Type, TypeFlags, TypeObject, TypeSpec, as_type};
use crate::value::{Ref, Value};
use crate::{dict, err, int, list, object_impl, protocol, strings, tuple};

/// Layout of a plain object.
#[repr(C)]
pub struct PyObject {
    pub header: Header,
}
object_impl!(PyObject, OBJECT_TYPE);

pub static OBJECT_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "object",
    doc: "The base class of the class hierarchy.\n\nWhen called, it accepts no arguments and returns a new featureless\ninstance that has no instance attributes and cannot be given any.\n",
    flags: TypeFlags::BASETYPE,
    slots: Slots {
        repr: Some(object_repr),
        str: Some(object_str),
        hash: Some(object_hash),
        getattro: Some(generic_getattr),
        setattro: Some(generic_setattr),
        richcompare: Some(object_compare),
        init: Some(object_init),
        new: Some(object_new),
        ..Slots::of::<PyObject>()
    },
    methods: &[
        MethodDef::new("__reduce_ex__($self, protocol, /)", "Helper for pickle.", reduce_ex),
        MethodDef::new("__reduce__($self, /)", "Helper for pickle.", |a| common_reduce(a[0], 0)),
        MethodDef::new("__getstate__($self, /)", "Helper for pickle.", |a| default_state(a[0], false)),
        MethodDef::new("__subclasshook__($type, object, /)", "Hook for abstract classes to answer issubclass() with True or False, or to leave it to the usual check by returning NotImplemented.", |_| {
            Ok(Ref::NOT_IMPLEMENTED)
        })
        .class(),
        MethodDef::new("__init_subclass__($type, /)", "Called on the base whenever it is subclassed; does nothing unless overridden.", |_| Ok(Ref::NONE)).class(),
        MethodDef::new("__format__($self, format_spec, /)", "Default object formatter: str(self) for an empty specification.", format),
        MethodDef::new("__sizeof__($self, /)", "Size of object in memory, in bytes.", sizeof),
        MethodDef::new("__dir__($self, /)", "Default dir() implementation.", dir),
    ],
    getset: &[GetSetDef::rw("__class__", "the object's class", |v| Ok(v.ty().to_ref()), set_class)],
    text_signature: "()",
    ..TypeSpec::of::<PyObject>()
});

// ---------------------------------------------------------------- slots

fn object_repr(v: Value) -> PyResult {
    let ty = v.ty();
    let module = crate::type_attributes::module_of(ty);
    let text = match module {
        Ok(m) if strings::is_str(*m) && !strings::expect(*m).eq_str("builtins") => format!(
            "<{}.{} object at {:#x}>",
            strings::expect(*m),
            strings::expect(*crate::type_attributes::qualname_of(ty)),
            v.id()
        ),
        Ok(_) => format!("<{} object at {:#x}>", ty.full_name(), v.id()),
        Err(_) => {
            drop(crate::vm::vm().take_pending());
            format!("<{} object at {:#x}>", ty.full_name(), v.id())
        }
    };
    Ok(strings::new_str(&text))
}
fn object_str(v: Value) -> PyResult {
    protocol::repr(v)
}
/// Hash by identity.
pub fn object_hash(v: Value) -> PyResult<i64> {
    Ok(crate::hash::hash_pointer(if v.is_heap() {
        v.as_ptr() as u64
    } else {
        v.bits()
    }))
}
/// Equality by identity.
pub fn object_compare(a: Value, b: Value, op: CompareOp) -> PyResult {
    match op {
        CompareOp::Eq => Ok(if a.is(b) {
            Ref::bool(true)
        } else {
            Ref::NOT_IMPLEMENTED
        }),
        CompareOp::Ne => {
            let Some(f) = a.ty().slots().richcompare else {
                return Ok(Ref::NOT_IMPLEMENTED);
            };
            let r = f(a, b, CompareOp::Eq)?;
            if r.is_not_implemented() {
                return Ok(r);
            }
            Ok(Ref::bool(!protocol::is_true(*r)?))
        }
        _ => Ok(Ref::NOT_IMPLEMENTED),
    }
}

fn has_args(args: &[Value]) -> bool {
    !args.is_empty()
}

/// `object.__init__`.
pub fn object_init(this: Value, args: &[Value], _kwnames: Value) -> PyResult<()> {
    if has_args(args) {
        let ty = this.ty();
        let s = ty.slots();
        if s.addr(SlotId::init) != object_init as *const () as usize {
            return err!(
                TypeError,
                "object.__init__() takes exactly one argument (the instance to initialize)"
            );
        }
        if s.addr(SlotId::new) == object_new as *const () as usize {
            return err!(
                TypeError,
                "{}.__init__() takes exactly one argument (the instance to initialize)",
                ty.full_name()
            );
        }
    }
    Ok(())
}

/// `object.__new__`.
pub fn object_new(ty: Type, args: &[Value], _kwnames: Value) -> PyResult {
    if has_args(args) {
        let s = ty.slots();
        if s.addr(SlotId::new) != object_new as *const () as usize {
            return err!(
                TypeError,
                "object.__new__() takes exactly one argument (the type to instantiate)"
            );
        }
        if s.addr(SlotId::init) == object_init as *const () as usize {
            return err!(TypeError, "{}() takes no arguments", ty.full_name());
        }
    }
    if ty.has_flag(TypeFlags::IS_ABSTRACT) {
        return abstract_error(ty);
    }
    Ok(alloc(
        ty,
        PyObject {
            header: Header::new(ty),
        },
    ))
}

#[cold]
fn abstract_error(ty: Type) -> PyResult {
    let methods = protocol::getattr(ty.value(), names().__abstractmethods__)?;
    let mut texts = Vec::new();
    for m in protocol::to_vec(*methods)? {
        match strings::as_str(&m) {
            Some(s) => texts.push(s.to_string()),
            None => {
                return err!(
                    TypeError,
                    "sequence item 0: expected str instance, {} found",
                    m.type_name()
                );
            }
        }
    }
    texts.sort();
    err!(
        TypeError,
        "Can't instantiate abstract class {} without an implementation for abstract method{} '{}'",
        ty.name(),
        if texts.len() > 1 { "s" } else { "" },
        texts.join("', '")
    )
}

// ---------------------------------------------------------------- methods

fn format(args: &[Value]) -> PyResult {
    let Some(spec) = strings::as_str(&args[1]) else {
        return err!(
            TypeError,
            "__format__() argument must be str, not {}",
            args[1].type_name()
        );
    };
    if spec.len() > 0 {
        return err!(
            TypeError,
            "unsupported format string passed to {}.__format__",
            args[0].type_name()
        );
    }
    protocol::str(args[0])
}

fn sizeof(args: &[Value]) -> PyResult {
    let v = args[0];
    if !v.is_heap() {
        return Ok(int::from_i64(16));
    }
    let ty = v.ty();
    if let Some(b) = crate::bytes::as_bytes(&v) {
        return Ok(int::from_usize(33 + b.len()));
    }
    // SAFETY: called with an instance of the type.
    let native = match ty.slots().var_size {
        Some(f) => unsafe { f(v.as_ptr()) },
        None => ty.native_basicsize(),
    };
    Ok(int::from_usize(crate::object::instance_size(ty, native)))
}

fn dir(args: &[Value]) -> PyResult {
    let this = args[0];
    let n = names();
    let d = match protocol::getattr_opt(this, n.__dict__)? {
        Some(d) if dict::is_dict(*d) => dict::copy(*d),
        _ => dict::new_dict(),
    };
    if let Some(class) = protocol::getattr_opt(this, n.__class__)? {
        crate::type_methods::merge_class_dict(*d, *class)?;
    }
    Ok(list::new_list(
        dict::items(*d).into_iter().map(|(k, _)| k).collect(),
    ))
}

// ---------------------------------------------------------------- pickling

fn copyreg() -> PyResult {
    (crate::vm::hooks().import)("copyreg")
}

fn reduce_ex(args: &[Value]) -> PyResult {
    let this = args[0];
    let proto = int::to_i32(args[1])?;
    let n = names();
    let found = lookup_type(this.ty(), n.__reduce__);
    let base = lookup_type(&OBJECT_TYPE, n.__reduce__);
    if let Some(own) = protocol::getattr_opt(this, n.__reduce__)?
        && !found.is(base)
    {
        return protocol::call(*own, &[]);
    }
    common_reduce(this, proto)
}

fn common_reduce(this: Value, proto: i32) -> PyResult {
    if proto >= 2 {
        return reduce_new_object(this);
    }
    let m = copyreg()?;
    let f = protocol::getattr_str(*m, "_reduce_ex")?;
    protocol::call(*f, &[this, *int::from_i64(proto as i64)])
}

/// Arguments for `__new__` that the object asks for: positional (NULL: none asked for) and keywords (NULL or a dict).
fn new_arguments(this: Value) -> PyResult<(Ref, Ref)> {
    let n = names();
    if let Some(r) = protocol::call_special(this, n.__getnewargs_ex__, &[])? {
        if !tuple::is_tuple(*r) {
            return err!(
                TypeError,
                "__getnewargs_ex__ should return a tuple, not '{}'",
                r.type_name()
            );
        }
        let items = tuple::as_slice(*r);
        if items.len() != 2 {
            return err!(
                ValueError,
                "__getnewargs_ex__ should return a tuple of length 2, not {}",
                items.len()
            );
        }
        if !tuple::is_tuple(items[0]) {
            return err!(
                TypeError,
                "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '{}'",
                items[0].type_name()
            );
        }
        if !dict::is_dict(items[1]) {
            return err!(
                TypeError,
                "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '{}'",
                items[1].type_name()
            );
        }
        return Ok((items[0].to_ref(), items[1].to_ref()));
    }
    if let Some(r) = protocol::call_special(this, n.__getnewargs__, &[])? {
        if !tuple::is_tuple(*r) {
            return err!(
                TypeError,
                "__getnewargs__ should return a tuple, not '{}'",
                r.type_name()
            );
        }
        return Ok((r, Ref::NULL));
    }
    Ok((Ref::NULL, Ref::NULL))
}

fn reduce_new_object(this: Value) -> PyResult {
    let ty = this.ty();
    if ty.slots().new.is_none() {
        return err!(TypeError, "cannot pickle '{}' object", ty.full_name());
    }
    let (args, kwargs) = new_arguments(this)?;
    let m = copyreg()?;
    let n = names();
    let has_args = !args.is_null();
    let (newobj, newargs) = if kwargs.is_null() || dict::expect(*kwargs).len() == 0 {
        let mut all = vec![ty.to_ref()];
        if has_args {
            all.extend(tuple::as_slice(*args).iter().map(|v| v.to_ref()));
        }
        (protocol::getattr(*m, n.__newobj__)?, tuple::from_refs(all))
    } else {
        (
            protocol::getattr(*m, n.__newobj_ex__)?,
            tuple::of([ty.to_ref(), args, kwargs]),
        )
    };
    let is_container = list::is_list(this) || dict::is_dict(this);
    let state = object_state(this, !(has_args || is_container))?;
    let listitems = if list::is_list(this) {
        protocol::iter(this)?
    } else {
        Ref::NONE
    };
    let dictitems = if dict::is_dict(this) {
        let items = protocol::call_method(this, n.items, &[])?;
        protocol::iter(*items)?
    } else {
        Ref::NONE
    };
    Ok(tuple::of([newobj, newargs, state, listitems, dictitems]))
}

/// `this.__getstate__()`, with the default one told whether the state is needed to rebuild the object.
pub(crate) fn object_state(this: Value, required: bool) -> PyResult {
    let n = names();
    if lookup_type(this.ty(), n.__getstate__).is(lookup_type(&OBJECT_TYPE, n.__getstate__)) {
        return default_state(this, required);
    }
    let f = protocol::getattr(this, n.__getstate__)?;
    protocol::call(*f, &[])
}

fn slot_names(ty: Type) -> PyResult {
    let cached = crate::attributes::own_attribute(ty, *strings::intern_str("__slotnames__"));
    if !cached.is_null() {
        if !cached.is_none() && !list::is_list(cached) {
            return err!(
                TypeError,
                "{}.__slotnames__ should be a list or None, not {}",
                ty.name(),
                cached.type_name()
            );
        }
        return Ok(cached.to_ref());
    }
    let m = copyreg()?;
    let f = protocol::getattr_str(*m, "_slotnames")?;
    let r = protocol::call(*f, &[ty.value()])?;
    if !r.is_none() && !list::is_list(*r) {
        return err!(TypeError, "copyreg._slotnames didn't return a list or None");
    }
    Ok(r)
}

fn default_state(this: Value, required: bool) -> PyResult {
    let ty = this.ty();
    if required && ty.has_flag(TypeFlags::VAR_SIZED) {
        return err!(TypeError, "cannot pickle '{}' object", ty.full_name());
    }
    let mut state = match protocol::getattr_opt(this, names().__dict__)? {
        // No attributes are no state.
        Some(d) if dict::is_dict(*d) && dict::expect(*d).len() == 0 => Ref::NONE,
        Some(d) => d,
        None => Ref::NONE,
    };
    let slots = slot_names(ty)?;
    if required {
        let expected = size_of::<PyObject>() + if ty.dict_offset.get() != 0 { 8 } else { 0 };
        if ty.native_basicsize() > expected {
            return err!(TypeError, "cannot pickle '{}' object", ty.full_name());
        }
    }
    if list::is_list(*slots) && list::expect(*slots).len() > 0 {
        let found = dict::new_dict();
        let names: Vec<Ref> = list::expect(*slots).items().to_vec();
        for name in names {
            let key = crate::slot_table::attribute_name(*name)?;
            if let Some(v) = protocol::getattr_opt(this, *key)? {
                dict::set(*found, *name, *v)?;
            }
        }
        if dict::expect(*found).len() > 0 {
            state = tuple::of([state, found]);
        }
    }
    Ok(state)
}

// ---------------------------------------------------------------- __class__

/// Whether instances of the two have the same memory layout.
pub(crate) fn same_layout(a: Type, b: Type) -> bool {
    let layout = TypeFlags::HAVE_GC
        | TypeFlags::MANAGED_DICT
        | TypeFlags::VAR_SIZED
        | TypeFlags::WEAKREFABLE;
    let slots_equal = || {
        let own = |t: Type| {
            let mut v: Vec<String> = Vec::new();
            for t in t.mro() {
                if !t.slot_names.is_null() {
                    v.extend(
                        tuple::as_slice(t.slot_names.get())
                            .iter()
                            .map(|s| strings::expect(*s).to_string()),
                    );
                }
            }
            v
        };
        own(a) == own(b)
    };
    native_base(a).is(native_base(b))
        && a.flags() & layout == b.flags() & layout
        && a.basicsize() == b.basicsize()
        && a.slots().addr(SlotId::drop_fields) == b.slots().addr(SlotId::drop_fields)
        && slots_equal()
}

/// The nearest native type.
pub(crate) fn native_base(ty: Type) -> Type {
    let mut t = ty;
    while t.is_heap_type() {
        match t.base.get() {
            Some(b) => t = b,
            None => break,
        }
    }
    t
}

fn set_class(this: Value, value: Value) -> PyResult<()> {
    if value.is_null() {
        return err!(TypeError, "can't delete __class__ attribute");
    }
    let Some(new) = as_type(value) else {
        return err!(
            TypeError,
            "__class__ must be set to a class, not '{}' object",
            value.type_name()
        );
    };
    let old = this.ty();
    let module = &crate::types::MODULE_TYPE;
    let both_modules = old.is_subtype(module) && new.is_subtype(module);
    if !both_modules && (old.has_flag(TypeFlags::IMMUTABLE) || new.has_flag(TypeFlags::IMMUTABLE)) {
        return err!(
            TypeError,
            "__class__ assignment only supported for mutable types or ModuleType subclasses"
        );
    }
    if !same_layout(old, new) {
        return err!(
            TypeError,
            "__class__ assignment: '{}' object layout differs from '{}'",
            new.name(),
            old.name()
        );
    }
    if new.is(old) {
        return Ok(());
    }
    if old.has_flag(TypeFlags::MANAGED_DICT) {
        // A shape belongs to one type.
        drop(crate::shape::materialize_dict(this));
    }
    // SAFETY: a heap object, as immediates have immutable types. Counts of heap types move with the pointer.
    unsafe {
        if new.is_heap_type() {
            new.header.incref();
        }
        (*this.as_ptr()).set_ty(new);
        if old.is_heap_type() {
            Header::decref(old as *const TypeObject as *mut Header);
        }
    }
    Ok(())
}

/// `__dict__` getter of instances, for the descriptor in classes that bring the dict.
pub(crate) fn get_instance_dict(this: Value) -> PyResult {
    match object_dict(this) {
        Some(d) => Ok(d),
        None => err!(AttributeError, "This object has no __dict__"),
    }
}
