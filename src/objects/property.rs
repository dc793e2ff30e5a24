//! `property`.

use crate::err::PyResult;
use crate::names::names;
use crate::native::{GetSetDef, MemberDef, MethodDef, Signature};
use crate::object::{Header, alloc};
use crate::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Slot, Value};
use crate::{object_impl, protocol};
use std::cell::Cell;

/// A property. Slots are NULL where nothing was given.
#[repr(C)]
pub struct PyProperty {
    pub header: Header,
    pub fget: Slot,
    pub fset: Slot,
    pub fdel: Slot,
    pub doc: Slot,
    pub name: Slot,
    /// The doc is the getter's.
    pub getter_doc: Cell<bool>,
}
object_impl!(
    PyProperty,
    PROPERTY_TYPE,
    |this, visit| for s in [&this.fget, &this.fset, &this.fdel, &this.doc, &this.name] {
        visit(s.get())
    },
    |this| for s in [&this.fget, &this.fset, &this.fdel, &this.doc, &this.name] {
        drop(s.take())
    }
);

fn this(v: Value) -> &'static PyProperty {
    // SAFETY: called from slots and methods of the type only; alive as long as the caller holds it.
    unsafe { &*(v.as_ptr() as *const PyProperty) }
}

fn new(ty: Type, _args: &[Value], _kwnames: Value) -> PyResult {
    Ok(alloc(
        ty,
        PyProperty {
            header: Header::new(ty),
            fget: Slot::null(),
            fset: Slot::null(),
            fdel: Slot::null(),
            doc: Slot::null(),
            name: Slot::null(),
            getter_doc: Cell::new(false),
        },
    ))
}

fn given(v: Value) -> Ref {
    if v.is_none_or_null() {
        Ref::NULL
    } else {
        v.to_ref()
    }
}

fn init(v: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    static SIG: Signature = Signature::new("property(fget=None, fset=None, fdel=None, doc=None)");
    SIG.bind(args, kwnames, |a| {
        let p = this(v);
        p.fget.set(given(a[0]));
        p.fset.set(given(a[1]));
        p.fdel.set(given(a[2]));
        p.name.set(Ref::NULL);
        p.getter_doc.set(false);
        let mut doc = given(a[3]);
        if doc.is_null()
            && !p.fget.is_null()
            && let Some(d) = protocol::getattr_opt(p.fget.get(), names().__doc__)?
            && !d.is_none()
        {
            doc = d;
            p.getter_doc.set(true);
        }
        if v.is_exact::<PyProperty>() {
            p.doc.set(doc);
        } else {
            // A subclass may have `__doc__` in its class: then only the instance's dict can hold this one.
            let d = if doc.is_null() { Ref::NONE } else { doc };
            if let Err(e) = protocol::setattr(v, names().__doc__, *d) {
                if p.getter_doc.get() && crate::err::clear_if(&crate::exceptions::AttributeError) {
                    return Ok(());
                }
                return Err(e);
            }
        }
        Ok(())
    })
}

/// The name, from `__set_name__` or the getter; `None` if there is none.
fn name_of(p: &PyProperty) -> PyResult<Option<Ref>> {
    if !p.name.is_null() {
        return Ok(Some(p.name.get_ref()));
    }
    if p.fget.is_null() {
        return Ok(None);
    }
    protocol::getattr_opt(p.fget.get(), names().__name__)
}

#[cold]
fn lacks(p: &PyProperty, obj: Value, what: &str) -> crate::err::Raised {
    let name = match name_of(p) {
        Ok(Some(n)) => protocol::repr_text(*n).ok(),
        Ok(None) => None,
        Err(e) => return e,
    };
    let q = protocol::repr_text(*crate::type_attributes::qualname_of(obj.ty())).unwrap_or_default();
    let text = match name {
        Some(n) => format!("property {n} of {q} object has no {what}"),
        None => format!("property of {q} object has no {what}"),
    };
    crate::raised!(AttributeError, "{text}")
}

fn descr_get(d: Value, obj: Value, _ty: Value) -> PyResult {
    if obj.is_none_or_null() {
        return Ok(d.to_ref());
    }
    let p = this(d);
    let f = p.fget.get_ref();
    if f.is_null() {
        return Err(lacks(p, obj, "getter"));
    }
    protocol::call(*f, &[obj])
}
fn descr_set(d: Value, obj: Value, value: Value) -> PyResult<()> {
    let p = this(d);
    if value.is_null() {
        let f = p.fdel.get_ref();
        if f.is_null() {
            return Err(lacks(p, obj, "deleter"));
        }
        protocol::call(*f, &[obj])?;
    } else {
        let f = p.fset.get_ref();
        if f.is_null() {
            return Err(lacks(p, obj, "setter"));
        }
        protocol::call(*f, &[obj, value])?;
    }
    Ok(())
}

