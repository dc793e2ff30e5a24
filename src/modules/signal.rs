//! `_signal`: handlers written in Python, run in the main thread between instructions.

use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use taipan_objects::err::PyResult;
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::vm::{self, Breaker, EVAL_BREAKER};
use taipan_objects::{err, exceptions, float, int, module, protocol, raised, set, strings, structseq, structseq_type, tuple};
use taipan_runtime::gil;

const NSIG: usize = 65;

structseq_type! {
    static SIGINFO_TYPE, SIGINFO = "signal.struct_siginfo", "struct_siginfo: Result from sigwaitinfo or sigtimedwait.", instantiable true, visible 7,
    fields ["si_signo", "si_code", "si_errno", "si_pid", "si_uid", "si_status", "si_band"],
    { 0 "si_signo" "signal number", 1 "si_code" "signal code", 2 "si_errno" "errno associated with this signal", 3 "si_pid" "sending process ID", 4 "si_uid" "real user ID of sending process", 5 "si_status" "exit value or signal", 6 "si_band" "band event for SIGPOLL" }
}

pub static MODULE: ModuleDef = ModuleDef {
    name: "_signal",
    doc: "Handling of signals.",
    functions: &[
        MethodDef::new("signal($module, signalnum, handler, /)", "Sets what is to happen when a signal arrives.", signal),
        MethodDef::new("getsignal($module, signalnum, /)", "What happens when a signal arrives.", |a| {
            let n = number(a[0])?;
            let h = HANDLERS.0[n].get_ref();
            Ok(if h.is_null() { Ref::NONE } else { h })
        }),
        MethodDef::new("default_int_handler($module, signalnum, frame, /)", "Raises KeyboardInterrupt.", |_| {
            Err(taipan_objects::err::raise_with(&exceptions::KeyboardInterrupt, &[]))
        }),
        MethodDef::new("alarm($module, seconds, /)", "Asks for SIGALRM after some seconds.", |a| {
            let n = int::to_i32(a[0])?;
            // SAFETY: plain call.
            Ok(int::from_i64(unsafe { libc::alarm(n as libc::c_uint) } as i64))
        }),
        MethodDef::new("pause($module, /)", "Waits for a signal.", |_| {
            // SAFETY: plain call.
            vm::allow_threads(|| unsafe { libc::pause() });
            vm::check_signals()?;
            Ok(Ref::NONE)
        }),
        MethodDef::new("raise_signal($module, signalnum, /)", "Sends a signal to this process.", |a| {
            let n = int::to_i32(a[0])?;
            // SAFETY: plain call.
            if unsafe { libc::raise(n) } != 0 {
                return Err(crate::posix::os_err());
            }
            vm::check_signals()?;
            Ok(Ref::NONE)
        }),
        MethodDef::new("set_wakeup_fd($module, fd, /, *, warn_on_full_buffer=True)", "Sets a descriptor that gets the numbers of signals.", set_wakeup),
        MethodDef::new("siginterrupt($module, signalnum, flag, /)", "Whether a signal interrupts system calls.", siginterrupt),
        MethodDef::new("setitimer($module, which, seconds, interval=0.0, /)", "Starts a timer.", setitimer),
        MethodDef::new("getitimer($module, which, /)", "What is left of a timer.", |a| {
            let which = int::to_i32(a[0])?;
            // SAFETY: plain data, filled by the call.
            let mut old: libc::itimerval = unsafe { std::mem::zeroed() };
            if unsafe { libc::getitimer(which as _, &mut old) } != 0 {
                return Err(itimer_error());
            }
            Ok(timer_pair(&old))
        }),
        MethodDef::new("pthread_kill($module, thread_id, signalnum, /)", "Sends a signal to a thread.", |a| {
            let (t, n) = (int::to_i64(a[0])?, int::to_i32(a[1])?);
            // SAFETY: the caller vouches for the thread's identifier, as with CPython.
            let e = unsafe { libc::pthread_kill(t as libc::pthread_t, n) };
            if e != 0 {
                return Err(exceptions::os_error(e, None, None));
            }
            vm::check_signals()?;
            Ok(Ref::NONE)
        }),
        MethodDef::new("pthread_sigmask($module, how, mask, /)", "Changes the calling thread's mask of signals.", sigmask),
        MethodDef::new("sigpending($module, /)", "Signals that wait to be let through.", |_| {
            // SAFETY: plain data, filled by the call.
            let mut s: libc::sigset_t = unsafe { std::mem::zeroed() };
            unsafe { libc::sigpending(&mut s) };
            set_value(&s)
        }),
        MethodDef::new("sigwait($module, sigset, /)", "Waits for one of some signals.", |a| {
            let s = set_of(a[0])?;
            let mut n = 0;
            let (p, q) = (&s as *const libc::sigset_t as usize, &mut n as *mut i32 as usize);
            // SAFETY: the set and the number outlive the call.
            let e = vm::allow_threads(|| unsafe { libc::sigwait(p as *const libc::sigset_t, q as *mut i32) });
            if e != 0 { Err(exceptions::os_error(e, None, None)) } else { Ok(int::from_i64(n as i64)) }
        }),
        #[cfg(target_os = "linux")]
        MethodDef::new("sigwaitinfo($module, sigset, /)", "Waits for one of some signals; gives what is known of it.", |a| wait_info(a[0], None)),
        #[cfg(target_os = "linux")]
        MethodDef::new("sigtimedwait($module, sigset, timeout, /)", "As sigwaitinfo(), with a time limit.", |a| {
            let t = protocol::to_f64(a[1])?;
            if t < 0.0 {
                return err!(ValueError, "timeout must be non-negative");
            }
            wait_info(a[0], Some(t))
        }),
        MethodDef::new("strsignal($module, signalnum, /)", "The system's text for a signal.", |a| {
            let n = number(a[0])?;
            // SAFETY: gives null or a C string, read at once.
            unsafe {
                let p = libc::strsignal(n as i32);
                if p.is_null() {
                    return Ok(Ref::NONE);
                }
                let t = std::ffi::CStr::from_ptr(p).to_string_lossy();
                if t.contains("Unknown signal") {
                    return Ok(Ref::NONE);
                }
                Ok(strings::new_str(&t))
            }
        }),
        MethodDef::new("valid_signals($module, /)", "All signals there are.", |_| {
            // SAFETY: plain data, filled by the call.
            let mut s: libc::sigset_t = unsafe { std::mem::zeroed() };
            unsafe { libc::sigfillset(&mut s) };
            set_value(&s)
        }),
    ],
    init: Some(init),
};

