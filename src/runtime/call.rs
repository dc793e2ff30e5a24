//! Frames: pushing one for a call, binding arguments to parameters, popping.

use taipan_bytecode::code::flags::{CO_VARARGS, CO_VARKEYWORDS};
use taipan_objects::err::{PyResult, Raised};
use taipan_objects::frame::{Frame, FrameKind};
use taipan_objects::function::{PyCode, PyFunction};
use taipan_objects::typeobject::{Type, TypeFlags};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::vm::{RECURSION_LIMIT, ThreadState, vm};
use taipan_objects::{dict, err, names::names, object, protocol, strings, tuple};

/// Whether a call with `n` positional arguments needs no binding. Prepares the code for running.
pub fn takes_exactly(f: &PyFunction, n: usize) -> bool {
    let code = f.code();
    code.argcount as usize == n
        && code.kwonlyargcount == 0
        && code.flags & (CO_VARARGS | CO_VARKEYWORDS) == 0
        && crate::eval::prepare(code).is_ok()
}

static NEXT_FUNCTION_VERSION: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(1);

/// The function's version for call caches, assigned on demand.
pub fn function_version(f: &PyFunction) -> u32 {
    if f.version.get() == 0 {
        f.version
            .set(NEXT_FUNCTION_VERSION.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
    }
    f.version.get()
}

/// Whether instances of the class are made by `object.__new__` and `type.__call__` alone.
pub fn is_plain_class(ty: Type) -> bool {
    ty.is_heap_type()
        && ty.header.ty().is(&taipan_objects::types::TYPE_TYPE)
        && !ty.has_flag(TypeFlags::IS_ABSTRACT)
        && ty.native_basicsize() == taipan_objects::types::OBJECT_TYPE.basicsize()
        && match (
            ty.slots().new,
            taipan_objects::types::OBJECT_TYPE.slots().new,
        ) {
            (Some(a), Some(b)) => std::ptr::fn_addr_eq(a, b),
            _ => false,
        }
}
/// `object.__new__(ty)` for a plain class.
#[inline(never)]
pub fn plain_instance(ty: Type) -> Ref {
    object::alloc(
        ty,
        taipan_objects::type_methods::PyObject {
            header: object::Header::new(ty),
        },
    )
}

#[cold]
#[inline(never)]
pub(crate) fn raise_recursion() -> Raised {
    let r: PyResult<()> = err!(RecursionError, "maximum recursion depth exceeded");
    r.unwrap_err()
}

/// Reserves the record of a new frame with its window at `locals`.
#[inline]
fn new_record(vm: &ThreadState, locals: *mut Value, size: usize) -> Option<&'static Frame> {
    let new = vm.frame_top.get();
    let limit = locals.wrapping_add(size);
    if new >= vm.frame_limit.get() || limit > vm.stack_limit.get() {
        let _ = raise_recursion();
        return None;
    }
    vm.frame_top.set(new.wrapping_add(1));
    // SAFETY: below the limit of the array, which lives as long as the thread.
    let f = unsafe { &*new };
    f.limit.set(limit);
    Some(f)
}

/// Fills a record for `code` and makes it current.
#[allow(clippy::too_many_arguments)]
fn fill(
    vm: &ThreadState,
    f: &'static Frame,
    code: &PyCode,
    locals: *mut Value,
    previous: *mut Frame,
    globals: Value,
    builtins: Value,
    kind: FrameKind,
) {
    f.pc.set(code.entry.get());
    f.localsplus.set(locals);
    f.sp.set(locals.wrapping_add(code.nlocalsplus as usize));
    f.previous.set(previous);
    f.code.set(code);
    f.consts.set(code.consts.as_ptr() as *const Value);
    f.globals.set(globals);
    f.builtins.set(builtins);
    f.kind.set(kind);
    f.flags.set(0);
    vm.frame.set(f as *const Frame as *mut Frame);
}

/// Where a frame called from `caller` with arguments on its stack has its window: at the arguments, unless `caller`'s window is a
/// generator's own.
fn window(caller: &Frame, args: *mut Value) -> *mut Value {
    if caller.kind.get() as u8 <= FrameKind::Entry as u8 {
        args
    } else {
        caller.limit.get()
    }
}

