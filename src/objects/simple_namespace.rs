//! `types.SimpleNamespace`.

use crate::err::PyResult;
use crate::native::{MemberDef, MethodDef};
use crate::object::{Header, alloc};
use crate::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Slot, Value};
use crate::{dict, err, object_impl, protocol, strings, tuple};

/// A namespace: nothing but its `__dict__`.
#[repr(C)]
pub struct PyNamespace {
    pub header: Header,
    pub dict: Slot,
}
object_impl!(
    PyNamespace,
    SIMPLE_NAMESPACE_TYPE,
    |this, visit| visit(this.dict.get()),
    |this| drop(this.dict.replace(dict::new_dict()))
);

/// A namespace over `d`.
pub fn new_namespace(d: Ref) -> Ref {
    crate::object::new_object(PyNamespace {
        header: Header::new(&SIMPLE_NAMESPACE_TYPE),
        dict: Slot::new(d),
    })
}

fn contents(v: Value) -> Ref {
    // SAFETY: called from slots and methods of the type only.
    unsafe { v.cast_unchecked::<PyNamespace>() }.dict.get_ref()
}

fn new(ty: Type, _args: &[Value], _kwnames: Value) -> PyResult {
    Ok(alloc(
        ty,
        PyNamespace {
            header: Header::new(ty),
            dict: Slot::new(dict::new_dict()),
        },
    ))
}
fn init(v: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    let (pos, kw) = crate::native::split_args(args, kwnames);
    if pos.len() > 1 {
        return err!(
            TypeError,
            "{} expected at most 1 argument, got {}",
            v.ty().full_name().rsplit('.').next().unwrap_or(""),
            pos.len()
        );
    }
    let d = contents(v);
    if let Some(m) = pos.first() {
        let given = protocol::call(crate::types::DICT_TYPE.value(), &[*m])?;
        for (k, x) in dict::items(*given) {
            if !strings::is_str(*k) {
                return err!(TypeError, "keywords must be strings");
            }
            dict::set(*d, *k, *x)?;
        }
    }
    for (k, x) in kw {
        dict::set(*d, k, x)?;
    }
    Ok(())
}
fn repr(v: Value) -> PyResult {
    let name = if v.is_exact::<PyNamespace>() {
        "namespace"
    } else {
        v.type_name()
    };
    if !protocol::repr_enter(v) {
        return Ok(strings::new_str(&format!("{name}(...)")));
    }
    let mut parts = Vec::new();
    let mut result = Ok(());
    for (k, x) in dict::items(*contents(v)) {
        if let Some(s) = strings::as_str(&k)
            && s.len() > 0
        {
            match protocol::repr_text(*x) {
                Ok(t) => parts.push(format!("{s}={t}")),
                Err(e) => {
                    result = Err(e);
                    break;
                }
            }
        }
    }
    protocol::repr_leave(v);
    result?;
    Ok(strings::new_str(&format!("{name}({})", parts.join(", "))))
}
fn compare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if a.is_a::<PyNamespace>() && b.is_a::<PyNamespace>() {
        return protocol::richcompare(*contents(a), *contents(b), op);
    }
    Ok(Ref::NOT_IMPLEMENTED)
}
fn reduce(a: &[Value]) -> PyResult {
    Ok(tuple::of([
        a[0].ty().to_ref(),
        tuple::empty(),
        contents(a[0]),
    ]))
}
fn replace(args: &[Value], kwnames: Value) -> PyResult {
    let (pos, kw) = crate::native::split_args(args, kwnames);
    if pos.len() > 1 {
        return err!(TypeError, "__replace__() takes no positional arguments");
    }
    let r = protocol::call(args[0].ty().value(), &[])?;
    if !r.is_a::<PyNamespace>() {
        return err!(
            TypeError,
            "expect {} type, but {}() returned '{}' object",
            SIMPLE_NAMESPACE_TYPE.full_name(),
            args[0].ty().name(),
            r.type_name()
        );
    }
    let d = contents(*r);
    for (k, x) in dict::items(*contents(args[0])) {
        dict::set(*d, *k, *x)?;
    }
    for (k, x) in kw {
        dict::set(*d, k, x)?;
    }
    Ok(r)
}

pub static SIMPLE_NAMESPACE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "types.SimpleNamespace",
    doc: "A simple attribute-based namespace.",
    flags: TypeFlags::BASETYPE | TypeFlags::HAVE_GC,
    slots: Slots {
        new: Some(new),
        init: Some(init),
        repr: Some(repr),
        richcompare: Some(compare),
        ..Slots::of::<PyNamespace>()
    },
    methods: &[
        MethodDef::new(
            "__reduce__($self, /)",
            "Return state information for pickling",
            reduce,
        ),
        MethodDef::raw(
            "__replace__($self, /, **changes)",
            "Return a copy of the namespace object with new values for the specified attributes.",
            replace,
        ),
    ],
    members: &[MemberDef::ro("__dict__", "", |v| Ok(contents(v)))],
    text_signature: "(mapping_or_iterable=(), /, **kwargs)",
    dict_offset: std::mem::offset_of!(PyNamespace, dict),
    ..TypeSpec::of::<PyNamespace>()
});
