//! What Python sees of tuple.

use crate::err::PyResult;
use crate::list_methods::{index_bounds, repr_items, subscript_index};
use crate::native::{MethodDef, Signature};
use crate::strings::StrBuilder;
use crate::tuple::{self, PyTuple, as_slice};
use crate::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Value};
use crate::{err, int, iterators, protocol, slice, strings};

fn tuple_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("tuple(iterable=(), /)");
    let mut kwnames = kwnames;
    let mut args = args;
    if !kwnames.is_null() && !ty.is(&TUPLE_TYPE) {
        // A subclass with its own __init__ may take keywords.
        let own_init =
            ty.slots().init.map(|f| f as usize) != TUPLE_TYPE.slots().init.map(|f| f as usize);
        if own_init {
            args = &args[..args.len() - as_slice(kwnames).len()];
            kwnames = Value::NULL;
        }
    }
    S.bind(args, kwnames, |a| {
        let items = match a[0].some() {
            None => tuple::empty(),
            Some(v) => tuple::from_iterable(v)?,
        };
        if ty.is(&TUPLE_TYPE) {
            return Ok(items);
        }
        let source = as_slice(*items);
        Ok(tuple::make(ty, source.len(), |i| source[i].to_ref()))
    })
}

fn tuple_repr(v: Value) -> PyResult {
    let items = as_slice(v);
    if items.is_empty() {
        return Ok(strings::new_str("()"));
    }
    if !protocol::repr_enter(v) {
        return Ok(strings::new_str("(...)"));
    }
    let mut out = StrBuilder::new();
    out.push_str("(");
    let r = repr_items(&mut out, |i| items.get(i).map(|v| v.to_ref()));
    protocol::repr_leave(v);
    r?;
    out.push_str(if items.len() == 1 { ",)" } else { ")" });
    Ok(out.finish())
}

fn tuple_richcompare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if !tuple::is_tuple(a) || !tuple::is_tuple(b) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let (x, y) = (as_slice(a), as_slice(b));
    for (p, q) in x.iter().zip(y) {
        if !protocol::eq(*p, *q)? {
            return match op {
                CompareOp::Eq => Ok(Ref::bool(false)),
                CompareOp::Ne => Ok(Ref::bool(true)),
                _ => protocol::richcompare(*p, *q, op),
            };
        }
    }
    Ok(Ref::bool(op.test(x.len().cmp(&y.len()))))
}

fn tuple_concat(a: Value, b: Value) -> PyResult {
    if !tuple::is_tuple(b) {
        return err!(
            TypeError,
            "can only concatenate tuple (not \"{}\") to tuple",
            b.type_name()
        );
    }
    let (x, y) = (as_slice(a), as_slice(b));
    if x.is_empty() && b.is_exact::<PyTuple>() {
        return Ok(b.to_ref());
    }
    if y.is_empty() && a.is_exact::<PyTuple>() {
        return Ok(a.to_ref());
    }
    Ok(tuple::make(&TUPLE_TYPE, x.len() + y.len(), |i| {
        if i < x.len() {
            x[i].to_ref()
        } else {
            y[i - x.len()].to_ref()
        }
    }))
}

fn tuple_repeat(v: Value, n: isize) -> PyResult {
    let items = as_slice(v);
    if (items.is_empty() || n == 1) && v.is_exact::<PyTuple>() {
        return Ok(v.to_ref());
    }
    let n = n.max(0) as usize;
    if n == 0 || items.is_empty() {
        return Ok(tuple::empty());
    }
    match items.len().checked_mul(n) {
        Some(total) if total < 1 << 44 => Ok(tuple::make(&TUPLE_TYPE, total, |i| {
            items[i % items.len()].to_ref()
        })),
        _ => Err(crate::err::raise_with(&crate::exceptions::MemoryError, &[])),
    }
}

fn tuple_item(v: Value, i: isize) -> PyResult {
    match as_slice(v).get(i as usize) {
        Some(x) if i >= 0 => Ok(x.to_ref()),
        _ => err!(IndexError, "tuple index out of range"),
    }
}

