//! The `sys` module.

use crate::frame_object;
use std::cell::RefCell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use taipan_objects::err::PyResult;
use taipan_objects::exceptions::PyException;
use taipan_objects::names::names;
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::structseq;
use taipan_objects::structseq_type;
use taipan_objects::value::{Ref, Value};
use taipan_objects::vm::{RECURSION_LIMIT, vm};
use taipan_objects::{dict, err, exceptions, float, int, list, module, protocol, strings, tuple};

/// What the command line and the environment say.
#[derive(Clone, Debug, Default)]
pub struct Config {
    pub executable: String,
    pub argv: Vec<String>,
    pub orig_argv: Vec<String>,
    pub debug: u8,
    pub inspect: bool,
    pub interactive: bool,
    pub optimize: u8,
    pub dont_write_bytecode: bool,
    pub no_user_site: bool,
    pub no_site: bool,
    pub ignore_environment: bool,
    pub verbose: u8,
    pub bytes_warning: u8,
    pub quiet: bool,
    pub isolated: bool,
    pub dev_mode: bool,
    pub utf8_mode: bool,
    pub safe_path: bool,
    pub unbuffered: bool,
    pub hash_randomization: bool,
    pub int_max_str_digits: i64,
    pub warn_default_encoding: bool,
    pub warnoptions: Vec<String>,
    pub xoptions: Vec<(String, Option<String>)>,
    pub path: Vec<String>,
    pub pycache_prefix: Option<String>,
    /// Folder under which embedded modules pretend to lie.
    pub library: &'static str,
    pub stdlib_names: Vec<String>,
    pub builtin_names: Vec<String>,
}

static CONFIG: OnceLock<Config> = OnceLock::new();
/// Set once, before the module is made.
pub fn set_config(c: Config) {
    let _ = CONFIG.set(c);
}
pub fn config() -> &'static Config {
    CONFIG.get_or_init(Config::default)
}

static NAMESPACE: AtomicU64 = AtomicU64::new(0);
/// The namespace of the module.
pub fn namespace() -> Ref {
    let bits = NAMESPACE.load(Ordering::Relaxed);
    if bits == 0 {
        return dict::new_dict();
    }
    // SAFETY: `install` keeps the dict alive for ever.
    unsafe { Value::from_bits(bits) }.to_ref()
}
/// `sys.NAME`, NULL if there is none.
pub fn get(name: &str) -> Ref {
    let v = dict::get_str(*namespace(), name);
    if v.is_null() { Ref::NULL } else { v.to_ref() }
}

structseq_type! {
    static FLAGS_TYPE, FLAGS = "sys.flags", "Flags provided through command line arguments or environment vars.", instantiable false, visible 18,
    fields ["debug", "inspect", "interactive", "optimize", "dont_write_bytecode", "no_user_site", "no_site", "ignore_environment", "verbose", "bytes_warning", "quiet", "hash_randomization", "isolated", "dev_mode", "utf8_mode", "warn_default_encoding", "safe_path", "int_max_str_digits", "gil", "thread_inherit_context", "context_aware_warnings"],
    { 0 "debug" "-d", 1 "inspect" "-i", 2 "interactive" "-i", 3 "optimize" "-O or -OO", 4 "dont_write_bytecode" "-B", 5 "no_user_site" "-s", 6 "no_site" "-S", 7 "ignore_environment" "-E", 8 "verbose" "-v", 9 "bytes_warning" "-b", 10 "quiet" "-q", 11 "hash_randomization" "-R", 12 "isolated" "-I", 13 "dev_mode" "-X dev", 14 "utf8_mode" "-X utf8", 15 "warn_default_encoding" "-X warn_default_encoding", 16 "safe_path" "-P", 17 "int_max_str_digits" "-X int_max_str_digits", 18 "gil" "-X gil", 19 "thread_inherit_context" "-X thread_inherit_context", 20 "context_aware_warnings" "-X context_aware_warnings" }
}
structseq_type! {
    static VERSION_INFO_TYPE, VERSION_INFO = "sys.version_info", "Version information as a named tuple.", instantiable false, visible 5,
    fields ["major", "minor", "micro", "releaselevel", "serial"],
    { 0 "major" "Major release number", 1 "minor" "Minor release number", 2 "micro" "Patch release number", 3 "releaselevel" "'alpha', 'beta', 'candidate', or 'final'", 4 "serial" "Serial release number" }
}
structseq_type! {
    static FLOAT_INFO_TYPE, FLOAT_INFO = "sys.float_info", "A named tuple holding information about the float type.", instantiable false, visible 11,
    fields ["max", "max_exp", "max_10_exp", "min", "min_exp", "min_10_exp", "dig", "mant_dig", "epsilon", "radix", "rounds"],
    { 0 "max" "", 1 "max_exp" "", 2 "max_10_exp" "", 3 "min" "", 4 "min_exp" "", 5 "min_10_exp" "", 6 "dig" "", 7 "mant_dig" "", 8 "epsilon" "", 9 "radix" "", 10 "rounds" "" }
}
structseq_type! {
    static INT_INFO_TYPE, INT_INFO = "sys.int_info", "A named tuple that holds information about Python's internal representation of integers.", instantiable false, visible 4,
    fields ["bits_per_digit", "sizeof_digit", "default_max_str_digits", "str_digits_check_threshold"],
    { 0 "bits_per_digit" "", 1 "sizeof_digit" "", 2 "default_max_str_digits" "", 3 "str_digits_check_threshold" "" }
}
structseq_type! {
    static HASH_INFO_TYPE, HASH_INFO = "sys.hash_info", "A named tuple providing parameters used for computing hashes.", instantiable false, visible 9,
    fields ["width", "modulus", "inf", "nan", "imag", "algorithm", "hash_bits", "seed_bits", "cutoff"],
    { 0 "width" "", 1 "modulus" "", 2 "inf" "", 3 "nan" "", 4 "imag" "", 5 "algorithm" "", 6 "hash_bits" "", 7 "seed_bits" "", 8 "cutoff" "" }
}
structseq_type! {
    static THREAD_INFO_TYPE, THREAD_INFO = "sys.thread_info", "A named tuple holding information about the thread implementation.", instantiable false, visible 3,
    fields ["name", "lock", "version"],
    { 0 "name" "", 1 "lock" "", 2 "version" "" }
}
structseq_type! {
    static ASYNCGEN_HOOKS_TYPE, ASYNCGEN_HOOKS = "sys.asyncgen_hooks", "", instantiable false, visible 2,
    fields ["firstiter", "finalizer"],
    { 0 "firstiter" "", 1 "finalizer" "" }
}
structseq_type! {
    static UNRAISABLE_TYPE, UNRAISABLE = "UnraisableHookArgs", "Type used to pass arguments to sys.unraisablehook.", instantiable true, visible 5,
    fields ["exc_type", "exc_value", "exc_traceback", "err_msg", "object"],
    { 0 "exc_type" "Exception type", 1 "exc_value" "Exception value", 2 "exc_traceback" "Exception traceback", 3 "err_msg" "Error message", 4 "object" "Object causing the exception" }
}

