//! `faulthandler`: tracebacks on demand and on fatal signals.

use crate::posix::fd_arg;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, Ordering};
use taipan_objects::err::PyResult;
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::value::{Ref, Value};
use taipan_objects::vm::{ThreadState, vm};
use taipan_objects::{err, int, protocol, strings};
use taipan_runtime::gil;

pub static MODULE: ModuleDef = ModuleDef {
    name: "faulthandler",
    doc: "faulthandler module.",
    functions: &[
        MethodDef::new("enable($module, /, file=sys.stderr, all_threads=True)", "Prints a traceback when the process dies of a fatal signal.", |a| {
            let fd = file_fd(a[0])?;
            FD.store(fd, Ordering::SeqCst);
            if !ENABLED.swap(true, Ordering::SeqCst) {
                for (n, _) in FATAL {
                    set(*n, own());
                }
            }
            Ok(Ref::NONE)
        }),
        MethodDef::new("disable($module, /)", "Undoes enable(); whether it had been called.", |_| {
            let was = ENABLED.swap(false, Ordering::SeqCst);
            if was {
                for (n, _) in FATAL {
                    set(*n, libc::SIG_DFL);
                }
            }
            Ok(Ref::bool(was))
        }),
        MethodDef::new("is_enabled($module, /)", "Whether enable() has been called.", |_| Ok(Ref::bool(ENABLED.load(Ordering::SeqCst)))),
        MethodDef::new("dump_traceback($module, /, file=sys.stderr, all_threads=True)", "Prints the tracebacks of the threads.", |a| {
            let fd = file_fd(a[0])?;
            let all = a[1].is_null() || protocol::is_true(a[1])?;
            if !all {
                write(fd, "Stack (most recent call first):\n");
                dump(fd, vm());
                return Ok(Ref::NONE);
            }
            dump_all(fd);
            Ok(Ref::NONE)
        }),
        MethodDef::new(
            "dump_traceback_later($module, /, timeout, repeat=False, file=sys.stderr, exit=False)",
            "Prints the tracebacks of all threads after some time.",
            later,
        ),
        MethodDef::new("cancel_dump_traceback_later($module, /)", "Undoes dump_traceback_later().", |_| {
            LATER.fetch_add(1, Ordering::SeqCst);
            Ok(Ref::NONE)
        }),
        MethodDef::new(
            "register($module, /, signum, file=sys.stderr, all_threads=True, chain=False)",
            "Prints the tracebacks of the threads when a signal arrives.",
            |a| {
                let n = signal_number(a[0])?;
                let fd = file_fd(a[1])?;
                USER_FD[n].store(fd, Ordering::SeqCst);
                let f: extern "C" fn(libc::c_int) = on_user;
                set(n as libc::c_int, f as libc::sighandler_t);
                Ok(Ref::NONE)
            },
        ),
        MethodDef::new("unregister($module, signum, /)", "Undoes register(); whether it had been called.", |a| {
            let n = signal_number(a[0])?;
            let was = USER_FD[n].swap(-1, Ordering::SeqCst) >= 0;
            if was {
                set(n as libc::c_int, libc::SIG_DFL);
            }
            Ok(Ref::bool(was))
        }),
        MethodDef::new("_read_null($module, /)", "", |_| raise(libc::SIGSEGV)),
        MethodDef::new("_sigsegv($module, release_gil=False, /)", "", |_| raise(libc::SIGSEGV)),
        MethodDef::new("_sigabrt($module, /)", "", |_| raise(libc::SIGABRT)),
        MethodDef::new("_sigfpe($module, /)", "", |_| raise(libc::SIGFPE)),
    ],
    init: None,
};

/// Descriptors for the signals of `register`; -1: not registered.
static USER_FD: [AtomicI32; 65] = [const { AtomicI32::new(-1) }; 65];
/// Counts calls of `dump_traceback_later` and its undoing.
static LATER: AtomicU64 = AtomicU64::new(0);