/// Pushes a frame for a Python function whose `nargs` arguments (the last ones named by `kwnames`, if any) lie at `args`.
/// Consumes `callable` and the arguments in any case; `None`: an exception is pending.
///
/// # Safety
/// `callable` is a function; the arguments are owned by the caller's stack, which gives them up.
#[inline(never)]
pub unsafe fn push_frame(
    caller: &'static Frame,
    callable: Value,
    args: *mut Value,
    nargs: usize,
    kwnames: Value,
) -> Option<&'static Frame> {
    unsafe {
        let func = callable.cast_unchecked::<PyFunction>();
        let code = func.code();
        let vm = vm();
        let locals = window(caller, args);
        let drop_all = || {
            for i in 0..nargs {
                drop(Ref::from_owned(*args.add(i)));
            }
            drop(Ref::from_owned(callable));
        };
        if crate::eval::prepare(code).is_err() {
            drop_all();
            return None;
        }
        let top = vm.frame_top.get();
        let Some(f) = new_record(vm, locals, code.framesize as usize) else {
            drop_all();
            return None;
        };
        if bind(func, code, args, nargs, kwnames, locals).is_err() {
            vm.frame_top.set(top);
            drop(Ref::from_owned(callable));
            return None;
        }
        init_slots(f);
        f.function.set(Ref::from_owned(callable));
        fill(
            vm,
            f,
            code,
            locals,
            caller as *const Frame as *mut Frame,
            func.globals.get(),
            func.builtins.get(),
            FrameKind::Normal,
        );
        Some(f)
    }
}

/// The records are reused without being cleaned: what they own is taken out when a frame ends.
unsafe fn init_slots(f: &'static Frame) {
    unsafe {
        let f = f as *const Frame as *mut Frame;
        std::ptr::addr_of_mut!((*f).function).write(Slot::null());
        std::ptr::addr_of_mut!((*f).locals).write(Slot::null());
        std::ptr::addr_of_mut!((*f).object).write(Slot::null());
    }
}

/// Frame for the getter of a property, called with the value at the top of the caller's stack (consumed, with NULL in its place meaning).
///
/// # Safety
/// `f` is a function that takes exactly one argument.
#[inline(never)]
pub unsafe fn push_property_frame(
    s: crate::core::state::State,
    f: Value,
) -> Option<&'static Frame> {
    unsafe {
        f.incref();
        push_frame(s.frame, f, s.sp.sub(1), 1, Value::NULL)
    }
}

/// Frame for `f(*args, **kwargs)`; consumes `callable`, not `args` and `kwargs`. `Err(true)`: failed with `callable` consumed.
///
/// # Safety
/// `callable` is a function owned by the caller's stack.
#[inline(never)]
pub unsafe fn push_frame_ex(
    caller: &'static Frame,
    callable: Value,
    args: Value,
    kwargs: Value,
) -> Result<&'static Frame, bool> {
    unsafe {
        let list = match crate::core::slow::ex_arguments(callable, args) {
            Ok(t) => t,
            Err(_) => return Err(false),
        };
        let items = tuple::as_slice(*list);
        let mut all: Vec<Value> = Vec::with_capacity(items.len() + 4);
        for v in items {
            v.incref();
            all.push(*v);
        }
        let mut kwnames = Ref::NULL;
        if !kwargs.is_null() {
            match crate::core::slow::ex_keywords(callable, kwargs, &mut all) {
                Ok(n) => kwnames = n,
                Err(_) => {
                    for v in all {
                        drop(Ref::from_owned(v));
                    }
                    return Err(false);
                }
            }
        }
        // The arguments are bound from here into a window beyond the caller's.
        let func = callable.cast_unchecked::<PyFunction>();
        match push_at(
            func,
            callable,
            caller.limit.get(),
            all.as_mut_ptr(),
            all.len(),
            *kwnames,
            caller,
            FrameKind::Normal,
        ) {
            Some(f) => Ok(f),
            None => Err(true),
        }
    }
}

/// Pushes a frame with its window at `locals`, binding `nargs` owned arguments from elsewhere. Consumes all.
#[allow(clippy::too_many_arguments)]
unsafe fn push_at(
    func: &PyFunction,
    callable: Value,
    locals: *mut Value,
    args: *mut Value,
    nargs: usize,
    kwnames: Value,
    previous: *const Frame,
    kind: FrameKind,
) -> Option<&'static Frame> {
    unsafe {
        let code = func.code();
        let vm = vm();
        let top = vm.frame_top.get();
        let record = if crate::eval::prepare(code).is_err() {
            None
        } else {
            new_record(vm, locals, code.framesize as usize)
        };
        let Some(f) = record else {
            for i in 0..nargs {
                drop(Ref::from_owned(*args.add(i)));
            }
            drop(Ref::from_owned(callable));
            return None;
        };
        if bind(func, code, args, nargs, kwnames, locals).is_err() {
            vm.frame_top.set(top);
            drop(Ref::from_owned(callable));
            return None;
        }
        init_slots(f);
        f.function.set(Ref::from_owned(callable));
        fill(
            vm,
            f,
            code,
            locals,
            previous as *mut Frame,
            func.globals.get(),
            func.builtins.get(),
            kind,
        );
        Some(f)
    }
}

