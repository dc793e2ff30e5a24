//! `_thread`: locks, threads, thread-local objects.

use std::cell::{Cell, UnsafeCell};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use taipan_objects::err::{PyResult, Raised};
use taipan_objects::names::names;
use taipan_objects::native::{GetSetDef, MethodDef, ModuleDef};
use taipan_objects::object::{Header, alloc, new_object};
use taipan_objects::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::vm::{Breaker, EVAL_BREAKER};
use taipan_objects::{
    dict, err, exceptions, float, int, module, object_impl, protocol, strings, structseq, structseq_type, tuple,
};
use taipan_runtime::gil::{self, Acquired, RawLock};

pub static MODULE: ModuleDef = ModuleDef {
    name: "_thread",
    doc: "Primitive operations on threads.",
    functions: &[
        MethodDef::new("start_new_thread($module, function, args, kwargs={}, /)", "Starts a thread and returns its identifier.", start_new),
        MethodDef::new("start_new($module, function, args, kwargs={}, /)", "The same as start_new_thread().", start_new),
        MethodDef::new("start_joinable_thread($module, /, function, handle=None, daemon=True)", "Starts a thread; gives its handle.", start_joinable),
        MethodDef::new("daemon_threads_allowed($module, /)", "Whether daemon threads may be started.", |_| Ok(Ref::bool(true))),
        MethodDef::new("allocate_lock($module, /)", "A new lock.", |_| Ok(new_lock())),
        MethodDef::new("allocate($module, /)", "The same as allocate_lock().", |_| Ok(new_lock())),
        MethodDef::new("exit_thread($module, /)", "The same as exit().", |_| Err(exit())),
        MethodDef::new("exit($module, /)", "Ends the thread by raising SystemExit.", |_| Err(exit())),
        MethodDef::new("interrupt_main($module, signum=signal.SIGINT, /)", "Acts in the main thread as if the signal had arrived.", |a| {
            let n = if a[0].is_null() { libc::SIGINT } else { int::to_i32(a[0])? };
            if !(1..65).contains(&n) {
                return err!(ValueError, "signal number out of range");
            }
            crate::signal::trip(n);
            Ok(Ref::NONE)
        }),
        MethodDef::new("get_ident($module, /)", "The calling thread's identifier.", |_| Ok(int::from_u64(gil::ident()))),
        MethodDef::new("get_native_id($module, /)", "The calling thread's identifier as the system knows it.", |_| Ok(int::from_i64(native_id()))),
        MethodDef::new("_count($module, /)", "Number of running threads that this module started.", |_| Ok(int::from_i64(gil::other_threads() as i64))),
        MethodDef::new("stack_size($module, size=0, /)", "Sets the stack size of new threads and returns the former one.", stack_size),
        MethodDef::new("_excepthook($module, args, /)", "Reports an exception that ended a thread.", excepthook),
        MethodDef::new("_is_main_interpreter($module, /)", "", |_| Ok(Ref::bool(true))),
        MethodDef::new("_shutdown($module, /)", "Waits for all threads that are not daemons.", shutdown),
        MethodDef::new("_make_thread_handle($module, ident, /)", "A handle for a thread made elsewhere.", |a| {
            let ident = int::to_i64(a[0])? as u64;
            let h = Arc::new(Handle::new(RUNNING));
            h.ident.store(ident, Ordering::SeqCst);
            Ok(new_object(PyHandle { header: Header::new(&HANDLE_TYPE), handle: h }))
        }),
        MethodDef::new("_get_main_thread_ident($module, /)", "", |_| Ok(int::from_u64(gil::main_ident()))),
        MethodDef::new("set_name($module, /, name)", "Sets the calling thread's name as the system shows it.", set_name),
        MethodDef::new("_get_name($module, /)", "The calling thread's name as the system shows it.", get_name),
    ],
    init: Some(|m| {
        structseq::ready(&EXCEPT_HOOK_ARGS_TYPE, &EXCEPT_HOOK_ARGS);
        module::add_type(m, &LOCK_TYPE);
        module::add_type(m, &RLOCK_TYPE);
        module::add_type(m, &HANDLE_TYPE);
        module::add_type(m, &LOCAL_TYPE);
        module::add_type(m, &EXCEPT_HOOK_ARGS_TYPE);
        module::add(m, "LockType", LOCK_TYPE.to_ref());
        module::add(m, "error", exceptions::RuntimeError.to_ref());
        module::add(m, "TIMEOUT_MAX", float::from_f64(TIMEOUT_MAX));
        module::add(m, "_NAME_MAXLEN", int::from_i64(15));
        Ok(())
    }),
};

