//! Descriptors of native types: methods, slot wrappers, computed attributes, members; and bound slot wrappers.

use crate::err::PyResult;
use crate::function::PyMethodDescr;
use crate::names::names;
use crate::native::{GetSetDef, MemberDef, MethodDef};
use crate::object::{Header, new_object};
use crate::slot_table::{SLOT_DEFS, SlotDef};
use crate::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec, as_type};
use crate::value::{Ref, Slot, Value};
use crate::{err, object_impl, protocol, strings, tuple};

// ---------------------------------------------------------------- objects

/// A class method of a native type, unbound (`classmethod_descriptor`).
#[repr(C)]
pub struct PyClassMethodDescr {
    pub header: Header,
    pub def: &'static MethodDef,
    pub owner: Type,
}
object_impl!(PyClassMethodDescr, CLASSMETHOD_DESCR_TYPE);

/// A dunder method made from a slot (`wrapper_descriptor`).
#[repr(C)]
pub struct PySlotWrapper {
    pub header: Header,
    /// Index in `SLOT_DEFS`.
    pub index: usize,
    pub owner: Type,
}
object_impl!(PySlotWrapper, WRAPPER_DESCR_TYPE);

impl PySlotWrapper {
    #[inline]
    pub fn def(&self) -> &'static SlotDef {
        &SLOT_DEFS[self.index]
    }
    /// The slots of the type that defines the method: those of its own table, as native types do not change.
    #[inline]
    pub fn slots(&self) -> &'static Slots {
        match self.owner.spec {
            Some(s) => &s.slots,
            None => self.owner.slots(),
        }
    }
}

/// A slot wrapper bound to an object (`method-wrapper`).
#[repr(C)]
pub struct PyMethodWrapper {
    pub header: Header,
    pub wrapper: Slot,
    pub self_: Slot,
}
object_impl!(
    PyMethodWrapper,
    METHOD_WRAPPER_TYPE,
    |this, visit| {
        visit(this.wrapper.get());
        visit(this.self_.get());
    },
    |_this| {}
);

/// A computed attribute of a type (`getset_descriptor`).
#[repr(C)]
pub struct PyGetSet {
    pub header: Header,
    pub def: &'static GetSetDef,
    /// The type.
    pub owner: Slot,
}
object_impl!(
    PyGetSet,
    GETSET_DESCR_TYPE,
    |this, visit| visit(this.owner.get()),
    |_this| {}
);

/// A member: native, or a `__slots__` entry (`member_descriptor`).
#[repr(C)]
pub struct PyMember {
    pub header: Header,
    /// `None` for `__slots__` entries.
    pub def: Option<&'static MemberDef>,
    /// Offset from the header of a `__slots__` entry; 0: it is among the attributes (of objects of varying size).
    pub offset: usize,
    pub name: Slot,
    /// The type.
    pub owner: Slot,
}
object_impl!(
    PyMember,
    MEMBER_DESCR_TYPE,
    |this, visit| visit(this.owner.get()),
    |_this| {}
);

pub fn new_method_descr(def: &'static MethodDef, owner: Type) -> Ref {
    new_object(PyMethodDescr {
        header: Header::new(&METHOD_DESCR_TYPE),
        def,
        owner,
    })
}
pub fn new_classmethod_descr(def: &'static MethodDef, owner: Type) -> Ref {
    new_object(PyClassMethodDescr {
        header: Header::new(&CLASSMETHOD_DESCR_TYPE),
        def,
        owner,
    })
}
pub fn new_slot_wrapper(index: usize, owner: Type) -> Ref {
    new_object(PySlotWrapper {
        header: Header::new(&WRAPPER_DESCR_TYPE),
        index,
        owner,
    })
}
pub fn new_getset(def: &'static GetSetDef, owner: Type) -> Ref {
    new_object(PyGetSet {
        header: Header::new(&GETSET_DESCR_TYPE),
        def,
        owner: Slot::new(owner.to_ref()),
    })
}
pub fn new_native_member(def: &'static MemberDef, owner: Type) -> Ref {
    new_object(PyMember {
        header: Header::new(&MEMBER_DESCR_TYPE),
        def: Some(def),
        offset: 0,
        name: Slot::new(strings::intern_str(def.name)),
        owner: Slot::new(owner.to_ref()),
    })
}
/// The descriptor of a `__slots__` entry at `offset` bytes from the header.
pub fn new_slot_member(name: Value, offset: usize, owner: Type) -> Ref {
    new_object(PyMember {
        header: Header::new(&MEMBER_DESCR_TYPE),
        def: None,
        offset,
        name: Slot::new(name.to_ref()),
        owner: Slot::new(owner.to_ref()),
    })
}

