//! The standard streams.

use crate::io::{open_with, text_wrapper};
use taipan_objects::err::PyResult;
use taipan_objects::names::names;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{dict, int, module, protocol, strings};
use taipan_runtime::{builtins, import, sys};

/// Encoding and error handling of the standard streams.
struct Settings {
    encoding: String,
    errors: String,
}

/// Whether the locale is the plain one, in which bytes that are no text pass through.
fn is_plain_locale() -> bool {
    let name = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .filter_map(|k| std::env::var(k).ok())
        .find(|v| !v.is_empty())
        .unwrap_or_else(|| "C".to_string());
    matches!(
        name.as_str(),
        "C" | "POSIX" | "C.UTF-8" | "C.utf8" | "UTF-8"
    )
}

fn settings() -> Settings {
    let c = sys::config();
    let errors = if c.utf8_mode || is_plain_locale() {
        "surrogateescape"
    } else {
        "strict"
    };
    let mut s = Settings {
        encoding: "utf-8".into(),
        errors: errors.into(),
    };
    if !c.ignore_environment
        && let Ok(v) = std::env::var("PYTHONIOENCODING")
        && !v.is_empty()
    {
        let (encoding, errors) = v.split_once(':').unwrap_or((&v, ""));
        if !encoding.is_empty() {
            s.encoding = encoding.into();
            // With an encoding of its own, errors are strict unless named.
            s.errors = "strict".into();
        }
        if !errors.is_empty() {
            s.errors = errors.into();
        }
    }
    s
}

fn is_open(fd: i32) -> bool {
    // SAFETY: a plain system call.
    unsafe { libc::fcntl(fd, libc::F_GETFD) >= 0 }
}

/// One stream, or None if its descriptor is closed.
fn stream(fd: i32, name: &str, s: &Settings) -> PyResult {
    if !is_open(fd) {
        return Ok(Ref::NONE);
    }
    let write = fd != 0;
    let buffered = !sys::config().unbuffered;
    let mode = if write { "wb" } else { "rb" };
    let buffering = if !buffered && write { 0 } else { -1 };
    let opened = open_with(
        *int::from_i64(fd as i64),
        mode,
        buffering,
        [Value::NONE; 3],
        false,
        Value::NONE,
    );
    let buffer = match opened {
        Ok(b) => b,
        // A folder as standard input, or a descriptor that is not usable: there is no stream.
        Err(_) if taipan_objects::err::clear_if(&taipan_objects::exceptions::OSError) => {
            return Ok(Ref::NONE);
        }
        Err(e) => return Err(e),
    };
    let raw = if buffering == 0 {
        buffer.clone()
    } else {
        protocol::getattr(*buffer, names().raw)?
    };
    protocol::setattr(*raw, names().name, *strings::intern_str(name))?;
    // SAFETY: a plain system call.
    let is_tty = unsafe { libc::isatty(fd) } == 1;
    let errors = if fd == 2 {
        "backslashreplace"
    } else {
        &s.errors
    };
    let t = text_wrapper(
        *buffer,
        &s.encoding,
        errors,
        "\n",
        buffered && (is_tty || fd == 2),
        !buffered,
    )?;
    protocol::setattr(
        *t,
        names().mode,
        *strings::intern_str(if write { "w" } else { "r" }),
    )?;
    Ok(t)
}

/// Makes `sys.stdin`, `sys.stdout`, `sys.stderr` and their `__names__`, and `open` as a builtin.
pub fn install() -> PyResult<()> {
    let Some(io) = import::native_module("_io")? else {
        return Ok(());
    };
    let open = dict::get(module::namespace(*io), names().open)?;
    dict::set_str(*builtins::namespace(), "open", open);
    let s = settings();
    let d = sys::namespace();
    for (fd, name) in [(0, "stdin"), (1, "stdout"), (2, "stderr")] {
        let t = stream(fd, &format!("<{name}>"), &s)?;
        dict::set_str(*d, name, *t);
        dict::set_str(*d, &format!("__{name}__"), *t);
    }
    Ok(())
}
