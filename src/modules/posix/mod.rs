//! `posix`: the operating system's calls, under their own names.

mod at_fork;
mod constants;
mod directory;
mod fd;
mod files;
mod path;
mod process;
mod schedule;
mod stat;
mod terminal;
mod user;

pub use at_fork::{after_fork_child, after_fork_parent, before_fork};
pub use path::{PathArg, PathOptions, fs_bytes};

use taipan_objects::err::{PyResult, Raised};
use taipan_objects::native::ModuleDef;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{bytes, dict, err, exceptions, function, int, module, strings, tuple, vm};

pub static MODULE: ModuleDef = ModuleDef {
    name: "posix",
    doc: "Access to operating system functionality that is standardized by the C Standard and the POSIX standard.",
    functions: files::FUNCTIONS,
    init: Some(init),
};

fn init(m: Value) -> PyResult<()> {
    let d = module::namespace(m);
    let name = strings::intern_str("posix");
    for table in [
        path::FUNCTIONS,
        stat::FUNCTIONS,
        directory::FUNCTIONS,
        fd::FUNCTIONS,
        process::FUNCTIONS,
        user::FUNCTIONS,
        schedule::FUNCTIONS,
        terminal::FUNCTIONS,
        at_fork::FUNCTIONS,
    ] {
        for f in table {
            dict::set_str(d, f.name(), *function::new_builtin(f, m, *name));
        }
    }
    for (n, v) in constants::CONSTANTS {
        module::add(m, n, int::from_i64(*v));
    }
    for (n, table) in [
        ("sysconf_names", constants::SYSCONF),
        ("confstr_names", constants::CONFSTR),
        ("pathconf_names", constants::PATHCONF),
    ] {
        let t = dict::new_dict();
        for (k, v) in table {
            dict::set_str(*t, k, *int::from_i64(*v));
        }
        module::add(m, n, t);
    }
    let have = constants::HAVE_FUNCTIONS.iter().map(|t| strings::new_str(t)).collect();
    module::add(m, "_have_functions", taipan_objects::list::new_list(have));
    module::add(m, "error", exceptions::OSError.to_ref());
    module::add(m, "environ", environ()?);
    stat::init(m);
    directory::init(m);
    process::init(m);
    schedule::init(m);
    terminal::init(m);
    Ok(())
}

/// The environment as a dict of bytes.
fn environ() -> PyResult {
    use std::os::unix::ffi::OsStrExt;
    let d = dict::new_dict();
    for (k, v) in std::env::vars_os() {
        let (k, v) = (bytes::new_bytes(k.as_bytes()), bytes::new_bytes(v.as_bytes()));
        if !dict::contains(*d, *k)? {
            dict::set(*d, *k, *v)?;
        }
    }
    Ok(d)
}

/// The calling thread's `errno`.
pub fn errno() -> i32 {
    std::io::Error::last_os_error().raw_os_error().unwrap_or(0)
}

/// OSError for `errno`.
pub fn os_err() -> Raised {
    exceptions::os_error(errno(), None, None)
}

/// None, or OSError if the call gave -1.
pub fn check(r: libc::c_int) -> PyResult {
    if r == -1 { Err(os_err()) } else { Ok(Ref::NONE) }
}

/// Runs a call without the interpreter's lock, again after signals whose handlers do not raise.
pub fn retry<T: PartialEq + From<i8>>(mut f: impl FnMut() -> T) -> PyResult<T> {
    loop {
        let r = vm::allow_threads(&mut f);
        if r == T::from(-1) && errno() == libc::EINTR {
            vm::check_signals()?;
            continue;
        }
        return Ok(r);
    }
}

/// A file descriptor argument: an int, or an object with `fileno()`.
pub fn fd_arg(v: Value) -> PyResult<i32> {
    if let Some(i) = v.as_small_int() {
        return descriptor(i);
    }
    if v.is_bool() {
        taipan_objects::err::warn(&exceptions::RuntimeWarning, "bool is used as a file descriptor")?;
        return Ok(v.is(Value::TRUE) as i32);
    }
    if int::is_int(v) {
        return descriptor(int::to_i64(v)?);
    }
    let Some(f) = taipan_objects::protocol::getattr_opt(v, taipan_objects::names::names().fileno)? else {
        return err!(TypeError, "argument must be an int, or have a fileno() method.");
    };
    let r = taipan_objects::protocol::call(*f, &[])?;
    if !int::is_int(*r) {
        return err!(TypeError, "fileno() returned a non-integer");
    }
    let i = int::to_i64(*r)?;
    if i < 0 {
        return err!(ValueError, "file descriptor cannot be a negative integer ({i})");
    }
    descriptor(i)
}
fn descriptor(i: i64) -> PyResult<i32> {
    if i > i32::MAX as i64 {
        return err!(OverflowError, "signed integer is greater than maximum");
    }
    if i < i32::MIN as i64 {
        return err!(OverflowError, "signed integer is less than minimum");
    }
    Ok(i as i32)
}

/// An int argument as C `int`, with a default.
pub fn int_or(v: Value, default: i32) -> PyResult<i32> {
    if v.is_null() { Ok(default) } else { int::to_i32(v) }
}
/// A truth argument with a default.
pub fn bool_or(v: Value, default: bool) -> PyResult<bool> {
    if v.is_null() { Ok(default) } else { taipan_objects::protocol::is_true(v) }
}
/// A pair of ints.
pub fn pair(a: i64, b: i64) -> Ref {
    tuple::of([int::from_i64(a), int::from_i64(b)])
}
