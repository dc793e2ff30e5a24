//! Start and end of the interpreter.

use std::sync::atomic::{AtomicBool, Ordering};
use taipan_objects::err::PyResult;
use taipan_objects::names::names;
use taipan_objects::value::{Ref, Value};
use taipan_objects::vm::{self, Hooks, ThreadState, vm};
use taipan_objects::{dict, exceptions, int, module, protocol, strings};

static FINALIZING: AtomicBool = AtomicBool::new(false);
/// `sys.is_finalizing()`.
pub fn is_finalizing() -> bool {
    FINALIZING.load(Ordering::Relaxed)
}

static HOOKS: Hooks = Hooks {
    call_function: crate::call::call_function,
    gen_send: crate::generator::send,
    builtins: crate::builtins::namespace,
    builtins_of: crate::call::builtins_of,
    write_unraisable: crate::sys::write_unraisable,
    warn: crate::warnings::warn,
    import: crate::import::import_module,
    collect: collect_generation,
};

fn collect_generation(generation: usize) -> usize {
    taipan_objects::gc::collect(if generation == usize::MAX {
        None
    } else {
        Some(generation)
    })
}

/// Makes the main thread's state, all types, `sys` and `builtins`. Importing comes with `start_import`.
pub fn init() -> PyResult<()> {
    let ts = Box::leak(Box::new(ThreadState::new()));
    vm::set_current(ts);
    vm::set_hooks(&HOOKS);
    crate::gil::attach_main(ts);
    crate::eval::set_native_limit(ts);
    if let Err(e) = crate::eval::attach_stack(ts, None) {
        eprintln!("taipan: cannot reserve memory for the stack: {e}");
        std::process::exit(1);
    }
    taipan_objects::init();
    for ty in crate::generator_types::TYPES {
        taipan_objects::type_ready::ready(ty);
    }
    for ty in [
        &crate::frame_object::FRAME_TYPE,
        &crate::locals_proxy::LOCALS_PROXY_TYPE,
        &crate::anext::ANEXT_AWAITABLE_TYPE,
        &crate::template::TEMPLATE_TYPE,
        &crate::template::INTERPOLATION_TYPE,
    ] {
        taipan_objects::type_ready::ready(ty);
    }
    crate::template::complete_types();
    let b = crate::builtins::install()?;
    let s = crate::sys::install()?;
    let modules = dict::get(*crate::sys::namespace(), names().modules)?;
    dict::set_str(modules, "sys", *s);
    dict::set_str(modules, "builtins", *b);
    Ok(())
}

/// The `__main__` module.
pub fn main_module() -> PyResult {
    if let Some(m) = crate::import::imported("__main__") {
        return Ok(m);
    }
    let m = module::new_module("__main__");
    let d = module::namespace(*m);
    let b = match crate::import::imported("builtins") {
        Some(b) => b,
        None => Ref::NONE,
    };
    dict::set_str(d, "__builtins__", *b);
    let modules = dict::get(*crate::sys::namespace(), names().modules)?;
    dict::set_str(modules, "__main__", *m);
    Ok(m)
}

/// Runs code in the `__main__` namespace.
pub fn run_main_code(code: Value) -> PyResult {
    let m = main_module()?;
    let d = module::namespace(*m);
    crate::call::run_code(code, d, *crate::builtins::namespace(), d, Value::NULL)
}

/// Reports the pending exception as the interpreter does at its end; gives the exit status.
pub fn report_exception() -> i32 {
    let exc = vm().take_pending();
    if exc.is_null() {
        return 0;
    }
    if exc.ty().is_subtype(&exceptions::SystemExit) {
        return exit_status(*exc);
    }
    let sys = crate::sys::namespace();
    let tb = exceptions::expect(*exc).traceback.get_ref();
    let tb = if tb.is_null() { Ref::NONE } else { tb };
    dict::set_interned(*sys, names().last_exc, *exc);
    dict::set_interned(*sys, names().last_type, exc.ty().value());
    dict::set_interned(*sys, names().last_value, *exc);
    dict::set_interned(*sys, names().last_traceback, *tb);
    let hook = dict::get(*sys, names().excepthook).unwrap_or(Value::NULL);
    if hook.is_null() {
        eprintln!("sys.excepthook is missing");
        crate::sys::print_exception(*exc);
    } else {
        let hook = hook.to_ref();
        if protocol::call(*hook, &[exc.ty().value(), *exc, *tb]).is_err() {
            let second = vm().take_pending();
            if second.ty().is_subtype(&exceptions::SystemExit) {
                return exit_status(*second);
            }
            eprintln!("Error in sys.excepthook:");
            crate::sys::print_exception(*second);
            eprintln!("\nOriginal exception was:");
            crate::sys::print_exception(*exc);
        }
    }
    if exc.ty().is_subtype(&exceptions::KeyboardInterrupt) {
        130
    } else {
        1
    }
}