fn signal_number(v: Value) -> PyResult<usize> {
    let n = int::to_i64(v)?;
    if FATAL.iter().any(|(f, _)| *f as i64 == n) {
        return err!(RuntimeError, "signal {n} cannot be registered, use enable() instead");
    }
    if !(1..65).contains(&n) {
        return err!(ValueError, "signal number out of range");
    }
    Ok(n as usize)
}
extern "C" fn on_user(n: libc::c_int) {
    let fd = USER_FD[n as usize].load(Ordering::SeqCst);
    if fd >= 0 {
        dump_all(fd);
    }
}
/// All threads, whether or not they run: as right as can be from a signal handler or a watching thread.
fn dump_all(fd: i32) {
    let current = taipan_objects::vm::is_attached();
    for (i, t) in gil::all_threads().iter().rev().enumerate() {
        let is_current = current && taipan_objects::vm::is_attached() && std::ptr::eq(*t, vm());
        let sep = if i > 0 { "\n" } else { "" };
        let word = if is_current { "Current thread" } else { "Thread" };
        write(fd, &format!("{sep}{word} 0x{:016x} (most recent call first):\n", t.ident.get()));
        dump(fd, t);
    }
}
fn later(a: &[Value]) -> PyResult {
    let seconds = protocol::to_f64(a[0])?;
    if seconds <= 0.0 || seconds.is_nan() {
        return err!(ValueError, "timeout must be greater than 0");
    }
    let repeat = !a[1].is_null() && protocol::is_true(a[1])?;
    let fd = file_fd(a[2])?;
    let exit = !a[3].is_null() && protocol::is_true(a[3])?;
    let mine = LATER.fetch_add(1, Ordering::SeqCst) + 1;
    let limit = std::time::Duration::from_secs_f64(seconds.min(4e9));
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(limit);
            if LATER.load(Ordering::SeqCst) != mine {
                return;
            }
            let s = limit.as_secs();
            let us = limit.subsec_micros();
            let fraction = if us > 0 { format!(".{us:06}") } else { String::new() };
            write(fd, &format!("Timeout ({}:{:02}:{:02}{fraction})!\n", s / 3600, s / 60 % 60, s % 60));
            dump_all(fd);
            if exit {
                // SAFETY: does not return.
                unsafe { libc::_exit(1) };
            }
            if !repeat {
                return;
            }
        }
    });
    Ok(Ref::NONE)
}

static ENABLED: AtomicBool = AtomicBool::new(false);
static FD: AtomicI32 = AtomicI32::new(2);
const FATAL: &[(libc::c_int, &str)] = &[
    (libc::SIGSEGV, "Segmentation fault"),
    (libc::SIGFPE, "Floating-point exception"),
    (libc::SIGABRT, "Aborted"),
    (libc::SIGBUS, "Bus error"),
    (libc::SIGILL, "Illegal instruction"),
];

fn raise(n: libc::c_int) -> PyResult {
    // SAFETY: plain call.
    unsafe { libc::raise(n) };
    Ok(Ref::NONE)
}
fn own() -> libc::sighandler_t {
    let f: extern "C" fn(libc::c_int) = on_fatal;
    f as libc::sighandler_t
}
fn set(n: libc::c_int, h: libc::sighandler_t) {
    // SAFETY: SIG_DFL or a handler that ends the process.
    unsafe {
        let mut a: libc::sigaction = std::mem::zeroed();
        a.sa_sigaction = h;
        libc::sigemptyset(&mut a.sa_mask);
        a.sa_flags = libc::SA_ONSTACK | libc::SA_NODEFER;
        libc::sigaction(n, &a, std::ptr::null_mut());
    }
}

extern "C" fn on_fatal(n: libc::c_int) {
    set(n, libc::SIG_DFL);
    let fd = FD.load(Ordering::SeqCst);
    let name = FATAL.iter().find(|(s, _)| *s == n).map_or("?", |(_, t)| t);
    write(fd, &format!("Fatal Python error: {name}\n\n"));
    if taipan_objects::vm::is_attached() {
        write(fd, &format!("Current thread 0x{:016x} (most recent call first):\n", gil::ident()));
        dump(fd, vm());
    }
    // SAFETY: ends the process by the signal itself.
    unsafe { libc::raise(n) };
}

fn write(fd: i32, text: &str) {
    // SAFETY: text of the given length.
    unsafe { libc::write(fd, text.as_ptr() as *const libc::c_void, text.len()) };
}

fn dump(fd: i32, t: &ThreadState) {
    let mut f = t.frame.get();
    let mut n = 0;
    if f.is_null() {
        write(fd, "  <no Python frame>\n");
    }
    while !f.is_null() {
        if n == 100 {
            write(fd, "  ...\n");
            return;
        }
        n += 1;
        // SAFETY: frames in the chain are alive while their callees run.
        let fr = unsafe { &*f };
        let c = fr.code();
        let line = c.code.line((fr.lasti().max(0) / 2) as usize).unwrap_or(0);
        write(fd, &format!("  File \"{}\", line {line} in {}\n", strings::expect(c.filename.get()), strings::expect(*c.name)));
        f = fr.previous.get();
    }
}

fn file_fd(v: Value) -> PyResult<i32> {
    let file = if v.is_none_or_null() { taipan_runtime::sys::get("stderr") } else { v.to_ref() };
    if file.is_none_or_null() {
        return err!(RuntimeError, "unable to get sys.stderr");
    }
    if taipan_objects::int::is_int(*file) {
        return fd_arg(*file);
    }
    let fd = protocol::call_method_str(*file, "fileno", &[])?;
    let fd = fd_arg(*fd)?;
    protocol::call_method_str(*file, "flush", &[])?;
    Ok(fd)
}
