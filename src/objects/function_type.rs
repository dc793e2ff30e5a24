//! Types of functions, cells, bound methods and native functions.

use crate::err::PyResult;
use crate::function::{PyBuiltin, PyCell, PyCode, PyFunction, PyMethod, new_method};
use crate::names::names;
use crate::native::{GetSetDef, MemberDef, MethodDef};
use crate::object::{Header, new_object};
use crate::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Slot, Value};
use crate::{dict, err, protocol, strings, tuple};
use std::cell::Cell;

// ---------------------------------------------------------------- functions

/// A function of the code with these globals, as MAKE_FUNCTION makes it.
pub fn new_function(code: Value, globals: Value, builtins: Value) -> Ref {
    // SAFETY: `code` is a code object.
    let c = unsafe { code.cast_unchecked::<PyCode>() };
    let module = dict::get(globals, names().__name__).unwrap_or(Value::NULL);
    let doc = if c.flags & taipan_bytecode::code::flags::CO_HAS_DOCSTRING != 0 {
        c.consts.first().cloned().unwrap_or(Ref::NONE)
    } else {
        Ref::NONE
    };
    new_object(PyFunction {
        header: Header::new(&FUNCTION_TYPE),
        code: Slot::new(code.to_ref()),
        globals: Slot::new(globals.to_ref()),
        builtins: Slot::new(builtins.to_ref()),
        defaults: Slot::null(),
        kwdefaults: Slot::null(),
        closure: Slot::null(),
        name: Slot::new(c.name.clone()),
        qualname: Slot::new(c.qualname.clone()),
        doc: Slot::new(doc),
        module: Slot::new(if module.is_null() {
            Ref::NULL
        } else {
            module.to_ref()
        }),
        annotations: Slot::null(),
        annotate: Slot::null(),
        type_params: Slot::null(),
        dict: Slot::null(),
        version: Cell::new(0),
    })
}