const TIMEOUT_MAX: f64 = 9223372036.0;

structseq_type! {
    static EXCEPT_HOOK_ARGS_TYPE, EXCEPT_HOOK_ARGS = "_thread._ExceptHookArgs", "Arguments of threading.excepthook.", instantiable true, visible 4,
    fields ["exc_type", "exc_value", "exc_traceback", "thread"],
    { 0 "exc_type" "Exception type", 1 "exc_value" "Exception value", 2 "exc_traceback" "Exception traceback", 3 "thread" "Thread" }
}

fn exit() -> Raised {
    taipan_objects::err::raise_with(&exceptions::SystemExit, &[])
}
#[cfg(target_os = "linux")]
fn native_id() -> i64 {
    // SAFETY: plain system call.
    unsafe { libc::syscall(libc::SYS_gettid) }
}
#[cfg(not(target_os = "linux"))]
fn native_id() -> i64 {
    gil::ident() as i64
}

static STACK_SIZE: AtomicUsize = AtomicUsize::new(0);
const DEFAULT_STACK: usize = 8 << 20;

fn stack_size(a: &[Value]) -> PyResult {
    let old = STACK_SIZE.load(Ordering::Relaxed);
    if !a[0].is_null() {
        let n = int::to_i64(a[0])?;
        if n < 0 {
            return err!(ValueError, "size must be 0 or a positive value");
        }
        if n != 0 && n < 32768 {
            return err!(ValueError, "size not valid: {n} bytes");
        }
        STACK_SIZE.store(n as usize, Ordering::Relaxed);
    }
    Ok(int::from_usize(old))
}
/// Small stacks get what native code needs beside the interpreter's own.
fn native_stack() -> usize {
    match STACK_SIZE.load(Ordering::Relaxed) {
        0 => DEFAULT_STACK,
        n => n.max(1 << 20),
    }
}

// ---------------------------------------------------------------- locks

/// A lock.
#[repr(C)]
struct PyLock {
    header: Header,
    lock: RawLock,
}
object_impl!(PyLock, LOCK_TYPE);

fn new_lock() -> Ref {
    new_object(PyLock { header: Header::new(&LOCK_TYPE), lock: RawLock::new() })
}
fn lock_of(v: &Value) -> &PyLock {
    // SAFETY: methods of the type get instances of it.
    unsafe { v.cast_unchecked::<PyLock>() }
}

/// `blocking` and `timeout` as a time limit: zero not to wait, `None` to wait for ever.
fn time_limit(blocking: Value, timeout: Value) -> PyResult<Option<Duration>> {
    let blocking = blocking.is_null() || protocol::is_true(blocking)?;
    let t = if timeout.is_null() { -1.0 } else { protocol::to_f64(timeout)? };
    if !blocking && t != -1.0 {
        return err!(ValueError, "can't specify a timeout for a non-blocking call");
    }
    if t < 0.0 && t != -1.0 {
        return err!(ValueError, "timeout value must be a non-negative number");
    }
    if t.is_nan() {
        return err!(ValueError, "Invalid value NaN (not a number)");
    }
    if !blocking {
        return Ok(Some(Duration::ZERO));
    }
    if t == -1.0 {
        return Ok(None);
    }
    if t > TIMEOUT_MAX {
        return err!(OverflowError, "timeout value is too large");
    }
    Ok(Some(Duration::from_secs_f64(t)))
}

fn take(lock: &RawLock, limit: Option<Duration>) -> PyResult<bool> {
    if lock.try_acquire() {
        return Ok(true);
    }
    if limit == Some(Duration::ZERO) {
        return Ok(false);
    }
    match lock.acquire(limit) {
        Acquired::Yes => Ok(true),
        Acquired::No => Ok(false),
        Acquired::Interrupted => Err(Raised::pending()),
    }
}

