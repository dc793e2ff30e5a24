//! What handlers do out of line: functions on values, returning scalars, none of them hot by itself.

use taipan_bytecode::opcode::Opcode;
use taipan_objects::err::{PyResult, Raised, set_exception};
use taipan_objects::exceptions::{self, PyException};
use taipan_objects::frame::Frame;
use taipan_objects::function::{self, Handler, PyCell, PyCode, PyFunction};
use taipan_objects::names::names;
use taipan_objects::protocol::{self, BinaryOp};
use taipan_objects::typeobject::{CompareOp, Type, TypeFlags, as_type};
use taipan_objects::value::{Ref, Value};
use taipan_objects::vm::vm;
use taipan_objects::{dict, err, list, raised, strings, tuple};

fn text(v: Value) -> String {
    strings::expect(v).to_string()
}

// ---------------------------------------------------------------- variables

#[cold]
#[inline(never)]
pub fn raise_unbound_local(frame: &Frame, i: usize) {
    let name = text(*frame.code().localsplusnames[i]);
    let _ = name_error(
        &exceptions::UnboundLocalError,
        format!("cannot access local variable '{name}' where it is not associated with a value"),
        &name,
    );
}
#[cold]
#[inline(never)]
pub fn raise_unbound_deref(frame: &Frame, i: usize) {
    let code = frame.code();
    let name = text(*code.localsplusnames[i]);
    let is_free = i >= (code.nlocalsplus - code.nfrees) as usize;
    let _ = if is_free {
        name_error(
            &exceptions::NameError,
            format!(
                "cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
            ),
            &name,
        )
    } else {
        name_error(
            &exceptions::UnboundLocalError,
            format!(
                "cannot access local variable '{name}' where it is not associated with a value"
            ),
            &name,
        )
    };
}
#[cold]
fn name_error(ty: Type, message: String, name: &str) -> Raised {
    let r = taipan_objects::err::raise(ty, message);
    let e = vm().pending().to_ref();
    if let Some(exc) = e.cast::<PyException>() {
        exc.set_field(0, strings::intern_str(name));
    }
    r
}
#[cold]
fn name_not_defined(name: Value) -> Raised {
    let n = text(name);
    name_error(
        &exceptions::NameError,
        format!("name '{n}' is not defined"),
        &n,
    )
}

#[inline(never)]
pub fn common_constant(i: usize) -> Ref {
    match i {
        0 => exceptions::AssertionError.to_ref(),
        1 => exceptions::NotImplementedError.to_ref(),
        2 => taipan_objects::types::TUPLE_TYPE.to_ref(),
        3 => dict::get_str(*crate::builtins::namespace(), "all").to_ref(),
        _ => dict::get_str(*crate::builtins::namespace(), "any").to_ref(),
    }
}

/// # Safety
/// `slot` is a local of the running frame.
#[inline(never)]
pub unsafe fn make_cell(slot: *mut Value) {
    unsafe {
        let v = slot.replace(Value::NULL);
        let cell = function::new_cell(Ref::from_owned(v));
        slot.write(cell.into_value());
    }
}
/// # Safety
/// `locals` are those of the running frame.
#[inline(never)]
pub unsafe fn copy_free_vars(frame: &Frame, locals: *mut Value, n: usize) {
    let Some(f) = frame.function() else { return };
    let closure = f.closure.get();
    if closure.is_null() {
        return;
    }
    let first = frame.code().nlocalsplus as usize - n;
    for (i, c) in tuple::as_slice(closure).iter().take(n).enumerate() {
        c.incref();
        unsafe { locals.add(first + i).write(*c) };
    }
}

/// `mapping[name]`, `None` when missing.
fn lookup_mapping(mapping: Value, name: Value) -> PyResult<Option<Ref>> {
    if mapping.is_exact::<dict::PyDict>() {
        return Ok(dict::get(mapping, name)?.some().map(|v| v.to_ref()));
    }
    match protocol::getitem(mapping, name) {
        Ok(v) => Ok(Some(v)),
        Err(e) => {
            if taipan_objects::err::clear_if(&exceptions::KeyError) {
                Ok(None)
            } else {
                Err(e)
            }
        }
    }
}