/// Byte offset of the `__slots__` entry that a descriptor stands for, if `ty` has it; for inline caches.
pub fn slot_offset(d: Value, ty: Type) -> Option<usize> {
    let m = d.cast_exact::<PyMember>()?;
    let owner = as_type(m.owner.get())?;
    (m.def.is_none() && ty.is_subtype(owner)).then_some(m.offset)
}

// ---------------------------------------------------------------- what they share

/// The type, and the name, of any of the descriptors here.
fn parts(d: Value) -> (Type, Ref) {
    if let Some(m) = d.cast_exact::<PyMethodDescr>() {
        (m.owner, strings::intern_str(m.def.name()))
    } else if let Some(m) = d.cast_exact::<PyClassMethodDescr>() {
        (m.owner, strings::intern_str(m.def.name()))
    } else if let Some(m) = d.cast_exact::<PySlotWrapper>() {
        (m.owner, crate::slot_table::def_name(m.index).to_ref())
    } else if let Some(m) = d.cast_exact::<PyGetSet>() {
        (
            as_type(m.owner.get()).expect("owner is a type"),
            strings::intern_str(m.def.name),
        )
    } else if let Some(m) = d.cast_exact::<PyMember>() {
        (
            as_type(m.owner.get()).expect("owner is a type"),
            m.name.get_ref(),
        )
    } else {
        unreachable!("not a descriptor")
    }
}

fn name_text(d: Value) -> String {
    strings::expect(*parts(d).1).to_string()
}

fn get_name(d: Value) -> PyResult {
    Ok(parts(d).1)
}
fn get_objclass(d: Value) -> PyResult {
    Ok(parts(d).0.to_ref())
}
fn get_qualname(d: Value) -> PyResult {
    let (ty, name) = parts(d);
    let q = protocol::getattr(ty.value(), names().__qualname__)?;
    if !strings::is_str(*q) {
        return err!(
            TypeError,
            "<descriptor>.__objclass__.__qualname__ is not a unicode object"
        );
    }
    Ok(strings::new_str(&format!(
        "{}.{}",
        strings::expect(*q),
        strings::expect(*name)
    )))
}
fn text_or_none(s: &str) -> PyResult {
    Ok(if s.is_empty() {
        Ref::NONE
    } else {
        strings::new_str(s)
    })
}
fn get_doc(d: Value) -> PyResult {
    let doc = if let Some(m) = d.cast_exact::<PyMethodDescr>() {
        m.def.doc
    } else if let Some(m) = d.cast_exact::<PyClassMethodDescr>() {
        m.def.doc
    } else if let Some(m) = d.cast_exact::<PySlotWrapper>() {
        m.def().doc
    } else if let Some(m) = d.cast_exact::<PyGetSet>() {
        m.def.doc
    } else if let Some(m) = d.cast_exact::<PyMember>() {
        m.def.map_or("", |m| m.doc)
    } else {
        ""
    };
    text_or_none(doc)
}
fn get_text_signature(d: Value) -> PyResult {
    let sig = if let Some(m) = d.cast_exact::<PyMethodDescr>() {
        m.def.text_signature()
    } else if let Some(m) = d.cast_exact::<PyClassMethodDescr>() {
        m.def.text_signature()
    } else {
        d.cast_exact::<PySlotWrapper>()
            .map(|m| m.def().text_signature())
    };
    text_or_none(sig.unwrap_or(""))
}
/// `(getattr, (class, name))`.
fn reduce(args: &[Value]) -> PyResult {
    let (ty, name) = parts(args[0]);
    Ok(tuple::of([
        builtin_getattr()?,
        tuple::of([ty.to_ref(), name]),
    ]))
}
/// `builtins.getattr`, for pickling.
pub(crate) fn builtin_getattr() -> PyResult {
    let m = (crate::vm::hooks().import)("builtins")?;
    protocol::getattr_str(*m, "getattr")
}