/// End of the running frame's window: where native code may put a new one.
fn free_window(vm: &ThreadState) -> *mut Value {
    let f = vm.frame.get();
    if f.is_null() {
        vm.stack_base.get()
    } else {
        unsafe { (*f).limit.get() }
    }
}

/// The `call` slot of functions: runs the function from native code.
pub fn call_function(callable: Value, args: &[Value], kwnames: Value) -> PyResult {
    let vm = vm();
    vm.check_native_stack("")?;
    // SAFETY: the function is held by the caller; counted copies are passed on.
    unsafe {
        let func = callable.cast_unchecked::<PyFunction>();
        callable.incref();
        let mut small = [Value::NULL; 8];
        let mut large;
        let owned: &mut [Value] = if args.len() <= 8 {
            &mut small[..args.len()]
        } else {
            large = args.to_vec();
            &mut large
        };
        owned.copy_from_slice(args);
        for v in owned.iter() {
            v.incref();
        }
        match push_at(
            func,
            callable,
            free_window(vm),
            owned.as_mut_ptr(),
            owned.len(),
            kwnames,
            vm.frame.get(),
            FrameKind::Entry,
        ) {
            Some(f) => crate::eval::run(f),
            None => Err(Raised::pending()),
        }
    }
}

/// Runs code that is not a function's: a module, a class body, `exec`.
pub fn run_code(
    code: Value,
    globals: Value,
    builtins: Value,
    locals: Value,
    function: Value,
) -> PyResult {
    let vm = vm();
    vm.check_native_stack("")?;
    // SAFETY: `code` is a code object the caller holds, as do frame slots below.
    unsafe {
        let c = code.cast_unchecked::<PyCode>();
        crate::eval::prepare(c)?;
        let window = free_window(vm);
        let Some(f) = new_record(vm, window, c.framesize as usize) else {
            return Err(Raised::pending());
        };
        init_slots(f);
        for i in 0..c.nlocalsplus as usize {
            window.add(i).write(Value::NULL);
        }
        // Whatever keeps code, globals and builtins alive: a function, made up if there is none.
        let function = if function.is_null() {
            crate::core::slow::function_for_code(code, globals, builtins)
        } else {
            function.to_ref()
        };
        f.function.set(function);
        if !locals.is_null() {
            f.locals.set(locals.to_ref());
        }
        fill(
            vm,
            f,
            c,
            window,
            vm.frame.get(),
            globals,
            builtins,
            FrameKind::Entry,
        );
        crate::eval::run(f)
    }
}

/// Ends a frame: drops its stack up to `sp`, its locals and what its record owns, and makes the caller current.
///
/// # Safety
/// `frame` is the current frame.
#[inline(never)]
pub unsafe fn pop_frame(frame: &'static Frame, sp: *mut Value) {
    unsafe {
        let vm = vm();
        if frame.kind.get() as u8 >= FrameKind::Generator as u8 {
            crate::generator::finish(frame, sp);
            return;
        }
        frame.sp.set(sp);
        if !frame.object.is_null() {
            crate::frame_object::take_over(frame, sp);
        } else {
            let mut at = sp;
            let base = frame.localsplus.get();
            let stack = base.add(frame.code().nlocalsplus as usize);
            while at > stack {
                at = at.sub(1);
                drop(Ref::from_owned(*at));
            }
            for i in 0..frame.code().nlocalsplus as usize {
                drop(Ref::from_owned(base.add(i).replace(Value::NULL)));
            }
        }
        vm.frame.set(frame.previous.get());
        vm.frame_top.set(frame as *const Frame as *mut Frame);
        let locals = frame.locals.take();
        let function = frame.function.take();
        drop(locals);
        drop(function);
    }
}

