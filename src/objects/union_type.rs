//! `typing.Union`: what `int | str` gives.

use crate::attributes::generic_getattr;
use crate::err::PyResult;
use crate::generic_alias::{is_alias, make_parameters, substitute, type_text};
use crate::native::{GetSetDef, MemberDef, MethodDef};
use crate::object::{Header, new_object};
use crate::typeobject::{CompareOp, Slots, TypeFlags, TypeObject, TypeSpec, as_type};
use crate::value::{Ref, Slot, Value};
use crate::{err, object_impl, protocol, strings, tuple};

/// A union of at least two different types.
#[repr(C)]
pub struct PyUnion {
    pub header: Header,
    /// A tuple.
    pub args: Slot,
    /// A tuple, made on demand.
    pub parameters: Slot,
}
object_impl!(
    PyUnion,
    UNION_TYPE,
    |this, visit| {
        visit(this.args.get());
        visit(this.parameters.get());
    },
    |_this| {}
);

fn this(v: Value) -> &'static PyUnion {
    // SAFETY: called from slots and methods of the type only; alive as long as the caller holds it.
    unsafe { &*(v.as_ptr() as *const PyUnion) }
}

/// The members of a union, borrowed; `None` for anything else.
pub fn union_args(v: &Value) -> Option<&'static [Value]> {
    if v.is_exact::<PyUnion>() {
        Some(tuple::as_slice(this(*v).args.get()))
    } else {
        None
    }
}

fn is_unionable(v: Value) -> bool {
    v.is_none()
        || as_type(v).is_some()
        || is_alias(v)
        || v.is_exact::<PyUnion>()
        || crate::typevar::is_type_alias(v)
}

fn add(out: &mut Vec<Ref>, v: Value) -> PyResult<()> {
    if let Some(args) = union_args(&v) {
        for a in args {
            add(out, *a)?;
        }
        return Ok(());
    }
    let v = if v.is_none() {
        crate::types::NONE_TYPE.value()
    } else {
        v
    };
    for x in out.iter() {
        if x.is(v) || (as_type(**x).is_none() && as_type(v).is_none() && protocol::eq(**x, v)?) {
            return Ok(());
        }
    }
    out.push(v.to_ref());
    Ok(())
}

/// The union of the values, flattened and each once; a single one is given as it is.
pub fn make_union(values: &[Value]) -> PyResult {
    let mut out = Vec::new();
    for v in values {
        add(&mut out, *v)?;
    }
    if out.len() == 1 {
        return Ok(out.pop().expect("one"));
    }
    Ok(new_object(PyUnion {
        header: Header::new(&UNION_TYPE),
        args: Slot::new(tuple::from_refs(out)),
        parameters: Slot::null(),
    }))
}

/// The `|` of types, aliases and unions.
pub fn type_or(a: Value, b: Value) -> PyResult {
    if !is_unionable(a) || !is_unionable(b) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    make_union(&[a, b])
}

fn repr(v: Value) -> PyResult {
    let args = this(v).args.get_ref();
    let mut parts = Vec::new();
    for a in tuple::as_slice(*args) {
        parts.push(type_text(*a)?);
    }
    Ok(strings::new_str(&parts.join(" | ")))
}
fn hash(v: Value) -> PyResult<i64> {
    let args = this(v).args.get_ref();
    // The order of members must not matter.
    let mut h: u64 = 1927868237 ^ tuple::as_slice(*args).len() as u64;
    let mut unhashable = 0;
    for a in tuple::as_slice(*args) {
        match protocol::hash(*a) {
            Ok(x) => {
                let x = x as u64;
                h ^= (x ^ 89869747 ^ (x << 16)).wrapping_mul(3644798167);
            }
            Err(e) => {
                if !crate::err::clear_if(&crate::exceptions::TypeError) {
                    return Err(e);
                }
                unhashable += 1;
            }
        }
    }
    if unhashable > 0 {
        return err!(
            TypeError,
            "union contains {unhashable} unhashable element{}",
            if unhashable == 1 { "" } else { "s" }
        );
    }
    Ok(crate::hash::fix(h as i64))
}
fn compare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if !a.is_exact::<PyUnion>()
        || !b.is_exact::<PyUnion>()
        || !matches!(op, CompareOp::Eq | CompareOp::Ne)
    {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let (x, y) = (this(a).args.get_ref(), this(b).args.get_ref());
    let (x, y) = (tuple::as_slice(*x), tuple::as_slice(*y));
    let mut same = x.len() == y.len();
    for p in x {
        if !same {
            break;
        }
        let mut found = false;
        for q in y {
            if protocol::eq(*p, *q)? {
                found = true;
                break;
            }
        }
        same = found;
    }
    Ok(Ref::bool(same == (op == CompareOp::Eq)))
}
fn parameters(v: Value) -> PyResult {
    let u = this(v);
    if u.parameters.is_null() {
        let args = u.args.get_ref();
        let p = make_parameters(tuple::as_slice(*args))?;
        u.parameters.set(p);
    }
    Ok(u.parameters.get_ref())
}
fn subscript(v: Value, item: Value) -> PyResult {
    let params = parameters(v)?;
    let args = this(v).args.get_ref();
    let new = substitute(v, tuple::as_slice(*args), *params, item)?;
    make_union(crate::value::values(&new))
}
/// `typing.Union[…]`.
fn class_getitem(a: &[Value]) -> PyResult {
    let args = if tuple::is_tuple(a[1]) {
        a[1].to_ref()
    } else {
        tuple::of([a[1].to_ref()])
    };
    let items = tuple::as_slice(*args);
    if items.is_empty() {
        return err!(TypeError, "Cannot take a Union of no types.");
    }
    let mut checked = Vec::new();
    for v in items {
        if is_unionable(*v) {
            checked.push(v.to_ref());
            continue;
        }
        let typing = (crate::vm::hooks().import)("typing")?;
        let f = protocol::getattr_str(*typing, "_type_check")?;
        let message = strings::new_str("Union[arg, ...]: each arg must be a type.");
        checked.push(protocol::call(*f, &[*v, *message])?);
    }
    make_union(crate::value::values(&checked))
}
fn name(_v: Value) -> PyResult {
    Ok(strings::intern_str("Union"))
}

pub static UNION_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "typing.Union",
    doc: "Represent a union type\n\nE.g. for int | str",
    flags: TypeFlags::HAVE_GC | TypeFlags::WEAKREFABLE,
    slots: Slots {
        repr: Some(repr),
        hash: Some(hash),
        getattro: Some(generic_getattr),
        richcompare: Some(compare),
        or: Some(type_or),
        subscript: Some(subscript),
        ..Slots::of::<PyUnion>()
    },
    methods: &[
        MethodDef::new("__mro_entries__($self, object, /)", "", |a| {
            err!(TypeError, "Cannot subclass {}", protocol::repr_text(a[0])?)
        }),
        MethodDef::new(
            "__class_getitem__($type, object, /)",
            "See PEP 585",
            class_getitem,
        )
        .class(),
    ],
    members: &[MemberDef::ro("__args__", "", |v| {
        Ok(this(v).args.get_ref())
    })],
    getset: &[
        GetSetDef::ro("__name__", "Name of the type", name),
        GetSetDef::ro("__qualname__", "Qualified name of the type", name),
        GetSetDef::ro("__origin__", "Always returns the type", |_| {
            Ok(UNION_TYPE.to_ref())
        }),
        GetSetDef::ro(
            "__parameters__",
            "Type variables in the types.UnionType.",
            parameters,
        ),
    ],
    ..TypeSpec::of::<PyUnion>()
});