fn method_repr(d: Value) -> PyResult {
    Ok(strings::new_str(&format!(
        "<method '{}' of '{}' objects>",
        name_text(d),
        parts(d).0.full_name()
    )))
}
fn wrapper_repr(d: Value) -> PyResult {
    Ok(strings::new_str(&format!(
        "<slot wrapper '{}' of '{}' objects>",
        name_text(d),
        parts(d).0.full_name()
    )))
}
fn getset_repr(d: Value) -> PyResult {
    Ok(strings::new_str(&format!(
        "<attribute '{}' of '{}' objects>",
        name_text(d),
        parts(d).0.full_name()
    )))
}
fn member_repr(d: Value) -> PyResult {
    Ok(strings::new_str(&format!(
        "<member '{}' of '{}' objects>",
        name_text(d),
        parts(d).0.full_name()
    )))
}

/// TypeError unless `obj` is an instance of the descriptor's type.
#[inline]
fn check_instance(d: Value, owner: Type, obj: Value) -> PyResult<()> {
    let ty = obj.ty();
    if ty.is(owner) || ty.is_subtype(owner) {
        return Ok(());
    }
    err!(
        TypeError,
        "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
        name_text(d),
        owner.full_name(),
        ty.full_name()
    )
}

// ---------------------------------------------------------------- method_descriptor

fn method_get(d: Value, obj: Value, _ty: Value) -> PyResult {
    if obj.is_null() {
        return Ok(d.to_ref());
    }
    // SAFETY: the slot of method_descriptor.
    let m = unsafe { d.cast_unchecked::<PyMethodDescr>() };
    check_instance(d, m.owner, obj)?;
    Ok(crate::function::new_bound_builtin(m.def, obj, m.owner))
}
fn method_call(d: Value, args: &[Value], kwnames: Value) -> PyResult {
    // SAFETY: the slot of method_descriptor.
    let m = unsafe { d.cast_unchecked::<PyMethodDescr>() };
    let nkw = if kwnames.is_null() {
        0
    } else {
        tuple::as_slice(kwnames).len()
    };
    if args.len() <= nkw {
        return err!(
            TypeError,
            "unbound method {}.{}() needs an argument",
            m.owner.name(),
            m.def.name()
        );
    }
    check_instance(d, m.owner, args[0])?;
    m.def.call(args, kwnames)
}

pub static METHOD_DESCR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "method_descriptor",
    flags: TypeFlags::METHOD_DESCRIPTOR,
    slots: Slots {
        repr: Some(method_repr),
        call: Some(method_call),
        descr_get: Some(method_get),
        ..Slots::of::<PyMethodDescr>()
    },
    methods: &[MethodDef::new(
        "__reduce__($self, /)",
        "Helper for pickle.",
        reduce,
    )],
    members: &[
        MemberDef::ro("__objclass__", "", get_objclass),
        MemberDef::ro("__name__", "", get_name),
    ],
    getset: &[
        GetSetDef::ro("__doc__", "", get_doc),
        GetSetDef::ro("__qualname__", "", get_qualname),
        GetSetDef::ro("__text_signature__", "", get_text_signature),
    ],
    ..TypeSpec::of::<PyMethodDescr>()
});

// ---------------------------------------------------------------- classmethod_descriptor

fn classmethod_target(d: Value, ty: Value) -> PyResult<()> {
    // SAFETY: the slots of classmethod_descriptor.
    let m = unsafe { d.cast_unchecked::<PyClassMethodDescr>() };
    match as_type(ty) {
        None => err!(
            TypeError,
            "descriptor '{}' for type '{}' needs a type, not a '{}' as arg 2",
            m.def.name(),
            m.owner.name(),
            ty.type_name()
        ),
        Some(t) if !t.is_subtype(m.owner) => err!(
            TypeError,
            "descriptor '{}' requires a subtype of '{}' but received '{}'",
            m.def.name(),
            m.owner.name(),
            t.name()
        ),
        _ => Ok(()),
    }
}
fn classmethod_get(d: Value, obj: Value, ty: Value) -> PyResult {
    // SAFETY: the slot of classmethod_descriptor.
    let m = unsafe { d.cast_unchecked::<PyClassMethodDescr>() };
    let ty = if ty.is_null() {
        if obj.is_null() {
            return err!(
                TypeError,
                "descriptor '{}' for type '{}' needs either an object or a type",
                m.def.name(),
                m.owner.name()
            );
        }
        obj.ty().value()
    } else {
        ty
    };
    classmethod_target(d, ty)?;
    Ok(crate::function::new_bound_builtin(m.def, ty, m.owner))
}
fn classmethod_call(d: Value, args: &[Value], kwnames: Value) -> PyResult {
    // SAFETY: the slot of classmethod_descriptor.
    let m = unsafe { d.cast_unchecked::<PyClassMethodDescr>() };
    let nkw = if kwnames.is_null() {
        0
    } else {
        tuple::as_slice(kwnames).len()
    };
    if args.len() <= nkw {
        return err!(
            TypeError,
            "descriptor '{}' of '{}' object needs an argument",
            m.def.name(),
            m.owner.name()
        );
    }
    classmethod_target(d, args[0])?;
    m.def.call(args, kwnames)
}