#[inline(never)]
pub fn load_from_dict_or_deref(
    frame: &Frame,
    mapping: Value,
    locals: *mut Value,
    i: usize,
) -> PyResult {
    let name = *frame.code().localsplusnames[i];
    if let Some(v) = lookup_mapping(mapping, name)? {
        return Ok(v);
    }
    // SAFETY: verified code: the local is a cell.
    let v = unsafe {
        (*locals.add(i))
            .cast_unchecked::<PyCell>()
            .contents
            .get_ref()
    };
    if v.is_null() {
        raise_unbound_deref(frame, i);
        return Err(Raised::pending());
    }
    Ok(v)
}
#[inline(never)]
pub fn load_from_dict_or_globals(frame: &Frame, mapping: Value, name: Value) -> PyResult {
    match lookup_mapping(mapping, name)? {
        Some(v) => Ok(v),
        None => load_global(frame, name),
    }
}
/// The frame's `f_locals` mapping, for class and module code.
fn namespace(frame: &Frame) -> Value {
    let l = frame.locals.get();
    if l.is_null() { frame.globals.get() } else { l }
}
#[inline(never)]
pub fn load_name(frame: &Frame, name: Value) -> PyResult {
    match lookup_mapping(namespace(frame), name)? {
        Some(v) => Ok(v),
        None => load_global(frame, name),
    }
}
#[inline(never)]
pub fn store_name(frame: &Frame, name: Value, v: Value) -> PyResult<()> {
    let ns = namespace(frame);
    if ns.is_exact::<dict::PyDict>() {
        dict::set(ns, name, v)
    } else {
        protocol::setitem(ns, name, v)
    }
}
#[inline(never)]
pub fn delete_name(frame: &Frame, name: Value) -> PyResult<()> {
    let ns = namespace(frame);
    if ns.is_exact::<dict::PyDict>() {
        if dict::delete(ns, name)? {
            return Ok(());
        }
        return Err(name_not_defined(name));
    }
    match protocol::setitem(ns, name, Value::NULL) {
        Err(_) if taipan_objects::err::clear_if(&exceptions::KeyError) => {
            Err(name_not_defined(name))
        }
        r => r,
    }
}
#[inline(never)]
pub fn load_global(frame: &Frame, name: Value) -> PyResult {
    let (g, b) = (frame.globals.get(), frame.builtins.get());
    if let Some(v) = lookup_mapping(g, name)? {
        return Ok(v);
    }
    match lookup_mapping(b, name)? {
        Some(v) => Ok(v),
        None => Err(name_not_defined(name)),
    }
}
#[inline(never)]
pub fn store_global(frame: &Frame, name: Value, v: Value) -> PyResult<()> {
    dict::set(frame.globals.get(), name, v)
}
pub fn delete_global(frame: &Frame, name: Value) -> PyResult<()> {
    if dict::delete(frame.globals.get(), name)? {
        Ok(())
    } else {
        Err(name_not_defined(name))
    }
}
#[inline(never)]
pub fn load_locals(frame: &Frame) -> PyResult {
    let l = namespace(frame);
    if l.is_null() {
        return err!(SystemError, "no locals found");
    }
    Ok(l.to_ref())
}
#[inline(never)]
pub fn load_build_class(frame: &Frame) -> PyResult {
    match lookup_mapping(frame.builtins.get(), names().__build_class__)? {
        Some(v) => Ok(v),
        None => Err(name_error(
            &exceptions::NameError,
            "__build_class__ not found".into(),
            "__build_class__",
        )),
    }
}

// ---------------------------------------------------------------- operators

const BINARY: [Option<BinaryOp>; 13] = [
    Some(BinaryOp::Add),
    Some(BinaryOp::And),
    Some(BinaryOp::FloorDivide),
    Some(BinaryOp::Lshift),
    Some(BinaryOp::MatrixMultiply),
    Some(BinaryOp::Multiply),
    Some(BinaryOp::Remainder),
    Some(BinaryOp::Or),
    None,
    Some(BinaryOp::Rshift),
    Some(BinaryOp::Subtract),
    Some(BinaryOp::TrueDivide),
    Some(BinaryOp::Xor),
];

/// BINARY_OP with its argument.
#[inline(never)]
pub fn binary_op(arg: usize, a: Value, b: Value) -> PyResult {
    match arg {
        26 => protocol::getitem(a, b),
        8 => protocol::power(a, b, Value::NONE),
        21 => protocol::inplace_power(a, b),
        0..13 => protocol::binary(a, b, BINARY[arg].unwrap_or(BinaryOp::Add)),
        _ => protocol::inplace(a, b, BINARY[(arg - 13).min(12)].unwrap_or(BinaryOp::Add)),
    }
}
/// COMPARE_OP with its argument.
#[inline(never)]
pub fn compare_op(arg: usize, a: Value, b: Value) -> PyResult {
    let r = protocol::richcompare(a, b, CompareOp::from_index((arg >> 5).min(5)))?;
    if arg & 16 != 0 && !r.is_bool() {
        return Ok(Ref::bool(protocol::is_true(*r)?));
    }
    Ok(r)
}
#[inline(never)]
pub fn contains(container: Value, item: Value) -> PyResult<bool> {
    if container.is_exact::<dict::PyDict>() {
        return dict::contains(container, item);
    }
    protocol::contains(container, item)
}
/// Bounds of a slice with step 1, if they are small integers or None.
#[inline]
fn plain_bounds(len: usize, a: Value, b: Value) -> Option<(usize, usize)> {
    let clip = |v: Value, default: usize| -> Option<usize> {
        if v.is_none() {
            return Some(default);
        }
        let i = v.as_small_int()?;
        Some(if i < 0 {
            (i + len as i64).max(0) as usize
        } else {
            (i as usize).min(len)
        })
    };
    let (x, y) = (clip(a, 0)?, clip(b, len)?);
    Some((x, y.max(x)))
}
#[inline(never)]
pub fn binary_slice(c: Value, a: Value, b: Value) -> PyResult {
    if c.is_exact::<list::PyList>() {
        let items = list::expect(c).items();
        if let Some((x, y)) = plain_bounds(items.len(), a, b) {
            return Ok(list::new_list(items[x..y].to_vec()));
        }
    } else if c.is_exact::<strings::PyStr>() {
        let t = strings::expect(c);
        if let Some((x, y)) = plain_bounds(t.len(), a, b) {
            return Ok(strings::substring(t, x, y));
        }
    } else if c.is_exact::<tuple::PyTuple>() {
        let items = tuple::as_slice(c);
        if let Some((x, y)) = plain_bounds(items.len(), a, b) {
            return Ok(tuple::from_values(&items[x..y]));
        }
    }
    let s = taipan_objects::slice::new_slice(a, b, Value::NONE);
    protocol::getitem(c, *s)
}
#[inline(never)]
pub fn store_slice(c: Value, a: Value, b: Value, v: Value) -> PyResult<()> {
    if c.is_exact::<list::PyList>() && v.is_exact::<list::PyList>() && !c.is(v) {
        let l = list::expect(c);
        if let Some((x, y)) = plain_bounds(l.len(), a, b) {
            let new: Vec<Ref> = list::expect(v).items().to_vec();
            let old: Vec<Ref> = l.items_mut().splice(x..y, new).collect();
            drop(old);
            return Ok(());
        }
    }
    let s = taipan_objects::slice::new_slice(a, b, Value::NONE);
    protocol::setitem(c, *s, v)
}