fn func(v: &Value) -> &PyFunction {
    // SAFETY: getters and methods of the type get instances of it.
    unsafe { v.cast_unchecked::<PyFunction>() }
}
fn or_none(s: &Slot) -> PyResult {
    Ok(if s.is_null() { Ref::NONE } else { s.get_ref() })
}
fn call(f: Value, args: &[Value], kwnames: Value) -> PyResult {
    (crate::vm::hooks().call_function)(f, args, kwnames)
}
fn function_get(f: Value, obj: Value, _ty: Value) -> PyResult {
    if obj.is_none_or_null() {
        return Ok(f.to_ref());
    }
    Ok(new_method(f, obj))
}
fn function_repr(v: Value) -> PyResult {
    let q = protocol::str_text(func(&v).qualname.get())?;
    Ok(strings::new_str(&format!(
        "<function {q} at {:#x}>",
        v.id()
    )))
}
fn set_code(v: Value, c: Value) -> PyResult<()> {
    let Some(code) = c.cast_exact::<PyCode>() else {
        return err!(TypeError, "__code__ must be set to a code object");
    };
    let f = func(&v);
    let nclosure = if f.closure.is_null() {
        0
    } else {
        tuple::as_slice(f.closure.get()).len()
    };
    if code.nfrees as usize != nclosure {
        return err!(
            ValueError,
            "{}() requires a code object with {nclosure} free vars, not {}",
            protocol::str_text(f.name.get())?,
            code.nfrees
        );
    }
    f.version.set(0);
    f.code.set(c.to_ref());
    Ok(())
}
fn set_defaults(v: Value, d: Value) -> PyResult<()> {
    if !d.is_none_or_null() && !tuple::is_tuple(d) {
        return err!(TypeError, "__defaults__ must be set to a tuple object");
    }
    func(&v).version.set(0);
    func(&v).defaults.set(if d.is_none_or_null() {
        Ref::NULL
    } else {
        d.to_ref()
    });
    Ok(())
}
fn set_kwdefaults(v: Value, d: Value) -> PyResult<()> {
    if !d.is_none_or_null() && !dict::is_dict(d) {
        return err!(TypeError, "__kwdefaults__ must be set to a dict object");
    }
    func(&v).version.set(0);
    func(&v).kwdefaults.set(if d.is_none_or_null() {
        Ref::NULL
    } else {
        d.to_ref()
    });
    Ok(())
}
fn set_name(v: Value, n: Value) -> PyResult<()> {
    if n.is_null() || !strings::is_str(n) {
        return err!(TypeError, "__name__ must be set to a string object");
    }
    func(&v).name.set(n.to_ref());
    Ok(())
}
fn set_qualname(v: Value, n: Value) -> PyResult<()> {
    if n.is_null() || !strings::is_str(n) {
        return err!(TypeError, "__qualname__ must be set to a string object");
    }
    func(&v).qualname.set(n.to_ref());
    Ok(())
}
fn get_annotations(v: Value) -> PyResult {
    let f = func(&v);
    if f.annotations.is_null() {
        let annotate = f.annotate.get_ref();
        let d = if annotate.is_none_or_null() {
            dict::new_dict()
        } else {
            let d = protocol::call(*annotate, &[Value::small_int(1)])?;
            if !dict::is_dict(*d) {
                return err!(
                    TypeError,
                    "__annotate__ returned non-dict of type '{}'",
                    d.type_name()
                );
            }
            d
        };
        f.annotations.set(d);
    } else if tuple::is_tuple(f.annotations.get()) {
        // Name, value, name, value …
        let d = dict::new_dict();
        for p in tuple::as_slice(f.annotations.get()).chunks(2) {
            dict::set(*d, p[0], p[1])?;
        }
        f.annotations.set(d);
    }
    Ok(f.annotations.get_ref())
}
fn set_annotations(v: Value, d: Value) -> PyResult<()> {
    if !d.is_none_or_null() && !dict::is_dict(d) {
        return err!(TypeError, "__annotations__ must be set to a dict object");
    }
    let f = func(&v);
    f.annotations.set(if d.is_none_or_null() {
        Ref::NULL
    } else {
        d.to_ref()
    });
    f.annotate.set(Ref::NULL);
    Ok(())
}
fn set_annotate(v: Value, a: Value) -> PyResult<()> {
    if a.is_null() {
        return err!(TypeError, "__annotate__ cannot be deleted");
    }
    if !a.is_none() && a.ty().slots().call.is_none() {
        return err!(TypeError, "__annotate__ must be callable or None");
    }
    let f = func(&v);
    f.annotate.set(a.to_ref());
    if !a.is_none() {
        f.annotations.set(Ref::NULL);
    }
    Ok(())
}
fn get_type_params(v: Value) -> PyResult {
    let t = &func(&v).type_params;
    Ok(if t.is_null() {
        tuple::empty()
    } else {
        t.get_ref()
    })
}
fn set_type_params(v: Value, t: Value) -> PyResult<()> {
    if t.is_null() || !tuple::is_tuple(t) {
        return err!(TypeError, "__type_params__ must be set to a tuple");
    }
    func(&v).type_params.set(t.to_ref());
    Ok(())
}
fn get_dict(v: Value) -> PyResult {
    let d = &func(&v).dict;
    if d.is_null() {
        d.set(dict::new_dict());
    }
    Ok(d.get_ref())
}
fn set_dict(v: Value, d: Value) -> PyResult<()> {
    if d.is_null() {
        return err!(TypeError, "cannot delete __dict__");
    }
    if !dict::is_dict(d) {
        return err!(
            TypeError,
            "__dict__ must be set to a dictionary, not a '{}'",
            d.type_name()
        );
    }
    func(&v).dict.set(d.to_ref());
    Ok(())
}
fn set_slot(s: &Slot, v: Value) -> PyResult<()> {
    s.set(if v.is_null() { Ref::NULL } else { v.to_ref() });
    Ok(())
}