pub static CLASSMETHOD_DESCR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "classmethod_descriptor",
    slots: Slots {
        repr: Some(method_repr),
        call: Some(classmethod_call),
        descr_get: Some(classmethod_get),
        ..Slots::of::<PyClassMethodDescr>()
    },
    methods: &[MethodDef::new(
        "__reduce__($self, /)",
        "Helper for pickle.",
        reduce,
    )],
    members: &[
        MemberDef::ro("__objclass__", "", get_objclass),
        MemberDef::ro("__name__", "", get_name),
    ],
    getset: &[
        GetSetDef::ro("__doc__", "", get_doc),
        GetSetDef::ro("__qualname__", "", get_qualname),
        GetSetDef::ro("__text_signature__", "", get_text_signature),
    ],
    ..TypeSpec::of::<PyClassMethodDescr>()
});

// ---------------------------------------------------------------- wrapper_descriptor

fn wrapper_get(d: Value, obj: Value, _ty: Value) -> PyResult {
    if obj.is_null() {
        return Ok(d.to_ref());
    }
    // SAFETY: the slot of wrapper_descriptor.
    let w = unsafe { d.cast_unchecked::<PySlotWrapper>() };
    check_instance(d, w.owner, obj)?;
    Ok(new_object(PyMethodWrapper {
        header: Header::new(&METHOD_WRAPPER_TYPE),
        wrapper: Slot::new(d.to_ref()),
        self_: Slot::new(obj.to_ref()),
    }))
}
fn wrapper_call(d: Value, args: &[Value], kwnames: Value) -> PyResult {
    // SAFETY: the slot of wrapper_descriptor.
    let w = unsafe { d.cast_unchecked::<PySlotWrapper>() };
    let nkw = if kwnames.is_null() {
        0
    } else {
        tuple::as_slice(kwnames).len()
    };
    if args.len() <= nkw {
        return err!(
            TypeError,
            "descriptor '{}' of '{}' object needs an argument",
            w.def().name,
            w.owner.name()
        );
    }
    let ty = args[0].ty();
    if !ty.is_subtype(w.owner) {
        return err!(
            TypeError,
            "descriptor '{}' requires a '{}' object but received a '{}'",
            w.def().name,
            w.owner.name(),
            ty.name()
        );
    }
    w.def().call(w.slots(), args, kwnames)
}

pub static WRAPPER_DESCR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "wrapper_descriptor",
    flags: TypeFlags::METHOD_DESCRIPTOR,
    slots: Slots {
        repr: Some(wrapper_repr),
        call: Some(wrapper_call),
        descr_get: Some(wrapper_get),
        ..Slots::of::<PySlotWrapper>()
    },
    methods: &[MethodDef::new(
        "__reduce__($self, /)",
        "Helper for pickle.",
        reduce,
    )],
    members: &[
        MemberDef::ro("__objclass__", "", get_objclass),
        MemberDef::ro("__name__", "", get_name),
    ],
    getset: &[
        GetSetDef::ro("__doc__", "", get_doc),
        GetSetDef::ro("__qualname__", "", get_qualname),
        GetSetDef::ro("__text_signature__", "", get_text_signature),
    ],
    ..TypeSpec::of::<PySlotWrapper>()
});

// ---------------------------------------------------------------- method-wrapper

