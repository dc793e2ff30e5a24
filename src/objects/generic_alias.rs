//! `types.GenericAlias`, and what it shares with unions: texts of types, type parameters and their substitution.

use crate::attributes::generic_getattr;
use crate::err::PyResult;
use crate::names::names;
use crate::native::{GetSetDef, MemberDef, MethodDef};
use crate::object::{Header, alloc, new_object};
use crate::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec, as_type};
use crate::value::{Ref, Slot, Value};
use crate::{err, list, object_impl, protocol, strings, tuple};
use std::cell::Cell;

/// `origin[args]`.
#[repr(C)]
pub struct PyGenericAlias {
    pub header: Header,
    pub origin: Slot,
    /// A tuple.
    pub args: Slot,
    /// A tuple, made on demand.
    pub parameters: Slot,
    /// It is `*origin[args]`.
    pub starred: Cell<bool>,
}
object_impl!(
    PyGenericAlias,
    GENERIC_ALIAS_TYPE,
    |this, visit| for s in [&this.origin, &this.args, &this.parameters] {
        visit(s.get())
    },
    |_this| {}
);

/// `origin[args]`.
pub fn new_alias(origin: Value, args: Value) -> PyResult {
    Ok(make(&GENERIC_ALIAS_TYPE, origin, args, false))
}

/// `__class_getitem__` of generic native types.
pub fn class_getitem(args: &[Value]) -> PyResult {
    new_alias(args[0], args[1])
}

fn make(ty: Type, origin: Value, args: Value, starred: bool) -> Ref {
    let args = if tuple::is_tuple(args) {
        args.to_ref()
    } else {
        tuple::of([args.to_ref()])
    };
    alloc(
        ty,
        PyGenericAlias {
            header: Header::new(ty),
            origin: Slot::new(origin.to_ref()),
            args: Slot::new(args),
            parameters: Slot::null(),
            starred: Cell::new(starred),
        },
    )
}

fn this(v: Value) -> &'static PyGenericAlias {
    // SAFETY: called from slots and methods of the type only; alive as long as the caller holds it.
    unsafe { &*(v.as_ptr() as *const PyGenericAlias) }
}

/// Whether the value is a generic alias.
pub fn is_alias(v: Value) -> bool {
    v.is_a::<PyGenericAlias>()
}

// ---------------------------------------------------------------- texts

/// A type as annotations show it.
pub fn type_text(v: Value) -> PyResult<String> {
    let n = names();
    if v.is(Value::ELLIPSIS) {
        return Ok("...".to_string());
    }
    if v.ty().is(&crate::types::NONE_TYPE) || v.is(crate::types::NONE_TYPE.value()) {
        return Ok("None".to_string());
    }
    if protocol::hasattr(v, n.__origin__)? && protocol::hasattr(v, n.__args__)? {
        return protocol::repr_text(v);
    }
    let Some(q) = protocol::getattr_opt(v, n.__qualname__)? else {
        return protocol::repr_text(v);
    };
    if q.is_none() {
        return protocol::repr_text(v);
    }
    let Some(m) = protocol::getattr_opt(v, n.__module__)? else {
        return protocol::repr_text(v);
    };
    if m.is_none() {
        return protocol::repr_text(v);
    }
    let q = protocol::str_text(*q)?;
    if strings::as_str(&m).is_some_and(|m| m.eq_str("builtins")) {
        return Ok(q);
    }
    Ok(format!("{}.{q}", protocol::str_text(*m)?))
}

fn argument_text(v: Value) -> PyResult<String> {
    if list::is_list(v) {
        let mut parts = Vec::new();
        for x in list::expect(v).items().to_vec() {
            parts.push(type_text(*x)?);
        }
        return Ok(format!("[{}]", parts.join(", ")));
    }
    // None is shown as such, NoneType by its name.
    if v.is(crate::types::NONE_TYPE.value()) {
        return Ok("NoneType".to_string());
    }
    type_text(v)
}

fn repr(v: Value) -> PyResult {
    let a = this(v);
    let mut out = String::new();
    if a.starred.get() {
        out.push('*');
    }
    out.push_str(&argument_text(a.origin.get())?);
    out.push('[');
    let args = a.args.get_ref();
    for (i, x) in tuple::as_slice(*args).iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        out.push_str(&argument_text(*x)?);
    }
    if tuple::as_slice(*args).is_empty() {
        out.push_str("()");
    }
    out.push(']');
    Ok(strings::new_str(&out))
}

// ---------------------------------------------------------------- type parameters