static FUNCTION_NEW: MethodDef = MethodDef::new(
    "function(code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)",
    "",
    function_new_bound,
);
fn function_new(_ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    FUNCTION_NEW.call(args, kwnames)
}
fn function_new_bound(a: &[Value]) -> PyResult {
    let Some(code) = a[0].cast_exact::<PyCode>() else {
        return err!(
            TypeError,
            "function() argument 'code' must be code, not {}",
            a[0].type_name()
        );
    };
    if !dict::is_dict(a[1]) {
        return err!(
            TypeError,
            "function() argument 'globals' must be dict, not {}",
            a[1].type_name()
        );
    }
    let (name, defaults, closure, kwdefaults) = (a[2], a[3], a[4], a[5]);
    if !name.is_none_or_null() && !strings::is_str(name) {
        return err!(TypeError, "arg 3 (name) must be None or string");
    }
    if !defaults.is_none_or_null() && !tuple::is_tuple(defaults) {
        return err!(TypeError, "arg 4 (defaults) must be None or tuple");
    }
    if !kwdefaults.is_none_or_null() && !dict::is_dict(kwdefaults) {
        return err!(TypeError, "arg 6 (kwdefaults) must be None or dict");
    }
    let nfree = code.nfrees as usize;
    if !closure.is_null() && !tuple::is_tuple(closure) {
        if nfree > 0 && closure.is_none() {
            return err!(TypeError, "arg 5 (closure) must be tuple");
        }
        if !closure.is_none() {
            return err!(TypeError, "arg 5 (closure) must be None or tuple");
        }
    }
    let cells: &[Value] = if closure.is_none_or_null() {
        &[]
    } else {
        tuple::as_slice(closure)
    };
    if closure.is_null() && nfree > 0 {
        return err!(TypeError, "arg 5 (closure) must be tuple");
    }
    if cells.len() != nfree {
        return err!(
            ValueError,
            "{} requires closure of length {nfree}, not {}",
            strings::expect(*code.name),
            cells.len()
        );
    }
    for c in cells {
        if !c.is_exact::<PyCell>() {
            return err!(
                TypeError,
                "arg 5 (closure) expected cell, found {}",
                c.type_name()
            );
        }
    }
    let builtins = (crate::vm::hooks().builtins_of)(a[1])?;
    let r = new_function(a[0], a[1], *builtins);
    let f = func(&r);
    if !name.is_none_or_null() {
        f.name.set(name.to_ref());
    }
    if !defaults.is_none_or_null() {
        f.defaults.set(defaults.to_ref());
    }
    if !cells.is_empty() {
        f.closure.set(closure.to_ref());
    }
    if !kwdefaults.is_none_or_null() {
        f.kwdefaults.set(kwdefaults.to_ref());
    }
    Ok(r)
}

pub static FUNCTION_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "function",
    doc: "Create a function object.",
    flags: TypeFlags::HAVE_GC | TypeFlags::METHOD_DESCRIPTOR | TypeFlags::WEAKREFABLE,
    slots: Slots {
        repr: Some(function_repr),
        call: Some(call),
        descr_get: Some(function_get),
        new: Some(function_new),
        ..Slots::of::<PyFunction>()
    },
    dict_offset: std::mem::offset_of!(PyFunction, dict),
    getset: &[
        GetSetDef::rw("__code__", "", |v| Ok(func(&v).code.get_ref()), set_code),
        GetSetDef::rw(
            "__defaults__",
            "",
            |v| or_none(&func(&v).defaults),
            set_defaults,
        ),
        GetSetDef::rw(
            "__kwdefaults__",
            "",
            |v| or_none(&func(&v).kwdefaults),
            set_kwdefaults,
        ),
        GetSetDef::rw("__annotations__", "", get_annotations, set_annotations),
        GetSetDef::rw(
            "__annotate__",
            "",
            |v| or_none(&func(&v).annotate),
            set_annotate,
        ),
        GetSetDef::rw("__dict__", "", get_dict, set_dict),
        GetSetDef::rw("__name__", "", |v| Ok(func(&v).name.get_ref()), set_name),
        GetSetDef::rw(
            "__qualname__",
            "",
            |v| Ok(func(&v).qualname.get_ref()),
            set_qualname,
        ),
        GetSetDef::rw("__type_params__", "", get_type_params, set_type_params),
    ],
    members: &[
        MemberDef::ro("__closure__", "", |v| or_none(&func(&v).closure)),
        MemberDef {
            name: "__doc__",
            doc: "",
            get: |v| or_none(&func(&v).doc),
            set: Some(|v, x| set_slot(&func(&v).doc, x)),
        },
        MemberDef::ro("__globals__", "", |v| Ok(func(&v).globals.get_ref())),
        MemberDef {
            name: "__module__",
            doc: "",
            get: |v| or_none(&func(&v).module),
            set: Some(|v, x| set_slot(&func(&v).module, x)),
        },
        MemberDef::ro("__builtins__", "", |v| Ok(func(&v).builtins.get_ref())),
    ],
    text_signature: "(code, globals, name=None, argdefs=None, closure=None,\n         kwdefaults=None)",
    ..TypeSpec::of::<PyFunction>()
});