// Out-of-line doors to the protocols: what is inlined into a handler would bring locals with destructors along.
macro_rules! doors {
    ($($name:ident($($arg:ident),*) -> $ret:ty = $path:path;)*) => {
        $(#[inline(never)]
        pub fn $name($($arg: Value),*) -> $ret {
            $path($($arg),*)
        })*
    };
}
doors! {
    getitem(c, k) -> PyResult = protocol::getitem;
    setitem(c, k, v) -> PyResult<()> = protocol::setitem;
    getattr(o, n) -> PyResult = protocol::getattr;
    setattr(o, n, v) -> PyResult<()> = protocol::setattr;
    is_true(v) -> PyResult<bool> = protocol::is_true;
    iter(v) -> PyResult = protocol::iter;
    len(v) -> PyResult<usize> = protocol::len;
    negative(v) -> PyResult = protocol::negative;
    invert(v) -> PyResult = protocol::invert;
    isinstance(v, c) -> PyResult<bool> = protocol::isinstance;
    format(v, spec) -> PyResult = protocol::format;
    dict_get(d, k) -> PyResult<Value> = dict::get;
    dict_set(d, k, v) -> PyResult<()> = dict::set;
}
/// Appends to a list that has no room left.
#[cold]
#[inline(never)]
pub fn list_grow(l: Value, v: Value) {
    // SAFETY: the value comes off the stack, owned.
    list::expect(l)
        .items_mut()
        .push(unsafe { Ref::from_owned(v) });
}
/// Calls a native function with positional arguments.
///
/// # Safety
/// `n` values lie at `args`.
#[inline(never)]
pub unsafe fn call_def(
    def: &'static taipan_objects::native::MethodDef,
    args: *const Value,
    n: usize,
) -> PyResult {
    def.call(unsafe { std::slice::from_raw_parts(args, n) }, Value::NULL)
}
/// `left + right` of strings; takes over `left`.
///
/// # Safety
/// Both are strings, `left` is owned.
#[inline(never)]
pub unsafe fn str_append(left: Value, right: Value) -> Value {
    strings::append(unsafe { Ref::from_owned(left) }, strings::expect(right)).into_value()
}
/// The one-character string of a code point.
#[inline(never)]
pub fn char_string(c: u32) -> Value {
    strings::from_char(c).into_value()
}

// ---------------------------------------------------------------- attributes

#[inline(never)]
pub fn get_method(owner: Value, name: Value) -> PyResult<(Ref, bool)> {
    protocol::get_method(owner, name)
}
/// LOAD_SUPER_ATTR: puts its results in place of `super`, the class and self on the stack, and says how many they are.
///
/// # Safety
/// The three operands lie below `sp`, owned by the stack.
pub unsafe fn load_super_attr(sp: *mut Value, name: Value, arg: usize) -> PyResult<usize> {
    unsafe {
        let (sup, class, slf) = (*sp.sub(3), *sp.sub(2), *sp.sub(1));
        let (v, bound) = find_super_attr(sup, class, slf, name, arg)?;
        sp.sub(3).write(v.into_value());
        let mut pushed = 1;
        if arg & 1 != 0 {
            pushed = 2;
            sp.sub(2).write(if bound { slf } else { Value::NULL });
        }
        sup.decref();
        class.decref();
        if !bound {
            slf.decref();
        }
        Ok(pushed)
    }
}
fn find_super_attr(
    sup: Value,
    class: Value,
    slf: Value,
    name: Value,
    arg: usize,
) -> PyResult<(Ref, bool)> {
    if sup.is(taipan_objects::types::SUPER_TYPE.value()) && as_type(class).is_some() {
        return taipan_objects::super_object::lookup(class, slf, name, arg & 1 != 0);
    }
    // `super` may be any global of that name; without arguments the call had none in the source.
    let obj = if arg & 2 != 0 {
        protocol::call(sup, &[class, slf])?
    } else {
        protocol::call(sup, &[])?
    };
    Ok((protocol::getattr(*obj, name)?, false))
}
#[inline(never)]
pub fn load_special(owner: Value, i: usize) -> PyResult<(Ref, bool)> {
    let n = names();
    let name = [n.__enter__, n.__exit__, n.__aenter__, n.__aexit__][i & 3];
    let f = protocol::lookup_type(owner.ty(), name);
    if f.is_null() {
        let asynchronous = i >= 2;
        let (sync_pair, async_pair) = ((n.__enter__, n.__exit__), (n.__aenter__, n.__aexit__));
        let other = if asynchronous { sync_pair } else { async_pair };
        let has_other = !protocol::lookup_type(owner.ty(), other.0).is_null()
            && !protocol::lookup_type(owner.ty(), other.1).is_null();
        let t = owner.ty().name();
        let what = if asynchronous {
            "asynchronous context manager"
        } else {
            "context manager"
        };
        let missing = text(name);
        return match (has_other, asynchronous) {
            (true, false) => err!(
                TypeError,
                "'{t}' object does not support the {what} protocol (missed {missing} method) but it supports the asynchronous context manager protocol. Did you mean to use 'async with'?"
            ),
            (true, true) => err!(
                TypeError,
                "'{t}' object does not support the {what} protocol (missed {missing} method) but it supports the context manager protocol. Did you mean to use 'with'?"
            ),
            _ => err!(
                TypeError,
                "'{t}' object does not support the {what} protocol (missed {missing} method)"
            ),
        };
    }
    let f = f.to_ref();
    if f.ty().has_flag(TypeFlags::METHOD_DESCRIPTOR) {
        return Ok((f, true));
    }
    match f.ty().slots().descr_get {
        Some(get) => Ok((get(*f, owner, owner.ty().value())?, false)),
        None => Ok((f, false)),
    }
}

// ---------------------------------------------------------------- calls

