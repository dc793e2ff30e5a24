//! `_contextvars`: context variables. A context holds an immutable map, shared by copies.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use taipan_objects::err::PyResult;
use taipan_objects::native::{GetSetDef, MemberDef, MethodDef, ModuleDef};
use taipan_objects::object::{Header, new_object};
use taipan_objects::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::vm::vm;
use taipan_objects::{dict, err, exceptions, generic_alias, list, module, object_impl, protocol, strings, tuple};

/// A context variable.
#[repr(C)]
pub struct ContextVar {
    header: Header,
    name: Slot,
    /// NULL if there is none.
    default: Slot,
}
object_impl!(
    ContextVar,
    CONTEXT_VAR_TYPE,
    |this, visit| visit(this.default.get()),
    |this| drop(this.default.take())
);

type Map = Vec<(Ref, Ref)>;

/// A context.
#[repr(C)]
pub struct Context {
    header: Header,
    /// Variables and values, in the order of first setting.
    map: RefCell<Rc<Map>>,
    /// The context to return to, NULL for none; kept while entered.
    previous: Slot,
    entered: Cell<bool>,
}
object_impl!(
    Context,
    CONTEXT_TYPE,
    |this, visit| {
        visit(this.previous.get());
        // A map that is shared is left alone: each count may be shown once only.
        let map = this.map.borrow();
        if Rc::strong_count(&map) == 1 {
            for (k, v) in map.iter() {
                visit(**k);
                visit(**v);
            }
        }
    },
    |this| drop(this.map.replace(Rc::new(Vec::new())))
);

/// What `ContextVar.set` gives, to undo it.
#[repr(C)]
pub struct Token {
    header: Header,
    context: Slot,
    var: Slot,
    /// NULL if the variable had no value.
    old: Slot,
    used: Cell<bool>,
}
object_impl!(
    Token,
    TOKEN_TYPE,
    |this, visit| {
        visit(this.context.get());
        visit(this.var.get());
        visit(this.old.get());
    },
    |this| {
        drop(this.context.take());
        drop(this.old.take());
    }
);

/// The type of `Token.MISSING`.
#[repr(C)]
pub struct Missing {
    header: Header,
}
object_impl!(Missing, MISSING_TYPE);

fn var_of(v: Value) -> &'static ContextVar {
    // SAFETY: called for context variables only, which their callers hold.
    unsafe { &*(v.as_ptr() as *const ContextVar) }
}
fn context_of(v: Value) -> &'static Context {
    // SAFETY: called for contexts only, which their callers hold.
    unsafe { &*(v.as_ptr() as *const Context) }
}
fn token_of(v: Value) -> &'static Token {
    // SAFETY: called for tokens only, which their callers hold.
    unsafe { &*(v.as_ptr() as *const Token) }
}

fn new_context(map: Rc<Map>) -> Ref {
    new_object(Context {
        header: Header::new(&CONTEXT_TYPE),
        map: RefCell::new(map),
        previous: Slot::null(),
        entered: Cell::new(false),
    })
}

/// The running thread's context, made if there is none.
fn current() -> Ref {
    let slot = &vm().context;
    if slot.is_null() {
        slot.set(new_context(Rc::default()));
    }
    slot.get_ref()
}

fn lookup(ctx: Value, var: Value) -> Option<Ref> {
    context_of(ctx).map.borrow().iter().find(|(k, _)| k.is(var)).map(|(_, v)| v.clone())
}

/// Sets or (`None`) removes a variable.
fn store(ctx: Value, var: Value, value: Option<Ref>) {
    let c = context_of(ctx);
    let mut map: Map = c.map.borrow().as_ref().clone();
    match (map.iter().position(|(k, _)| k.is(var)), value) {
        (Some(i), Some(v)) => map[i].1 = v,
        (Some(i), None) => drop(map.remove(i)),
        (None, Some(v)) => map.push((var.to_ref(), v)),
        (None, None) => {}
    }
    drop(c.map.replace(Rc::new(map)));
}