fn tuple_contains(v: Value, item: Value) -> PyResult<bool> {
    for x in as_slice(v) {
        if protocol::eq(*x, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `t[key]`.
pub fn tuple_subscript(v: Value, key: Value) -> PyResult {
    if let Some(i) = key.as_small_int() {
        return match tuple::at(v, i) {
            Some(x) => Ok(x.to_ref()),
            None => err!(IndexError, "tuple index out of range"),
        };
    }
    if slice::as_slice(&key).is_some() {
        let (start, stop, step) = slice::unpack(key)?;
        return Ok(get_slice(v, start, stop, step));
    }
    let i = subscript_index(key, "tuple")?;
    match tuple::at(v, i as i64) {
        Some(x) => Ok(x.to_ref()),
        None => err!(IndexError, "tuple index out of range"),
    }
}

/// `t[start:stop:step]`, the parts not yet adjusted.
pub fn get_slice(v: Value, start: isize, stop: isize, step: isize) -> Ref {
    let items = as_slice(v);
    let (start, _, n) = slice::adjust(items.len(), start, stop, step);
    if n == items.len() && step == 1 && v.is_exact::<PyTuple>() {
        return v.to_ref();
    }
    if n == 0 {
        return tuple::empty();
    }
    tuple::make(&TUPLE_TYPE, n, |i| {
        items[(start + i as isize * step) as usize].to_ref()
    })
}

fn index(args: &[Value]) -> PyResult {
    let items = as_slice(args[0]);
    let (from, to) = index_bounds(args[2], args[3], items.len())?;
    for (i, x) in items.iter().enumerate().take(to).skip(from) {
        if protocol::eq(*x, args[1])? {
            return Ok(int::from_usize(i));
        }
    }
    err!(ValueError, "tuple.index(x): x not in tuple")
}

fn count(args: &[Value]) -> PyResult {
    let mut n = 0;
    for x in as_slice(args[0]) {
        n += protocol::eq(*x, args[1])? as usize;
    }
    Ok(int::from_usize(n))
}

fn getnewargs(args: &[Value]) -> PyResult {
    Ok(tuple::of([tuple::from_values(as_slice(args[0]))]))
}

pub static TUPLE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "tuple",
    doc: "Immutable sequence, made from the items of an iterable, or empty.",
    flags: TypeFlags::BASETYPE
        | TypeFlags::HAVE_GC
        | TypeFlags::VAR_SIZED
        | TypeFlags::TUPLE_SUBCLASS
        | TypeFlags::MATCH_SELF
        | TypeFlags::SEQUENCE,
    text_signature: "(iterable=(), /)",
    slots: Slots {
        drop_fields: Some(tuple::tuple_drop),
        var_size: Some(tuple::tuple_size),
        new: Some(tuple_new),
        repr: Some(tuple_repr),
        hash: Some(|v| tuple::hash_items(as_slice(v))),
        richcompare: Some(tuple_richcompare),
        iter: Some(|v| Ok(iterators::tuple_iterator(v))),
        length: Some(|v| Ok(as_slice(v).len())),
        map_length: Some(|v| Ok(as_slice(v).len())),
        concat: Some(tuple_concat),
        repeat: Some(tuple_repeat),
        item: Some(tuple_item),
        contains: Some(tuple_contains),
        subscript: Some(tuple_subscript),
        ..Slots::of::<PyTuple>()
    },
    methods: &[
        MethodDef::new(
            "count($self, value, /)",
            "Return number of occurrences of value.",
            count,
        ),
        MethodDef::new(
            "index($self, value, start=0, stop=sys.maxsize, /)",
            "Return first index of value.",
            index,
        ),
        MethodDef::new("__getnewargs__($self, /)", "For pickling.", getnewargs),
        MethodDef::new(
            "__class_getitem__($type, object, /)",
            "See PEP 585",
            crate::generic_alias::class_getitem,
        )
        .class(),
    ],
    ..TypeSpec::of::<PyTuple>()
});