fn lock_acquire(a: &[Value]) -> PyResult {
    let l = lock_of(&a[0]);
    let limit = if a[1].is_null() && a[2].is_null() { None } else { time_limit(a[1], a[2])? };
    Ok(Ref::bool(take(&l.lock, limit)?))
}
fn lock_enter(a: &[Value]) -> PyResult {
    Ok(Ref::bool(take(&lock_of(&a[0]).lock, None)?))
}
fn lock_release(a: &[Value]) -> PyResult {
    let l = lock_of(&a[0]);
    if !l.lock.is_locked() {
        return err!(RuntimeError, "release unlocked lock");
    }
    l.lock.release();
    Ok(Ref::NONE)
}
fn lock_locked(a: &[Value]) -> PyResult {
    Ok(Ref::bool(lock_of(&a[0]).lock.is_locked()))
}
fn lock_repr(v: Value) -> PyResult {
    let state = if lock_of(&v).lock.is_locked() { "locked" } else { "unlocked" };
    Ok(strings::new_str(&format!("<{state} {} object at {:#x}>", v.ty().full_name(), v.id())))
}

static LOCK_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_thread.lock",
    doc: "A lock object is a synchronization primitive.",
    flags: TypeFlags::WEAKREFABLE,
    text_signature: "()",
    slots: Slots {
        repr: Some(lock_repr),
        new: Some(|_, args, kw| {
            if !args.is_empty() || !kw.is_null() {
                return err!(TypeError, "lock() takes no arguments");
            }
            Ok(new_lock())
        }),
        ..Slots::of::<PyLock>()
    },
    methods: &[
        MethodDef::new("acquire($self, /, blocking=True, timeout=-1)", "Takes the lock, waiting for it if asked to.", lock_acquire),
        MethodDef::new("acquire_lock($self, /, blocking=True, timeout=-1)", "The same as acquire().", lock_acquire),
        MethodDef::new("release($self, /)", "Gives the lock back.", lock_release),
        MethodDef::new("release_lock($self, /)", "The same as release().", lock_release),
        MethodDef::new("locked($self, /)", "Whether the lock is taken.", lock_locked),
        MethodDef::new("locked_lock($self, /)", "The same as locked().", lock_locked),
        MethodDef::new("__enter__($self, /)", "Takes the lock.", lock_enter),
        MethodDef::new("__exit__($self, /, *exc_info)", "Gives the lock back.", lock_release),
        MethodDef::new("_at_fork_reinit($self, /)", "", |a| {
            lock_of(&a[0]).lock.release();
            Ok(Ref::NONE)
        }),
    ],
    ..TypeSpec::of::<PyLock>()
});

/// A lock that its owner can take again.
#[repr(C)]
struct PyRLock {
    header: Header,
    lock: RawLock,
    owner: Cell<u64>,
    count: Cell<u64>,
}
object_impl!(PyRLock, RLOCK_TYPE);

fn rlock_of(v: &Value) -> &PyRLock {
    // SAFETY: methods of the type get instances of it.
    unsafe { v.cast_unchecked::<PyRLock>() }
}
fn rlock_take(l: &PyRLock, limit: Option<Duration>) -> PyResult {
    let me = gil::ident();
    if l.count.get() > 0 && l.owner.get() == me {
        l.count.set(l.count.get() + 1);
        return Ok(Ref::bool(true));
    }
    let got = take(&l.lock, limit)?;
    if got {
        l.owner.set(me);
        l.count.set(1);
    }
    Ok(Ref::bool(got))
}
fn rlock_release(a: &[Value]) -> PyResult {
    let l = rlock_of(&a[0]);
    if l.count.get() == 0 || l.owner.get() != gil::ident() {
        return err!(RuntimeError, "cannot release un-acquired lock");
    }
    l.count.set(l.count.get() - 1);
    if l.count.get() == 0 {
        l.owner.set(0);
        l.lock.release();
    }
    Ok(Ref::NONE)
}
fn rlock_repr(v: Value) -> PyResult {
    let l = rlock_of(&v);
    let state = if l.count.get() > 0 { "locked" } else { "unlocked" };
    Ok(strings::new_str(&format!(
        "<{state} {} object owner={} count={} at {:#x}>",
        v.ty().full_name(),
        l.owner.get(),
        l.count.get(),
        v.id()
    )))
}

