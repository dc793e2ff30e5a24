//! `mappingproxy`: a read-only view of a mapping.

use crate::err::PyResult;
use crate::names::names;
use crate::native::{MethodDef, Signature};
use crate::object::{Header, alloc, new_object};
use crate::protocol::{self, BinaryOp};
use crate::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Slot, Value};
use crate::{dict, err, list, object_impl, strings, tuple};

/// A proxy.
#[repr(C)]
pub struct PyMappingProxy {
    pub header: Header,
    pub mapping: Slot,
}
object_impl!(
    PyMappingProxy,
    MAPPINGPROXY_TYPE,
    |this, visit| visit(this.mapping.get()),
    |this| drop(this.mapping.replace(dict::new_dict()))
);

/// A proxy of `mapping`.
pub fn new_proxy(mapping: Value) -> Ref {
    new_object(PyMappingProxy {
        header: Header::new(&MAPPINGPROXY_TYPE),
        mapping: Slot::new(mapping.to_ref()),
    })
}

fn target(v: Value) -> Ref {
    // SAFETY: called from slots and methods of the type only.
    unsafe { v.cast_unchecked::<PyMappingProxy>() }
        .mapping
        .get_ref()
}
/// The mapping behind a proxy, or the value itself.
fn unwrap(v: Value) -> Ref {
    if v.is_a::<PyMappingProxy>() {
        target(v)
    } else {
        v.to_ref()
    }
}

fn new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static SIG: Signature = Signature::new("mappingproxy(mapping)");
    SIG.bind(args, kwnames, |a| {
        let m = a[0];
        if m.ty().slots().subscript.is_none() || list::is_list(m) || tuple::is_tuple(m) {
            return err!(
                TypeError,
                "mappingproxy() argument must be a mapping, not {}",
                m.type_name()
            );
        }
        Ok(alloc(
            ty,
            PyMappingProxy {
                header: Header::new(ty),
                mapping: Slot::new(m.to_ref()),
            },
        ))
    })
}
fn repr(v: Value) -> PyResult {
    Ok(strings::new_str(&format!(
        "mappingproxy({})",
        protocol::repr_text(*target(v))?
    )))
}
/// The other side gets a copy: through the mapping itself it could change a class behind its back.
fn compare(a: Value, b: Value, op: CompareOp) -> PyResult {
    let mapping = target(a);
    let mapping = if mapping.is_exact::<dict::PyDict>() {
        dict::copy(*mapping)
    } else {
        mapping
    };
    protocol::richcompare(*mapping, *unwrap(b), op)
}
fn forward(args: &[Value], name: &str) -> PyResult {
    protocol::call_method_str(*target(args[0]), name, &args[1..])
}

pub static MAPPINGPROXY_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "mappingproxy",
    doc: "Read-only proxy of a mapping.",
    flags: TypeFlags::HAVE_GC | TypeFlags::MAPPING,
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        str: Some(|v| protocol::str(*target(v))),
        hash: Some(|v| protocol::hash(*target(v))),
        richcompare: Some(compare),
        iter: Some(|v| protocol::iter(*target(v))),
        map_length: Some(|v| protocol::len(*target(v))),
        subscript: Some(|v, k| protocol::getitem(*target(v), k)),
        contains: Some(|v, k| protocol::contains(*target(v), k)),
        or: Some(|a, b| protocol::binary(*unwrap(a), *unwrap(b), BinaryOp::Or)),
        inplace_or: Some(|a, _| {
            err!(
                TypeError,
                "'|=' is not supported by {}; use '|' instead",
                a.ty().name()
            )
        }),
        ..Slots::of::<PyMappingProxy>()
    },
    methods: &[
        MethodDef::new(
            "get($self, key, default=None, /)",
            "Return the value for key if key is in the mapping, else default.",
            |a| {
                let m = target(a[0]);
                let d = a[2].or(Value::NONE);
                protocol::call_method(*m, names().get, &[a[1], d])
            },
        ),
        MethodDef::new(
            "keys($self, /)",
            "a set-like object providing a view on the keys",
            |a| forward(a, "keys"),
        ),
        MethodDef::new(
            "values($self, /)",
            "an object providing a view on the values",
            |a| forward(a, "values"),
        ),
        MethodDef::new(
            "items($self, /)",
            "a set-like object providing a view on the items",
            |a| forward(a, "items"),
        ),
        MethodDef::new("copy($self, /)", "a shallow copy of the mapping", |a| {
            forward(a, "copy")
        }),
        MethodDef::new("__class_getitem__($type, object, /)", "See PEP 585", |a| {
            crate::generic_alias::new_alias(a[0], a[1])
        })
        .class(),
        MethodDef::new(
            "__reversed__($self, /)",
            "D.__reversed__() -> reverse iterator",
            |a| forward(a, "__reversed__"),
        ),
    ],
    text_signature: "(mapping)",
    ..TypeSpec::of::<PyMappingProxy>()
});