/// # Safety
/// `n` values lie at `args`.
#[inline(never)]
pub unsafe fn call_native(callable: Value, args: *mut Value, n: usize) -> PyResult {
    protocol::call_kw(
        callable,
        unsafe { std::slice::from_raw_parts(args, n) },
        Value::NULL,
    )
}
/// # Safety
/// `n` values lie at `args`.
#[inline(never)]
pub unsafe fn call_native_kw(
    callable: Value,
    args: *mut Value,
    n: usize,
    kwnames: Value,
) -> PyResult {
    protocol::call_kw(
        callable,
        unsafe { std::slice::from_raw_parts(args, n) },
        kwnames,
    )
}
/// What a callable is called in messages about its arguments: `module.qualname()`.
#[inline(never)]
pub fn callable_name(f: Value) -> String {
    let q = match protocol::getattr_opt(f, names().__qualname__) {
        Ok(Some(q)) if strings::is_str(*q) => text(*q),
        _ => {
            drop(vm().take_pending());
            return match protocol::str(f) {
                Ok(s) => text(*s),
                Err(_) => {
                    drop(vm().take_pending());
                    "?".into()
                }
            };
        }
    };
    match protocol::getattr_opt(f, names().__module__) {
        Ok(Some(m)) if strings::is_str(*m) && !strings::expect(*m).eq_str("builtins") => {
            format!("{}.{q}()", text(*m))
        }
        _ => {
            drop(vm().take_pending());
            format!("{q}()")
        }
    }
}
/// The positional part of `f(*args)` as a tuple.
#[inline(never)]
pub fn ex_arguments(callable: Value, args: Value) -> PyResult {
    if tuple::is_tuple(args) {
        return Ok(args.to_ref());
    }
    if args.ty().slots().iter.is_none() && args.ty().slots().item.is_none() {
        return err!(
            TypeError,
            "{} argument after * must be an iterable, not {}",
            callable_name(callable),
            args.type_name()
        );
    }
    Ok(tuple::from_refs(protocol::to_vec(args)?))
}
/// Appends the values of `**kwargs` and returns the names.
#[inline(never)]
pub fn ex_keywords(callable: Value, kwargs: Value, all: &mut Vec<Value>) -> PyResult {
    let d = if dict::is_dict(kwargs) {
        kwargs.to_ref()
    } else {
        let d = dict::new_dict();
        dict_merge(callable, *d, kwargs)?;
        d
    };
    let mut keys = Vec::new();
    for (k, v) in dict::items(*d) {
        if !strings::is_str(*k) {
            for _ in 0..keys.len() {
                if let Some(v) = all.pop() {
                    // SAFETY: pushed by this loop, owned.
                    drop(unsafe { Ref::from_owned(v) });
                }
            }
            return err!(TypeError, "keywords must be strings");
        }
        keys.push(k);
        all.push(v.into_value());
    }
    if keys.is_empty() {
        Ok(Ref::NULL)
    } else {
        Ok(tuple::from_refs(keys))
    }
}
#[inline(never)]
pub fn call_ex(callable: Value, args: Value, kwargs: Value) -> PyResult {
    let t = ex_arguments(callable, args)?;
    let mut all: Vec<Value> = tuple::as_slice(*t)
        .iter()
        .map(|v| v.to_ref().into_value())
        .collect();
    let r = if kwargs.is_null() {
        protocol::call(callable, &all)
    } else {
        match ex_keywords(callable, kwargs, &mut all) {
            Ok(names) => protocol::call_kw(callable, &all, *names),
            Err(e) => Err(e),
        }
    };
    for v in all {
        // SAFETY: counted copies made here.
        drop(unsafe { Ref::from_owned(v) });
    }
    r
}
#[inline(never)]
pub fn is_instance_of(v: Value, ty: Type) -> bool {
    let t = v.ty();
    std::ptr::eq(t, ty) || t.is_subtype(ty)
}
#[cold]
#[inline(never)]
pub fn raise_init_returned(v: Value) {
    let _ = raised!(
        TypeError,
        "__init__() should return None, not '{}'",
        v.type_name()
    );
}

// ---------------------------------------------------------------- iteration

#[inline(never)]
pub fn next(it: Value) -> PyResult<Option<Ref>> {
    match it.ty().slots().iternext {
        Some(f) => f(it),
        None => err!(
            TypeError,
            "'for' requires an object with __iter__ method, got {}",
            it.type_name()
        ),
    }
}
/// The specialised FOR_ITER for this kind of iterator.
#[inline(never)]
pub fn for_iter_form(it: Value) -> Option<Opcode> {
    if it.is_exact::<crate::generator::PyGenerator>() {
        return Some(Opcode::FOR_ITER_GEN);
    }
    if it.is_exact::<taipan_objects::iterators::ListIter>() {
        return Some(Opcode::FOR_ITER_LIST);
    }
    if it.is_exact::<taipan_objects::iterators::TupleIter>() {
        return Some(Opcode::FOR_ITER_TUPLE);
    }
    if it.is_exact::<taipan_objects::range::RangeIter>() {
        return Some(Opcode::FOR_ITER_RANGE);
    }
    None
}
/// One step of SEND with what is no generator: (value, whether it returned).
#[inline(never)]
pub fn send(receiver: Value, v: Value) -> PyResult<(Ref, bool)> {
    use taipan_objects::typeobject::SendResult;
    if let Some(f) = receiver.ty().slots().send {
        return Ok(match f(receiver, v)? {
            SendResult::Yield(v) => (v, false),
            SendResult::Return(v) => (v, true),
        });
    }
    let r = if v.is_none() && receiver.ty().slots().iternext.is_some() {
        drop(vm().stop_value.take());
        match next(receiver) {
            Ok(Some(v)) => Ok(v),
            Ok(None) => {
                let v = vm().stop_value.take();
                return Ok((if v.is_null() { Ref::NONE } else { v }, true));
            }
            Err(e) => Err(e),
        }
    } else {
        protocol::call_method(receiver, names().send, &[v])
    };
    match r {
        Ok(v) => Ok((v, false)),
        Err(e) => {
            if taipan_objects::err::pending_is(&exceptions::StopIteration) {
                let exc = vm().take_pending();
                return Ok((stop_iteration_value(*exc), true));
            }
            Err(e)
        }
    }
}
/// `StopIteration.value`.
#[inline(never)]
pub fn stop_iteration_value(exc: Value) -> Ref {
    exceptions::stop_iteration_value(exc)
}

