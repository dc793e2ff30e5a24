//! `classmethod` and `staticmethod`.

use crate::err::PyResult;
use crate::names::names;
use crate::native::{GetSetDef, MemberDef, MethodDef};
use crate::object::{Header, alloc};
use crate::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Slot, Value};
use crate::{err, object_impl, protocol, strings};
use std::mem::offset_of;

macro_rules! holder {
    ($t:ident, $ty:ident, $doc:literal) => {
        #[doc = $doc]
        #[repr(C)]
        pub struct $t {
            pub header: Header,
            /// NULL before `__init__`.
            pub callable: Slot,
            /// `__dict__`, or NULL.
            pub dict: Slot,
        }
        object_impl!(
            $t,
            $ty,
            |this, visit| {
                visit(this.callable.get());
                visit(this.dict.get());
            },
            |this| {
                drop(this.callable.take());
                drop(this.dict.take());
            }
        );
    };
}
holder!(
    PyClassMethod,
    CLASSMETHOD_TYPE,
    "What `@classmethod` makes."
);
holder!(
    PyStaticMethod,
    STATICMETHOD_TYPE,
    "What `@staticmethod` makes."
);

/// `staticmethod(f)`.
pub fn new_staticmethod(f: Value) -> Ref {
    crate::object::new_object(PyStaticMethod {
        header: Header::new(&STATICMETHOD_TYPE),
        callable: Slot::new(f.to_ref()),
        dict: Slot::null(),
    })
}
/// `classmethod(f)`.
pub fn new_classmethod(f: Value) -> Ref {
    crate::object::new_object(PyClassMethod {
        header: Header::new(&CLASSMETHOD_TYPE),
        callable: Slot::new(f.to_ref()),
        dict: Slot::null(),
    })
}

/// The field with the wrapped callable; both layouts are the same.
fn callable(v: Value) -> &'static Slot {
    const _: () =
        assert!(offset_of!(PyClassMethod, callable) == offset_of!(PyStaticMethod, callable));
    // SAFETY: called from slots of the two types only.
    unsafe { &(*(v.as_ptr() as *const PyClassMethod)).callable }
}

fn classmethod_new(ty: Type, _args: &[Value], _kwnames: Value) -> PyResult {
    Ok(alloc(
        ty,
        PyClassMethod {
            header: Header::new(ty),
            callable: Slot::null(),
            dict: Slot::null(),
        },
    ))
}
fn staticmethod_new(ty: Type, _args: &[Value], _kwnames: Value) -> PyResult {
    Ok(alloc(
        ty,
        PyStaticMethod {
            header: Header::new(ty),
            callable: Slot::null(),
            dict: Slot::null(),
        },
    ))
}
fn init(name: &'static str, this: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    if !kwnames.is_null() && !crate::tuple::as_slice(kwnames).is_empty() {
        return err!(TypeError, "{name}() takes no keyword arguments");
    }
    if args.len() != 1 {
        return err!(TypeError, "{name} expected 1 argument, got {}", args.len());
    }
    let f = args[0];
    callable(this).set(f.to_ref());
    let n = names();
    for attr in [n.__module__, n.__name__, n.__qualname__, n.__doc__] {
        if let Some(v) = protocol::getattr_opt(f, attr)? {
            set_own(this, attr, *v)?;
        }
    }
    Ok(())
}
fn set_own(this: Value, name: Value, value: Value) -> PyResult<()> {
    let d = crate::attributes::object_dict(this).expect("has a dict");
    crate::dict::set(*d, name, value)
}
fn classmethod_init(this: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    init("classmethod", this, args, kwnames)
}
fn staticmethod_init(this: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    init("staticmethod", this, args, kwnames)
}

