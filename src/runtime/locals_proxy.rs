//! `FrameLocalsProxy`: the write-through view of a function's locals (PEP 667).

use crate::frame_object::PyFrame;
use taipan_objects::err::PyResult;
use taipan_objects::native::MethodDef;
use taipan_objects::object::{Header, new_object};
use taipan_objects::typeobject::{CompareOp, Slots, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{dict, err, object_impl, protocol, strings, tuple};

#[repr(C)]
pub struct PyLocalsProxy {
    pub header: Header,
    frame: Slot,
}
object_impl!(
    PyLocalsProxy,
    LOCALS_PROXY_TYPE,
    |this, visit| visit(this.frame.get()),
    |_this| {}
);

/// The view of a frame object's locals.
pub fn new_proxy(frame: Value) -> Ref {
    new_object(PyLocalsProxy {
        header: Header::new(&LOCALS_PROXY_TYPE),
        frame: Slot::new(frame.to_ref()),
    })
}
fn frame(v: &Value) -> &PyFrame {
    // SAFETY: methods of the type get instances of it, whose slot holds a frame.
    unsafe {
        let p = v.cast_unchecked::<PyLocalsProxy>().frame.get();
        &*(p.as_ptr() as *const PyFrame)
    }
}
fn lookup(v: Value, key: Value) -> PyResult<Value> {
    let f = frame(&v);
    if let Some(i) = f.find_local(key) {
        let x = f.local(i);
        if !x.is_null() {
            return Ok(x);
        }
    }
    let extra = f.extra_locals.get();
    if extra.is_null() {
        // Unhashable keys are errors all the same.
        protocol::hash(key)?;
        return Ok(Value::NULL);
    }
    dict::get(extra, key)
}
fn subscript(v: Value, key: Value) -> PyResult {
    let x = lookup(v, key)?;
    if x.is_null() {
        if strings::is_str(key) {
            return err!(
                KeyError,
                "local variable '{}' is not defined",
                protocol::repr_text(key)?
            );
        }
        return Err(taipan_objects::err::raise_with(
            &taipan_objects::exceptions::KeyError,
            &[key],
        ));
    }
    Ok(x.to_ref())
}
fn ass_subscript(v: Value, key: Value, value: Value) -> PyResult<()> {
    let f = frame(&v);
    if let Some(i) = f.find_local(key) {
        if value.is_null() {
            return err!(
                ValueError,
                "cannot remove local variables from FrameLocalsProxy"
            );
        }
        f.set_local(i, value.to_ref());
        return Ok(());
    }
    if f.extra_locals.is_null() {
        if value.is_null() {
            return Err(taipan_objects::err::raise_with(
                &taipan_objects::exceptions::KeyError,
                &[key],
            ));
        }
        f.extra_locals.set(dict::new_dict());
    }
    let extra = f.extra_locals.get();
    if value.is_null() {
        if !dict::delete(extra, key)? {
            return Err(taipan_objects::err::raise_with(
                &taipan_objects::exceptions::KeyError,
                &[key],
            ));
        }
        return Ok(());
    }
    dict::set(extra, key, value)
}
fn snapshot(v: Value) -> Ref {
    frame(&v).snapshot()
}
fn forward(v: Value, name: &str, args: &[Value]) -> PyResult {
    protocol::call_method_str(*snapshot(v), name, args)
}
fn richcompare(a: Value, b: Value, op: CompareOp) -> PyResult {
    let equal = if b.is_a::<PyLocalsProxy>() {
        frame(&a).header.ty().is(frame(&b).header.ty()) && std::ptr::eq(frame(&a), frame(&b))
    } else if dict::is_dict(b) {
        return protocol::richcompare(*snapshot(a), b, op);
    } else {
        return Ok(Ref::NOT_IMPLEMENTED);
    };
    match op {
        CompareOp::Eq => Ok(Ref::bool(equal)),
        CompareOp::Ne => Ok(Ref::bool(!equal)),
        _ => Ok(Ref::NOT_IMPLEMENTED),
    }
}
fn update(v: Value, other: Value) -> PyResult<()> {
    let d = if dict::is_dict(other) || other.is_a::<PyLocalsProxy>() {
        if dict::is_dict(other) {
            other.to_ref()
        } else {
            snapshot(other)
        }
    } else {
        let d = dict::new_dict();
        protocol::call_method_str(*d, "update", &[other])?;
        d
    };
    for (k, x) in dict::items(*d) {
        ass_subscript(v, *k, *x)?;
    }
    Ok(())
}
fn get(a: &[Value]) -> PyResult {
    let x = lookup(a[0], a[1])?;
    Ok(if x.is_null() {
        a[2].or(Value::NONE).to_ref()
    } else {
        x.to_ref()
    })
}
fn setdefault(a: &[Value]) -> PyResult {
    let x = lookup(a[0], a[1])?;
    if !x.is_null() {
        return Ok(x.to_ref());
    }
    let d = a[2].or(Value::NONE);
    ass_subscript(a[0], a[1], d)?;
    Ok(d.to_ref())
}
fn pop(a: &[Value]) -> PyResult {
    let f = frame(&a[0]);
    if f.find_local(a[1]).is_some() {
        return err!(
            ValueError,
            "cannot remove local variables from FrameLocalsProxy"
        );
    }
    let extra = f.extra_locals.get();
    let r = if extra.is_null() {
        Ref::NULL
    } else {
        dict::pop(extra, a[1])?
    };
    if r.is_null() {
        if !a[2].is_null() {
            return Ok(a[2].to_ref());
        }
        return Err(taipan_objects::err::raise_with(
            &taipan_objects::exceptions::KeyError,
            &[a[1]],
        ));
    }
    Ok(r)
}

pub static LOCALS_PROXY_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "FrameLocalsProxy",
    flags: TypeFlags::HAVE_GC | TypeFlags::MAPPING,
    slots: Slots {
        new: Some(|_, args, _| {
            if args.len() == 1 && args[0].is_a::<PyFrame>() {
                return Ok(new_proxy(args[0]));
            }
            if args.len() == 1 {
                return err!(TypeError, "expect frame, not {}", args[0].type_name());
            }
            err!(
                TypeError,
                "FrameLocalsProxy expected 1 argument, got {}",
                args.len()
            )
        }),
        repr: Some(|v| protocol::repr(*snapshot(v))),
        richcompare: Some(richcompare),
        hash: Some(protocol::hash_not_implemented),
        iter: Some(|v| protocol::iter(*snapshot(v))),
        map_length: Some(|v| protocol::len(*snapshot(v))),
        subscript: Some(subscript),
        ass_subscript: Some(ass_subscript),
        contains: Some(|v, k| Ok(!lookup(v, k)?.is_null())),
        or: Some(|a, b| {
            let left = if a.is_a::<PyLocalsProxy>() {
                snapshot(a)
            } else {
                a.to_ref()
            };
            let right = if b.is_a::<PyLocalsProxy>() {
                snapshot(b)
            } else {
                b.to_ref()
            };
            if !dict::is_dict(*left) || !dict::is_dict(*right) {
                return Ok(Ref::NOT_IMPLEMENTED);
            }
            protocol::binary(*left, *right, protocol::BinaryOp::Or)
        }),
        inplace_or: Some(|a, b| {
            update(a, b)?;
            Ok(a.to_ref())
        }),
        ..Slots::of::<PyLocalsProxy>()
    },
    methods: &[
        MethodDef::new("__reversed__($self, /)", "", |a| {
            forward(a[0], "__reversed__", &[])
        }),
        MethodDef::new("copy($self, /)", "", |a| Ok(snapshot(a[0]))),
        MethodDef::new("get($self, key, default=None, /)", "", get),
        MethodDef::new("items($self, /)", "", |a| {
            let l: Vec<Ref> = dict::items(*snapshot(a[0]))
                .into_iter()
                .map(|(k, v)| tuple::of([k, v]))
                .collect();
            Ok(taipan_objects::list::new_list(l))
        }),
        MethodDef::new("keys($self, /)", "", |a| {
            Ok(taipan_objects::list::new_list(
                dict::items(*snapshot(a[0]))
                    .into_iter()
                    .map(|(k, _)| k)
                    .collect(),
            ))
        }),
        MethodDef::new("values($self, /)", "", |a| {
            Ok(taipan_objects::list::new_list(
                dict::items(*snapshot(a[0]))
                    .into_iter()
                    .map(|(_, v)| v)
                    .collect(),
            ))
        }),
        MethodDef::new("pop($self, key, default=<unrepresentable>, /)", "", pop),
        MethodDef::new("setdefault($self, key, default=None, /)", "", setdefault),
        MethodDef::new("update($self, other, /)", "", |a| {
            update(a[0], a[1])?;
            Ok(Ref::NONE)
        }),
    ],
    ..TypeSpec::of::<PyLocalsProxy>()
});