static RLOCK_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_thread.RLock",
    doc: "A lock that the thread holding it may take again.",
    flags: TypeFlags::BASETYPE | TypeFlags::WEAKREFABLE,
    slots: Slots {
        repr: Some(rlock_repr),
        new: Some(|ty, args, kw| {
            if !args.is_empty() || !kw.is_null() {
                return err!(TypeError, "RLock() takes no arguments");
            }
            Ok(alloc(ty, PyRLock { header: Header::new(ty), lock: RawLock::new(), owner: Cell::new(0), count: Cell::new(0) }))
        }),
        ..Slots::of::<PyRLock>()
    },
    methods: &[
        MethodDef::new("acquire($self, /, blocking=True, timeout=-1)", "Takes the lock, waiting for it if asked to.", |a| {
            let limit = time_limit(a[1], a[2])?;
            rlock_take(rlock_of(&a[0]), limit)
        }),
        MethodDef::new("release($self, /)", "Gives the lock back.", rlock_release),
        MethodDef::new("locked($self, /)", "Whether the lock is taken.", |a| Ok(Ref::bool(rlock_of(&a[0]).count.get() > 0))),
        MethodDef::new("__enter__($self, /)", "Takes the lock.", |a| rlock_take(rlock_of(&a[0]), None)),
        MethodDef::new("__exit__($self, /, *exc_info)", "Gives the lock back.", rlock_release),
        MethodDef::new("_is_owned($self, /)", "For condition variables.", |a| {
            let l = rlock_of(&a[0]);
            Ok(Ref::bool(l.count.get() > 0 && l.owner.get() == gil::ident()))
        }),
        MethodDef::new("_recursion_count($self, /)", "For condition variables.", |a| {
            let l = rlock_of(&a[0]);
            Ok(int::from_u64(if l.owner.get() == gil::ident() { l.count.get() } else { 0 }))
        }),
        MethodDef::new("_acquire_restore($self, state, /)", "For condition variables.", |a| {
            if !tuple::is_tuple(a[1]) || tuple::as_slice(a[1]).len() != 2 {
                return err!(TypeError, "_acquire_restore() argument 1 must be 2-item tuple");
            }
            let (count, owner) = (int::to_i64(tuple::as_slice(a[1])[0])?, int::to_i64(tuple::as_slice(a[1])[1])?);
            let l = rlock_of(&a[0]);
            take(&l.lock, None)?;
            l.owner.set(owner as u64);
            l.count.set(count as u64);
            Ok(Ref::NONE)
        }),
        MethodDef::new("_release_save($self, /)", "For condition variables.", |a| {
            let l = rlock_of(&a[0]);
            if l.count.get() == 0 {
                return err!(RuntimeError, "cannot release un-acquired lock");
            }
            let state = tuple::of([int::from_u64(l.count.get()), int::from_i64(l.owner.get() as i64)]);
            l.count.set(0);
            l.owner.set(0);
            l.lock.release();
            Ok(state)
        }),
        MethodDef::new("_at_fork_reinit($self, /)", "", |a| {
            let l = rlock_of(&a[0]);
            l.count.set(0);
            l.owner.set(0);
            l.lock.release();
            Ok(Ref::NONE)
        }),
    ],
    ..TypeSpec::of::<PyRLock>()
});

// ---------------------------------------------------------------- threads

const NOT_STARTED: u8 = 0;
const STARTING: u8 = 1;
const RUNNING: u8 = 2;
const DONE: u8 = 3;