// ---------------------------------------------------------------- ContextVar

fn var_new(_: Type, args: &[Value], kwnames: Value) -> PyResult {
    let (positional, keywords) = taipan_objects::native::split_args(args, kwnames);
    if positional.len() != 1 {
        return err!(TypeError, "ContextVar() takes exactly 1 positional argument ({} given)", positional.len());
    }
    let mut default = Value::NULL;
    for (k, v) in keywords {
        let k = strings::expect(k);
        if !k.eq_str("default") {
            return err!(TypeError, "ContextVar() got an unexpected keyword argument '{k}'");
        }
        default = v;
    }
    if !strings::is_str(positional[0]) {
        return err!(TypeError, "context variable name must be a str");
    }
    protocol::hash(positional[0])?;
    Ok(new_object(ContextVar {
        header: Header::new(&CONTEXT_VAR_TYPE),
        name: Slot::new(positional[0].to_ref()),
        default: Slot::new(default.to_ref()),
    }))
}

fn var_get(a: &[Value]) -> PyResult {
    let ctx = vm().context.get_ref();
    if !ctx.is_null()
        && let Some(v) = lookup(*ctx, a[0])
    {
        return Ok(v);
    }
    if !a[1].is_null() {
        return Ok(a[1].to_ref());
    }
    let default = var_of(a[0]).default.get();
    if !default.is_null() {
        return Ok(default.to_ref());
    }
    Err(taipan_objects::err::raise_with(&exceptions::LookupError, &[a[0]]))
}

fn var_set(a: &[Value]) -> PyResult {
    let ctx = current();
    let old = lookup(*ctx, a[0]).unwrap_or(Ref::NULL);
    store(*ctx, a[0], Some(a[1].to_ref()));
    Ok(new_object(Token {
        header: Header::new(&TOKEN_TYPE),
        context: Slot::new(ctx),
        var: Slot::new(a[0].to_ref()),
        old: Slot::new(old),
        used: Cell::new(false),
    }))
}

fn var_reset(a: &[Value]) -> PyResult {
    if !a[1].is_a::<Token>() {
        return err!(TypeError, "expected an instance of Token, got {}", protocol::repr_text(a[1])?);
    }
    let t = token_of(a[1]);
    if t.used.get() {
        return err!(RuntimeError, "{} has already been used once", protocol::repr_text(a[1])?);
    }
    if !t.var.get().is(a[0]) {
        return err!(ValueError, "{} was created by a different ContextVar", protocol::repr_text(a[1])?);
    }
    let ctx = current();
    if !ctx.is(t.context.get()) {
        return err!(ValueError, "{} was created in a different Context", protocol::repr_text(a[1])?);
    }
    t.used.set(true);
    let old = t.old.get_ref();
    store(*ctx, a[0], old.some());
    Ok(Ref::NONE)
}

fn var_repr(v: Value) -> PyResult {
    let var = var_of(v);
    let name = protocol::repr_text(var.name.get())?;
    let default = match var.default.get().some() {
        Some(d) => format!(" default={}", protocol::repr_text(d)?),
        None => String::new(),
    };
    Ok(strings::new_str(&format!("<ContextVar name={name}{default} at {:#x}>", v.id())))
}

pub static CONTEXT_VAR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_contextvars.ContextVar",
    doc: "A variable whose value depends on the context.",
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        new: Some(var_new),
        repr: Some(var_repr),
        hash: Some(taipan_objects::object_methods::object_hash),
        ..Slots::of::<ContextVar>()
    },
    methods: &[
        MethodDef::new("get($self, default=<unrepresentable>, /)", "Return a value for the context variable for the current context.", var_get),
        MethodDef::new("set($self, value, /)", "Call to set a new value for the context variable in the current context.", var_set),
        MethodDef::new("reset($self, token, /)", "Reset the context variable.", var_reset),
        MethodDef::new("__class_getitem__($type, object, /)", "See PEP 585", generic_alias::class_getitem).class(),
    ],
    members: &[MemberDef::ro("name", "", |v| Ok(var_of(v).name.get_ref()))],
    ..TypeSpec::of::<ContextVar>()
});