struct Handlers([Slot; NSIG]);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Handlers {}
static HANDLERS: Handlers = Handlers([const { Slot::null() }; NSIG]);
struct Error(Slot);
// SAFETY: as above.
unsafe impl Sync for Error {}
static ITIMER_ERROR: Error = Error(Slot::null());

static TRIPPED: [AtomicBool; NSIG] = [const { AtomicBool::new(false) }; NSIG];
static ANY: AtomicBool = AtomicBool::new(false);
static WAKEUP_FD: AtomicI32 = AtomicI32::new(-1);

/// Notes that a signal has arrived. Safe in signal handlers.
pub fn trip(n: i32) {
    if let Some(t) = TRIPPED.get(n as usize) {
        t.store(true, Ordering::SeqCst);
        ANY.store(true, Ordering::SeqCst);
        EVAL_BREAKER.fetch_or(Breaker::SIGNAL, Ordering::SeqCst);
    }
}

extern "C" fn on_signal(n: libc::c_int) {
    let errno = std::io::Error::last_os_error().raw_os_error().unwrap_or(0);
    trip(n);
    let fd = WAKEUP_FD.load(Ordering::SeqCst);
    if fd >= 0 {
        let b = n as u8;
        // SAFETY: write is allowed in signal handlers.
        unsafe { libc::write(fd, &b as *const u8 as *const libc::c_void, 1) };
    }
    gil::set_errno(errno);
}

/// Runs the handlers of signals that have arrived, in the main thread only.
fn run_handlers() -> PyResult<()> {
    if !gil::is_main_thread() {
        // The main thread sets the bit again when it takes the lock.
        EVAL_BREAKER.fetch_and(!Breaker::SIGNAL, Ordering::SeqCst);
        return Ok(());
    }
    EVAL_BREAKER.fetch_and(!Breaker::SIGNAL, Ordering::SeqCst);
    if !ANY.swap(false, Ordering::SeqCst) {
        return Ok(());
    }
    for n in 1..NSIG {
        if !TRIPPED[n].swap(false, Ordering::SeqCst) {
            continue;
        }
        let h = HANDLERS.0[n].get_ref();
        if h.is_none_or_null() || h.is_small_int() {
            continue;
        }
        let f = vm::vm().frame.get();
        // SAFETY: the running frame.
        let frame = if f.is_null() { Ref::NONE } else { taipan_runtime::frame_object::of(unsafe { &*f }) };
        if let Err(e) = protocol::call(*h, &[*int::from_i64(n as i64), *frame]) {
            // The others come at the next check.
            ANY.store(true, Ordering::SeqCst);
            EVAL_BREAKER.fetch_or(Breaker::SIGNAL, Ordering::SeqCst);
            return Err(e);
        }
    }
    Ok(())
}
fn main_resumed() {
    if ANY.load(Ordering::SeqCst) {
        EVAL_BREAKER.fetch_or(Breaker::SIGNAL, Ordering::SeqCst);
    }
}

