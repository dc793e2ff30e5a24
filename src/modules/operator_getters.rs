//! `operator.itemgetter`, `attrgetter` and `methodcaller`.

use taipan_objects::err::PyResult;
use taipan_objects::native::{GetSetDef, MethodDef};
use taipan_objects::object::{Header, new_object};
use taipan_objects::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{dict, err, object_impl, protocol, strings, tuple};

/// An itemgetter or attrgetter.
#[repr(C)]
pub struct Getter {
    header: Header,
    /// A tuple of what was given.
    given: Slot,
}
object_impl!(
    Getter,
    ITEMGETTER_TYPE,
    |this, visit| visit(this.given.get()),
    |_this| {}
);

/// An attrgetter: also the names, split at their dots.
#[repr(C)]
pub struct AttrGetter {
    header: Header,
    given: Slot,
    paths: Vec<Vec<Ref>>,
}
object_impl!(
    AttrGetter,
    ATTRGETTER_TYPE,
    |this, visit| visit(this.given.get()),
    |_this| {}
);

/// A methodcaller.
#[repr(C)]
pub struct MethodCaller {
    header: Header,
    name: Slot,
    /// Positional arguments, then values of the keywords.
    args: Vec<Ref>,
    /// Names of the keywords, a tuple, or NULL.
    kwnames: Slot,
}
object_impl!(
    MethodCaller,
    METHODCALLER_TYPE,
    |this, visit| {
        for a in &this.args {
            visit(**a);
        }
    },
    |_this| {}
);

/// Instances tell how they are called.
static SIGNATURE: &[GetSetDef] = &[GetSetDef::ro("__text_signature__", "", |_| {
    Ok(strings::new_str("(obj, /)"))
})];

fn keyword_count(kwnames: Value) -> usize {
    if kwnames.is_null() {
        0
    } else {
        tuple::as_slice(kwnames).len()
    }
}

fn check_one(name: &str, args: &[Value], kwnames: Value) -> PyResult<()> {
    if keyword_count(kwnames) > 0 {
        return err!(TypeError, "{name}() takes no keyword arguments");
    }
    if args.len() != 1 {
        return err!(TypeError, "{name} expected 1 argument, got {}", args.len());
    }
    Ok(())
}

fn item_new(_: Type, args: &[Value], kwnames: Value) -> PyResult {
    if keyword_count(kwnames) > 0 || args.is_empty() {
        check_one("itemgetter", args, kwnames)?;
    }
    Ok(new_object(Getter {
        header: Header::new(&ITEMGETTER_TYPE),
        given: Slot::new(tuple::from_values(args)),
    }))
}

fn item_call(this: Value, args: &[Value], kwnames: Value) -> PyResult {
    check_one("itemgetter", args, kwnames)?;
    let g = this.cast::<Getter>().map_or(Value::NULL, |g| g.given.get());
    if let [one] = tuple::as_slice(g) {
        return protocol::getitem(args[0], *one);
    }
    let mut out = Vec::new();
    for k in tuple::as_slice(g) {
        out.push(protocol::getitem(args[0], *k)?);
    }
    Ok(tuple::from_refs(out))
}

fn given(v: Value) -> Value {
    match v.cast::<Getter>() {
        Some(g) => g.given.get(),
        None => v
            .cast::<AttrGetter>()
            .map_or(Value::NULL, |g| g.given.get()),
    }
}

fn getter_repr(v: Value) -> PyResult {
    if !protocol::repr_enter(v) {
        return Ok(strings::new_str(&format!("{}(...)", v.ty().full_name())));
    }
    let items: PyResult<Vec<String>> = tuple::as_slice(given(v))
        .iter()
        .map(|i| protocol::repr_text(*i))
        .collect();
    protocol::repr_leave(v);
    Ok(strings::new_str(&format!(
        "{}({})",
        v.ty().full_name(),
        items?.join(", ")
    )))
}