/// Sorts arguments into the locals of a new window, which may begin at `args`. Consumes the arguments.
///
/// # Safety
/// `locals` has room for the code's locals; the arguments are owned.
unsafe fn bind(
    func: &PyFunction,
    code: &PyCode,
    args: *mut Value,
    nargs: usize,
    kwnames: Value,
    locals: *mut Value,
) -> PyResult<()> {
    let n = code.nlocalsplus as usize;
    unsafe {
        if kwnames.is_null()
            && nargs == code.argcount as usize
            && code.kwonlyargcount == 0
            && code.flags & (CO_VARARGS | CO_VARKEYWORDS) == 0
        {
            if locals != args {
                std::ptr::copy_nonoverlapping(args, locals, nargs);
            }
            for i in nargs..n {
                locals.add(i).write(Value::NULL);
            }
            return Ok(());
        }
        let owned: Vec<Ref> = (0..nargs).map(|i| Ref::from_owned(*args.add(i))).collect();
        let mut out: Vec<Ref> = Vec::with_capacity(n);
        out.resize_with(n, || Ref::NULL);
        bind_general(func, code, owned, kwnames, &mut out)?;
        for (i, r) in out.into_iter().enumerate() {
            locals.add(i).write(r.into_value());
        }
        Ok(())
    }
}

fn local_name(code: &PyCode, i: usize) -> String {
    strings::expect(*code.localsplusnames[i]).to_string()
}
fn function_name(func: &PyFunction) -> String {
    let q = func.qualname.get();
    if q.is_null() {
        String::new()
    } else {
        strings::expect(q).to_string()
    }
}

fn bind_general(
    func: &PyFunction,
    code: &PyCode,
    args: Vec<Ref>,
    kwnames: Value,
    out: &mut [Ref],
) -> PyResult<()> {
    let argcount = code.argcount as usize;
    let kwonly = code.kwonlyargcount as usize;
    let total = argcount + kwonly;
    let posonly = code.posonlyargcount as usize;
    let nkw = if kwnames.is_null() {
        0
    } else {
        tuple::as_slice(kwnames).len()
    };
    let npos = args.len() - nkw;
    let has_varargs = code.flags & CO_VARARGS != 0;
    let has_varkw = code.flags & CO_VARKEYWORDS != 0;
    let mut it = args.into_iter();
    for slot in out.iter_mut().take(npos.min(argcount)) {
        *slot = it.next().unwrap_or(Ref::NULL);
    }
    let mut extra = Vec::new();
    if npos > argcount {
        extra.extend(it.by_ref().take(npos - argcount));
    }
    let surplus = extra.len();
    if has_varargs {
        out[total] = tuple::from_refs(extra);
    }
    let kwdict = if has_varkw {
        let d = dict::new_dict();
        out[total + has_varargs as usize] = d.clone();
        Some(d)
    } else {
        None
    };
    if nkw > 0 {
        for (key, value) in tuple::as_slice(kwnames).iter().zip(it) {
            if !strings::is_str(*key) {
                return err!(
                    TypeError,
                    "{}() keywords must be strings",
                    function_name(func)
                );
            }
            let mut at = (posonly..total).find(|i| code.localsplusnames[*i].is(*key));
            if at.is_none() {
                let k = strings::expect(*key);
                at =
                    (posonly..total).find(|i| strings::expect(*code.localsplusnames[*i]).equals(k));
            }
            match (at, &kwdict) {
                (Some(i), _) => {
                    if !out[i].is_null() {
                        return err!(
                            TypeError,
                            "{}() got multiple values for argument '{}'",
                            function_name(func),
                            strings::expect(*key)
                        );
                    }
                    out[i] = value;
                }
                (None, Some(d)) => dict::set(**d, *key, *value)?,
                (None, None) => return Err(unexpected_keyword(func, code, kwnames, *key)),
            }
        }
    }
    if surplus > 0 && !has_varargs {
        return Err(too_many_positional(func, code, npos, out));
    }
    if npos < argcount {
        let defaults = func.defaults.get();
        let defs: &[Value] = if defaults.is_null() {
            &[]
        } else {
            tuple::as_slice(defaults)
        };
        let first_default = argcount - defs.len().min(argcount);
        let missing: Vec<usize> = (npos..first_default)
            .filter(|i| out[*i].is_null())
            .collect();
        if !missing.is_empty() {
            return Err(missing_arguments(func, code, &missing, "positional"));
        }
        for i in first_default.max(npos)..argcount {
            if out[i].is_null() {
                out[i] = defs[i - first_default].to_ref();
            }
        }
    }
    if kwonly > 0 {
        let kwdefaults = func.kwdefaults.get();
        let mut missing = Vec::new();
        for i in argcount..total {
            if out[i].is_null() {
                if !kwdefaults.is_null() {
                    let v = dict::get(kwdefaults, *code.localsplusnames[i])?;
                    if !v.is_null() {
                        out[i] = v.to_ref();
                        continue;
                    }
                }
                missing.push(i);
            }
        }
        if !missing.is_empty() {
            return Err(missing_arguments(func, code, &missing, "keyword-only"));
        }
    }
    Ok(())
}