/// What a thread and the objects that stand for it share.
struct Handle {
    state: AtomicU8,
    ident: AtomicU64,
    /// Held until the thread ends.
    alive: RawLock,
    daemon: std::sync::atomic::AtomicBool,
}
impl Handle {
    fn new(state: u8) -> Handle {
        let h = Handle {
            state: AtomicU8::new(state),
            ident: AtomicU64::new(0),
            alive: RawLock::new(),
            daemon: std::sync::atomic::AtomicBool::new(true),
        };
        h.alive.try_acquire();
        h
    }
    fn finish(&self) {
        self.state.store(DONE, Ordering::SeqCst);
        self.alive.release();
    }
}

#[repr(C)]
struct PyHandle {
    header: Header,
    handle: Arc<Handle>,
}
object_impl!(PyHandle, HANDLE_TYPE);

fn handle_of(v: &Value) -> &PyHandle {
    // SAFETY: methods of the type get instances of it.
    unsafe { v.cast_unchecked::<PyHandle>() }
}

struct Started(UnsafeCell<Vec<Arc<Handle>>>);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Started {}
/// Threads to wait for at the end.
static STARTED: Started = Started(UnsafeCell::new(Vec::new()));

fn join(h: &Arc<Handle>, limit: Option<Duration>) -> PyResult<bool> {
    match h.state.load(Ordering::SeqCst) {
        NOT_STARTED => return err!(RuntimeError, "thread not started"),
        DONE => return Ok(true),
        _ => {}
    }
    if h.ident.load(Ordering::SeqCst) == gil::ident() {
        return err!(RuntimeError, "Cannot join current thread");
    }
    if taipan_runtime::lifecycle::is_finalizing() && h.daemon.load(Ordering::Relaxed) {
        return err!(PythonFinalizationError, "cannot join daemon thread at interpreter shutdown");
    }
    if take(&h.alive, limit)? {
        // Others may wait as well.
        h.alive.release();
    }
    Ok(h.state.load(Ordering::SeqCst) == DONE)
}

static HANDLE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_thread._ThreadHandle",
    doc: "",
    slots: Slots {
        repr: Some(|v| {
            let i = handle_of(&v).handle.ident.load(Ordering::SeqCst);
            Ok(strings::new_str(&format!("<{} object: ident={i}>", v.ty().full_name())))
        }),
        new: Some(|_, args, kw| {
            if !args.is_empty() || !kw.is_null() {
                return err!(TypeError, "_ThreadHandle() takes no arguments");
            }
            Ok(new_object(PyHandle { header: Header::new(&HANDLE_TYPE), handle: Arc::new(Handle::new(NOT_STARTED)) }))
        }),
        ..Slots::of::<PyHandle>()
    },
    getset: &[GetSetDef::ro("ident", "", |v| {
        let i = handle_of(&v).handle.ident.load(Ordering::SeqCst);
        Ok(if i == 0 { Ref::NONE } else { int::from_u64(i) })
    })],
    methods: &[
        MethodDef::new("join($self, timeout=None, /)", "Waits for the thread to end.", |a| {
            let limit = if a[1].is_none_or_null() {
                None
            } else {
                let t = protocol::to_f64(a[1])?;
                if t < 0.0 { None } else { Some(Duration::from_secs_f64(t.min(TIMEOUT_MAX))) }
            };
            let h = handle_of(&a[0]).handle.clone();
            join(&h, limit)?;
            Ok(Ref::NONE)
        }),
        MethodDef::new("_set_done($self, /)", "", |a| {
            let h = &handle_of(&a[0]).handle;
            if h.state.load(Ordering::SeqCst) < RUNNING {
                return err!(RuntimeError, "thread not started");
            }
            h.finish();
            Ok(Ref::NONE)
        }),
        MethodDef::new("is_done($self, /)", "Whether the thread has ended.", |a| {
            Ok(Ref::bool(handle_of(&a[0]).handle.state.load(Ordering::SeqCst) == DONE))
        }),
    ],
    ..TypeSpec::of::<PyHandle>()
});

