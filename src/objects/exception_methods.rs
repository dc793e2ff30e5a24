//! What every exception can do: making, text, `args`, the chain, notes, pickling.

use crate::err::PyResult;
use crate::exceptions::{PyException, alloc_exception, expect};
use crate::names::names;
use crate::native::{GetSetDef, MemberDef, MethodDef};
use crate::typeobject::{Slots, Type};
use crate::value::{Ref, Slot, Value};
use crate::{dict, err, list, protocol, shape, strings, tuple};

/// Number of arguments given by keyword.
pub(crate) fn keyword_count(kwnames: Value) -> usize {
    if kwnames.is_null() {
        0
    } else {
        tuple::as_slice(kwnames).len()
    }
}

/// `BaseException.__new__`: keywords are left for `__init__`.
pub(crate) fn base_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    Ok(alloc_exception(
        ty,
        tuple::from_values(&args[..args.len() - keyword_count(kwnames)]),
    ))
}

/// `BaseException.__init__`.
pub(crate) fn base_init(this: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    no_keywords(this.type_name(), kwnames)?;
    store_args(expect(this), args);
    Ok(())
}

pub(crate) fn no_keywords(name: &str, kwnames: Value) -> PyResult<()> {
    if keyword_count(kwnames) > 0 {
        return err!(TypeError, "{name}() takes no keyword arguments");
    }
    Ok(())
}

/// Sets `args`, unless `__new__` has just stored the same.
pub(crate) fn store_args(e: &PyException, args: &[Value]) {
    let old = e.args.get();
    if !old.is_null() {
        let old = tuple::as_slice(old);
        if old.len() == args.len() && old.iter().zip(args).all(|(a, b)| a.is(*b)) {
            return;
        }
    }
    e.args.set(tuple::from_values(args));
}

/// Values of the keywords a type knows, in its order; TypeError for others.
pub(crate) fn own_keywords<const N: usize>(
    this: Value,
    args: &[Value],
    kwnames: Value,
    known: [&str; N],
) -> PyResult<[Value; N]> {
    let mut out = [Value::NULL; N];
    let n = keyword_count(kwnames);
    if n == 0 {
        return Ok(out);
    }
    // Messages name the native type that parses, not the subclass.
    let mut ty = this.ty();
    while ty.is_heap_type()
        && let Some(b) = ty.base.get()
    {
        ty = b;
    }
    let name = match ty.name() {
        "ModuleNotFoundError" => "ImportError",
        "UnboundLocalError" => "NameError",
        name => name,
    };
    if n > N {
        let s = if N == 1 { "" } else { "s" };
        return err!(
            TypeError,
            "{name}() takes at most {N} keyword argument{s} ({n} given)"
        );
    }
    for (key, value) in tuple::as_slice(kwnames).iter().zip(&args[args.len() - n..]) {
        let key = strings::expect(*key);
        match known.iter().position(|k| key.eq_str(k)) {
            Some(i) => out[i] = *value,
            None => {
                return err!(
                    TypeError,
                    "{name}() got an unexpected keyword argument '{key}'"
                );
            }
        }
    }
    Ok(out)
}

pub(crate) fn args_of(this: Value) -> &'static [Value] {
    let a = expect(this).args.get();
    if a.is_null() { &[] } else { tuple::as_slice(a) }
}

/// `BaseException.__str__`.
pub(crate) fn base_str(this: Value) -> PyResult {
    match args_of(this) {
        [] => Ok(strings::empty()),
        [one] => {
            let one = one.to_ref();
            protocol::str(*one)
        }
        _ => {
            let a = expect(this).args.get_ref();
            protocol::str(*a)
        }
    }
}

fn base_repr(this: Value) -> PyResult {
    let a = expect(this).args.get_ref();
    let items = if a.is_null() {
        &[]
    } else {
        tuple::as_slice(*a)
    };
    let mut out = strings::StrBuilder::new();
    out.push_str(this.ty().name());
    if let [one] = items {
        let r = protocol::repr(*one)?;
        out.push_str("(");
        out.push_pystr(strings::expect(*r));
        out.push_str(")");
    } else {
        let a = if a.is_null() { tuple::empty() } else { a };
        let r = protocol::repr(*a)?;
        out.push_pystr(strings::expect(*r));
    }
    Ok(out.finish())
}

fn none_if_null(s: &Slot) -> Ref {
    if s.is_null() { Ref::NONE } else { s.get_ref() }
}

fn set_args(this: Value, v: Value) -> PyResult<()> {
    if v.is_null() {
        return err!(TypeError, "args may not be deleted");
    }
    crate::exception_fields::freeze_lazy(this);
    let items = if v.is_exact::<tuple::PyTuple>() {
        v.to_ref()
    } else {
        tuple::from_refs(protocol::to_vec(v)?)
    };
    expect(this).args.set(items);
    Ok(())
}

/// Sets `__traceback__`; None or a traceback.
pub fn set_traceback(this: Value, v: Value) -> PyResult<()> {
    if v.is_null() {
        return err!(TypeError, "__traceback__ may not be deleted");
    }
    if v.is_none() {
        drop(expect(this).traceback.take());
    } else if v.is_a::<crate::traceback::PyTraceback>() {
        expect(this).traceback.set(v.to_ref());
    } else {
        return err!(TypeError, "__traceback__ must be a traceback or None");
    }
    Ok(())
}

