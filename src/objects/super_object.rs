//! `super`.

use crate::attributes::{generic_getattr, own_attribute};
use crate::err::PyResult;
use crate::function::PyCell;
use crate::names::names;
use crate::native::MemberDef;
use crate::object::{Header, alloc};
use crate::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec, as_type};
use crate::value::{Ref, Slot, Value};
use crate::{err, object_impl, protocol, strings, tuple};

/// A super object. `obj` and `obj_type` are NULL if unbound.
#[repr(C)]
pub struct PySuper {
    pub header: Header,
    pub ty: Slot,
    pub obj: Slot,
    pub obj_type: Slot,
}
object_impl!(
    PySuper,
    SUPER_TYPE,
    |this, visit| for s in [&this.ty, &this.obj, &this.obj_type] {
        visit(s.get())
    },
    |this| for s in [&this.ty, &this.obj, &this.obj_type] {
        drop(s.take())
    }
);

fn this(v: Value) -> &'static PySuper {
    // SAFETY: called from slots of the type only; alive as long as the caller holds it.
    unsafe { &*(v.as_ptr() as *const PySuper) }
}

fn new(ty: Type, _args: &[Value], _kwnames: Value) -> PyResult {
    Ok(alloc(
        ty,
        PySuper {
            header: Header::new(ty),
            ty: Slot::null(),
            obj: Slot::null(),
            obj_type: Slot::null(),
        },
    ))
}

/// The type whose order is searched: `obj` itself if it is a subclass of `ty`, else its class.
pub fn check(ty: Type, obj: Value) -> PyResult<Type> {
    if let Some(t) = as_type(obj)
        && t.is_subtype(ty)
    {
        return Ok(t);
    }
    if obj.ty().is_subtype(ty) {
        return Ok(obj.ty());
    }
    if let Some(c) = protocol::getattr_opt(obj, names().__class__)?
        && let Some(t) = as_type(*c)
        && !t.is(obj.ty())
        && t.is_subtype(ty)
    {
        return Ok(t);
    }
    let (what, shown) = match as_type(obj) {
        Some(t) => ("type", t.name()),
        None => ("instance of", obj.type_name()),
    };
    err!(
        TypeError,
        "super(type, obj): obj ({what} {shown}) is not an instance or subtype of type ({}).",
        ty.name()
    )
}

/// The class and the first argument of the running method.
fn from_frame() -> PyResult<(Ref, Ref)> {
    let frame = crate::vm::vm().frame.get();
    if frame.is_null() {
        return err!(RuntimeError, "super(): no current frame");
    }
    // SAFETY: the thread's current frame is live, its window holds nlocalsplus values.
    unsafe {
        let frame = &*frame;
        let code = frame.code();
        if code.argcount == 0 {
            return err!(RuntimeError, "super(): no arguments");
        }
        let mut first = (*frame.localsplus.get()).to_ref();
        if let Some(c) = first.cast_exact::<PyCell>() {
            let inner = c.contents.get_ref();
            first = inner;
        }
        if first.is_null() {
            return err!(RuntimeError, "super(): arg[0] deleted");
        }
        let n = code.nlocalsplus as usize;
        for i in n - code.nfrees as usize..n {
            if !code.localsplusnames[i].is(names().__class__) {
                continue;
            }
            let cell = *frame.localsplus.get().add(i);
            let Some(c) = cell.cast_exact::<PyCell>() else {
                return err!(RuntimeError, "super(): bad __class__ cell");
            };
            let class = c.contents.get_ref();
            if class.is_null() {
                return err!(RuntimeError, "super(): empty __class__ cell");
            }
            if as_type(*class).is_none() {
                return err!(
                    RuntimeError,
                    "super(): __class__ is not a type ({})",
                    class.type_name()
                );
            }
            return Ok((class, first));
        }
    }
    err!(RuntimeError, "super(): __class__ cell not found")
}

fn init(v: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    if !kwnames.is_null() && !tuple::as_slice(kwnames).is_empty() {
        return err!(TypeError, "super() takes no keyword arguments");
    }
    let (class, mut obj) = match args {
        [] => from_frame()?,
        [t] => (t.to_ref(), Ref::NULL),
        [t, o] => (t.to_ref(), o.to_ref()),
        _ => {
            return err!(
                TypeError,
                "super() expected at most 2 arguments, got {}",
                args.len()
            );
        }
    };
    let Some(ty) = as_type(*class) else {
        return err!(
            TypeError,
            "super() argument 1 must be a type, not {}",
            class.type_name()
        );
    };
    if obj.is_none() {
        obj = Ref::NULL;
    }
    let obj_type = if obj.is_null() {
        Ref::NULL
    } else {
        check(ty, *obj)?.to_ref()
    };
    let s = this(v);
    s.ty.set(class);
    s.obj.set(obj);
    s.obj_type.set(obj_type);
    Ok(())
}