fn raised(message: String) -> Raised {
    taipan_objects::err::raise(&taipan_objects::exceptions::TypeError, message)
}
fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

#[cold]
fn missing_arguments(func: &PyFunction, code: &PyCode, missing: &[usize], kind: &str) -> Raised {
    let quoted: Vec<String> = missing
        .iter()
        .map(|i| format!("'{}'", local_name(code, *i)))
        .collect();
    let list = match quoted.len() {
        1 => quoted[0].clone(),
        2 => format!("{} and {}", quoted[0], quoted[1]),
        n => format!("{}, and {}", quoted[..n - 1].join(", "), quoted[n - 1]),
    };
    raised(format!(
        "{}() missing {} required {kind} argument{}: {list}",
        function_name(func),
        missing.len(),
        plural(missing.len())
    ))
}

#[cold]
fn too_many_positional(func: &PyFunction, code: &PyCode, given: usize, out: &[Ref]) -> Raised {
    let argcount = code.argcount as usize;
    let kwonly_given = (argcount..argcount + code.kwonlyargcount as usize)
        .filter(|i| !out[*i].is_null())
        .count();
    let defaults = func.defaults.get();
    let ndefs = if defaults.is_null() {
        0
    } else {
        tuple::as_slice(defaults).len()
    };
    let (sig, is_plural) = if ndefs > 0 {
        (
            format!("from {} to {argcount}", argcount - ndefs.min(argcount)),
            true,
        )
    } else {
        (format!("{argcount}"), argcount != 1)
    };
    let kwonly_sig = if kwonly_given > 0 {
        format!(
            " positional argument{} (and {kwonly_given} keyword-only argument{})",
            plural(given),
            plural(kwonly_given)
        )
    } else {
        String::new()
    };
    raised(format!(
        "{}() takes {sig} positional argument{} but {given}{kwonly_sig} {} given",
        function_name(func),
        if is_plural { "s" } else { "" },
        if given == 1 && kwonly_given == 0 {
            "was"
        } else {
            "were"
        }
    ))
}

#[cold]
fn unexpected_keyword(func: &PyFunction, code: &PyCode, kwnames: Value, key: Value) -> Raised {
    let posonly = code.posonlyargcount as usize;
    let wrong: Vec<String> = tuple::as_slice(kwnames)
        .iter()
        .filter(|k| {
            (0..posonly)
                .any(|i| strings::expect(*code.localsplusnames[i]).equals(strings::expect(**k)))
        })
        .map(|k| strings::expect(*k).to_string())
        .collect();
    if !wrong.is_empty() {
        return raised(format!(
            "{}() got some positional-only arguments passed as keyword arguments: '{}'",
            function_name(func),
            wrong.join(", ")
        ));
    }
    let total = code.argcount as usize + code.kwonlyargcount as usize;
    let candidates: Vec<String> = (posonly..total).map(|i| local_name(code, i)).collect();
    let key = strings::expect(key).to_string();
    let hint = match crate::suggest::closest(&key, candidates.iter().map(|s| s.as_str())) {
        Some(s) => format!(". Did you mean '{s}'?"),
        None => String::new(),
    };
    raised(format!(
        "{}() got an unexpected keyword argument '{key}'{hint}",
        function_name(func)
    ))
}

/// `sys.setrecursionlimit`: how many frames may be active.
pub fn set_recursion_limit(limit: u32) {
    RECURSION_LIMIT.store(limit, std::sync::atomic::Ordering::Relaxed);
    apply_recursion_limit(vm());
}
/// Sets the end of the usable frame records from the limit.
pub fn apply_recursion_limit(vm: &ThreadState) {
    let base = crate::eval::frame_array(vm);
    let n = (RECURSION_LIMIT.load(std::sync::atomic::Ordering::Relaxed) as usize)
        .min(crate::eval::MAX_FRAMES);
    vm.frame_limit.set(base.wrapping_add(n));
}

/// The builtins namespace that goes with a globals dict.
pub fn builtins_of(globals: Value) -> PyResult {
    let b = dict::get(globals, names().__builtins__)?;
    if b.is_null() {
        return Ok(crate::builtins::namespace());
    }
    if b.is_a::<taipan_objects::module::PyModule>() {
        return Ok(taipan_objects::module::namespace(b).to_ref());
    }
    if dict::is_dict(b) {
        return Ok(b.to_ref());
    }
    let _ = protocol::repr(b);
    Ok(crate::builtins::namespace())
}