fn set_chain(slot: &Slot, v: Value, attribute: &str, what: &str) -> PyResult<()> {
    if v.is_null() {
        return err!(TypeError, "{attribute} may not be deleted");
    }
    if v.is_none() {
        drop(slot.take());
    } else if crate::exceptions::is_exception(v) {
        slot.set(v.to_ref());
    } else {
        return err!(
            TypeError,
            "exception {what} must be None or derive from BaseException"
        );
    }
    Ok(())
}

/// Sets `__cause__`, which also suppresses the context.
pub fn set_cause(this: Value, v: Value) -> PyResult<()> {
    let e = expect(this);
    set_chain(&e.cause, v, "__cause__", "cause")?;
    e.suppress_context.set(true);
    Ok(())
}

fn set_suppress_context(this: Value, v: Value) -> PyResult<()> {
    if v.is_null() {
        return err!(TypeError, "can't delete numeric/char attribute");
    }
    if !v.is_bool() {
        return err!(TypeError, "attribute value type must be bool");
    }
    expect(this).suppress_context.set(v.is(Value::TRUE));
    Ok(())
}

/// The instance's `__dict__`, if attributes were ever set; NULL otherwise.
pub(crate) fn attributes(this: Value) -> Ref {
    match shape::head(this) {
        Some(h) if h.shape.get() == shape::DICT_SHAPE && h.dict.is_null() => Ref::NULL,
        Some(_) => {
            let d = shape::materialize_dict(this);
            if dict::expect(*d).len() == 0 {
                Ref::NULL
            } else {
                d
            }
        }
        None => Ref::NULL,
    }
}

fn get_dict(this: Value) -> PyResult {
    Ok(shape::materialize_dict(this))
}

fn set_dict(this: Value, v: Value) -> PyResult<()> {
    if v.is_null() {
        return err!(TypeError, "cannot delete __dict__");
    }
    if !dict::is_dict(v) {
        return err!(
            TypeError,
            "__dict__ must be set to a dictionary, not a '{}'",
            v.type_name()
        );
    }
    shape::set_dict(this, v.to_ref());
    Ok(())
}

fn with_traceback(a: &[Value]) -> PyResult {
    set_traceback(a[0], a[1])?;
    Ok(a[0].to_ref())
}

fn add_note(a: &[Value]) -> PyResult {
    if !strings::is_str(a[1]) {
        return err!(
            TypeError,
            "add_note() argument must be str, not {}",
            a[1].type_name()
        );
    }
    let name = names().__notes__;
    let notes = match protocol::getattr_opt(a[0], name)? {
        Some(n) => n,
        None => {
            let n = list::new_list(vec![]);
            protocol::setattr(a[0], name, *n)?;
            n
        }
    };
    if !list::is_list(*notes) {
        return err!(TypeError, "Cannot add note: __notes__ is not a list");
    }
    list::expect(*notes).items_mut().push(a[1].to_ref());
    Ok(Ref::NONE)
}

fn setstate(a: &[Value]) -> PyResult {
    if !a[1].is_none() {
        if !dict::is_dict(a[1]) {
            return err!(TypeError, "state is not a dictionary");
        }
        for (k, v) in dict::items(a[1]) {
            let k = strings::intern(k);
            protocol::setattr(a[0], *k, *v)?;
        }
    }
    Ok(Ref::NONE)
}

/// `(type, args)` or `(type, args, state)`.
pub(crate) fn reduce_with(this: Value, args: Ref, state: Ref) -> PyResult {
    let ty = this.ty().to_ref();
    Ok(if state.is_null() {
        tuple::of([ty, args])
    } else {
        tuple::of([ty, args, state])
    })
}

fn reduce(a: &[Value]) -> PyResult {
    let args = tuple::from_values(args_of(a[0]));
    reduce_with(a[0], args, attributes(a[0]))
}

pub(crate) static METHODS: &[MethodDef] = &[
    MethodDef::new("__reduce__($self, /)", "Support for pickling.", reduce),
    MethodDef::new(
        "__setstate__($self, state, /)",
        "Sets attributes from a dictionary.",
        setstate,
    ),
    MethodDef::new(
        "with_traceback($self, tb, /)",
        "Sets self.__traceback__ to tb and returns self.",
        with_traceback,
    ),
    MethodDef::new(
        "add_note($self, note, /)",
        "Adds a note to be shown with the traceback.",
        add_note,
    ),
];

pub(crate) static GETSET: &[GetSetDef] = &[
    GetSetDef::rw("__dict__", "", get_dict, set_dict),
    GetSetDef::rw("args", "", |v| Ok(tuple::from_values(args_of(v))), set_args),
    GetSetDef::rw(
        "__traceback__",
        "",
        |v| Ok(none_if_null(&expect(v).traceback)),
        set_traceback,
    ),
    GetSetDef::rw(
        "__context__",
        "exception context",
        |v| Ok(none_if_null(&expect(v).context)),
        |v, x| set_chain(&expect(v).context, x, "__context__", "context"),
    ),
    GetSetDef::rw(
        "__cause__",
        "exception cause",
        |v| Ok(none_if_null(&expect(v).cause)),
        set_cause,
    ),
];

pub(crate) static MEMBERS: &[MemberDef] = &[MemberDef {
    name: "__suppress_context__",
    doc: "",
    get: |v| Ok(Ref::bool(expect(v).suppress_context.get())),
    set: Some(set_suppress_context),
}];

/// Slots of BaseException.
pub(crate) const BASE_SLOTS: Slots = Slots {
    repr: Some(base_repr),
    str: Some(base_str),
    new: Some(base_new),
    init: Some(base_init),
    ..Slots::of::<PyException>()
};