/// The attribute after `ty` in the order of `start`, not bound; NULL if none.
fn find(ty: Type, start: Type, name: Value) -> Ref {
    let mro = start.mro();
    let Some(at) = mro.iter().position(|t| t.is(ty)) else {
        return Ref::NULL;
    };
    for t in &mro[at + 1..] {
        let found = own_attribute(t, name);
        if !found.is_null() {
            return found.to_ref();
        }
    }
    Ref::NULL
}

/// `super(class, obj).name` without a super object, for the instruction. With `method`, a function that is to be called with
/// `obj` in front is given unbound and the flag is true.
pub fn lookup(class: Value, obj: Value, name: Value, method: bool) -> PyResult<(Ref, bool)> {
    let Some(ty) = as_type(class) else {
        return err!(
            TypeError,
            "super() argument 1 must be a type, not {}",
            class.type_name()
        );
    };
    let start = check(ty, obj)?;
    if !name.is(names().__class__) {
        let found = find(ty, start, name);
        if !found.is_null() {
            if method && found.ty().has_flag(TypeFlags::METHOD_DESCRIPTOR) && !start.value().is(obj)
            {
                return Ok((found, true));
            }
            return Ok((bind(found, obj, start)?, false));
        }
    }
    let s = protocol::call(SUPER_TYPE.value(), &[class, obj])?;
    Ok((generic_getattr(*s, name)?, false))
}

fn bind(found: Ref, obj: Value, start: Type) -> PyResult {
    match found.ty().slots().descr_get {
        Some(get) => get(
            *found,
            if obj.is(start.value()) {
                Value::NULL
            } else {
                obj
            },
            start.value(),
        ),
        None => Ok(found),
    }
}

fn getattro(v: Value, name: Value) -> PyResult {
    let s = this(v);
    if !s.obj_type.is_null() && !name.is(names().__class__) {
        let (class, start, obj) = (s.ty.get_ref(), s.obj_type.get_ref(), s.obj.get_ref());
        let start_ty = as_type(*start).expect("a type");
        let found = find(as_type(*class).expect("a type"), start_ty, name);
        if !found.is_null() {
            return bind(found, *obj, start_ty);
        }
    }
    generic_getattr(v, name)
}

fn descr_get(d: Value, obj: Value, _ty: Value) -> PyResult {
    let s = this(d);
    if obj.is_none_or_null() || !s.obj.is_null() {
        return Ok(d.to_ref());
    }
    if !d.is_exact::<PySuper>() {
        return protocol::call(d.ty().value(), &[s.ty.get().or(Value::NONE), obj]);
    }
    let class = s.ty.get_ref();
    let Some(ty) = as_type(*class) else {
        return err!(RuntimeError, "uninitialized super object");
    };
    let obj_type = check(ty, obj)?;
    let r = new(&SUPER_TYPE, &[], Value::NULL)?;
    let n = this(*r);
    n.ty.set(class);
    n.obj.set(obj.to_ref());
    n.obj_type.set(obj_type.to_ref());
    Ok(r)
}

fn repr(v: Value) -> PyResult {
    let s = this(v);
    let class = as_type(s.ty.get().or(Value::NONE)).map_or("NULL", |t| t.name());
    Ok(strings::new_str(
        &match as_type(s.obj_type.get().or(Value::NONE)) {
            Some(t) => format!("<super: <class '{class}'>, <{} object>>", t.name()),
            None => format!("<super: <class '{class}'>, NULL>"),
        },
    ))
}

fn or_none(s: &Slot) -> PyResult {
    Ok(s.get().or(Value::NONE).to_ref())
}

pub static SUPER_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "super",
    doc: "super() -> same as super(__class__, <first argument>)\nsuper(type) -> unbound super object\nsuper(type, obj) -> bound super object; requires isinstance(obj, type)\nsuper(type, type2) -> bound super object; requires issubclass(type2, type)",
    flags: TypeFlags::BASETYPE | TypeFlags::HAVE_GC,
    slots: Slots {
        new: Some(new),
        init: Some(init),
        repr: Some(repr),
        getattro: Some(getattro),
        descr_get: Some(descr_get),
        ..Slots::of::<PySuper>()
    },
    members: &[
        MemberDef::ro("__thisclass__", "the class invoking super()", |v| {
            or_none(&this(v).ty)
        }),
        MemberDef::ro(
            "__self__",
            "the instance invoking super(); may be None",
            |v| or_none(&this(v).obj),
        ),
        MemberDef::ro(
            "__self_class__",
            "the type of the instance invoking super(); may be None",
            |v| or_none(&this(v).obj_type),
        ),
    ],
    ..TypeSpec::of::<PySuper>()
});