/// Drops the values in `[to, from)`, the topmost first.
///
/// # Safety
/// They are owned by the stack, which gives them up.
#[inline(never)]
pub unsafe fn drop_to(from: *mut Value, to: *mut Value) {
    let mut at = from;
    while at > to {
        unsafe {
            at = at.sub(1);
            (*at).decref();
        }
    }
}

// ---------------------------------------------------------------- exceptions

/// Puts an entry for the frame in front of the pending exception's traceback.
#[inline(never)]
pub fn add_traceback(frame: &'static Frame) {
    let exc = vm().take_pending();
    debug_assert!(!exc.is_null());
    let object = crate::frame_object::of(frame);
    let lasti = frame.lasti();
    let e = exceptions::expect(*exc);
    let next = e.traceback.take();
    // The line is worked out when somebody asks for it.
    e.traceback.set(taipan_objects::traceback::new_traceback(
        next,
        object,
        lasti as i32,
        -1,
    ));
    vm().set_pending(exc);
}
/// The innermost handler that covers a code unit.
#[inline(never)]
pub fn find_handler(code: &PyCode, unit: u32) -> Option<Handler> {
    let all = code.handlers.get_or_init(|| {
        code.code
            .exception_entries()
            .map(|e| Handler {
                start: e.start,
                end: e.end,
                target: e.target,
                depth: e.depth,
                lasti: e.lasti,
            })
            .collect()
    });
    // Ranges do not overlap; they are in order of their start.
    let i = all.partition_point(|h| h.start <= unit);
    let h = all.get(i.checked_sub(1)?)?;
    if unit < h.end { Some(*h) } else { None }
}
#[cold]
#[inline(never)]
pub fn raise_invalid_opcode(op: u8) {
    let _ = raised!(SystemError, "unknown opcode {op}");
}
const CATCH_MSG: &str = "catching classes that do not inherit from BaseException is not allowed";
fn is_exception_class(v: Value) -> bool {
    as_type(v).is_some_and(|t| t.has_flag(TypeFlags::EXC_SUBCLASS))
}
fn check_except_type(ty: Value) -> PyResult<()> {
    if tuple::is_tuple(ty) {
        if !tuple::as_slice(ty).iter().all(|t| is_exception_class(*t)) {
            return err!(TypeError, "{CATCH_MSG}");
        }
    } else if !is_exception_class(ty) {
        return err!(TypeError, "{CATCH_MSG}");
    }
    Ok(())
}
/// `except ty:` for an exception instance or class.
#[inline(never)]
pub fn exception_matches(exc: Value, ty: Value) -> PyResult<bool> {
    if let Some(t) = as_type(ty)
        && t.has_flag(TypeFlags::EXC_SUBCLASS)
    {
        return Ok(exc.ty().is_subtype(t));
    }
    check_except_type(ty)?;
    Ok(tuple::as_slice(ty)
        .iter()
        .any(|t| as_type(*t).is_some_and(|t| exc.ty().is_subtype(t))))
}
/// `except* ty:`: (rest, matching part), None for an empty part.
#[inline(never)]
pub fn exception_group_match(exc: Value, ty: Value) -> PyResult<(Ref, Ref)> {
    let (rest, matched) = split_group(exc, ty)?;
    if !matched.is_none() {
        // What a bare `raise` in the handler raises again.
        vm().exc_info().value.set(matched.clone());
    }
    Ok((rest, matched))
}