fn classmethod_get(d: Value, obj: Value, ty: Value) -> PyResult {
    let f = callable(d).get_ref();
    if f.is_null() {
        return err!(RuntimeError, "uninitialized classmethod object");
    }
    let ty = if ty.is_null() { obj.ty().value() } else { ty };
    Ok(crate::function::new_method(*f, ty))
}
fn staticmethod_get(d: Value, _obj: Value, _ty: Value) -> PyResult {
    let f = callable(d).get_ref();
    if f.is_null() {
        return err!(RuntimeError, "uninitialized staticmethod object");
    }
    Ok(f)
}
fn staticmethod_call(d: Value, args: &[Value], kwnames: Value) -> PyResult {
    let f = callable(d).get_ref();
    if f.is_null() {
        return err!(RuntimeError, "uninitialized staticmethod object");
    }
    protocol::call_kw(*f, args, kwnames)
}
fn repr_as(name: &str, v: Value) -> PyResult {
    Ok(strings::new_str(&format!(
        "<{name}({})>",
        protocol::repr_text(callable(v).get().or(Value::NONE))?
    )))
}
fn classmethod_repr(v: Value) -> PyResult {
    repr_as("classmethod", v)
}
fn staticmethod_repr(v: Value) -> PyResult {
    repr_as("staticmethod", v)
}
fn get_callable(v: Value) -> PyResult {
    Ok(callable(v).get().or(Value::NONE).to_ref())
}
fn get_abstract(v: Value) -> PyResult {
    Ok(Ref::bool(is_abstract(callable(v).get())?))
}
/// Truth of `f.__isabstractmethod__`.
pub fn is_abstract(f: Value) -> PyResult<bool> {
    if f.is_none_or_null() {
        return Ok(false);
    }
    match protocol::getattr_opt(f, names().__isabstractmethod__)? {
        Some(v) => protocol::is_true(*v),
        None => Ok(false),
    }
}
fn get_dict(v: Value) -> PyResult {
    Ok(crate::attributes::object_dict(v).expect("has a dict"))
}
fn set_dict(v: Value, d: Value) -> PyResult<()> {
    crate::attributes::set_object_dict(v, d)
}
/// An annotation attribute: taken from the wrapped function once, then kept here.
fn annotation(v: Value, name: Value) -> PyResult {
    let d = get_dict(v)?;
    let own = crate::dict::get(*d, name)?;
    if !own.is_null() {
        return Ok(own.to_ref());
    }
    let f = callable(v).get().or(Value::NONE).to_ref();
    let r = protocol::getattr(*f, name)?;
    crate::dict::set(*d, name, *r)?;
    Ok(r)
}
fn set_annotation(v: Value, name: Value, value: Value) -> PyResult<()> {
    let d = get_dict(v)?;
    if value.is_null() {
        if !crate::dict::delete(*d, name)? {
            return Err(crate::attributes::no_attribute(v, name));
        }
        return Ok(());
    }
    crate::dict::set(*d, name, value)
}
const GETSET: &[GetSetDef] = &[
    GetSetDef::ro("__isabstractmethod__", "", get_abstract),
    GetSetDef::rw("__dict__", "", get_dict, set_dict),
    GetSetDef::rw(
        "__annotations__",
        "",
        |v| annotation(v, names().__annotations__),
        |v, x| set_annotation(v, names().__annotations__, x),
    ),
    GetSetDef::rw(
        "__annotate__",
        "",
        |v| annotation(v, names().__annotate__),
        |v, x| set_annotation(v, names().__annotate__, x),
    ),
];
const MEMBERS: &[MemberDef] = &[
    MemberDef::ro("__func__", "", get_callable),
    MemberDef::ro("__wrapped__", "", get_callable),
];
fn class_getitem(args: &[Value]) -> PyResult {
    crate::generic_alias::new_alias(args[0], args[1])
}

pub static CLASSMETHOD_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "classmethod",
    doc: "Makes a method that gets the class as its first argument, whether called on the class or on an instance.",
    flags: TypeFlags::BASETYPE | TypeFlags::HAVE_GC | TypeFlags::WEAKREFABLE,
    slots: Slots {
        repr: Some(classmethod_repr),
        descr_get: Some(classmethod_get),
        init: Some(classmethod_init),
        new: Some(classmethod_new),
        ..Slots::of::<PyClassMethod>()
    },
    methods: &[MethodDef::new("__class_getitem__($type, object, /)", "", class_getitem).class()],
    getset: GETSET,
    members: MEMBERS,
    text_signature: "(function, /)",
    dict_offset: offset_of!(PyClassMethod, dict),
    ..TypeSpec::of::<PyClassMethod>()
});

pub static STATICMETHOD_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "staticmethod",
    doc: "Makes a method that gets neither the instance nor the class as its first argument.",
    flags: TypeFlags::BASETYPE | TypeFlags::HAVE_GC | TypeFlags::WEAKREFABLE,
    slots: Slots {
        repr: Some(staticmethod_repr),
        call: Some(staticmethod_call),
        descr_get: Some(staticmethod_get),
        init: Some(staticmethod_init),
        new: Some(staticmethod_new),
        ..Slots::of::<PyStaticMethod>()
    },
    methods: &[MethodDef::new("__class_getitem__($type, object, /)", "", class_getitem).class()],
    getset: GETSET,
    members: MEMBERS,
    text_signature: "(function, /)",
    dict_offset: offset_of!(PyStaticMethod, dict),
    ..TypeSpec::of::<PyStaticMethod>()
});