fn n(i: i64) -> Ref {
    int::from_i64(i)
}
fn s(t: &str) -> Ref {
    strings::new_str(t)
}

/// Makes the module; once.
pub fn install() -> PyResult {
    let m = module::create_native(&MODULE)?;
    let d = module::namespace(*m);
    d.incref();
    NAMESPACE.store(d.bits(), Ordering::Relaxed);
    let c = config();
    let add = |name: &str, v: Ref| dict::set_str(d, name, *v);
    let texts = |v: &[String]| list::new_list(v.iter().map(|t| s(t)).collect());
    add("modules", dict::new_dict());
    add("argv", texts(&c.argv));
    add("orig_argv", texts(&c.orig_argv));
    add("path", texts(&c.path));
    add("meta_path", list::new_list(vec![]));
    add("path_hooks", list::new_list(vec![]));
    add("path_importer_cache", dict::new_dict());
    add("warnoptions", texts(&c.warnoptions));
    let x = dict::new_dict();
    for (k, v) in &c.xoptions {
        dict::set_str(*x, k, *v.as_ref().map_or(Ref::bool(true), |v| s(v)));
    }
    add("_xoptions", x);
    add("executable", s(&c.executable));
    add("_base_executable", s(&c.executable));
    let prefix = c.library.strip_suffix("/lib/python3.14").unwrap_or("/usr");
    for p in ["prefix", "base_prefix", "exec_prefix", "base_exec_prefix"] {
        add(p, s(prefix));
    }
    add("_stdlib_dir", s(c.library));
    add("platlibdir", s("lib"));
    add("_framework", s(""));
    add("abiflags", s(""));
    add(
        "byteorder",
        s(if cfg!(target_endian = "little") {
            "little"
        } else {
            "big"
        }),
    );
    add(
        "platform",
        s(if cfg!(target_os = "macos") {
            "darwin"
        } else {
            "linux"
        }),
    );
    add("maxsize", n(i64::MAX));
    add("maxunicode", n(0x10ffff));
    add("hexversion", n(0x030e08f0));
    add("api_version", n(1013));
    add("float_repr_style", s("short"));
    add(
        "copyright",
        s(
            "Copyright (c) 2001 Python Software Foundation (standard library).\nCopyright (c) 2026 The Taipan developers.",
        ),
    );
    let version = format!("3.14.8 (taipan {}) [Rust]", env!("CARGO_PKG_VERSION"));
    add("version", s(&version));
    add("dont_write_bytecode", Ref::bool(c.dont_write_bytecode));
    add(
        "pycache_prefix",
        c.pycache_prefix.as_ref().map_or(Ref::NONE, |p| s(p)),
    );
    add("_jit", module::create_native(&JIT)?);
    add("_git", tuple::of([s("CPython"), s(""), s("")]));
    add(
        "builtin_module_names",
        tuple::from_refs(c.builtin_names.iter().map(|t| s(t)).collect()),
    );
    let names_list = list::new_list(c.stdlib_names.iter().map(|t| s(t)).collect());
    let frozenset = dict::get_str(*crate::builtins::namespace(), "frozenset").to_ref();
    add(
        "stdlib_module_names",
        protocol::call(*frozenset, &[*names_list])?,
    );

    for (ty, desc) in [
        (&VERSION_INFO_TYPE, &VERSION_INFO),
        (&FLAGS_TYPE, &FLAGS),
        (&FLOAT_INFO_TYPE, &FLOAT_INFO),
        (&INT_INFO_TYPE, &INT_INFO),
        (&HASH_INFO_TYPE, &HASH_INFO),
        (&THREAD_INFO_TYPE, &THREAD_INFO),
        (&ASYNCGEN_HOOKS_TYPE, &ASYNCGEN_HOOKS),
        (&UNRAISABLE_TYPE, &UNRAISABLE),
    ] {
        taipan_objects::type_ready::ready(ty);
        structseq::ready(ty, desc);
    }
    let info = structseq::new(
        &VERSION_INFO_TYPE,
        vec![n(3), n(14), n(8), s("final"), n(0)],
    );
    add("version_info", info.clone());
    let b = |x: bool| n(x as i64);
    add(
        "flags",
        structseq::new(
            &FLAGS_TYPE,
            vec![
                n(c.debug as i64),
                b(c.inspect),
                b(c.interactive),
                n(c.optimize as i64),
                b(c.dont_write_bytecode),
                b(c.no_user_site),
                b(c.no_site),
                b(c.ignore_environment),
                n(c.verbose as i64),
                n(c.bytes_warning as i64),
                b(c.quiet),
                b(c.hash_randomization),
                b(c.isolated),
                Ref::bool(c.dev_mode),
                b(c.utf8_mode),
                b(c.warn_default_encoding),
                Ref::bool(c.safe_path),
                n(c.int_max_str_digits),
                n(1),
                n(0),
                n(0),
            ],
        ),
    );
    add(
        "float_info",
        structseq::new(
            &FLOAT_INFO_TYPE,
            vec![
                float::from_f64(f64::MAX),
                n(1024),
                n(308),
                float::from_f64(f64::MIN_POSITIVE),
                n(-1021),
                n(-307),
                n(15),
                n(53),
                float::from_f64(f64::EPSILON),
                n(2),
                n(1),
            ],
        ),
    );
    add(
        "int_info",
        structseq::new(&INT_INFO_TYPE, vec![n(30), n(4), n(4300), n(640)]),
    );
    add(
        "hash_info",
        structseq::new(
            &HASH_INFO_TYPE,
            vec![
                n(64),
                n(taipan_objects::hash::MODULUS as i64),
                n(314159),
                n(0),
                n(1000003),
                s("siphash13"),
                n(64),
                n(128),
                n(0),
            ],
        ),
    );
    add(
        "thread_info",
        structseq::new(
            &THREAD_INFO_TYPE,
            vec![s("pthread"), s("semaphore"), Ref::NONE],
        ),
    );
    add("UnraisableHookArgs", UNRAISABLE_TYPE.to_ref());

    let namespace_type = taipan_objects::types::SIMPLE_NAMESPACE_TYPE.value();
    let impl_ns = protocol::call(namespace_type, &[])?;
    let set = |k: &str, v: Ref| protocol::setattr_str(*impl_ns, k, *v);
    set("name", s("taipan"))?;
    set("version", info)?;
    set("hexversion", n(0x030e08f0))?;
    // Bytecode is CPython 3.14's, and so are the names of the cache files.
    set("cache_tag", s("cpython-314"))?;
    set(
        "_multiarch",
        s(if cfg!(target_arch = "aarch64") {
            "aarch64-linux-gnu"
        } else {
            "x86_64-linux-gnu"
        }),
    )?;
    set("supports_isolated_interpreters", Ref::bool(false))?;
    add("implementation", impl_ns);

    for (alias, name) in [
        ("__displayhook__", "displayhook"),
        ("__excepthook__", "excepthook"),
        ("__breakpointhook__", "breakpointhook"),
        ("__unraisablehook__", "unraisablehook"),
    ] {
        let f = dict::get_str(d, name).to_ref();
        add(alias, f);
    }
    Ok(m)
}