/// In the child of a fork: signals sent to the parent are not ours.
pub fn after_fork_child() {
    for t in &TRIPPED {
        t.store(false, Ordering::SeqCst);
    }
    ANY.store(false, Ordering::SeqCst);
}

fn number(v: Value) -> PyResult<usize> {
    let n = int::to_i64(v)?;
    if n < 1 || n >= NSIG as i64 {
        return err!(ValueError, "signal number out of range");
    }
    Ok(n as usize)
}

fn set_action(n: i32, handler: libc::sighandler_t, flags: i32) -> bool {
    // SAFETY: the handler is SIG_DFL, SIG_IGN or a function that does only what is allowed there.
    unsafe {
        let mut a: libc::sigaction = std::mem::zeroed();
        a.sa_sigaction = handler;
        libc::sigemptyset(&mut a.sa_mask);
        a.sa_flags = flags | libc::SA_ONSTACK;
        libc::sigaction(n, &a, std::ptr::null_mut()) == 0
    }
}
fn own_handler() -> libc::sighandler_t {
    let f: extern "C" fn(libc::c_int) = on_signal;
    f as libc::sighandler_t
}

fn signal(a: &[Value]) -> PyResult {
    if !gil::is_main_thread() {
        return err!(ValueError, "signal only works in main thread of the main interpreter");
    }
    let n = number(a[0])?;
    let handler = if int::is_int(a[1]) {
        match int::to_i64(a[1])? {
            0 => libc::SIG_DFL,
            1 => libc::SIG_IGN,
            _ => return err!(TypeError, "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object"),
        }
    } else if a[1].ty().slots().call.is_some() {
        own_handler()
    } else {
        return err!(TypeError, "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object");
    };
    vm::check_signals()?;
    if !set_action(n as i32, handler, 0) {
        return Err(crate::posix::os_err());
    }
    let old = HANDLERS.0[n].replace(match handler {
        libc::SIG_DFL => int::from_i64(0),
        libc::SIG_IGN => int::from_i64(1),
        _ => a[1].to_ref(),
    });
    Ok(if old.is_null() { Ref::NONE } else { old })
}

fn set_wakeup(a: &[Value]) -> PyResult {
    if !gil::is_main_thread() {
        return err!(ValueError, "set_wakeup_fd only works in main thread of the main interpreter");
    }
    let fd = int::to_i32(a[0])?;
    if fd != -1 {
        // SAFETY: plain calls.
        unsafe {
            let flags = libc::fcntl(fd, libc::F_GETFL);
            if flags < 0 {
                return Err(crate::posix::os_err());
            }
            if flags & libc::O_NONBLOCK == 0 {
                return err!(ValueError, "the fd {fd} must be in non-blocking mode");
            }
        }
    }
    Ok(int::from_i64(WAKEUP_FD.swap(fd, Ordering::SeqCst) as i64))
}

fn siginterrupt(a: &[Value]) -> PyResult {
    let (n, interrupt) = (number(a[0])?, int::to_i64(a[1])? != 0);
    // SAFETY: the action is read and written back.
    unsafe {
        let mut act: libc::sigaction = std::mem::zeroed();
        if libc::sigaction(n as i32, std::ptr::null(), &mut act) != 0 {
            return Err(crate::posix::os_err());
        }
        if interrupt {
            act.sa_flags &= !libc::SA_RESTART;
        } else {
            act.sa_flags |= libc::SA_RESTART;
        }
        if libc::sigaction(n as i32, &act, std::ptr::null_mut()) != 0 {
            return Err(crate::posix::os_err());
        }
    }
    Ok(Ref::NONE)
}