fn add_unique(out: &mut Vec<Ref>, v: Value) {
    if !out.iter().any(|x| x.is(v)) {
        out.push(v.to_ref());
    }
}

/// The type parameters in the arguments of a generic, each once.
pub fn make_parameters(args: &[Value]) -> PyResult {
    let mut out = Vec::new();
    collect_parameters(args, &mut out)?;
    Ok(tuple::from_refs(out))
}
fn collect_parameters(args: &[Value], out: &mut Vec<Ref>) -> PyResult<()> {
    let n = names();
    for v in args {
        if as_type(*v).is_some() {
            continue;
        }
        if protocol::hasattr(*v, n.__typing_subst__)? {
            add_unique(out, *v);
        } else if tuple::is_tuple(*v) {
            collect_parameters(tuple::as_slice(*v), out)?;
        } else if list::is_list(*v) {
            let items: Vec<Ref> = list::expect(*v).items().to_vec();
            collect_parameters(crate::value::values(&items), out)?;
        } else if let Some(p) = protocol::getattr_opt(*v, n.__parameters__)?
            && tuple::is_tuple(*p)
        {
            for x in tuple::as_slice(*p) {
                add_unique(out, *x);
            }
        }
    }
    Ok(())
}

/// The arguments given in a subscript, with unpacked tuples spread.
fn unpack_arguments(item: Value) -> PyResult<Vec<Ref>> {
    let n = names();
    let items = if tuple::is_tuple(item) {
        item.to_ref()
    } else {
        tuple::of([item.to_ref()])
    };
    let mut out = Vec::new();
    for v in tuple::as_slice(*items) {
        if as_type(*v).is_none()
            && let Some(sub) = protocol::getattr_opt(*v, n.__typing_unpacked_tuple_args__)?
            && tuple::is_tuple(*sub)
            && !tuple::as_slice(*sub)
                .last()
                .is_some_and(|l| l.is(Value::ELLIPSIS))
        {
            out.extend(tuple::as_slice(*sub).iter().map(|x| x.to_ref()));
            continue;
        }
        out.push(v.to_ref());
    }
    Ok(out)
}

/// `obj` with its own parameters replaced.
fn substitute_nested(obj: Value, params: &[Value], given: &[Ref]) -> PyResult {
    let n = names();
    let Some(subparams) = protocol::getattr_opt(obj, n.__parameters__)? else {
        return Ok(obj.to_ref());
    };
    if !tuple::is_tuple(*subparams) || tuple::as_slice(*subparams).is_empty() {
        return Ok(obj.to_ref());
    }
    let mut sub = Vec::new();
    for p in tuple::as_slice(*subparams) {
        match params.iter().position(|x| x.is(*p)) {
            Some(i) => {
                let a = &given[i];
                if params[i].ty().slots().iter.is_some() && tuple::is_tuple(**a) {
                    sub.extend(tuple::as_slice(**a).iter().map(|x| x.to_ref()));
                } else {
                    sub.push(a.clone());
                }
            }
            None => sub.push(p.to_ref()),
        }
    }
    protocol::getitem(obj, *tuple::from_refs(sub))
}