/// A path or name given as str, bytes or os.PathLike, as str.
pub fn fsdecode(v: Value) -> PyResult {
    if strings::is_str(v) {
        return Ok(v.to_ref());
    }
    if taipan_objects::bytes::is_bytes(v) {
        return Ok(decode_fs(&taipan_objects::buffer::to_vec(v)?));
    }
    match protocol::call_special(v, *strings::intern_str("__fspath__"), &[])? {
        Some(p) if strings::is_str(*p) || taipan_objects::bytes::is_bytes(*p) => fsdecode(*p),
        Some(p) => {
            err!(
                TypeError,
                "expected {}.__fspath__() to return str or bytes, not {}",
                v.type_name(),
                p.type_name()
            )
        }
        None if v.ty().slots().get_buffer.is_some() => {
            Ok(decode_fs(&taipan_objects::buffer::to_vec(v)?))
        }
        None => err!(
            TypeError,
            "expected str, bytes or os.PathLike object, not {}",
            v.type_name()
        ),
    }
}
/// UTF-8 with surrogateescape.
pub fn decode_fs(bytes: &[u8]) -> Ref {
    match std::str::from_utf8(bytes) {
        Ok(t) => strings::new_str(t),
        Err(_) => {
            let mut out = Vec::new();
            let mut rest = bytes;
            while !rest.is_empty() {
                match std::str::from_utf8(rest) {
                    Ok(t) => {
                        out.extend(t.chars().map(|c| c as u32));
                        break;
                    }
                    Err(e) => {
                        let good = e.valid_up_to();
                        out.extend(
                            String::from_utf8_lossy(&rest[..good])
                                .chars()
                                .map(|c| c as u32),
                        );
                        out.push(0xdc00 + rest[good] as u32);
                        rest = &rest[good + 1..];
                    }
                }
            }
            strings::from_code_points(&out)
        }
    }
}