fn getter_reduce(a: &[Value]) -> PyResult {
    Ok(tuple::of([a[0].ty().to_ref(), given(a[0]).to_ref()]))
}

pub static ITEMGETTER_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "operator.itemgetter",
    doc: "Return a callable object that fetches the given item(s) from its operand.\nAfter f = itemgetter(2), the call f(r) returns r[2].\n\
After g = itemgetter(2, 5, 3), the call g(r) returns (r[2], r[5], r[3])",
    flags: TypeFlags::HAVE_GC,
    text_signature: "(item, /, *items)",
    slots: Slots {
        new: Some(item_new),
        call: Some(item_call),
        repr: Some(getter_repr),
        ..Slots::of::<Getter>()
    },
    getset: SIGNATURE,
    methods: &[MethodDef::new(
        "__reduce__($self, /)",
        "Return state information for pickling",
        getter_reduce,
    )],
    ..TypeSpec::of::<Getter>()
});

fn attr_new(_: Type, args: &[Value], kwnames: Value) -> PyResult {
    if keyword_count(kwnames) > 0 || args.is_empty() {
        check_one("attrgetter", args, kwnames)?;
    }
    let mut paths = Vec::new();
    for a in args {
        if !strings::is_str(*a) {
            return err!(TypeError, "attribute name must be a string");
        }
        let s = strings::expect(*a);
        let mut path = Vec::new();
        let mut start = 0;
        for i in 0..=s.len() {
            if i == s.len() || s.at(i) == '.' as u32 {
                path.push(strings::intern(strings::substring(s, start, i)));
                start = i + 1;
            }
        }
        paths.push(path);
    }
    let given = Slot::new(tuple::from_values(args));
    Ok(new_object(AttrGetter {
        header: Header::new(&ATTRGETTER_TYPE),
        given,
        paths,
    }))
}

fn follow(v: Value, path: &[Ref]) -> PyResult {
    let mut r = v.to_ref();
    for name in path {
        r = protocol::getattr(*r, **name)?;
    }
    Ok(r)
}

fn attr_call(this: Value, args: &[Value], kwnames: Value) -> PyResult {
    check_one("attrgetter", args, kwnames)?;
    let Some(g) = this.cast::<AttrGetter>() else {
        return Ok(Ref::NONE);
    };
    if let [one] = &g.paths[..] {
        return follow(args[0], one);
    }
    let mut out = Vec::new();
    for p in &g.paths {
        out.push(follow(args[0], p)?);
    }
    Ok(tuple::from_refs(out))
}

pub static ATTRGETTER_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "operator.attrgetter",
    doc: "Return a callable object that fetches the given attribute(s) from its operand.\nAfter f = attrgetter('name'), the call f(r) returns r.name.\n\
After g = attrgetter('name', 'date'), the call g(r) returns (r.name, r.date).\nAfter h = attrgetter('name.first', 'name.last'), the call h(r) returns\n\
(r.name.first, r.name.last).",
    flags: TypeFlags::HAVE_GC,
    text_signature: "(attr, /, *attrs)",
    slots: Slots {
        new: Some(attr_new),
        call: Some(attr_call),
        repr: Some(getter_repr),
        ..Slots::of::<AttrGetter>()
    },
    getset: SIGNATURE,
    methods: &[MethodDef::new(
        "__reduce__($self, /)",
        "Return state information for pickling",
        getter_reduce,
    )],
    ..TypeSpec::of::<AttrGetter>()
});

fn caller_new(_: Type, args: &[Value], kwnames: Value) -> PyResult {
    let n = args.len() - keyword_count(kwnames);
    if n < 1 {
        return err!(
            TypeError,
            "methodcaller needs at least one argument, the method name"
        );
    }
    if !strings::is_str(args[0]) {
        return err!(TypeError, "method name must be a string");
    }
    Ok(new_object(MethodCaller {
        header: Header::new(&METHODCALLER_TYPE),
        name: Slot::new(strings::intern(args[0].to_ref())),
        args: args[1..].iter().map(|v| v.to_ref()).collect(),
        kwnames: Slot::new(kwnames.to_ref()),
    }))
}

