//! Weak proxies: objects that pass every operation on to what they refer to.

use crate::err::PyResult;
use crate::names::names;
use crate::native::MethodDef;
use crate::protocol::{self, BinaryOp};
use crate::typeobject::{Slots, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Value};
use crate::weakref::{PyWeakRef, make, this, weakref_drop};
use crate::{err, int, strings};

/// Whether the value is a weak proxy.
pub fn is_proxy(v: Value) -> bool {
    v.is_heap() && (v.ty().is(&PROXY_TYPE) || v.ty().is(&CALLABLE_PROXY_TYPE))
}

/// `weakref.proxy(obj, callback)`.
pub fn new_proxy(obj: Value, callback: Value) -> PyResult {
    let ty = if obj.ty().slots().call.is_some() {
        &CALLABLE_PROXY_TYPE
    } else {
        &PROXY_TYPE
    };
    make(ty, obj, callback)
}

/// What a proxy refers to; any other value itself.
fn unwrap(v: Value) -> PyResult {
    if !is_proxy(v) {
        return Ok(v.to_ref());
    }
    match this(v).get() {
        Some(r) => Ok(r),
        None => err!(ReferenceError, "weakly-referenced object no longer exists"),
    }
}

macro_rules! binary {
    ($($slot:ident $inplace:ident $op:ident;)*) => {
        $(
            fn $slot(a: Value, b: Value) -> PyResult {
                protocol::binary(*unwrap(a)?, *unwrap(b)?, BinaryOp::$op)
            }
            fn $inplace(a: Value, b: Value) -> PyResult {
                protocol::inplace(*unwrap(a)?, *unwrap(b)?, BinaryOp::$op)
            }
        )*
    };
}
binary! {
    add inplace_add Add; subtract inplace_subtract Subtract; multiply inplace_multiply Multiply;
    remainder inplace_remainder Remainder; lshift inplace_lshift Lshift; rshift inplace_rshift Rshift;
    and inplace_and And; xor inplace_xor Xor; or inplace_or Or; floor_divide inplace_floor_divide FloorDivide;
    true_divide inplace_true_divide TrueDivide; matrix_multiply inplace_matrix_multiply MatrixMultiply;
    divmod unused_inplace_divmod Divmod;
}
const _: fn(Value, Value) -> PyResult = unused_inplace_divmod;

fn repr(v: Value) -> PyResult {
    let text = match this(v).get() {
        Some(t) => format!(
            "<weakproxy at {:#x}; to '{}' at {:#x}>",
            v.id(),
            t.ty().full_name(),
            t.id()
        ),
        None => format!("<weakproxy at {:#x}; dead>", v.id()),
    };
    Ok(strings::new_str(&text))
}
fn iternext(v: Value) -> PyResult<Option<Ref>> {
    let t = unwrap(v)?;
    if t.ty().slots().iternext.is_none() {
        return err!(
            TypeError,
            "Weakref proxy referenced a non-iterator '{}' object",
            t.type_name()
        );
    }
    protocol::next(*t)
}
fn to_int(v: Value) -> PyResult {
    let t = unwrap(v)?;
    protocol::call(crate::types::INT_TYPE.value(), &[*t])
}
fn to_float(v: Value) -> PyResult {
    let t = unwrap(v)?;
    protocol::call(crate::types::FLOAT_TYPE.value(), &[*t])
}
fn call(v: Value, args: &[Value], kwnames: Value) -> PyResult {
    protocol::call_kw(*unwrap(v)?, args, kwnames)
}

const SLOTS: Slots = Slots {
    repr: Some(repr),
    str: Some(|v| protocol::str(*unwrap(v)?)),
    hash: Some(protocol::hash_not_implemented),
    getattro: Some(|v, name| protocol::getattr(*unwrap(v)?, name)),
    setattro: Some(|v, name, value| protocol::setattr(*unwrap(v)?, name, value)),
    richcompare: Some(|a, b, op| protocol::richcompare(*unwrap(a)?, *unwrap(b)?, op)),
    iter: Some(|v| protocol::iter(*unwrap(v)?)),
    iternext: Some(iternext),
    add: Some(add),
    subtract: Some(subtract),
    multiply: Some(multiply),
    remainder: Some(remainder),
    divmod: Some(divmod),
    power: Some(|a, b, c| protocol::power(*unwrap(a)?, *unwrap(b)?, *unwrap(c)?)),
    negative: Some(|v| protocol::negative(*unwrap(v)?)),
    positive: Some(|v| protocol::positive(*unwrap(v)?)),
    absolute: Some(|v| protocol::absolute(*unwrap(v)?)),
    bool: Some(|v| protocol::is_true(*unwrap(v)?)),
    invert: Some(|v| protocol::invert(*unwrap(v)?)),
    lshift: Some(lshift),
    rshift: Some(rshift),
    and: Some(and),
    xor: Some(xor),
    or: Some(or),
    int: Some(to_int),
    float: Some(to_float),
    index: Some(|v| protocol::index(*unwrap(v)?)),
    floor_divide: Some(floor_divide),
    true_divide: Some(true_divide),
    matrix_multiply: Some(matrix_multiply),
    inplace_add: Some(inplace_add),
    inplace_subtract: Some(inplace_subtract),
    inplace_multiply: Some(inplace_multiply),
    inplace_remainder: Some(inplace_remainder),
    inplace_power: Some(|a, b, _| protocol::inplace_power(*unwrap(a)?, *unwrap(b)?)),
    inplace_lshift: Some(inplace_lshift),
    inplace_rshift: Some(inplace_rshift),
    inplace_and: Some(inplace_and),
    inplace_xor: Some(inplace_xor),
    inplace_or: Some(inplace_or),
    inplace_floor_divide: Some(inplace_floor_divide),
    inplace_true_divide: Some(inplace_true_divide),
    inplace_matrix_multiply: Some(inplace_matrix_multiply),
    map_length: Some(|v| protocol::len(*unwrap(v)?)),
    subscript: Some(|v, k| protocol::getitem(*unwrap(v)?, k)),
    ass_subscript: Some(|v, k, x| protocol::setitem(*unwrap(v)?, k, x)),
    contains: Some(|v, x| protocol::contains(*unwrap(v)?, x)),
    drop_fields: Some(weakref_drop),
    ..Slots::of::<PyWeakRef>()
};
const METHODS: &[MethodDef] = &[
    MethodDef::new("__bytes__($self, /)", "", |a| {
        let t = unwrap(a[0])?;
        protocol::call_method(*t, names().__bytes__, &[])
    }),
    MethodDef::new("__reversed__($self, /)", "", |a| {
        let t = unwrap(a[0])?;
        protocol::call_method(*t, names().__reversed__, &[])
    }),
];

pub static PROXY_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "weakref.ProxyType",
    flags: TypeFlags::HAVE_GC,
    slots: SLOTS,
    methods: METHODS,
    ..TypeSpec::of::<PyWeakRef>()
});
pub static CALLABLE_PROXY_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "weakref.CallableProxyType",
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        call: Some(call),
        ..SLOTS
    },
    methods: METHODS,
    ..TypeSpec::of::<PyWeakRef>()
});

/// `weakref.getweakrefcount`.
pub fn count(obj: Value) -> Ref {
    int::from_usize(crate::weakref::refs_to(obj).len())
}