fn split_group(exc: Value, ty: Value) -> PyResult<(Ref, Ref)> {
    check_except_type(ty)?;
    let group_error = "catching ExceptionGroup with except* is not allowed. Use except instead.";
    let is_group =
        |t: Value| as_type(t).is_some_and(|t| t.is_subtype(&exceptions::BaseExceptionGroup));
    if (tuple::is_tuple(ty) && tuple::as_slice(ty).iter().any(|t| is_group(*t))) || is_group(ty) {
        return err!(TypeError, "{group_error}");
    }
    if exc.is_none() {
        return Ok((Ref::NONE, Ref::NONE));
    }
    if exception_matches(exc, ty)? {
        if exc.ty().is_subtype(&exceptions::BaseExceptionGroup) {
            return Ok((Ref::NONE, exc.to_ref()));
        }
        // A naked exception is wrapped.
        let excs = tuple::from_values(&[exc]);
        let g = protocol::call(
            exceptions::ExceptionGroup.value(),
            &[*strings::empty(), *excs],
        )
        .or_else(|_| {
            drop(vm().take_pending());
            protocol::call(
                exceptions::BaseExceptionGroup.value(),
                &[*strings::empty(), *excs],
            )
        })?;
        let f = vm().frame.get();
        if !f.is_null() {
            // SAFETY: the current frame.
            let f: &'static Frame = unsafe { &*f };
            let object = crate::frame_object::of(f);
            let line = f
                .code()
                .code
                .line((f.lasti() / 2).max(0) as usize)
                .unwrap_or(0);
            exceptions::expect(*g)
                .traceback
                .set(taipan_objects::traceback::new_traceback(
                    Ref::NULL,
                    object,
                    f.lasti() as i32,
                    line,
                ));
        }
        return Ok((Ref::NONE, g));
    }
    if exc.ty().is_subtype(&exceptions::BaseExceptionGroup) {
        let pair = protocol::call_method_str(exc, "split", &[ty])?;
        if !tuple::is_tuple(*pair) {
            return err!(
                TypeError,
                "{}.split must return a tuple, not {}",
                exc.type_name(),
                pair.type_name()
            );
        }
        let p = tuple::as_slice(*pair);
        if p.len() < 2 {
            return err!(
                TypeError,
                "{}.split must return a 2-tuple, got tuple of size {}",
                exc.type_name(),
                p.len()
            );
        }
        return Ok((p[1].to_ref(), p[0].to_ref()));
    }
    Ok((exc.to_ref(), Ref::NONE))
}
/// `raise`, `raise exc`, `raise exc from cause`; `true`: it is the handled exception again, whose traceback stays as it is.
#[inline(never)]
pub fn do_raise(exc: Value, cause: Value) -> bool {
    if exc.is_null() {
        let handled = vm().handled();
        if handled.is_none_or_null() {
            let _ = raised!(RuntimeError, "No active exception to reraise");
            return false;
        }
        vm().set_pending(handled.to_ref());
        return true;
    }
    let Ok(value) = make_exception(exc) else {
        return false;
    };
    if !cause.is_null() {
        let c = if cause.is_none() {
            Ref::NULL
        } else if is_exception_class(cause) {
            match protocol::call(cause, &[]) {
                Ok(c) if exceptions::is_exception(*c) => c,
                Ok(c) => {
                    let _ = raised!(
                        TypeError,
                        "calling {} should have returned an instance of BaseException, not {}",
                        protocol::repr_text(cause).unwrap_or_default(),
                        protocol::repr_text(c.ty().value()).unwrap_or_default()
                    );
                    return false;
                }
                Err(_) => return false,
            }
        } else if exceptions::is_exception(cause) {
            cause.to_ref()
        } else {
            let _ = raised!(TypeError, "exception causes must derive from BaseException");
            return false;
        };
        let e = exceptions::expect(*value);
        e.cause.set(c);
        e.suppress_context.set(true);
    }
    let _ = set_exception(value);
    false
}
/// An instance from what `raise` or `throw` was given.
#[inline(never)]
pub fn make_exception(exc: Value) -> PyResult {
    if is_exception_class(exc) {
        let v = protocol::call(exc, &[])?;
        if !exceptions::is_exception(*v) {
            return err!(
                TypeError,
                "calling {} should have returned an instance of BaseException, not {}",
                protocol::repr_text(exc)?,
                protocol::repr_text(v.ty().value())?
            );
        }
        return Ok(v);
    }
    if exceptions::is_exception(exc) {
        return Ok(exc.to_ref());
    }
    err!(TypeError, "exceptions must derive from BaseException")
}
/// Calls `__exit__` with an exception.
#[inline(never)]
pub fn with_except_start(exit: Value, slf: Value, exc: Value) -> PyResult {
    let tb = exceptions::expect(exc).traceback.get();
    let tb = if tb.is_null() { Value::NONE } else { tb };
    let ty = exc.ty().value();
    if slf.is_null() {
        protocol::call(exit, &[ty, exc, tb])
    } else {
        protocol::call(exit, &[slf, ty, exc, tb])
    }
}

// ---------------------------------------------------------------- building