fn itimer_error() -> taipan_objects::err::Raised {
    let e = crate::posix::errno();
    let ty = ITIMER_ERROR.0.get_ref();
    match taipan_objects::typeobject::as_type(*ty) {
        Some(t) => taipan_objects::err::raise_with(t, &[*int::from_i64(e as i64), *exceptions::error_text(e)]),
        None => raised!(OSError, "timer"),
    }
}
fn timer_pair(t: &libc::itimerval) -> Ref {
    let f = |t: libc::timeval| float::from_f64(t.tv_sec as f64 + t.tv_usec as f64 * 1e-6);
    tuple::of([f(t.it_value), f(t.it_interval)])
}
fn timeval(v: Value) -> PyResult<libc::timeval> {
    let f = if v.is_null() { 0.0 } else { protocol::to_f64(v)? };
    let us = (f * 1e6).ceil() as i64;
    Ok(libc::timeval { tv_sec: us.div_euclid(1_000_000) as _, tv_usec: us.rem_euclid(1_000_000) as _ })
}
fn setitimer(a: &[Value]) -> PyResult {
    let which = int::to_i32(a[0])?;
    let new = libc::itimerval { it_value: timeval(a[1])?, it_interval: timeval(a[2])? };
    // SAFETY: plain data, filled by the call.
    let mut old: libc::itimerval = unsafe { std::mem::zeroed() };
    if unsafe { libc::setitimer(which as _, &new, &mut old) } != 0 {
        return Err(itimer_error());
    }
    Ok(timer_pair(&old))
}

/// A set of signals from an iterable.
pub fn set_of(v: Value) -> PyResult<libc::sigset_t> {
    // SAFETY: plain data, emptied by the call.
    let mut s: libc::sigset_t = unsafe { std::mem::zeroed() };
    unsafe { libc::sigemptyset(&mut s) };
    for n in protocol::to_vec(v)? {
        let i = int::to_i64(*n)?;
        if i < 1 || i >= NSIG as i64 {
            return err!(ValueError, "signal number {i} out of range [1; {}]", NSIG - 1);
        }
        // SAFETY: a valid number.
        unsafe { libc::sigaddset(&mut s, i as i32) };
    }
    Ok(s)
}
fn set_value(s: &libc::sigset_t) -> PyResult {
    let out = set::new_set();
    for i in 1..NSIG {
        // SAFETY: a valid number.
        if unsafe { libc::sigismember(s, i as i32) } == 1 {
            set::add(*out, *int::from_usize(i))?;
        }
    }
    Ok(out)
}
fn sigmask(a: &[Value]) -> PyResult {
    let how = int::to_i32(a[0])?;
    let s = set_of(a[1])?;
    // SAFETY: plain data, filled by the call.
    let mut old: libc::sigset_t = unsafe { std::mem::zeroed() };
    let e = unsafe { libc::pthread_sigmask(how, &s, &mut old) };
    if e != 0 {
        return Err(exceptions::os_error(e, None, None));
    }
    vm::check_signals()?;
    set_value(&old)
}

#[cfg(target_os = "linux")]
fn wait_info(v: Value, limit: Option<f64>) -> PyResult {
    let s = set_of(v)?;
    // SAFETY: plain data, filled by the call.
    let mut si: libc::siginfo_t = unsafe { std::mem::zeroed() };
    let end = limit.map(|l| std::time::Instant::now() + std::time::Duration::from_secs_f64(l));
    loop {
        let left = end.map(|e| e.saturating_duration_since(std::time::Instant::now()));
        let t = left.map(|l| libc::timespec { tv_sec: l.as_secs() as _, tv_nsec: l.subsec_nanos() as _ });
        let (p, q) = (&s as *const libc::sigset_t as usize, &mut si as *mut libc::siginfo_t as usize);
        let tp = t.as_ref().map_or(0, |t| t as *const libc::timespec as usize);
        // SAFETY: everything pointed to outlives the call.
        let r = vm::allow_threads(|| unsafe {
            libc::sigtimedwait(p as *const libc::sigset_t, q as *mut libc::siginfo_t, tp as *const libc::timespec)
        });
        if r == -1 {
            match crate::posix::errno() {
                libc::EAGAIN => return Ok(Ref::NONE),
                libc::EINTR => {
                    vm::check_signals()?;
                    continue;
                }
                _ => return Err(crate::posix::os_err()),
            }
        }
        let n = |i: i64| int::from_i64(i);
        // SAFETY: fields that every signal has here.
        let (pid, uid, status) = unsafe { (si.si_pid(), si.si_uid(), si.si_status()) };
        return Ok(structseq::new(
            &SIGINFO_TYPE,
            vec![n(si.si_signo as i64), n(si.si_code as i64), n(si.si_errno as i64), n(pid as i64), n(uid as i64), n(status as i64), n(0)],
        ));
    }
}