fn launch(h: Arc<Handle>, f: Ref, args: Ref, kwargs: Ref) -> PyResult<()> {
    if taipan_runtime::lifecycle::is_finalizing() {
        return err!(PythonFinalizationError, "can't create new thread at interpreter shutdown");
    }
    h.state.store(STARTING, Ordering::SeqCst);
    let shared = h.clone();
    let ready = Arc::new(RawLock::new());
    ready.try_acquire();
    let signal = ready.clone();
    let started = gil::spawn(native_stack(), move || {
        shared.ident.store(gil::ident(), Ordering::SeqCst);
        let _ = shared.state.compare_exchange(STARTING, RUNNING, Ordering::SeqCst, Ordering::SeqCst);
        signal.release();
        let r = protocol::call_tuple_dict(*f, *args, *kwargs);
        if r.is_err() && !taipan_objects::err::clear_if(&exceptions::SystemExit) {
            taipan_runtime::sys::write_unraisable("Exception ignored in thread started by", *f);
        }
        drop((r, f, args, kwargs));
        forget_thread_locals();
        shared.finish();
    });
    if started.is_err() {
        h.state.store(NOT_STARTED, Ordering::SeqCst);
        return err!(RuntimeError, "can't start new thread");
    }
    // The identifier is known before this returns.
    while ready.acquire(None) == Acquired::Interrupted {}
    Ok(())
}

fn start_new(a: &[Value]) -> PyResult {
    if a[0].ty().slots().call.is_none() {
        return err!(TypeError, "first arg must be callable");
    }
    if !tuple::is_tuple(a[1]) {
        return err!(TypeError, "2nd arg must be a tuple");
    }
    if !a[2].is_null() && !dict::is_dict(a[2]) {
        return err!(TypeError, "optional 3rd arg must be a dictionary");
    }
    let h = Arc::new(Handle::new(NOT_STARTED));
    launch(h.clone(), a[0].to_ref(), a[1].to_ref(), a[2].to_ref())?;
    Ok(int::from_u64(h.ident.load(Ordering::SeqCst)))
}

fn start_joinable(a: &[Value]) -> PyResult {
    if a[0].ty().slots().call.is_none() {
        return err!(TypeError, "thread function must be callable");
    }
    let daemon = a[2].is_null() || protocol::is_true(a[2])?;
    let object = if a[1].is_none_or_null() {
        new_object(PyHandle { header: Header::new(&HANDLE_TYPE), handle: Arc::new(Handle::new(NOT_STARTED)) })
    } else if a[1].is_exact::<PyHandle>() {
        a[1].to_ref()
    } else {
        return err!(TypeError, "'handle' must be a _ThreadHandle");
    };
    let h = handle_of(&object).handle.clone();
    if h.state.load(Ordering::SeqCst) != NOT_STARTED {
        return err!(RuntimeError, "thread already started");
    }
    h.daemon.store(daemon, Ordering::Relaxed);
    launch(h.clone(), a[0].to_ref(), tuple::empty(), Ref::NULL)?;
    if !daemon {
        // SAFETY: under the lock.
        let all = unsafe { &mut *STARTED.0.get() };
        all.retain(|t| t.state.load(Ordering::SeqCst) != DONE);
        all.push(h);
    }
    Ok(object)
}

fn shutdown(_: &[Value]) -> PyResult {
    loop {
        let me = gil::ident();
        // SAFETY: under the lock, not kept across the wait.
        let next = unsafe {
            let all = &mut *STARTED.0.get();
            all.retain(|t| t.state.load(Ordering::SeqCst) != DONE);
            all.iter().find(|t| t.ident.load(Ordering::SeqCst) != me).cloned()
        };
        match next {
            Some(t) => {
                join(&t, None)?;
            }
            None => return Ok(Ref::NONE),
        }
    }
}

/// In the child of a fork: the other threads are gone.
pub fn after_fork_child() {
    let me = gil::ident();
    // SAFETY: under the lock.
    let all = unsafe { &mut *STARTED.0.get() };
    for t in all.drain(..) {
        if t.ident.load(Ordering::SeqCst) != me {
            t.finish();
        }
    }
}