fn caller(v: Value) -> &'static MethodCaller {
    // SAFETY: called for methodcallers only, which their callers hold.
    unsafe { &*(v.as_ptr() as *const MethodCaller) }
}

fn caller_call(this: Value, args: &[Value], kwnames: Value) -> PyResult {
    check_one("methodcaller", args, kwnames)?;
    let c = caller(this);
    let (f, bound) = protocol::get_method(args[0], c.name.get())?;
    let mut all = Vec::with_capacity(c.args.len() + 1);
    if bound {
        all.push(args[0]);
    }
    all.extend(c.args.iter().map(|a| **a));
    protocol::call_kw(*f, &all, c.kwnames.get())
}

/// Positional arguments and the pairs of keywords.
fn parts(c: &MethodCaller) -> (&[Ref], Vec<(Value, Value)>) {
    let n = c.args.len() - keyword_count(c.kwnames.get());
    let names: &[Value] = if c.kwnames.is_null() {
        &[]
    } else {
        tuple::as_slice(c.kwnames.get())
    };
    (
        &c.args[..n],
        names
            .iter()
            .copied()
            .zip(c.args[n..].iter().map(|a| **a))
            .collect(),
    )
}

fn caller_repr(v: Value) -> PyResult {
    if !protocol::repr_enter(v) {
        return Ok(strings::new_str("operator.methodcaller(...)"));
    }
    let c = caller(v);
    let (positional, keywords) = parts(c);
    let text = (|| {
        let mut items = vec![protocol::repr_text(c.name.get())?];
        for a in positional {
            items.push(protocol::repr_text(**a)?);
        }
        for (k, a) in keywords {
            items.push(format!(
                "{}={}",
                strings::expect(k),
                protocol::repr_text(a)?
            ));
        }
        Ok(items.join(", "))
    })();
    protocol::repr_leave(v);
    Ok(strings::new_str(&format!(
        "operator.methodcaller({})",
        text?
    )))
}

fn caller_reduce(a: &[Value]) -> PyResult {
    let c = caller(a[0]);
    let (positional, keywords) = parts(c);
    let mut args: Vec<Ref> = positional.to_vec();
    if keywords.is_empty() {
        args.insert(0, c.name.get_ref());
        return Ok(tuple::of([a[0].ty().to_ref(), tuple::from_refs(args)]));
    }
    let functools = (taipan_objects::vm::hooks().import)("functools")?;
    let partial = protocol::getattr_str(*functools, "partial")?;
    let kwargs = dict::new_dict();
    for (k, v) in keywords {
        dict::set(*kwargs, k, v)?;
    }
    let head = tuple::of([a[0].ty().to_ref(), c.name.get_ref()]);
    let constructor = protocol::call_tuple_dict(*partial, *head, *kwargs)?;
    Ok(tuple::of([constructor, tuple::from_refs(args)]))
}

pub static METHODCALLER_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "operator.methodcaller",
    doc: "Return a callable object that calls the given method on its operand.\nAfter f = methodcaller('name'), the call f(r) returns r.name().\n\
After g = methodcaller('name', 'date', foo=1), the call g(r) returns\nr.name('date', foo=1).",
    flags: TypeFlags::HAVE_GC,
    text_signature: "(name, /, *args, **kwargs)",
    slots: Slots {
        new: Some(caller_new),
        call: Some(caller_call),
        repr: Some(caller_repr),
        ..Slots::of::<MethodCaller>()
    },
    getset: SIGNATURE,
    methods: &[MethodDef::new(
        "__reduce__($self, /)",
        "Return state information for pickling",
        caller_reduce,
    )],
    ..TypeSpec::of::<MethodCaller>()
});