/// A copy with one of the functions exchanged.
fn with(v: Value, i: usize, f: Value) -> PyResult {
    let p = this(v);
    let mut fields = [p.fget.get_ref(), p.fset.get_ref(), p.fdel.get_ref()];
    fields[i] = given(f);
    let get = fields[0].clone();
    let doc = if p.getter_doc.get() && !get.is_null() {
        Ref::NONE
    } else {
        p.doc.get().or(Value::NONE).to_ref()
    };
    let or_none = |r: &Ref| r.or(Value::NONE);
    let r = protocol::call(
        v.ty().value(),
        &[
            or_none(&fields[0]),
            or_none(&fields[1]),
            or_none(&fields[2]),
            *doc,
        ],
    )?;
    if r.is_a::<PyProperty>() {
        this(*r).name.set(p.name.get_ref());
    }
    Ok(r)
}
fn set_name(a: &[Value]) -> PyResult {
    this(a[0]).name.set(a[2].to_ref());
    Ok(Ref::NONE)
}
fn or_none(s: &Slot) -> PyResult {
    Ok(s.get().or(Value::NONE).to_ref())
}
fn get_name(v: Value) -> PyResult {
    match name_of(this(v))? {
        Some(n) => Ok(n),
        None => Err(crate::attributes::attribute_error(
            v,
            names().__name__,
            format!("'{}' object has no attribute '__name__'", v.type_name()),
        )),
    }
}
fn set_name_attr(v: Value, value: Value) -> PyResult<()> {
    this(v).name.set(if value.is_null() {
        Ref::NULL
    } else {
        value.to_ref()
    });
    Ok(())
}
fn get_abstract(v: Value) -> PyResult {
    let p = this(v);
    for f in [&p.fget, &p.fset, &p.fdel] {
        if crate::class_methods::is_abstract(f.get())? {
            return Ok(Ref::bool(true));
        }
    }
    Ok(Ref::bool(false))
}
fn set_doc(v: Value, value: Value) -> PyResult<()> {
    let p = this(v);
    p.getter_doc.set(false);
    p.doc.set(if value.is_null() {
        Ref::NULL
    } else {
        value.to_ref()
    });
    Ok(())
}

/// The getter of a property found on a type, for inline caches; NULL if it has none. Borrowed.
pub fn getter_of(v: Value) -> Value {
    match v.cast_exact::<PyProperty>() {
        Some(p) => p.fget.get(),
        None => Value::NULL,
    }
}

pub static PROPERTY_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "property",
    doc: "Property attribute.\n\n  fget\n    function to be used for getting an attribute value\n  fset\n    function to be used for setting an attribute value\n  fdel\n    function to be used for del'ing an attribute\n  doc\n    docstring",
    flags: TypeFlags::BASETYPE | TypeFlags::HAVE_GC,
    slots: Slots {
        new: Some(new),
        init: Some(init),
        descr_get: Some(descr_get),
        descr_set: Some(descr_set),
        ..Slots::of::<PyProperty>()
    },
    methods: &[
        MethodDef::new(
            "getter($self, object, /)",
            "Descriptor to obtain a copy of the property with a different getter.",
            |a| with(a[0], 0, a[1]),
        ),
        MethodDef::new(
            "setter($self, object, /)",
            "Descriptor to obtain a copy of the property with a different setter.",
            |a| with(a[0], 1, a[1]),
        ),
        MethodDef::new(
            "deleter($self, object, /)",
            "Descriptor to obtain a copy of the property with a different deleter.",
            |a| with(a[0], 2, a[1]),
        ),
        MethodDef::new("__set_name__($self, owner, name, /)", "", set_name),
    ],
    members: &[
        MemberDef::ro("fget", "", |v| or_none(&this(v).fget)),
        MemberDef::ro("fset", "", |v| or_none(&this(v).fset)),
        MemberDef::ro("fdel", "", |v| or_none(&this(v).fdel)),
        MemberDef {
            name: "__doc__",
            doc: "",
            get: |v| or_none(&this(v).doc),
            set: Some(set_doc),
        },
    ],
    getset: &[
        GetSetDef::rw("__name__", "", get_name, set_name_attr),
        GetSetDef::ro("__isabstractmethod__", "", get_abstract),
    ],
    text_signature: "(fget=None, fset=None, fdel=None, doc=None)",
    ..TypeSpec::of::<PyProperty>()
});