fn excepthook(a: &[Value]) -> PyResult {
    if !a[0].ty().is(&EXCEPT_HOOK_ARGS_TYPE) {
        return err!(TypeError, "_thread.excepthook argument type must be ExceptHookArgs");
    }
    let t = tuple::as_slice(a[0]);
    let (ty, value, tb, thread) = (t[0].to_ref(), t[1].to_ref(), t[2].to_ref(), t[3].to_ref());
    if ty.is(exceptions::SystemExit.value()) {
        return Ok(Ref::NONE);
    }
    let mut file = taipan_runtime::sys::get("stderr");
    if file.is_none_or_null() {
        if thread.is_none() {
            return Ok(Ref::NONE);
        }
        file = protocol::getattr_str(*thread, "_stderr")?;
        if file.is_none() {
            return Ok(Ref::NONE);
        }
    }
    let name = if thread.is_none() {
        None
    } else {
        protocol::getattr_opt(*thread, names().name)?.map(|n| protocol::str_text(*n)).transpose()?
    };
    let name = name.unwrap_or_else(|| gil::ident().to_string());
    protocol::call_method(*file, names().write, &[*strings::new_str(&format!("Exception in thread {name}:\n"))])?;
    let m = taipan_runtime::import::import_module("traceback")?;
    let f = protocol::getattr_str(*m, "print_exception")?;
    let kw = tuple::of([strings::intern_str("file")]);
    protocol::call_kw(*f, &[*ty, *value, *tb, *file], *kw)?;
    protocol::call_method(*file, names().flush, &[])?;
    Ok(Ref::NONE)
}

fn set_name(a: &[Value]) -> PyResult {
    let name = strings::to_text(a[0], "set_name() argument 'name'")?;
    let mut bytes = name.into_bytes();
    bytes.truncate(15);
    while std::str::from_utf8(&bytes).is_err() {
        bytes.pop();
    }
    bytes.retain(|b| *b != 0);
    bytes.push(0);
    // SAFETY: a NUL-terminated name.
    unsafe {
        #[cfg(target_os = "linux")]
        libc::pthread_setname_np(libc::pthread_self(), bytes.as_ptr() as *const libc::c_char);
        #[cfg(target_os = "macos")]
        libc::pthread_setname_np(bytes.as_ptr() as *const libc::c_char);
    }
    Ok(Ref::NONE)
}
fn get_name(_: &[Value]) -> PyResult {
    let mut buf = [0u8; 64];
    // SAFETY: the buffer is ours and its length is given.
    unsafe { libc::pthread_getname_np(libc::pthread_self(), buf.as_mut_ptr() as *mut libc::c_char, buf.len()) };
    let n = buf.iter().position(|b| *b == 0).unwrap_or(0);
    Ok(taipan_objects::codecs::fs_decode(&buf[..n]))
}

/// Raises an exception in another thread (`PyThreadState_SetAsyncExc`); whether it was found.
pub fn raise_in(ident: u64, exc: Value) -> bool {
    for t in gil::all_threads() {
        if t.ident.get() == ident {
            t.async_exc.set(exc.to_ref());
            EVAL_BREAKER.fetch_or(Breaker::ASYNC_EXC, Ordering::Relaxed);
            return true;
        }
    }
    false
}

// ---------------------------------------------------------------- thread-local objects

/// An object whose attributes each thread has for itself.
#[repr(C)]
struct PyLocal {
    header: Header,
    /// The dict of the thread that used the object last, for the generic functions.
    current: Slot,
    owner: Cell<u64>,
    args: Slot,
    kwnames: Slot,
    dicts: UnsafeCell<HashMap<u64, Ref>>,
}
object_impl!(
    PyLocal,
    LOCAL_TYPE,
    |this, visit| {
        visit(this.current.get());
        visit(this.args.get());
        visit(this.kwnames.get());
        // SAFETY: not kept across anything that may run Python code.
        for d in unsafe { &*this.dicts.get() }.values() {
            visit(**d);
        }
    },
    |this| {
        drop(this.current.take());
        this.owner.set(0);
        drop(this.args.take());
        // SAFETY: as above.
        drop(std::mem::take(unsafe { &mut *this.dicts.get() }));
    }
);
impl Drop for PyLocal {
    fn drop(&mut self) {
        let me = self as *const PyLocal;
        // SAFETY: under the lock.
        unsafe { (*LOCALS.0.get()).retain(|p| *p != me) };
    }
}
struct Locals(UnsafeCell<Vec<*const PyLocal>>);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Locals {}
/// All live thread-local objects.
static LOCALS: Locals = Locals(UnsafeCell::new(Vec::new()));

