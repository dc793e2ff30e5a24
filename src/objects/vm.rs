//! The state of the interpreter and of its threads.
//!
//! Invariant: everything here and in heap objects is touched only by the thread that holds the global interpreter lock;
//! `vm()` is that thread's state.

use crate::frame::Frame;
use crate::value::{Ref, Slot, Value};
use std::cell::Cell;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

/// What a thread or a generator is handling right now (`_PyErr_StackItem`).
pub struct ExcInfo {
    /// The exception; NULL or None if there is none.
    pub value: Slot,
    /// That of whoever resumed the generator.
    pub previous: Cell<*const ExcInfo>,
}

/// State of one thread.
pub struct ThreadState {
    /// The exception being raised; NULL if none.
    pending: Slot,
    /// The innermost record of exceptions being handled: the thread's own, or that of the running generator.
    pub exc_info: Cell<*const ExcInfo>,
    base_exc_info: ExcInfo,
    /// The value with which the iterator that last said "exhausted" returned, if it was not None: what `next()` puts into its StopIteration.
    pub stop_value: Slot,
    /// The running frame.
    pub frame: Cell<*mut Frame>,
    /// First free record of the frame array.
    pub frame_top: Cell<*mut Frame>,
    pub frame_limit: Cell<*mut Frame>,
    /// End of this thread's value stack.
    pub stack_limit: Cell<*mut Value>,
    pub stack_base: Cell<*mut Value>,
    /// Python-to-Python depth left before RecursionError.
    pub recursion_remaining: Cell<i32>,
    /// Lowest address of the native stack that code may still reach.
    pub native_stack_limit: Cell<usize>,
    /// Identifier as `threading.get_ident` gives it.
    pub ident: Cell<u64>,
    /// Nesting of calls through `repr` and the like, for cycles: objects in progress.
    pub repr_stack: std::cell::RefCell<Vec<u64>>,
    /// The current context of `contextvars`; NULL if none.
    pub context: Slot,
    /// Origin tracking and hooks of async generators.
    pub asyncgen_firstiter: Slot,
    pub asyncgen_finalizer: Slot,
    pub coroutine_origin_depth: Cell<i32>,
    /// Exception to be raised in this thread by another (`PyThreadState_SetAsyncExc`).
    pub async_exc: Slot,
    pub next: Cell<*mut ThreadState>,
}

/// Reasons to leave the fast path at the next check, as bits of `EVAL_BREAKER`.
pub struct Breaker;
impl Breaker {
    pub const GC: u32 = 1;
    pub const SIGNAL: u32 = 2;
    pub const GIL_DROP: u32 = 4;
    pub const PENDING_CALL: u32 = 8;
    pub const ASYNC_EXC: u32 = 16;
}

/// One word tested at back-edges and function entries; set from signal handlers and other threads.
pub static EVAL_BREAKER: AtomicU32 = AtomicU32::new(0);
static CURRENT: AtomicPtr<ThreadState> = AtomicPtr::new(std::ptr::null_mut());
/// `sys.setrecursionlimit`.
pub static RECURSION_LIMIT: AtomicU32 = AtomicU32::new(1000);

/// The running thread's state.
#[inline(always)]
pub fn vm() -> &'static ThreadState {
    let p = CURRENT.load(Ordering::Relaxed);
    debug_assert!(!p.is_null(), "no thread holds the interpreter");
    // SAFETY: set by the holder of the lock to a state that lives as long as its thread.
    unsafe { &*p }
}

/// Whether any thread state is current.
pub fn is_attached() -> bool {
    !CURRENT.load(Ordering::Relaxed).is_null()
}

/// Makes `ts` current: the caller has just taken the lock (or gives null, about to release it).
pub fn set_current(ts: *mut ThreadState) {
    CURRENT.store(ts, Ordering::Relaxed);
}