// ---------------------------------------------------------------- functions

fn displayhook(a: &[Value]) -> PyResult {
    if a[0].is_none() {
        return Ok(Ref::NONE);
    }
    let b = crate::builtins::namespace();
    dict::set_str(*b, "_", Value::NONE);
    let out = get("stdout");
    if out.is_none_or_null() {
        return err!(RuntimeError, "lost sys.stdout");
    }
    let text = protocol::repr(a[0])?;
    if let Err(e) = protocol::call_method(*out, names().write, &[*text]) {
        if !taipan_objects::err::clear_if(&exceptions::UnicodeEncodeError) {
            return Err(e);
        }
        let safe = crate::builtins::ascii(a[0])?;
        protocol::call_method(*out, names().write, &[*safe])?;
    }
    protocol::call_method(*out, names().write, &[*s("\n")])?;
    dict::set_str(*b, "_", a[0]);
    Ok(Ref::NONE)
}
/// Prints an exception as the interpreter does, through the `traceback` module; plainly if that fails.
pub fn print_exception(exc: Value) {
    if exceptions::is_exception(exc) {
        let done = (|| -> PyResult<()> {
            let m = crate::import::import_module("traceback")?;
            let f = protocol::getattr_str(*m, "_print_exception_bltin")?;
            protocol::call(*f, &[exc]).map(|_| ())
        })();
        if done.is_ok() {
            return;
        }
        drop(vm().take_pending());
    }
    let text = protocol::str_text(exc).unwrap_or_default();
    drop(vm().take_pending());
    eprintln!("{}: {text}", exc.type_name());
}
fn excepthook(a: &[Value]) -> PyResult {
    let exc = a[1];
    if let Some(e) = exc.cast::<PyException>()
        && !a[2].is_none_or_null()
        && e.traceback.is_null()
    {
        e.traceback.set(a[2].to_ref());
    }
    print_exception(exc);
    Ok(Ref::NONE)
}
fn exc_info(_: &[Value]) -> PyResult {
    let e = vm().handled();
    if e.is_none_or_null() {
        return Ok(tuple::of([Ref::NONE, Ref::NONE, Ref::NONE]));
    }
    let tb = exceptions::expect(e).traceback.get_ref();
    Ok(tuple::of([
        e.ty().to_ref(),
        e.to_ref(),
        if tb.is_null() { Ref::NONE } else { tb },
    ]))
}
fn exception(_: &[Value]) -> PyResult {
    let e = vm().handled();
    Ok(if e.is_none_or_null() {
        Ref::NONE
    } else {
        e.to_ref()
    })
}
fn exit(a: &[Value]) -> PyResult {
    let v = a[0].or(Value::NONE);
    if v.is_none() {
        return Err(taipan_objects::err::raise_with(
            &exceptions::SystemExit,
            &[],
        ));
    }
    if tuple::is_tuple(v) {
        return Err(taipan_objects::err::raise_with(
            &exceptions::SystemExit,
            tuple::as_slice(v),
        ));
    }
    Err(taipan_objects::err::raise_with(
        &exceptions::SystemExit,
        &[v],
    ))
}
fn getframe(a: &[Value]) -> PyResult {
    let depth = if a[0].is_null() {
        0
    } else {
        int::to_i32(a[0])?.max(0)
    };
    match frame_object::at_depth(depth as usize) {
        Some(f) => Ok(frame_object::of(f)),
        None => err!(ValueError, "call stack is not deep enough"),
    }
}
fn getframemodulename(a: &[Value]) -> PyResult {
    let depth = if a[0].is_null() {
        0
    } else {
        int::to_i32(a[0])?.max(0)
    };
    match frame_object::at_depth(depth as usize) {
        Some(f) => {
            let v = f.function().map_or(Ref::NULL, |f| f.module.get_ref());
            Ok(if v.is_null() { Ref::NONE } else { v })
        }
        None => Ok(Ref::NONE),
    }
}
fn intern(a: &[Value]) -> PyResult {
    if !strings::is_str(a[0]) {
        return err!(
            TypeError,
            "intern() argument must be str, not {}",
            a[0].type_name()
        );
    }
    if !a[0].is_exact::<strings::PyStr>() {
        return err!(TypeError, "can't intern {}", a[0].type_name());
    }
    Ok(strings::intern(a[0].to_ref()))
}
fn getsizeof(a: &[Value]) -> PyResult {
    match protocol::call_special(a[0], names().__sizeof__, &[]) {
        Ok(Some(v)) => {
            let size = int::to_i64(*v)?;
            if size < 0 {
                return err!(ValueError, "__sizeof__() should return >= 0");
            }
            let gc = a[0].is_heap()
                && a[0]
                    .ty()
                    .has_flag(taipan_objects::typeobject::TypeFlags::HAVE_GC);
            Ok(n(size + if gc { 16 } else { 0 }))
        }
        Ok(None) => {
            if !a[1].is_null() {
                return Ok(a[1].to_ref());
            }
            err!(
                TypeError,
                "Type {} doesn't define __sizeof__",
                a[0].type_name()
            )
        }
        Err(e) => {
            if !a[1].is_null() && taipan_objects::err::clear_if(&exceptions::TypeError) {
                return Ok(a[1].to_ref());
            }
            Err(e)
        }
    }
}
fn getrefcount(a: &[Value]) -> PyResult {
    // The argument itself counts once, as in CPython.
    Ok(if a[0].is_heap() {
        // SAFETY: a live object.
        n(unsafe { (*a[0].as_ptr()).refcount() } as i64)
    } else {
        n(u32::MAX as i64)
    })
}
fn setrecursionlimit(a: &[Value]) -> PyResult {
    let limit = int::to_i32(a[0])?;
    if limit < 1 {
        return err!(
            ValueError,
            "recursion limit must be greater or equal than 1"
        );
    }
    let v = vm();
    let depth = (v.frame_top.get() as usize - crate::eval::frame_array(v) as usize)
        / size_of::<taipan_objects::frame::Frame>();
    if depth >= limit as usize {
        return err!(
            RecursionError,
            "cannot set the recursion limit to {limit} at the recursion depth {depth}: the limit is too low"
        );
    }
    crate::call::set_recursion_limit(limit as u32);
    Ok(Ref::NONE)
}
fn unraisablehook(a: &[Value]) -> PyResult {
    let get = |k: &str| protocol::getattr_str(a[0], k);
    let (msg, obj, value) = (get("err_msg")?, get("object")?, get("exc_value")?);
    let err = crate::sys::get("stderr");
    if err.is_none_or_null() {
        return Ok(Ref::NONE);
    }
    let write = |t: &str| protocol::call_method(*err, names().write, &[*s(t)]).map(|_| ());
    let head = if msg.is_none() {
        "Exception ignored in".to_string()
    } else {
        protocol::str_text(*msg)?
    };
    if obj.is_none() {
        write(&format!("{head}:\n"))?;
    } else {
        let r = match protocol::repr_text(*obj) {
            Ok(r) => r,
            Err(_) => {
                drop(vm().take_pending());
                "<object repr() failed>".into()
            }
        };
        write(&format!("{head}: {r}\n"))?;
    }
    if !value.is_none() {
        print_exception(*value);
    }
    Ok(Ref::NONE)
}
/// Reports the pending exception, which nobody can receive. `message` may be empty.
pub fn write_unraisable(message: &str, obj: Value) {
    let exc = vm().take_pending();
    if exc.is_null() {
        return;
    }
    let tb = exceptions::expect(*exc).traceback.get_ref();
    let done = (|| -> PyResult<()> {
        let args = structseq::new(
            &UNRAISABLE_TYPE,
            vec![
                exc.ty().to_ref(),
                exc.clone(),
                if tb.is_null() { Ref::NONE } else { tb },
                if message.is_empty() {
                    Ref::NONE
                } else {
                    s(message)
                },
                if obj.is_null() {
                    Ref::NONE
                } else {
                    obj.to_ref()
                },
            ],
        );
        let hook = get("unraisablehook");
        if hook.is_none_or_null() {
            return Ok(());
        }
        protocol::call(*hook, &[*args]).map(|_| ())
    })();
    if done.is_err() {
        drop(vm().take_pending());
    }
}
fn breakpointhook(args: &[Value], kwnames: Value) -> PyResult {
    let name = std::env::var("PYTHONBREAKPOINT").unwrap_or_default();
    if name == "0" {
        return Ok(Ref::NONE);
    }
    let name = if name.is_empty() {
        "pdb.set_trace".to_string()
    } else {
        name
    };
    let (m, f) = match name.rsplit_once('.') {
        Some((m, f)) => (m.to_string(), f.to_string()),
        None => ("builtins".to_string(), name.clone()),
    };
    let module = crate::import::import_module(&m)?;
    let f = protocol::getattr_str(*module, &f)?;
    protocol::call_kw(*f, args, kwnames)
}
fn set_asyncgen_hooks(a: &[Value]) -> PyResult {
    for (v, what) in [(a[0], "firstiter"), (a[1], "finalizer")] {
        if !v.is_none_or_null() && v.ty().slots().call.is_none() {
            return err!(TypeError, "callable {what} expected, got {}", v.type_name());
        }
    }
    if !a[0].is_null() {
        vm().asyncgen_firstiter.set(a[0].to_ref());
    }
    if !a[1].is_null() {
        vm().asyncgen_finalizer.set(a[1].to_ref());
    }
    Ok(Ref::NONE)
}
fn get_asyncgen_hooks(_: &[Value]) -> PyResult {
    let f = |s: &taipan_objects::value::Slot| if s.is_null() { Ref::NONE } else { s.get_ref() };
    Ok(structseq::new(
        &ASYNCGEN_HOOKS_TYPE,
        vec![f(&vm().asyncgen_firstiter), f(&vm().asyncgen_finalizer)],
    ))
}
fn set_origin_depth(a: &[Value]) -> PyResult {
    let d = int::to_i32(a[0])?;
    if d < 0 {
        return err!(ValueError, "depth must be >= 0");
    }
    vm().coroutine_origin_depth.set(d);
    Ok(Ref::NONE)
}
fn none(_: &[Value]) -> PyResult {
    Ok(Ref::NONE)
}
/// `settrace`, `setprofile`: only None, until tracing is there.
fn no_tracing(a: &[Value], what: &str) -> PyResult {
    if a[0].is_none() {
        return Ok(Ref::NONE);
    }
    taipan_objects::err::missing(what)
}
thread_local! {
    static SWITCH_INTERVAL: RefCell<f64> = const { RefCell::new(0.005) };
}
fn setswitchinterval(a: &[Value]) -> PyResult {
    let f = float::to_f64(a[0])?;
    if f <= 0.0 {
        return err!(ValueError, "switch interval must be strictly positive");
    }
    SWITCH_INTERVAL.with(|s| *s.borrow_mut() = f);
    crate::gil::SWITCH_INTERVAL_NS.store((f * 1e9) as u64, Ordering::Relaxed);
    Ok(Ref::NONE)
}
fn set_int_max_str_digits(a: &[Value]) -> PyResult {
    let d = int::to_i64(a[0])?;
    if d != 0 && d < 640 {
        return err!(ValueError, "maxdigits must be >= 640 or 0 for unlimited");
    }
    taipan_objects::int_convert::MAX_STR_DIGITS.store(d as usize, Ordering::Relaxed);
    Ok(Ref::NONE)
}
fn current_frames(_: &[Value]) -> PyResult {
    let d = dict::new_dict();
    for t in crate::gil::all_threads() {
        let f = t.frame.get();
        if !f.is_null() {
            // SAFETY: the thread does not run meanwhile, so its innermost frame stays.
            dict::set(
                *d,
                *int::from_u64(t.ident.get()),
                *frame_object::of(unsafe { &*f }),
            )?;
        }
    }
    Ok(d)
}
fn current_exceptions(_: &[Value]) -> PyResult {
    let d = dict::new_dict();
    dict::set(*d, *int::from_u64(vm().ident.get()), *exception(&[])?)?;
    Ok(d)
}
static AUDIT: AtomicU64 = AtomicU64::new(0);
fn addaudithook(a: &[Value]) -> PyResult {
    let bits = AUDIT.load(Ordering::Relaxed);
    let l = if bits == 0 {
        let l = list::new_list(vec![]);
        AUDIT.store(l.bits(), Ordering::Relaxed);
        std::mem::forget(l.clone());
        l
    } else {
        // SAFETY: kept alive for ever.
        unsafe { Value::from_bits(bits) }.to_ref()
    };
    list::expect(*l).items_mut().push(a[0].to_ref());
    Ok(Ref::NONE)
}
fn audit(args: &[Value], _k: Value) -> PyResult {
    if args.is_empty() {
        return err!(TypeError, "audit expected at least 1 argument, got 0");
    }
    if !strings::is_str(args[0]) {
        return err!(
            TypeError,
            "expected str for argument 'event', not {}",
            args[0].type_name()
        );
    }
    let bits = AUDIT.load(Ordering::Relaxed);
    if bits != 0 {
        // SAFETY: kept alive for ever.
        let l = unsafe { Value::from_bits(bits) };
        let t = tuple::from_values(&args[1..]);
        let mut i = 0;
        while let Some(h) = list::expect(l).get(i) {
            protocol::call(*h, &[args[0], *t])?;
            i += 1;
        }
    }
    Ok(Ref::NONE)
}
fn call_tracing(a: &[Value]) -> PyResult {
    if !tuple::is_tuple(a[1]) {
        return err!(
            TypeError,
            "call_tracing() argument 2 must be tuple, not {}",
            a[1].type_name()
        );
    }
    protocol::call(a[0], tuple::as_slice(a[1]))
}