// ---------------------------------------------------------------- cells

fn cell(v: &Value) -> &PyCell {
    // SAFETY: getters and methods of the type get instances of it.
    unsafe { v.cast_unchecked::<PyCell>() }
}
static CELL_NEW: MethodDef = MethodDef::new("cell(contents=<unrepresentable>, /)", "", |a| {
    Ok(crate::function::new_cell(if a[0].is_null() {
        Ref::NULL
    } else {
        a[0].to_ref()
    }))
});
fn cell_compare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if !a.is_exact::<PyCell>() || !b.is_exact::<PyCell>() {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let (x, y) = (cell(&a).contents.get_ref(), cell(&b).contents.get_ref());
    if !x.is_null() && !y.is_null() {
        return protocol::richcompare(*x, *y, op);
    }
    Ok(Ref::bool(op.test((!x.is_null()).cmp(&!y.is_null()))))
}
pub static CELL_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "cell",
    doc: "Create a new cell object.",
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        new: Some(|_, a, k| CELL_NEW.call(a, k)),
        repr: Some(|v| {
            let c = cell(&v).contents.get();
            Ok(strings::new_str(&if c.is_null() {
                format!("<cell at {:#x}: empty>", v.id())
            } else {
                format!(
                    "<cell at {:#x}: {} object at {:#x}>",
                    v.id(),
                    c.ty().full_name(),
                    c.id()
                )
            }))
        }),
        richcompare: Some(cell_compare),
        hash: Some(protocol::hash_not_implemented),
        ..Slots::of::<PyCell>()
    },
    getset: &[GetSetDef::rw(
        "cell_contents",
        "",
        |v| {
            let c = cell(&v).contents.get_ref();
            if c.is_null() {
                err!(ValueError, "Cell is empty")
            } else {
                Ok(c)
            }
        },
        |v, x| set_slot(&cell(&v).contents, x),
    )],
    ..TypeSpec::of::<PyCell>()
});

// ---------------------------------------------------------------- bound methods