/// New arguments for `whole[item]`, where `whole` has these arguments and parameters.
pub fn substitute(whole: Value, args: &[Value], params: Value, item: Value) -> PyResult<Vec<Ref>> {
    let n = names();
    let params_list = tuple::as_slice(params);
    if params_list.is_empty() {
        return err!(
            TypeError,
            "{} is not a generic class",
            protocol::repr_text(whole)?
        );
    }
    let mut given = unpack_arguments(item)?;
    for p in params_list {
        if let Some(prepare) = protocol::getattr_opt(*p, n.__typing_prepare_subst__)?
            && !prepare.is_none()
        {
            let items = tuple::from_refs(given);
            let r = protocol::call(*prepare, &[whole, *items])?;
            given = if tuple::is_tuple(*r) {
                tuple::as_slice(*r).iter().map(|x| x.to_ref()).collect()
            } else {
                vec![r]
            };
        }
    }
    if given.len() != params_list.len() {
        return err!(
            TypeError,
            "Too {} arguments for {}; actual {}, expected {}",
            if given.len() > params_list.len() {
                "many"
            } else {
                "few"
            },
            protocol::repr_text(whole)?,
            given.len(),
            params_list.len()
        );
    }
    let mut out = Vec::new();
    for arg in args {
        if as_type(*arg).is_some() {
            out.push(arg.to_ref());
            continue;
        }
        if tuple::is_tuple(*arg) || list::is_list(*arg) {
            let items = protocol::to_vec(*arg)?;
            let mut inner = Vec::new();
            let values = crate::value::values(&items);
            let own = make_parameters(values)?;
            if tuple::as_slice(*own).is_empty() {
                inner.extend(items.iter().cloned());
            } else {
                let mut picked = Vec::new();
                for p in tuple::as_slice(*own) {
                    match params_list.iter().position(|x| x.is(*p)) {
                        Some(i) => picked.push(given[i].clone()),
                        None => picked.push(p.to_ref()),
                    }
                }
                inner = substitute(whole, values, *own, *tuple::from_refs(picked))?;
            }
            out.push(if tuple::is_tuple(*arg) {
                tuple::from_refs(inner)
            } else {
                list::new_list(inner)
            });
            continue;
        }
        let unpack = match protocol::getattr_opt(*arg, n.__typing_is_unpacked_typevartuple__)? {
            Some(u) => protocol::is_true(*u)?,
            None => false,
        };
        let new = match protocol::getattr_opt(*arg, n.__typing_subst__)? {
            Some(subst) => {
                let Some(i) = params_list.iter().position(|x| x.is(*arg)) else {
                    out.push(arg.to_ref());
                    continue;
                };
                protocol::call(*subst, &[*given[i]])?
            }
            None => substitute_nested(*arg, params_list, &given)?,
        };
        if unpack && tuple::is_tuple(*new) {
            out.extend(tuple::as_slice(*new).iter().map(|x| x.to_ref()));
        } else if unpack {
            return err!(
                TypeError,
                "expected __typing_subst__ of {} objects to return a tuple, not {}",
                arg.type_name(),
                new.type_name()
            );
        } else {
            out.push(new);
        }
    }
    Ok(out)
}

// ---------------------------------------------------------------- the type

fn parameters(v: Value) -> PyResult {
    let a = this(v);
    if a.parameters.is_null() {
        let args = a.args.get_ref();
        let p = make_parameters(tuple::as_slice(*args))?;
        a.parameters.set(p);
    }
    Ok(a.parameters.get_ref())
}

fn new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    if !kwnames.is_null() && !tuple::as_slice(kwnames).is_empty() {
        return err!(TypeError, "GenericAlias() takes no keyword arguments");
    }
    if args.len() != 2 {
        return err!(
            TypeError,
            "GenericAlias expected 2 arguments, got {}",
            args.len()
        );
    }
    Ok(make(ty, args[0], args[1], false))
}
fn subscript(v: Value, item: Value) -> PyResult {
    let a = this(v);
    let params = parameters(v)?;
    let args = a.args.get_ref();
    let new_args = substitute(v, tuple::as_slice(*args), *params, item)?;
    Ok(make(
        v.ty(),
        a.origin.get(),
        *tuple::from_refs(new_args),
        a.starred.get(),
    ))
}
fn call(v: Value, args: &[Value], kwnames: Value) -> PyResult {
    let origin = this(v).origin.get_ref();
    let obj = protocol::call_kw(*origin, args, kwnames)?;
    if let Err(e) = protocol::setattr(*obj, names().__orig_class__, v)
        && !crate::err::clear_if(&crate::exceptions::AttributeError)
        && !crate::err::clear_if(&crate::exceptions::TypeError)
    {
        return Err(e);
    }
    Ok(obj)
}

/// Attributes of the alias itself; all others are the origin's.
static OWN: &[&str] = &[
    "__class__",
    "__origin__",
    "__args__",
    "__unpacked__",
    "__parameters__",
    "__typing_unpacked_tuple_args__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
    "__copy__",
    "__deepcopy__",
    "__bases__",
];