/// Drops what the ending thread has in thread-local objects.
fn forget_thread_locals() {
    let me = gil::ident();
    let mut dead = Vec::new();
    // SAFETY: under the lock; the dicts die after the loop.
    unsafe {
        for p in &*LOCALS.0.get() {
            let l = &**p;
            if let Some(d) = (*l.dicts.get()).remove(&me) {
                dead.push(d);
            }
            if l.owner.get() == me {
                l.owner.set(0);
                dead.push(l.current.take());
            }
        }
    }
}

fn local_of(v: &Value) -> &PyLocal {
    // SAFETY: slots of the type get instances of it.
    unsafe { v.cast_unchecked::<PyLocal>() }
}

/// Puts the calling thread's dict into place, making it (with `__init__`) on first use.
fn attach(v: Value) -> PyResult<()> {
    let l = local_of(&v);
    let me = gil::ident();
    if l.owner.get() == me && !l.current.is_null() {
        return Ok(());
    }
    // SAFETY: not kept across anything that may run Python code.
    let known = unsafe { &*l.dicts.get() }.get(&me).cloned();
    match known {
        Some(d) => {
            l.owner.set(me);
            l.current.set(d);
        }
        None => {
            let d = dict::new_dict();
            unsafe { &mut *l.dicts.get() }.insert(me, d.clone());
            l.owner.set(me);
            l.current.set(d);
            let init = v.ty().slots().init;
            let plain = taipan_objects::types::OBJECT_TYPE.slots().init;
            if let Some(f) = init
                && plain.is_none_or(|p| p as usize != f as usize)
            {
                let args = l.args.get_ref();
                let kwnames = l.kwnames.get_ref();
                if let Err(e) = f(v, tuple::as_slice(*args), *kwnames) {
                    let d = unsafe { &mut *l.dicts.get() }.remove(&me);
                    l.owner.set(0);
                    drop(d);
                    return Err(e);
                }
                return attach(v);
            }
        }
    }
    Ok(())
}

fn local_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    let plain = taipan_objects::types::OBJECT_TYPE.slots().init;
    let own_init = ty.slots().init.is_some_and(|f| plain.is_none_or(|p| p as usize != f as usize));
    if !own_init && !args.is_empty() {
        return err!(TypeError, "Initialization arguments are not supported");
    }
    let me = gil::ident();
    let d = dict::new_dict();
    let r = alloc(
        ty,
        PyLocal {
            header: Header::new(ty),
            current: Slot::new(d.clone()),
            owner: Cell::new(me),
            args: Slot::new(tuple::from_values(args)),
            kwnames: Slot::new(kwnames.to_ref()),
            dicts: UnsafeCell::new(HashMap::from([(me, d)])),
        },
    );
    // SAFETY: under the lock; the object takes itself out when it dies.
    unsafe { (*LOCALS.0.get()).push(local_of(&r) as *const PyLocal) };
    Ok(r)
}
fn local_getattr(v: Value, name: Value) -> PyResult {
    attach(v)?;
    if name.is(names().__dict__) {
        return Ok(local_of(&v).current.get_ref());
    }
    protocol::generic_getattr(v, name)
}
fn local_setattr(v: Value, name: Value, value: Value) -> PyResult<()> {
    attach(v)?;
    if name.is(names().__dict__) {
        return err!(AttributeError, "'{}' object attribute '__dict__' is read-only", v.type_name());
    }
    protocol::generic_setattr(v, name, value)
}

static LOCAL_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_thread._local",
    doc: "Thread-local data.",
    flags: TypeFlags::HAVE_GC | TypeFlags::BASETYPE | TypeFlags::WEAKREFABLE,
    text_signature: "()",
    slots: Slots {
        new: Some(local_new),
        getattro: Some(local_getattr),
        setattro: Some(local_setattr),
        ..Slots::of::<PyLocal>()
    },
    dict_offset: std::mem::offset_of!(PyLocal, current),
    ..TypeSpec::of::<PyLocal>()
});