// ---------------------------------------------------------------- Token

fn missing() -> Ref {
    struct Shared(std::cell::UnsafeCell<Value>);
    // SAFETY: used only under the global interpreter lock.
    unsafe impl Sync for Shared {}
    static SHARED: Shared = Shared(std::cell::UnsafeCell::new(Value::NULL));
    // SAFETY: under the lock.
    unsafe {
        let p = SHARED.0.get();
        if (*p).is_null() {
            let r = new_object(Missing { header: Header::new(&MISSING_TYPE) });
            (*r.as_ptr()).set_immortal();
            *p = r.into_value();
        }
        (*p).to_ref()
    }
}

fn token_repr(v: Value) -> PyResult {
    let t = token_of(v);
    let used = if t.used.get() { " used" } else { "" };
    Ok(strings::new_str(&format!("<Token{used} var={} at {:#x}>", protocol::repr_text(t.var.get())?, v.id())))
}

fn token_exit(a: &[Value]) -> PyResult {
    let var = token_of(a[0]).var.get_ref();
    var_reset(&[*var, a[0]])
}

pub static TOKEN_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_contextvars.Token",
    doc: "What ContextVar.set() returns: undoes the setting.",
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        new: Some(|_, _, _| err!(RuntimeError, "Tokens can only be created by ContextVars")),
        repr: Some(token_repr),
        hash: Some(protocol::hash_not_implemented),
        ..Slots::of::<Token>()
    },
    methods: &[
        MethodDef::new("__class_getitem__($type, object, /)", "See PEP 585", generic_alias::class_getitem).class(),
        MethodDef::new("__enter__($self, /)", "Enter into Token context manager.", |a| Ok(a[0].to_ref())),
        MethodDef::new("__exit__($self, type, val, tb, /)", "Exit from Token context manager, restore the linked ContextVar.", token_exit),
    ],
    getset: &[
        GetSetDef::ro("var", "", |v| Ok(token_of(v).var.get_ref())),
        GetSetDef::ro("old_value", "", |v| Ok(token_of(v).old.get_ref().some().unwrap_or_else(missing))),
    ],
    ..TypeSpec::of::<Token>()
});

pub static MISSING_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "Token.MISSING",
    slots: Slots { repr: Some(|_| Ok(strings::new_str("<Token.MISSING>"))), ..Slots::of::<Missing>() },
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    ..TypeSpec::of::<Missing>()
});

// ---------------------------------------------------------------- Context

fn context_new(_: Type, args: &[Value], _: Value) -> PyResult {
    if !args.is_empty() {
        return err!(TypeError, "Context() does not accept any arguments");
    }
    Ok(new_context(Rc::default()))
}

/// Makes `ctx` the current context; RuntimeError if it is in use.
pub fn enter(ctx: Value) -> PyResult<()> {
    let c = context_of(ctx);
    if c.entered.get() {
        return err!(RuntimeError, "cannot enter context: {} is already entered", protocol::repr_text(ctx)?);
    }
    c.entered.set(true);
    c.previous.set(vm().context.get_ref());
    vm().context.set(ctx.to_ref());
    Ok(())
}

/// Returns to the context that was current before `enter`.
pub fn leave(ctx: Value) {
    let c = context_of(ctx);
    c.entered.set(false);
    vm().context.set(c.previous.take());
}

fn run(args: &[Value], kwnames: Value) -> PyResult {
    let n = args.len() - if kwnames.is_null() { 0 } else { tuple::as_slice(kwnames).len() };
    if n < 2 {
        return err!(TypeError, "run() missing 1 required positional argument");
    }
    enter(args[0])?;
    let r = protocol::call_kw(args[1], &args[2..], kwnames);
    leave(args[0]);
    r
}