fn method(v: &Value) -> &PyMethod {
    // SAFETY: getters and methods of the type get instances of it.
    unsafe { v.cast_unchecked::<PyMethod>() }
}
fn method_call(v: Value, args: &[Value], kwnames: Value) -> PyResult {
    let m = method(&v);
    let (f, o) = (m.func.get_ref(), m.self_.get_ref());
    let mut small = [Value::NULL; 8];
    if args.len() < 8 {
        small[0] = *o;
        small[1..=args.len()].copy_from_slice(args);
        return protocol::call_kw(*f, &small[..=args.len()], kwnames);
    }
    let mut all = Vec::with_capacity(args.len() + 1);
    all.push(*o);
    all.extend_from_slice(args);
    protocol::call_kw(*f, &all, kwnames)
}
fn method_getattr(v: Value, name: Value) -> PyResult {
    if !protocol::lookup_type(&METHOD_TYPE, name).is_null() {
        return protocol::generic_getattr(v, name);
    }
    protocol::getattr(method(&v).func.get(), name)
}
fn method_repr(v: Value) -> PyResult {
    let m = method(&v);
    let name = match protocol::getattr_opt(m.func.get(), names().__qualname__)? {
        Some(q) => Some(q),
        None => protocol::getattr_opt(m.func.get(), names().__name__)?,
    };
    let name = match name {
        Some(n) if strings::is_str(*n) => strings::expect(*n).to_string(),
        _ => "?".to_string(),
    };
    Ok(strings::new_str(&format!(
        "<bound method {name} of {}>",
        protocol::repr_text(m.self_.get())?
    )))
}
fn method_compare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if (op != CompareOp::Eq && op != CompareOp::Ne)
        || !a.is_exact::<PyMethod>()
        || !b.is_exact::<PyMethod>()
    {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let (x, y) = (method(&a), method(&b));
    let equal = protocol::eq(x.func.get(), y.func.get())? && x.self_.get().is(y.self_.get());
    Ok(Ref::bool(equal == (op == CompareOp::Eq)))
}
fn method_hash(v: Value) -> PyResult<i64> {
    let m = method(&v);
    Ok(crate::hash::fix(
        crate::hash::hash_pointer(m.self_.get().bits()) ^ protocol::hash(m.func.get())?,
    ))
}
static METHOD_NEW: MethodDef = MethodDef::new("method(function, instance, /)", "", |a| {
    if a[0].ty().slots().call.is_none() {
        return err!(TypeError, "first argument must be callable");
    }
    if a[1].is_none() {
        return err!(TypeError, "instance must not be None");
    }
    Ok(new_method(a[0], a[1]))
});
fn method_reduce(a: &[Value]) -> PyResult {
    let m = method(&a[0]);
    let name = protocol::getattr(m.func.get(), names().__name__)?;
    let getattr = dict::get_str(*(crate::vm::hooks().builtins)(), "getattr").to_ref();
    Ok(tuple::of([getattr, tuple::of([m.self_.get_ref(), name])]))
}
pub static METHOD_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "method",
    doc: "Create a bound instance method object.",
    flags: TypeFlags::HAVE_GC | TypeFlags::WEAKREFABLE,
    slots: Slots {
        new: Some(|_, a, k| METHOD_NEW.call(a, k)),
        call: Some(method_call),
        getattro: Some(method_getattr),
        repr: Some(method_repr),
        richcompare: Some(method_compare),
        hash: Some(method_hash),
        descr_get: Some(|v, _, _| Ok(v.to_ref())),
        ..Slots::of::<PyMethod>()
    },
    methods: &[MethodDef::new("__reduce__($self, /)", "", method_reduce)],
    getset: &[GetSetDef::ro("__doc__", "", |v| {
        protocol::getattr(method(&v).func.get(), names().__doc__)
    })],
    members: &[
        MemberDef::ro(
            "__func__",
            "the function (or other callable) implementing a method",
            |v| Ok(method(&v).func.get_ref()),
        ),
        MemberDef::ro("__self__", "the instance to which a method is bound", |v| {
            Ok(method(&v).self_.get_ref())
        }),
    ],
    ..TypeSpec::of::<PyMethod>()
});

// ---------------------------------------------------------------- native functions