fn bound(w: Value) -> (&'static PySlotWrapper, Value) {
    // SAFETY: called with method-wrappers, whose `wrapper` is a slot wrapper; alive as long as the caller holds it.
    unsafe {
        let m = &*(w.as_ptr() as *const PyMethodWrapper);
        (
            &*(m.wrapper.get().as_ptr() as *const PySlotWrapper),
            m.self_.get(),
        )
    }
}
fn bound_call(f: Value, args: &[Value], kwnames: Value) -> PyResult {
    let (w, this) = bound(f);
    let mut small = [Value::NULL; 4];
    if args.len() < 4 {
        small[0] = this;
        small[1..=args.len()].copy_from_slice(args);
        return w.def().call(w.slots(), &small[..=args.len()], kwnames);
    }
    let mut all = Vec::with_capacity(args.len() + 1);
    all.push(this);
    all.extend_from_slice(args);
    w.def().call(w.slots(), &all, kwnames)
}
fn bound_repr(f: Value) -> PyResult {
    let (w, this) = bound(f);
    Ok(strings::new_str(&format!(
        "<method-wrapper '{}' of {} object at {:#x}>",
        w.def().name,
        this.type_name(),
        this.id()
    )))
}
fn bound_hash(f: Value) -> PyResult<i64> {
    let (w, this) = bound(f);
    let a = crate::hash::hash_pointer(this.bits());
    let b = crate::hash::hash_pointer(w as *const PySlotWrapper as u64);
    Ok(crate::hash::fix(a ^ b))
}
fn bound_compare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if !(a.is_exact::<PyMethodWrapper>() && b.is_exact::<PyMethodWrapper>())
        || !matches!(op, CompareOp::Eq | CompareOp::Ne)
    {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let ((wa, sa), (wb, sb)) = (bound(a), bound(b));
    let same = std::ptr::eq(wa, wb) && sa.is(sb);
    Ok(Ref::bool(same == (op == CompareOp::Eq)))
}
fn bound_name(f: Value) -> PyResult {
    Ok(crate::slot_table::def_name(bound(f).0.index).to_ref())
}
fn bound_self(f: Value) -> PyResult {
    Ok(bound(f).1.to_ref())
}
fn bound_objclass(f: Value) -> PyResult {
    Ok(bound(f).0.owner.to_ref())
}
fn bound_doc(f: Value) -> PyResult {
    text_or_none(bound(f).0.def().doc)
}
fn bound_signature(f: Value) -> PyResult {
    text_or_none(bound(f).0.def().text_signature())
}
fn bound_qualname(f: Value) -> PyResult {
    get_qualname(Value::from_obj(bound(f).0))
}
fn bound_reduce(args: &[Value]) -> PyResult {
    let (w, this) = bound(args[0]);
    let name = crate::slot_table::def_name(w.index).to_ref();
    Ok(tuple::of([
        builtin_getattr()?,
        tuple::of([this.to_ref(), name]),
    ]))
}

pub static METHOD_WRAPPER_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "method-wrapper",
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        repr: Some(bound_repr),
        call: Some(bound_call),
        hash: Some(bound_hash),
        richcompare: Some(bound_compare),
        ..Slots::of::<PyMethodWrapper>()
    },
    methods: &[MethodDef::new(
        "__reduce__($self, /)",
        "Helper for pickle.",
        bound_reduce,
    )],
    members: &[MemberDef::ro("__self__", "", bound_self)],
    getset: &[
        GetSetDef::ro("__objclass__", "", bound_objclass),
        GetSetDef::ro("__name__", "", bound_name),
        GetSetDef::ro("__qualname__", "", bound_qualname),
        GetSetDef::ro("__doc__", "", bound_doc),
        GetSetDef::ro("__text_signature__", "", bound_signature),
    ],
    ..TypeSpec::of::<PyMethodWrapper>()
});

// ---------------------------------------------------------------- getset_descriptor