impl ThreadState {
    pub fn new() -> ThreadState {
        ThreadState {
            pending: Slot::null(),
            exc_info: Cell::new(std::ptr::null()),
            base_exc_info: ExcInfo {
                value: Slot::null(),
                previous: Cell::new(std::ptr::null()),
            },
            stop_value: Slot::null(),
            frame: Cell::new(std::ptr::null_mut()),
            frame_top: Cell::new(std::ptr::null_mut()),
            frame_limit: Cell::new(std::ptr::null_mut()),
            stack_limit: Cell::new(std::ptr::null_mut()),
            stack_base: Cell::new(std::ptr::null_mut()),
            recursion_remaining: Cell::new(RECURSION_LIMIT.load(Ordering::Relaxed) as i32),
            native_stack_limit: Cell::new(0),
            ident: Cell::new(0),
            repr_stack: Default::default(),
            context: Slot::null(),
            asyncgen_firstiter: Slot::null(),
            asyncgen_finalizer: Slot::null(),
            coroutine_origin_depth: Cell::new(0),
            async_exc: Slot::null(),
            next: Cell::new(std::ptr::null_mut()),
        }
    }
    /// The record of exceptions being handled that belongs to the running thread or generator.
    #[inline(always)]
    pub fn exc_info(&self) -> &ExcInfo {
        let p = self.exc_info.get();
        // SAFETY: a generator takes its record out of the chain before it goes away.
        if p.is_null() {
            &self.base_exc_info
        } else {
            unsafe { &*p }
        }
    }
    /// The exception being handled (`sys.exception()`), borrowed; NULL if none.
    pub fn handled(&self) -> Value {
        let mut info = self.exc_info();
        loop {
            let v = info.value.get();
            if !v.is_none_or_null() {
                return v;
            }
            if std::ptr::eq(info, &self.base_exc_info) {
                return Value::NULL;
            }
            let p = info.previous.get();
            // SAFETY: as in `exc_info`.
            info = if p.is_null() {
                &self.base_exc_info
            } else {
                unsafe { &*p }
            };
        }
    }
    /// StopIteration for an iterator that said "exhausted" just now, with the value it returned.
    pub fn raise_stop_iteration(&self) -> crate::err::Raised {
        let v = self.stop_value.take();
        if v.is_none_or_null() {
            return crate::err::raise_with(&crate::exceptions::StopIteration, &[]);
        }
        crate::err::raise_with(&crate::exceptions::StopIteration, &[*v])
    }
    /// The exception being raised, borrowed; NULL if none.
    #[inline(always)]
    pub fn pending(&self) -> Value {
        self.pending.get()
    }
    /// Takes the exception being raised; NULL if none.
    #[inline(always)]
    pub fn take_pending(&self) -> Ref {
        self.pending.take()
    }
    /// Sets the exception being raised, as it is (see `err::set_exception` for the context).
    #[inline(always)]
    pub fn set_pending(&self, exc: Ref) {
        self.pending.set(exc)
    }
    #[cold]
    pub fn request_gc(&self) {
        if crate::gc::GC.enabled.get() {
            EVAL_BREAKER.fetch_or(Breaker::GC, Ordering::Relaxed);
        }
    }
    /// Whether native code may recurse further; raises RecursionError if not. `what` completes "maximum recursion depth exceeded".
    #[inline]
    pub fn check_native_stack(&self, what: &str) -> crate::err::PyResult<()> {
        let here = 0u8;
        if (&here as *const u8 as usize) < self.native_stack_limit.get() {
            return crate::err!(RecursionError, "maximum recursion depth exceeded{what}");
        }
        Ok(())
    }
}

/// What the objects crate needs from the interpreter above it. Set once by the runtime.
pub struct Hooks {
    /// Calls a Python function object.
    pub call_function: fn(Value, &[Value], Value) -> crate::err::PyResult,
    /// Resumes a generator-like with a value.
    pub gen_send: fn(Value, Value) -> crate::err::PyResult<crate::typeobject::SendResult>,
    /// The `builtins` namespace, a dict.
    pub builtins: fn() -> Ref,
    /// The builtins namespace that goes with a globals dict.
    pub builtins_of: fn(Value) -> crate::err::PyResult,
    /// Reports an exception that nobody can receive (pending), with the object and a message.
    pub write_unraisable: fn(&str, Value),
    /// `warnings.warn(message, category, stacklevel)`.
    pub warn: fn(crate::typeobject::Type, &str, usize) -> crate::err::PyResult<()>,
    /// Imports a module by its dotted name and returns it (the leaf).
    pub import: fn(&str) -> crate::err::PyResult,
    /// Runs a collection of the given generation.
    pub collect: fn(usize) -> usize,
}

static HOOKS: AtomicPtr<Hooks> = AtomicPtr::new(std::ptr::null_mut());
/// Installs the hooks; `h` lives for ever.
pub fn set_hooks(h: &'static Hooks) {
    HOOKS.store(h as *const Hooks as *mut Hooks, Ordering::Release);
}
#[inline(always)]
pub fn hooks() -> &'static Hooks {
    // SAFETY: set at start-up, before any Python code runs.
    unsafe { &*HOOKS.load(Ordering::Relaxed) }
}
/// The hooks, if the runtime has installed them.
pub fn hooks_installed() -> bool {
    !HOOKS.load(Ordering::Relaxed).is_null()
}

/// How native code lets other threads run while it waits.
pub struct BlockingHooks {
    /// Gives up the interpreter's lock; the state to be made current again.
    pub release: fn() -> *mut ThreadState,
    pub acquire: fn(*mut ThreadState),
    /// Runs the Python handlers of signals that have arrived.
    pub check_signals: fn() -> crate::err::PyResult<()>,
}

static BLOCKING: AtomicPtr<BlockingHooks> = AtomicPtr::new(std::ptr::null_mut());
/// Installs the hooks; `h` lives for ever.
pub fn set_blocking_hooks(h: &'static BlockingHooks) {
    BLOCKING.store(
        h as *const BlockingHooks as *mut BlockingHooks,
        Ordering::Release,
    );
}
fn blocking() -> Option<&'static BlockingHooks> {
    // SAFETY: null, or set once to something that lives for ever.
    unsafe { BLOCKING.load(Ordering::Relaxed).as_ref() }
}

/// Runs `f` without the interpreter's lock: it must not touch Python objects.
pub fn allow_threads<R>(f: impl FnOnce() -> R) -> R {
    let Some(h) = blocking() else { return f() };
    let ts = (h.release)();
    let r = f();
    (h.acquire)(ts);
    r
}

/// Runs the handlers of signals that have arrived: to be called after EINTR.
pub fn check_signals() -> crate::err::PyResult<()> {
    match blocking() {
        Some(h) => (h.check_signals)(),
        None => Ok(()),
    }
}