/// # Safety
/// `n` owned values lie at `from`; they are moved.
#[inline(never)]
pub unsafe fn build_tuple(from: *mut Value, n: usize) -> Ref {
    if n == 0 {
        return tuple::empty();
    }
    tuple::make(&taipan_objects::types::TUPLE_TYPE, n, |i| unsafe {
        Ref::from_owned(*from.add(i))
    })
}
/// # Safety
/// `n` owned values lie at `from`; they are moved.
#[inline(never)]
pub unsafe fn build_list(from: *mut Value, n: usize) -> Ref {
    let mut v = Vec::with_capacity(n);
    for i in 0..n {
        v.push(unsafe { Ref::from_owned(*from.add(i)) });
    }
    list::new_list(v)
}
#[inline(never)]
pub fn build_set(items: &[Value]) -> PyResult {
    let s = protocol::call(taipan_objects::types::SET_TYPE.value(), &[])?;
    for v in items {
        set_add(*s, *v)?;
    }
    Ok(s)
}
#[inline(never)]
pub fn build_map(pairs: &[Value]) -> PyResult {
    let d = dict::new_dict();
    for p in pairs.chunks(2) {
        dict::set(*d, p[0], p[1])?;
    }
    Ok(d)
}
#[inline(never)]
pub fn build_slice(parts: &[Value]) -> Ref {
    taipan_objects::slice::new_slice(
        parts[0],
        parts[1],
        parts.get(2).copied().unwrap_or(Value::NONE),
    )
}
pub fn build_string(pieces: &[Value]) -> Ref {
    let mut n = 0;
    for p in pieces {
        n += strings::expect(*p).len();
    }
    let mut b = strings::StrBuilder::with_capacity(n);
    for p in pieces {
        b.push_pystr(strings::expect(*p));
    }
    b.finish()
}
#[inline(never)]
pub fn build_interpolation(parts: &[Value], arg: usize) -> PyResult {
    let n = names();
    let conversion = match arg >> 2 {
        0 => Ref::NONE,
        1 => strings::new_str("s"),
        2 => strings::new_str("r"),
        _ => strings::new_str("a"),
    };
    let spec = if arg & 1 != 0 {
        parts[2].to_ref()
    } else {
        n.empty.to_ref()
    };
    crate::template::new_interpolation(parts[0], parts[1], *conversion, *spec)
}
#[inline(never)]
pub fn build_template(parts: &[Value]) -> PyResult {
    crate::template::new_template(parts[0], parts[1])
}
pub fn convert_value(v: Value, how: usize) -> PyResult {
    match how {
        1 => protocol::str(v),
        2 => protocol::repr(v),
        _ => crate::builtins::ascii(v),
    }
}
#[inline(never)]
pub fn list_extend(l: Value, iterable: Value) -> PyResult<()> {
    let target = list::expect(l);
    if iterable.is_exact::<tuple::PyTuple>() {
        target
            .items_mut()
            .extend(tuple::as_slice(iterable).iter().map(|v| v.to_ref()));
        return Ok(());
    }
    if iterable.ty().slots().iter.is_none() && iterable.ty().slots().item.is_none() {
        return err!(
            TypeError,
            "Value after * must be an iterable, not {}",
            iterable.type_name()
        );
    }
    if iterable.is_exact::<list::PyList>() {
        let copy: Vec<Ref> = list::expect(iterable).items().to_vec();
        target.items_mut().extend(copy);
        return Ok(());
    }
    protocol::for_each(iterable, |v| {
        target.items_mut().push(v);
        Ok(())
    })
}
#[inline(never)]
pub fn set_add(s: Value, v: Value) -> PyResult<()> {
    taipan_objects::set::add(s, v)
}
pub fn set_update(s: Value, iterable: Value) -> PyResult<()> {
    protocol::call_method(s, names().update, &[iterable]).map(|_| ())
}
#[inline(never)]
pub fn dict_update(d: Value, other: Value) -> PyResult<()> {
    if other.is_exact::<dict::PyDict>() {
        for (k, v) in dict::items(other) {
            dict::set(d, *k, *v)?;
        }
        return Ok(());
    }
    match protocol::call_method(d, names().update, &[other]) {
        Ok(_) => Ok(()),
        Err(e) => {
            if taipan_objects::err::clear_if(&exceptions::AttributeError) {
                return err!(TypeError, "'{}' object is not a mapping", other.type_name());
            }
            if !dict::is_dict(other) && protocol::lookup_type(other.ty(), names().keys).is_null() {
                drop(vm().take_pending());
                return err!(TypeError, "'{}' object is not a mapping", other.type_name());
            }
            Err(e)
        }
    }
}
/// As `dict_update`, for `**` in calls: repeated keys are errors.
#[inline(never)]
pub fn dict_merge(callable: Value, d: Value, other: Value) -> PyResult<()> {
    let pairs: Vec<(Ref, Ref)> = if dict::is_dict(other) {
        dict::items(other)
    } else {
        let Some(keys) = protocol::getattr_opt(other, names().keys)? else {
            return err!(
                TypeError,
                "{} argument after ** must be a mapping, not {}",
                callable_name(callable),
                other.type_name()
            );
        };
        let keys = protocol::call(*keys, &[])?;
        let mut out = Vec::new();
        protocol::for_each(*keys, |k| {
            let v = protocol::getitem(other, *k)?;
            out.push((k, v));
            Ok(())
        })?;
        out
    };
    for (k, v) in pairs {
        if dict::contains(d, *k)? {
            if !strings::is_str(*k) {
                return err!(TypeError, "keywords must be strings");
            }
            return err!(
                TypeError,
                "{} got multiple values for keyword argument '{}'",
                callable_name(callable),
                text(*k)
            );
        }
        dict::set(d, *k, *v)?;
    }
    Ok(())
}
/// Writes the items of an iterable below `end`, the first on top; `after`: a starred target takes what lies between.
///
/// # Safety
/// The slots below `end` are free (the iterable's own slot may be among them).
#[inline(never)]
pub unsafe fn unpack_iterable(
    v: Value,
    before: usize,
    after: Option<usize>,
    end: *mut Value,
) -> PyResult<()> {
    if v.ty().slots().iter.is_none() && v.ty().slots().item.is_none() {
        return err!(
            TypeError,
            "cannot unpack non-iterable {} object",
            v.type_name()
        );
    }
    let it = protocol::iter(v)?;
    let mut items: Vec<Ref> = Vec::with_capacity(before + 1);
    for i in 0..before {
        match protocol::next(*it)? {
            Some(x) => items.push(x),
            None => {
                return match after {
                    None => err!(
                        ValueError,
                        "not enough values to unpack (expected {before}, got {i})"
                    ),
                    Some(a) => {
                        err!(
                            ValueError,
                            "not enough values to unpack (expected at least {}, got {i})",
                            before + a
                        )
                    }
                };
            }
        }
    }
    match after {
        None => {
            if protocol::next(*it)?.is_some() {
                if v.is_exact::<list::PyList>()
                    || v.is_exact::<tuple::PyTuple>()
                    || v.is_exact::<dict::PyDict>()
                {
                    let n = protocol::len(v)?;
                    return err!(
                        ValueError,
                        "too many values to unpack (expected {before}, got {n})"
                    );
                }
                return err!(ValueError, "too many values to unpack (expected {before})");
            }
        }
        Some(after) => {
            let mut rest = protocol::to_vec(*it)?;
            if rest.len() < after {
                return err!(
                    ValueError,
                    "not enough values to unpack (expected at least {}, got {})",
                    before + after,
                    before + rest.len()
                );
            }
            let tail = rest.split_off(rest.len() - after);
            items.push(list::new_list(rest));
            items.extend(tail);
        }
    }
    for (i, r) in items.into_iter().enumerate() {
        unsafe { end.sub(1 + i).write(r.into_value()) };
    }
    Ok(())
}

// ---------------------------------------------------------------- functions, imports