pub static MODULE: ModuleDef = ModuleDef {
    name: "sys",
    doc: "This module provides access to some objects used or maintained by the\ninterpreter and to functions that interact strongly with the interpreter.",
    functions: &[
        MethodDef::new(
            "addaudithook($module, /, hook)",
            "Adds a new audit hook callback.",
            addaudithook,
        ),
        MethodDef::raw(
            "audit",
            "Passes the event to any hooks that are attached.",
            audit,
        ),
        MethodDef::raw(
            "breakpointhook",
            "This hook function is called by built-in breakpoint().",
            breakpointhook,
        ),
        MethodDef::new(
            "_clear_type_cache($module, /)",
            "Clear the internal type lookup cache.",
            none,
        ),
        MethodDef::new(
            "_clear_type_descriptors($module, type, /)",
            "Takes __dict__ and __weakref__ out of the namespace of a type.",
            clear_type_descriptors,
        ),
        MethodDef::new(
            "_clear_internal_caches($module, /)",
            "Clear all internal performance-related caches.",
            none,
        ),
        MethodDef::new(
            "_current_frames($module, /)",
            "Return a dict mapping each thread's thread id to its current stack frame.",
            current_frames,
        ),
        MethodDef::new(
            "_current_exceptions($module, /)",
            "Return a dict mapping each thread's identifier to its current raised exception.",
            current_exceptions,
        ),
        MethodDef::new(
            "displayhook($module, object, /)",
            "Print an object to sys.stdout and also save it in builtins._",
            displayhook,
        ),
        MethodDef::new(
            "exception($module, /)",
            "Return the current exception.",
            exception,
        ),
        MethodDef::new(
            "exc_info($module, /)",
            "Return current exception information: (type, value, traceback).",
            exc_info,
        ),
        MethodDef::new(
            "excepthook($module, exctype, value, traceback, /)",
            "Handle an exception by displaying it with a traceback on sys.stderr.",
            excepthook,
        ),
        MethodDef::new(
            "exit($module, status=None, /)",
            "Exit the interpreter by raising SystemExit(status).",
            exit,
        ),
        MethodDef::new(
            "getdefaultencoding($module, /)",
            "Return the current default encoding used by the Unicode implementation.",
            |_| Ok(s("utf-8")),
        ),
        MethodDef::new(
            "getallocatedblocks($module, /)",
            "Return the number of memory blocks currently allocated.",
            |_| Ok(n(taipan_objects::gc::GC.young_count.get())),
        ),
        MethodDef::new(
            "getunicodeinternedsize($module, /, *, _only_immortal=False)",
            "Return the number of elements of the unicode interned dictionary",
            |_| Ok(n(0)),
        ),
        MethodDef::new(
            "getfilesystemencoding($module, /)",
            "Return the encoding used to convert Unicode filenames to OS filenames.",
            |_| Ok(s("utf-8")),
        ),
        MethodDef::new(
            "getfilesystemencodeerrors($module, /)",
            "Return the error mode used for Unicode to OS filename conversion.",
            |_| Ok(s("surrogateescape")),
        ),
        MethodDef::new(
            "getrefcount($module, object, /)",
            "Return the reference count of object.",
            getrefcount,
        ),
        MethodDef::new(
            "getrecursionlimit($module, /)",
            "Return the current value of the recursion limit.",
            |_| Ok(n(RECURSION_LIMIT.load(Ordering::Relaxed) as i64)),
        ),
        MethodDef::new(
            "setrecursionlimit($module, limit, /)",
            "Set the maximum depth of the Python interpreter stack to n.",
            setrecursionlimit,
        ),
        MethodDef::new(
            "getsizeof($module, object, default=<unrepresentable>, /)",
            "Return the size of object in bytes.",
            getsizeof,
        ),
        MethodDef::new(
            "_getframe($module, depth=0, /)",
            "Return a frame object from the call stack.",
            getframe,
        ),
        MethodDef::new(
            "_getframemodulename($module, /, depth=0)",
            "Return the name of the module for a calling frame.",
            getframemodulename,
        ),
        MethodDef::new(
            "intern($module, string, /)",
            "Intern the given string.",
            intern,
        ),
        MethodDef::new(
            "_is_interned($module, string, /)",
            "Return True if the given string is interned.",
            |a| {
                Ok(Ref::bool(
                    strings::as_str(&a[0]).is_some_and(|s| s.is_interned()),
                ))
            },
        ),
        MethodDef::new(
            "is_finalizing($module, /)",
            "Return True if Python is exiting.",
            |_| Ok(Ref::bool(crate::lifecycle::is_finalizing())),
        ),
        MethodDef::new(
            "is_stack_trampoline_active($module, /)",
            "Return *True* if a stack profiler trampoline is active.",
            |_| Ok(Ref::bool(false)),
        ),
        MethodDef::new(
            "_is_gil_enabled($module, /)",
            "Return True if the GIL is currently enabled.",
            |_| Ok(Ref::bool(true)),
        ),
        MethodDef::new(
            "_is_immortal($module, op, /)",
            "Return True if the given object is \"immortal\".",
            |a| {
                // SAFETY: a live object.
                Ok(Ref::bool(
                    !a[0].is_heap() || unsafe { (*a[0].as_ptr()).is_immortal() },
                ))
            },
        ),
        MethodDef::new("is_remote_debug_enabled($module, /)", "", |_| {
            Ok(Ref::bool(false))
        }),
        MethodDef::new(
            "setswitchinterval($module, interval, /)",
            "Set the ideal thread switching delay inside the Python interpreter.",
            setswitchinterval,
        ),
        MethodDef::new(
            "getswitchinterval($module, /)",
            "Return the current thread switch interval.",
            |_| Ok(float::from_f64(SWITCH_INTERVAL.with(|s| *s.borrow()))),
        ),
        MethodDef::new(
            "settrace($module, function, /)",
            "Set the global debug tracing function.",
            |a| no_tracing(a, "sys.settrace"),
        ),
        MethodDef::new(
            "gettrace($module, /)",
            "Return the global debug tracing function set with sys.settrace.",
            none,
        ),
        MethodDef::new(
            "setprofile($module, function, /)",
            "Set the profiling function.",
            |a| no_tracing(a, "sys.setprofile"),
        ),
        MethodDef::new("_setprofileallthreads($module, function, /)", "", |a| {
            no_tracing(a, "sys._setprofileallthreads")
        }),
        MethodDef::new("_settraceallthreads($module, function, /)", "", |a| {
            no_tracing(a, "sys._settraceallthreads")
        }),
        MethodDef::new(
            "getprofile($module, /)",
            "Return the profiling function set with sys.setprofile.",
            none,
        ),
        MethodDef::new(
            "call_tracing($module, func, args, /)",
            "Call func(*args), while tracing is enabled.",
            call_tracing,
        ),
        MethodDef::new(
            "unraisablehook($module, unraisable, /)",
            "Handle an unraisable exception.",
            unraisablehook,
        ),
        MethodDef::new(
            "get_asyncgen_hooks($module, /)",
            "Return the installed asynchronous generators hooks.",
            get_asyncgen_hooks,
        ),
        MethodDef::new(
            "set_asyncgen_hooks(firstiter=<unrepresentable>, finalizer=<unrepresentable>)",
            "Set a finalizer for async generators objects.",
            set_asyncgen_hooks,
        ),
        MethodDef::new(
            "get_coroutine_origin_tracking_depth($module, /)",
            "Check status of origin tracking for coroutine objects in this thread.",
            |_| Ok(n(vm().coroutine_origin_depth.get() as i64)),
        ),
        MethodDef::new(
            "set_coroutine_origin_tracking_depth($module, /, depth)",
            "Enable or disable origin tracking for coroutine objects in this thread.",
            set_origin_depth,
        ),
        MethodDef::new(
            "get_int_max_str_digits($module, /)",
            "Return the maximum string digits limit for non-binary int<->str conversions.",
            |_| {
                Ok(n(
                    taipan_objects::int_convert::MAX_STR_DIGITS.load(Ordering::Relaxed) as i64,
                ))
            },
        ),
        MethodDef::new(
            "set_int_max_str_digits($module, /, maxdigits)",
            "Set the maximum string digits limit for non-binary int<->str conversions.",
            set_int_max_str_digits,
        ),
        MethodDef::new(
            "_get_cpu_count_config($module, /)",
            "Private function for getting PyConfig.cpu_count",
            |_| Ok(n(-1)),
        ),
    ],
    init: None,
};

fn clear_type_descriptors(a: &[Value]) -> PyResult {
    let Some(ty) = taipan_objects::typeobject::as_type(a[0]) else {
        return err!(TypeError, "argument must be a type");
    };
    for name in ["__dict__", "__weakref__"] {
        let name = strings::intern_str(name);
        if !dict::get(ty.dict(), *name)?.is_null() {
            dict::delete(ty.dict(), *name)?;
        }
    }
    taipan_objects::type_ready::type_modified(ty);
    Ok(Ref::NONE)
}

/// `sys._jit`: there is none.
static JIT: ModuleDef = ModuleDef {
    name: "_jit",
    doc: "Utilities for observing just-in-time compilation.",
    functions: &[
        MethodDef::new(
            "is_available($module, /)",
            "Whether this Python executable supports JIT compilation.",
            |_| Ok(Ref::bool(false)),
        ),
        MethodDef::new(
            "is_enabled($module, /)",
            "Whether JIT compilation is enabled for the current Python process.",
            |_| Ok(Ref::bool(false)),
        ),
        MethodDef::new(
            "is_active($module, /)",
            "Whether the topmost Python frame is currently executing JIT code.",
            |_| Ok(Ref::bool(false)),
        ),
    ],
    init: None,
};