fn exit_status(exc: Value) -> i32 {
    let code = exceptions::expect(exc).field(0);
    if code.is_none_or_null() {
        return 0;
    }
    if let Some(i) = int::as_int(&code) {
        return i.to_i64().unwrap_or(-1) as i32;
    }
    let err = crate::sys::get("stderr");
    let text = protocol::str(code);
    match text {
        Ok(t) if !err.is_none_or_null() => {
            let _ = protocol::call_method(*err, names().write, &[*t]);
            let _ = protocol::call_method(*err, names().write, &[*strings::new_str("\n")]);
            drop(vm().take_pending());
        }
        Ok(t) => eprintln!("{}", strings::expect(*t)),
        Err(_) => drop(vm().take_pending()),
    }
    1
}

/// Flushes the standard streams; `false` if that failed for stdout.
pub fn flush_std_files() -> bool {
    let mut ok = true;
    for name in ["stdout", "stderr"] {
        let f = crate::sys::get(name);
        if f.is_none_or_null() {
            continue;
        }
        let closed = protocol::getattr_opt(*f, names().closed);
        if let Ok(Some(c)) = &closed
            && protocol::is_true(**c).unwrap_or(false)
        {
            continue;
        }
        drop(vm().take_pending());
        if protocol::call_method(*f, names().flush, &[]).is_err() {
            if name == "stdout" {
                crate::sys::write_unraisable("Exception ignored while flushing sys.stdout", *f);
                ok = false;
            } else {
                drop(vm().take_pending());
            }
        }
    }
    ok
}

/// Ends the interpreter: threads, atexit, modules. Gives the status to exit with.
pub fn finalize(mut status: i32) -> i32 {
    if let Some(t) = crate::import::imported("threading") {
        if protocol::call_method_str(*t, "_shutdown", &[]).is_err() {
            crate::sys::write_unraisable("Exception ignored on threading shutdown", *t);
        }
    }
    if let Some(a) = crate::import::imported("atexit") {
        if protocol::call_method_str(*a, "_run_exitfuncs", &[]).is_err() {
            crate::sys::write_unraisable("", *a);
        }
    }
    if !flush_std_files() {
        status = 120;
    }
    FINALIZING.store(true, Ordering::Relaxed);
    crate::gil::close();
    clear_modules();
    flush_std_files();
    status
}

/// Lets what modules hold die, in CPython's order: `__main__` first, underscored names before others.
fn clear_modules() {
    let Ok(modules) = dict::get(*crate::sys::namespace(), names().modules) else {
        return;
    };
    if modules.is_null() || !dict::is_dict(modules) {
        return;
    }
    let sys = crate::sys::namespace();
    for k in [
        "path",
        "argv",
        "ps1",
        "ps2",
        "last_type",
        "last_value",
        "last_traceback",
        "last_exc",
        "path_hooks",
        "path_importer_cache",
        "meta_path",
    ] {
        if !dict::get_str(*sys, k).is_null() {
            dict::set_str(*sys, k, Value::NONE);
        }
    }
    let mut held: Vec<(String, Ref)> = Vec::new();
    for (k, m) in dict::items(modules) {
        let name = if strings::is_str(*k) {
            strings::expect(*k).to_string()
        } else {
            String::new()
        };
        if name == "sys" || name == "builtins" {
            continue;
        }
        if m.is_a::<module::PyModule>() {
            held.push((name, m));
        }
        dict::set_interned(modules, *k, Value::NONE);
    }
    let main = held.iter().position(|(n, _)| n == "__main__");
    if let Some(i) = main {
        let (_, m) = held.remove(i);
        clear_namespace(module::namespace(*m));
    }
    taipan_objects::gc::collect(Some(2));
}

fn clear_namespace(d: Value) {
    for pass in 0..2 {
        for (k, v) in dict::items(d) {
            if v.is_none() || !strings::is_str(*k) {
                continue;
            }
            let s = strings::expect(*k);
            let private = s.len() > 1 && s.at(0) == '_' as u32 && s.at(1) != '_' as u32;
            if (pass == 0) == private && !s.eq_str("__builtins__") {
                drop(v);
                dict::set_interned(d, *k, Value::NONE);
            }
        }
    }
}