fn native(v: &Value) -> &PyBuiltin {
    // SAFETY: getters and methods of the type get instances of it.
    unsafe { v.cast_unchecked::<PyBuiltin>() }
}
fn builtin_call(v: Value, args: &[Value], kwnames: Value) -> PyResult {
    let b = native(&v);
    if !b.binds {
        return b.def.call(args, kwnames);
    }
    let o = b.self_.get();
    let mut small = [Value::NULL; 8];
    if args.len() < 8 {
        small[0] = o;
        small[1..=args.len()].copy_from_slice(args);
        return b.def.call(&small[..=args.len()], kwnames);
    }
    let mut all = Vec::with_capacity(args.len() + 1);
    all.push(o);
    all.extend_from_slice(args);
    b.def.call(&all, kwnames)
}
fn builtin_repr(v: Value) -> PyResult {
    let b = native(&v);
    let o = b.self_.get();
    Ok(strings::new_str(
        &if !b.binds || o.is_null() || o.is_a::<crate::module::PyModule>() {
            format!("<built-in function {}>", b.def.name())
        } else {
            format!(
                "<built-in method {} of {} object at {:#x}>",
                b.def.name(),
                o.type_name(),
                o.id()
            )
        },
    ))
}
fn builtin_self(v: Value) -> PyResult {
    or_none(&native(&v).self_)
}
fn builtin_qualname(v: Value) -> PyResult {
    let b = native(&v);
    let o = b.self_.get();
    if !b.binds || o.is_null() || o.is_a::<crate::module::PyModule>() {
        return Ok(strings::intern_str(b.def.name()));
    }
    let ty = crate::typeobject::as_type(o).unwrap_or(o.ty());
    let q = protocol::getattr(ty.value(), names().__qualname__)?;
    Ok(strings::new_str(&format!(
        "{}.{}",
        protocol::str_text(*q)?,
        b.def.name()
    )))
}
fn builtin_reduce(a: &[Value]) -> PyResult {
    let b = native(&a[0]);
    let name = strings::intern_str(b.def.name());
    let o = b.self_.get();
    if o.is_null() || o.is_a::<crate::module::PyModule>() {
        return Ok(name);
    }
    let getattr = dict::get_str(*(crate::vm::hooks().builtins)(), "getattr").to_ref();
    Ok(tuple::of([getattr, tuple::of([o.to_ref(), name])]))
}
fn builtin_compare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if (op != CompareOp::Eq && op != CompareOp::Ne)
        || !a.is_exact::<PyBuiltin>()
        || !b.is_exact::<PyBuiltin>()
    {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let (x, y) = (native(&a), native(&b));
    let equal = std::ptr::eq(x.def, y.def) && x.self_.get().is(y.self_.get());
    Ok(Ref::bool(equal == (op == CompareOp::Eq)))
}
fn builtin_hash(v: Value) -> PyResult<i64> {
    let b = native(&v);
    Ok(crate::hash::fix(
        crate::hash::hash_pointer(b.self_.get().bits())
            ^ crate::hash::hash_pointer(b.def as *const _ as u64),
    ))
}
fn doc_ref(s: &str) -> PyResult {
    Ok(if s.is_empty() {
        Ref::NONE
    } else {
        strings::new_str(s)
    })
}
pub static BUILTIN_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "builtin_function_or_method",
    flags: TypeFlags::HAVE_GC | TypeFlags::WEAKREFABLE | TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        call: Some(builtin_call),
        repr: Some(builtin_repr),
        richcompare: Some(builtin_compare),
        hash: Some(builtin_hash),
        ..Slots::of::<PyBuiltin>()
    },
    methods: &[MethodDef::new("__reduce__($self, /)", "", builtin_reduce)],
    getset: &[
        GetSetDef::ro("__name__", "", |v| {
            Ok(strings::intern_str(native(&v).def.name()))
        }),
        GetSetDef::ro("__qualname__", "", builtin_qualname),
        GetSetDef::ro("__self__", "", builtin_self),
        GetSetDef::ro("__doc__", "", |v| doc_ref(native(&v).def.doc)),
        GetSetDef::ro("__text_signature__", "", |v| {
            Ok(native(&v)
                .def
                .text_signature()
                .map_or(Ref::NONE, strings::new_str))
        }),
    ],
    members: &[MemberDef {
        name: "__module__",
        doc: "",
        get: |v| or_none(&native(&v).module),
        set: Some(|v, x| set_slot(&native(&v).module, x)),
    }],
    ..TypeSpec::of::<PyBuiltin>()
});