#[inline]
fn getset_of(d: Value) -> (&'static PyGetSet, Type) {
    // SAFETY: the slots of getset_descriptor; alive as long as the caller holds it.
    let g = unsafe { &*(d.as_ptr() as *const PyGetSet) };
    // SAFETY: the owner of a getset is a type.
    (g, unsafe {
        &*(g.owner.get().as_ptr() as *const TypeObject)
    })
}
fn getset_get(d: Value, obj: Value, _ty: Value) -> PyResult {
    if obj.is_null() {
        return Ok(d.to_ref());
    }
    let (g, owner) = getset_of(d);
    check_instance(d, owner, obj)?;
    match g.def.get {
        Some(f) => f(obj),
        None => err!(
            AttributeError,
            "attribute '{}' of '{}' objects is not readable",
            g.def.name,
            owner.name()
        ),
    }
}
fn getset_set(d: Value, obj: Value, value: Value) -> PyResult<()> {
    let (g, owner) = getset_of(d);
    check_instance(d, owner, obj)?;
    match g.def.set {
        Some(f) => f(obj, value),
        None => err!(
            AttributeError,
            "attribute '{}' of '{}' objects is not writable",
            g.def.name,
            owner.full_name()
        ),
    }
}

pub static GETSET_DESCR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "getset_descriptor",
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        repr: Some(getset_repr),
        descr_get: Some(getset_get),
        descr_set: Some(getset_set),
        ..Slots::of::<PyGetSet>()
    },
    members: &[
        MemberDef::ro("__objclass__", "", get_objclass),
        MemberDef::ro("__name__", "", get_name),
    ],
    getset: &[
        GetSetDef::ro("__doc__", "", get_doc),
        GetSetDef::ro("__qualname__", "", get_qualname),
    ],
    ..TypeSpec::of::<PyGetSet>()
});

// ---------------------------------------------------------------- member_descriptor

#[inline]
fn member_of(d: Value) -> (&'static PyMember, Type) {
    // SAFETY: the slots of member_descriptor; alive as long as the caller holds it.
    let m = unsafe { &*(d.as_ptr() as *const PyMember) };
    // SAFETY: the owner of a member is a type.
    (m, unsafe {
        &*(m.owner.get().as_ptr() as *const TypeObject)
    })
}
/// Field of a `__slots__` entry in an object that was checked to be an instance.
#[inline]
fn member_field(m: &PyMember, obj: Value) -> &'static Slot {
    // SAFETY: instances of the owner have a Slot at the offset.
    unsafe { &*((obj.as_ptr() as *const u8).add(m.offset) as *const Slot) }
}
fn member_get(d: Value, obj: Value, _ty: Value) -> PyResult {
    if obj.is_null() {
        return Ok(d.to_ref());
    }
    let (m, owner) = member_of(d);
    check_instance(d, owner, obj)?;
    match m.def {
        Some(def) => (def.get)(obj),
        None => {
            let v = if m.offset == 0 {
                crate::shape::get_attribute(obj, m.name.get())?.to_ref()
            } else {
                member_field(m, obj).get_ref()
            };
            if v.is_null() {
                return Err(crate::attributes::no_attribute(obj, m.name.get()));
            }
            Ok(v)
        }
    }
}
fn member_set(d: Value, obj: Value, value: Value) -> PyResult<()> {
    let (m, owner) = member_of(d);
    check_instance(d, owner, obj)?;
    match m.def {
        Some(def) => match def.set {
            Some(f) => f(obj, value),
            None => err!(AttributeError, "readonly attribute"),
        },
        None => {
            if m.offset == 0 {
                // Objects of varying size keep the entry among their attributes.
                if !crate::shape::set_attribute(obj, m.name.get(), value)? {
                    return Err(crate::attributes::no_attribute(obj, m.name.get()));
                }
                return Ok(());
            }
            let field = member_field(m, obj);
            if value.is_null() {
                if field.is_null() {
                    let name = m.name.get_ref();
                    return Err(crate::attributes::attribute_error(
                        obj,
                        *name,
                        strings::expect(*name).to_string(),
                    ));
                }
                drop(field.take());
            } else {
                field.set(value.to_ref());
            }
            Ok(())
        }
    }
}

pub static MEMBER_DESCR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "member_descriptor",
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        repr: Some(member_repr),
        descr_get: Some(member_get),
        descr_set: Some(member_set),
        ..Slots::of::<PyMember>()
    },
    methods: &[MethodDef::new(
        "__reduce__($self, /)",
        "Helper for pickle.",
        reduce,
    )],
    members: &[
        MemberDef::ro("__objclass__", "", get_objclass),
        MemberDef::ro("__name__", "", get_name),
    ],
    getset: &[
        GetSetDef::ro("__doc__", "", get_doc),
        GetSetDef::ro("__qualname__", "", get_qualname),
    ],
    ..TypeSpec::of::<PyMember>()
});