fn check_key(v: Value) -> PyResult<()> {
    if v.is_a::<ContextVar>() {
        return Ok(());
    }
    err!(TypeError, "a ContextVar key was expected, got {}", protocol::repr_text(v)?)
}

fn subscript(ctx: Value, key: Value) -> PyResult {
    check_key(key)?;
    match lookup(ctx, key) {
        Some(v) => Ok(v),
        None => Err(taipan_objects::err::raise_with(&exceptions::KeyError, &[key])),
    }
}

fn get(a: &[Value]) -> PyResult {
    check_key(a[1])?;
    Ok(lookup(a[0], a[1]).unwrap_or_else(|| a[2].or(Value::NONE).to_ref()))
}

fn entries(ctx: Value) -> Rc<Map> {
    context_of(ctx).map.borrow().clone()
}

fn keys(ctx: Value) -> Ref {
    list::new_list(entries(ctx).iter().map(|(k, _)| k.clone()).collect())
}

fn compare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) || !a.is_a::<Context>() || !b.is_a::<Context>() {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let (x, y) = (entries(a), entries(b));
    let mut equal = x.len() == y.len();
    if equal && !Rc::ptr_eq(&x, &y) {
        for (k, v) in x.iter() {
            equal = match y.iter().find(|(l, _)| l.is(**k)) {
                Some((_, w)) => protocol::eq(**v, **w)?,
                None => false,
            };
            if !equal {
                break;
            }
        }
    }
    Ok(Ref::bool(equal == (op == CompareOp::Eq)))
}

pub static CONTEXT_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_contextvars.Context",
    doc: "A mapping of context variables to their values.",
    flags: TypeFlags::HAVE_GC | TypeFlags::WEAKREFABLE,
    slots: Slots {
        new: Some(context_new),
        hash: Some(protocol::hash_not_implemented),
        richcompare: Some(compare),
        iter: Some(|v| protocol::iter(*keys(v))),
        contains: Some(|v, k| {
            check_key(k)?;
            Ok(lookup(v, k).is_some())
        }),
        map_length: Some(|v| Ok(entries(v).len())),
        subscript: Some(subscript),
        ..Slots::of::<Context>()
    },
    methods: &[
        MethodDef::new("get($self, key, default=None, /)", "Return the value for `key` if `key` has the value in the context object.", get),
        MethodDef::new("items($self, /)", "Return all variables and their values in the context object.", |a| {
            Ok(list::new_list(entries(a[0]).iter().map(|(k, v)| tuple::of([k.clone(), v.clone()])).collect()))
        }),
        MethodDef::new("keys($self, /)", "Return a list of all variables in the context object.", |a| Ok(keys(a[0]))),
        MethodDef::new("values($self, /)", "Return a list of all variables' values in the context object.", |a| {
            Ok(list::new_list(entries(a[0]).iter().map(|(_, v)| v.clone()).collect()))
        }),
        MethodDef::new("copy($self, /)", "Return a shallow copy of the context object.", |a| Ok(new_context(entries(a[0])))),
        MethodDef::raw("run", "", run),
    ],
    ..TypeSpec::of::<Context>()
});

fn copy_context(_: &[Value]) -> PyResult {
    let c = current();
    Ok(new_context(entries(*c)))
}

pub static MODULE: ModuleDef = ModuleDef {
    name: "_contextvars",
    doc: "Context Variables",
    functions: &[MethodDef::new("copy_context($module, /)", "", copy_context)],
    init: Some(|m| {
        module::add_type(m, &CONTEXT_TYPE);
        module::add_type(m, &CONTEXT_VAR_TYPE);
        module::add_type(m, &TOKEN_TYPE);
        taipan_objects::type_ready::ready(&MISSING_TYPE);
        dict::set_str(TOKEN_TYPE.dict(), "MISSING", *missing());
        Ok(())
    }),
};
