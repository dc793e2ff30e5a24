//! The awaitable of `anext(ait, default)`.

use crate::generator_types::raise_stop_iteration;
use taipan_objects::err::PyResult;
use taipan_objects::native::MethodDef;
use taipan_objects::object::{Header, new_object};
use taipan_objects::typeobject::{Slots, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{exceptions, object_impl, protocol};

/// Awaits `wrapped`; its end is the default value.
#[repr(C)]
pub struct AnextAwaitable {
    pub header: Header,
    wrapped: Slot,
    default: Slot,
}
object_impl!(
    AnextAwaitable,
    ANEXT_AWAITABLE_TYPE,
    |this, visit| {
        visit(this.wrapped.get());
        visit(this.default.get());
    },
    |_this| {}
);

pub fn new_anext_awaitable(wrapped: Ref, default: Ref) -> Ref {
    new_object(AnextAwaitable {
        header: Header::new(&ANEXT_AWAITABLE_TYPE),
        wrapped: Slot::new(wrapped),
        default: Slot::new(default),
    })
}
fn me(v: &Value) -> &AnextAwaitable {
    // SAFETY: methods of the type get instances of it.
    unsafe { v.cast_unchecked::<AnextAwaitable>() }
}
fn inner(v: Value) -> PyResult {
    let w = me(&v).wrapped.get_ref();
    let it = crate::generator::awaitable_iter(*w, 0)?;
    if it.ty().is(&crate::generator_types::COROUTINE_TYPE) {
        return match it.ty().slots().await_ {
            Some(f) => f(*it),
            None => Ok(it),
        };
    }
    Ok(it)
}
fn or_default<T>(v: Value, r: PyResult<T>) -> PyResult<T> {
    match r {
        Err(e) => {
            if taipan_objects::err::clear_if(&exceptions::StopAsyncIteration) {
                return Err(raise_stop_iteration(me(&v).default.get_ref()));
            }
            Err(e)
        }
        r => r,
    }
}
fn iternext(v: Value) -> PyResult<Option<Ref>> {
    let it = inner(v)?;
    or_default(v, protocol::next(*it))
}
fn forward(name: &str, a: &[Value]) -> PyResult {
    let it = inner(a[0])?;
    let n = (1..a.len()).rev().find(|i| !a[*i].is_null()).unwrap_or(0);
    or_default(a[0], protocol::call_method_str(*it, name, &a[1..=n]))
}

pub static ANEXT_AWAITABLE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "anext_awaitable",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        iter: Some(|v| Ok(v.to_ref())),
        await_: Some(|v| Ok(v.to_ref())),
        iternext: Some(iternext),
        ..Slots::of::<AnextAwaitable>()
    },
    methods: &[
        MethodDef::new("send($self, value, /)", "", |a| forward("send", a)),
        MethodDef::new(
            "throw($self, typ, val=<unrepresentable>, tb=<unrepresentable>, /)",
            "",
            |a| forward("throw", a),
        ),
        MethodDef::new("close($self, /)", "", |a| forward("close", a)),
    ],
    ..TypeSpec::of::<AnextAwaitable>()
});