fn getattro(v: Value, name: Value) -> PyResult {
    let text = strings::expect(name);
    if OWN.iter().any(|o| text.eq_str(o)) {
        return generic_getattr(v, name);
    }
    let origin = this(v).origin.get_ref();
    protocol::getattr(*origin, name)
}
fn hash(v: Value) -> PyResult<i64> {
    let a = this(v);
    Ok(crate::hash::fix(
        protocol::hash(a.origin.get())? ^ protocol::hash(a.args.get())?,
    ))
}
fn compare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if !is_alias(a) || !is_alias(b) || !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let (x, y) = (this(a), this(b));
    let same = x.starred.get() == y.starred.get()
        && protocol::eq(x.origin.get(), y.origin.get())?
        && protocol::eq(x.args.get(), y.args.get())?;
    Ok(Ref::bool(same == (op == CompareOp::Eq)))
}
fn iter(v: Value) -> PyResult {
    Ok(new_object(PyAliasIterator {
        header: Header::new(&GENERIC_ALIAS_ITERATOR_TYPE),
        alias: Slot::new(v.to_ref()),
    }))
}
fn reduce(a: &[Value]) -> PyResult {
    let x = this(a[0]);
    let parts = tuple::of([x.origin.get_ref(), x.args.get_ref()]);
    if x.starred.get() {
        let plain = make(&GENERIC_ALIAS_TYPE, x.origin.get(), x.args.get(), false);
        let m = (crate::vm::hooks().import)("builtins")?;
        return Ok(tuple::of([
            protocol::getattr(*m, names().next)?,
            tuple::of([iter(*plain)?]),
        ]));
    }
    Ok(tuple::of([GENERIC_ALIAS_TYPE.to_ref(), parts]))
}
fn dir(a: &[Value]) -> PyResult {
    let m = (crate::vm::hooks().import)("builtins")?;
    let f = protocol::getattr_str(*m, "dir")?;
    let l = protocol::call(*f, &[this(a[0]).origin.get()])?;
    for o in OWN {
        let s = strings::intern_str(o);
        if *o != "__bases__"
            && *o != "__copy__"
            && *o != "__deepcopy__"
            && !protocol::contains(*l, *s)?
        {
            list::expect(*l).items_mut().push(s);
        }
    }
    Ok(l)
}

pub static GENERIC_ALIAS_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "types.GenericAlias",
    doc: "Represent a PEP 585 generic type\n\nE.g. for t = list[int], t.__origin__ is list and t.__args__ is (int,).",
    flags: TypeFlags::BASETYPE | TypeFlags::HAVE_GC | TypeFlags::WEAKREFABLE,
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        hash: Some(hash),
        call: Some(call),
        getattro: Some(getattro),
        richcompare: Some(compare),
        iter: Some(iter),
        or: Some(crate::union_type::type_or),
        subscript: Some(subscript),
        ..Slots::of::<PyGenericAlias>()
    },
    methods: &[
        MethodDef::new("__mro_entries__($self, object, /)", "", |a| {
            Ok(tuple::of([this(a[0]).origin.get_ref()]))
        }),
        MethodDef::new("__instancecheck__($self, object, /)", "", |_| {
            err!(
                TypeError,
                "isinstance() argument 2 cannot be a parameterized generic"
            )
        }),
        MethodDef::new("__subclasscheck__($self, object, /)", "", |_| {
            err!(
                TypeError,
                "issubclass() argument 2 cannot be a parameterized generic"
            )
        }),
        MethodDef::new("__reduce__($self, /)", "", reduce),
        MethodDef::new("__dir__($self, /)", "", dir),
    ],
    members: &[
        MemberDef::ro("__origin__", "", |v| Ok(this(v).origin.get_ref())),
        MemberDef::ro("__args__", "", |v| Ok(this(v).args.get_ref())),
        MemberDef::ro("__unpacked__", "", |v| Ok(Ref::bool(this(v).starred.get()))),
    ],
    getset: &[
        GetSetDef::ro(
            "__parameters__",
            "Type variables in the GenericAlias.",
            parameters,
        ),
        GetSetDef::ro("__typing_unpacked_tuple_args__", "", |v| {
            let a = this(v);
            Ok(
                if a.starred.get() && a.origin.get().is(crate::types::TUPLE_TYPE.value()) {
                    a.args.get_ref()
                } else {
                    Ref::NONE
                },
            )
        }),
    ],
    text_signature: "(origin, args, /)",
    ..TypeSpec::of::<PyGenericAlias>()
});

/// Iterator of an alias: gives its starred form once.
#[repr(C)]
pub struct PyAliasIterator {
    header: Header,
    alias: Slot,
}
object_impl!(
    PyAliasIterator,
    GENERIC_ALIAS_ITERATOR_TYPE,
    |this, visit| visit(this.alias.get()),
    |this| drop(this.alias.take())
);

pub static GENERIC_ALIAS_ITERATOR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "generic_alias_iterator",
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        iter: Some(|v| Ok(v.to_ref())),
        iternext: Some(|v| {
            // SAFETY: the slot of the iterator.
            let alias = unsafe { v.cast_unchecked::<PyAliasIterator>() }
                .alias
                .take();
            if alias.is_null() {
                return Ok(None);
            }
            let a = this(*alias);
            Ok(Some(make(alias.ty(), a.origin.get(), a.args.get(), true)))
        }),
        ..Slots::of::<PyAliasIterator>()
    },
    ..TypeSpec::of::<PyAliasIterator>()
});