#[inline(never)]
pub fn make_function(frame: &Frame, code: Value) -> Ref {
    taipan_objects::function_type::new_function(code, frame.globals.get(), frame.builtins.get())
}
/// A function that only keeps code, globals and builtins alive for a frame without one.
#[inline(never)]
pub fn function_for_code(code: Value, globals: Value, builtins: Value) -> Ref {
    taipan_objects::function_type::new_function(code, globals, builtins)
}
/// SET_FUNCTION_ATTRIBUTE; takes over the count of `attr`.
#[inline(never)]
pub fn set_function_attribute(f: Value, attr: Value, which: usize) {
    // SAFETY: verified code: the operand is a function just made; `attr` comes off the stack.
    let (f, attr) = unsafe { (f.cast_unchecked::<PyFunction>(), Ref::from_owned(attr)) };
    match which {
        1 => f.defaults.set(attr),
        2 => f.kwdefaults.set(attr),
        4 => f.annotations.set(attr),
        8 => f.closure.set(attr),
        16 => f.annotate.set(attr),
        _ => drop(attr),
    }
}
#[inline(never)]
pub fn setup_annotations(frame: &Frame) -> PyResult<()> {
    let ns = namespace(frame);
    if lookup_mapping(ns, names().__annotations__)?.is_none() {
        let d = dict::new_dict();
        return protocol::setitem(ns, names().__annotations__, *d);
    }
    Ok(())
}
#[inline(never)]
pub fn import_name(frame: &Frame, name: Value, fromlist: Value, level: Value) -> PyResult {
    let f = dict::get(frame.builtins.get(), names().__import__)?;
    if f.is_null() {
        return err!(ImportError, "__import__ not found");
    }
    let f = f.to_ref();
    let l = frame.locals.get();
    let locals = if l.is_null() { Value::NONE } else { l };
    protocol::call(*f, &[name, frame.globals.get(), locals, fromlist, level])
}
#[inline(never)]
pub fn import_from(module: Value, name: Value) -> PyResult {
    if let Some(v) = protocol::getattr_opt(module, name)? {
        return Ok(v);
    }
    crate::import::import_from_fallback(module, name)
}

// ---------------------------------------------------------------- patterns

/// A tuple of the values of `keys`, or None if one is missing.
#[inline(never)]
pub fn match_keys(subject: Value, keys: Value) -> PyResult {
    let keys = tuple::as_slice(keys);
    if keys.is_empty() {
        return Ok(tuple::empty());
    }
    let Some(get) = protocol::getattr_opt(subject, names().get)? else {
        return err!(
            AttributeError,
            "'{}' object has no attribute 'get'",
            subject.type_name()
        );
    };
    let seen = protocol::call(taipan_objects::types::SET_TYPE.value(), &[])?;
    let dummy = protocol::call(taipan_objects::types::OBJECT_TYPE.value(), &[])?;
    let mut out = Vec::new();
    for k in keys {
        if protocol::contains(*seen, *k)? {
            return err!(
                ValueError,
                "mapping pattern checks duplicate key ({})",
                protocol::repr_text(*k)?
            );
        }
        set_add(*seen, *k)?;
        let v = protocol::call(*get, &[*k, *dummy])?;
        if v.is(*dummy) {
            return Ok(Ref::NONE);
        }
        out.push(v);
    }
    Ok(tuple::from_refs(out))
}
/// A tuple of the attributes a class pattern asks for, or None if it does not match.
#[inline(never)]
pub fn match_class(subject: Value, ty: Value, npos: usize, kwnames: Value) -> PyResult {
    let Some(t) = as_type(ty) else {
        return err!(TypeError, "called match pattern must be a class");
    };
    if !protocol::isinstance(subject, ty)? {
        return Ok(Ref::NONE);
    }
    let mut seen: Vec<Ref> = Vec::new();
    let mut out = Vec::new();
    let attribute = |name: Value, seen: &mut Vec<Ref>| -> PyResult<Option<Ref>> {
        if seen
            .iter()
            .any(|s| strings::expect(**s).equals(strings::expect(name)))
        {
            return err!(
                TypeError,
                "{}() got multiple sub-patterns for attribute '{}'",
                t.name(),
                text(name)
            );
        }
        seen.push(name.to_ref());
        protocol::getattr_opt(subject, *strings::intern(name.to_ref()))
    };
    if npos > 0 {
        let match_self;
        let args = match protocol::getattr_opt(ty, names().__match_args__)? {
            Some(a) => {
                if !a.is_exact::<tuple::PyTuple>() {
                    return err!(
                        TypeError,
                        "{}.__match_args__ must be a tuple (got {})",
                        t.name(),
                        a.type_name()
                    );
                }
                match_self = false;
                a
            }
            None => {
                match_self = t.mro().iter().any(|b| b.has_flag(TypeFlags::MATCH_SELF));
                tuple::empty()
            }
        };
        let args = tuple::as_slice(*args);
        let allowed = if match_self { 1 } else { args.len() };
        if allowed < npos {
            return err!(
                TypeError,
                "{}() accepts {allowed} positional sub-pattern{} ({npos} given)",
                t.name(),
                if allowed == 1 { "" } else { "s" }
            );
        }
        if match_self {
            out.push(subject.to_ref());
        } else {
            for a in &args[..npos] {
                if !strings::is_str(*a) {
                    return err!(
                        TypeError,
                        "__match_args__ elements must be strings (got {})",
                        a.type_name()
                    );
                }
                match attribute(*a, &mut seen)? {
                    Some(v) => out.push(v),
                    None => return Ok(Ref::NONE),
                }
            }
        }
    }
    for k in tuple::as_slice(kwnames) {
        match attribute(*k, &mut seen)? {
            Some(v) => out.push(v),
            None => return Ok(Ref::NONE),
        }
    }
    Ok(tuple::from_refs(out))
}

/// The next item, owned; NULL at the end, and with an exception pending after an error.
#[inline(never)]
pub fn next_or_null(it: Value) -> Value {
    match next(it) {
        Ok(Some(v)) => v.into_value(),
        _ => Value::NULL,
    }
}