fn init(m: Value) -> PyResult<()> {
    structseq::ready(&SIGINFO_TYPE, &SIGINFO);
    module::add_type(m, &SIGINFO_TYPE);
    for (n, v) in CONSTANTS {
        module::add(m, n, int::from_i64(*v));
    }
    let error = taipan_objects::protocol::call(
        taipan_objects::types::TYPE_TYPE.value(),
        &[*strings::new_str("itimer_error"), *tuple::of([exceptions::OSError.to_ref()]), *taipan_objects::dict::new_dict()],
    )?;
    protocol::setattr_str(*error, "__module__", *strings::intern_str("signal"))?;
    ITIMER_ERROR.0.set(error.clone());
    module::add(m, "ItimerError", error);
    let f: fn() -> PyResult<()> = run_handlers;
    taipan_runtime::eval::SIGNAL_HANDLER.store(f as *mut (), Ordering::SeqCst);
    let f: fn() = main_resumed;
    gil::MAIN_RESUMED.store(f as *mut (), Ordering::SeqCst);
    for n in 1..NSIG {
        // SAFETY: only reads the action.
        let current = unsafe {
            let mut act: libc::sigaction = std::mem::zeroed();
            if libc::sigaction(n as i32, std::ptr::null(), &mut act) == 0 { act.sa_sigaction } else { libc::SIG_DFL }
        };
        HANDLERS.0[n].set(match current {
            libc::SIG_DFL => int::from_i64(0),
            libc::SIG_IGN => int::from_i64(1),
            _ => Ref::NONE,
        });
    }
    let h = taipan_objects::dict::get_str(module::namespace(m), "default_int_handler").to_ref();
    if HANDLERS.0[libc::SIGINT as usize].get().as_small_int() == Some(0) && set_action(libc::SIGINT, own_handler(), 0) {
        HANDLERS.0[libc::SIGINT as usize].set(h);
    }
    Ok(())
}

/// Name and value.
const CONSTANTS: &[(&str, i64)] = &[
    ("ITIMER_PROF", libc::ITIMER_PROF as i64),
    ("ITIMER_REAL", libc::ITIMER_REAL as i64),
    ("ITIMER_VIRTUAL", libc::ITIMER_VIRTUAL as i64),
    ("NSIG", 65),
    ("SIGABRT", libc::SIGABRT as i64),
    ("SIGALRM", libc::SIGALRM as i64),
    ("SIGBUS", libc::SIGBUS as i64),
    ("SIGCHLD", libc::SIGCHLD as i64),
    ("SIGCLD", 17),
    ("SIGCONT", libc::SIGCONT as i64),
    ("SIGFPE", libc::SIGFPE as i64),
    ("SIGHUP", libc::SIGHUP as i64),
    ("SIGILL", libc::SIGILL as i64),
    ("SIGINT", libc::SIGINT as i64),
    ("SIGIO", libc::SIGIO as i64),
    ("SIGIOT", libc::SIGIOT as i64),
    ("SIGKILL", libc::SIGKILL as i64),
    ("SIGPIPE", libc::SIGPIPE as i64),
    ("SIGPOLL", libc::SIGPOLL as i64),
    ("SIGPROF", libc::SIGPROF as i64),
    ("SIGPWR", libc::SIGPWR as i64),
    ("SIGQUIT", libc::SIGQUIT as i64),
    ("SIGRTMAX", 64),
    ("SIGRTMIN", 34),
    ("SIGSEGV", libc::SIGSEGV as i64),
    ("SIGSTKFLT", libc::SIGSTKFLT as i64),
    ("SIGSTOP", libc::SIGSTOP as i64),
    ("SIGSYS", libc::SIGSYS as i64),
    ("SIGTERM", libc::SIGTERM as i64),
    ("SIGTRAP", libc::SIGTRAP as i64),
    ("SIGTSTP", libc::SIGTSTP as i64),
    ("SIGTTIN", libc::SIGTTIN as i64),
    ("SIGTTOU", libc::SIGTTOU as i64),
    ("SIGURG", libc::SIGURG as i64),
    ("SIGUSR1", libc::SIGUSR1 as i64),
    ("SIGUSR2", libc::SIGUSR2 as i64),
    ("SIGVTALRM", libc::SIGVTALRM as i64),
    ("SIGWINCH", libc::SIGWINCH as i64),
    ("SIGXCPU", libc::SIGXCPU as i64),
    ("SIGXFSZ", libc::SIGXFSZ as i64),
    ("SIG_BLOCK", libc::SIG_BLOCK as i64),
    ("SIG_DFL", libc::SIG_DFL as i64),
    ("SIG_IGN", libc::SIG_IGN as i64),
    ("SIG_SETMASK", libc::SIG_SETMASK as i64),
    ("SIG_UNBLOCK", libc::SIG_UNBLOCK as i64),
];
