//! The global interpreter lock and the states of threads.
//!
//! Invariant: the thread whose state is `vm::vm()` holds the lock. While there is only one thread the lock is not given up at all.

use std::cell::{Cell, UnsafeCell};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::Duration;
use taipan_objects::vm::{self, Breaker, EVAL_BREAKER, ThreadState};

/// Nanoseconds after which a waiting thread asks the running one to step back (`sys.setswitchinterval`).
pub static SWITCH_INTERVAL_NS: AtomicU64 = AtomicU64::new(5_000_000);

struct Gil {
    locked: bool,
    /// Counts hand-overs.
    switches: u64,
    waiters: u32,
}
static GIL: Mutex<Gil> = Mutex::new(Gil {
    locked: true,
    switches: 0,
    waiters: 0,
});
static FREE: Condvar = Condvar::new();
static SWITCHED: Condvar = Condvar::new();
/// Threads that exist or are being started, the main one included.
static THREADS: AtomicU32 = AtomicU32::new(1);
static MAIN: AtomicPtr<ThreadState> = AtomicPtr::new(std::ptr::null_mut());
/// Set at the interpreter's end: other threads get the lock no more.
static CLOSED: AtomicBool = AtomicBool::new(false);
/// Called when the main thread takes the lock again, to look for signals.
pub static MAIN_RESUMED: AtomicPtr<()> = AtomicPtr::new(std::ptr::null_mut());

struct All(UnsafeCell<Vec<*mut ThreadState>>);
// SAFETY: used only under the lock.
unsafe impl Sync for All {}
static ALL: All = All(UnsafeCell::new(Vec::new()));

thread_local! {
    static MINE: Cell<*mut ThreadState> = const { Cell::new(std::ptr::null_mut()) };
}

fn gil() -> MutexGuard<'static, Gil> {
    GIL.lock().unwrap_or_else(|e| e.into_inner())
}

/// Identifier of the calling thread.
pub fn ident() -> u64 {
    // SAFETY: always succeeds.
    unsafe { libc::pthread_self() as u64 }
}

/// Enters the main thread's state, which is current already.
pub fn attach_main(ts: *mut ThreadState) {
    // SAFETY: the state lives for ever.
    unsafe {
        (*ts).ident.set(ident());
        (*ALL.0.get()).push(ts);
    }
    MAIN.store(ts, Ordering::Relaxed);
    MINE.with(|m| m.set(ts));
    let f: fn() = yield_now;
    crate::eval::GIL_YIELD.store(f as *mut (), Ordering::Relaxed);
    vm::set_blocking_hooks(&BLOCKING);
}

/// Whether the caller is the main thread.
pub fn is_main_thread() -> bool {
    MINE.with(|m| m.get()) == MAIN.load(Ordering::Relaxed)
}
/// The main thread's identifier.
pub fn main_ident() -> u64 {
    let m = MAIN.load(Ordering::Relaxed);
    // SAFETY: the main thread's state lives for ever.
    if m.is_null() {
        0
    } else {
        unsafe { (*m).ident.get() }
    }
}

/// States of all attached threads; to be used under the lock and not kept.
pub fn all_threads() -> Vec<&'static ThreadState> {
    // SAFETY: states in the list are alive, under the lock.
    unsafe { (*ALL.0.get()).iter().map(|p| &**p).collect() }
}

fn park_for_ever() -> ! {
    loop {
        std::thread::sleep(Duration::from_secs(3600));
    }
}

fn take(ts: *mut ThreadState) {
    let mut g = gil();
    if CLOSED.load(Ordering::Relaxed) && ts != MAIN.load(Ordering::Relaxed) {
        drop(g);
        park_for_ever();
    }
    g.waiters += 1;
    while g.locked {
        let before = g.switches;
        let wait = Duration::from_nanos(SWITCH_INTERVAL_NS.load(Ordering::Relaxed).max(1000));
        let (g2, timeout) = FREE
            .wait_timeout(g, wait)
            .unwrap_or_else(|e| e.into_inner());
        g = g2;
        if timeout.timed_out() && g.locked && g.switches == before {
            EVAL_BREAKER.fetch_or(Breaker::GIL_DROP, Ordering::Relaxed);
        }
    }
    g.waiters -= 1;
    if CLOSED.load(Ordering::Relaxed) && ts != MAIN.load(Ordering::Relaxed) {
        drop(g);
        FREE.notify_all();
        park_for_ever();
    }
    g.locked = true;
    g.switches += 1;
    vm::set_current(ts);
    drop(g);
    SWITCHED.notify_all();
    if ts == MAIN.load(Ordering::Relaxed) {
        let f = MAIN_RESUMED.load(Ordering::Relaxed);
        if !f.is_null() {
            // SAFETY: only functions of this type are stored.
            let f: fn() = unsafe { std::mem::transmute(f) };
            f();
        }
    }
}

fn give_up() {
    let mut g = gil();
    vm::set_current(std::ptr::null_mut());
    g.locked = false;
    drop(g);
    FREE.notify_one();
}

/// Gives another thread its turn, if one waits.
pub fn yield_now() {
    if THREADS.load(Ordering::Relaxed) == 1 {
        return;
    }
    let ts = MINE.with(|m| m.get());
    {
        let mut g = gil();
        if g.waiters == 0 {
            return;
        }
        vm::set_current(std::ptr::null_mut());
        g.locked = false;
        let before = g.switches;
        FREE.notify_one();
        // The waiter must have had it before this thread asks again.
        while g.switches == before && g.waiters > 0 {
            g = SWITCHED
                .wait_timeout(g, Duration::from_millis(50))
                .unwrap_or_else(|e| e.into_inner())
                .0;
        }
    }
    take(ts);
}

pub use taipan_objects::vm::allow_threads;

static BLOCKING: vm::BlockingHooks = vm::BlockingHooks {
    release,
    acquire,
    check_signals,
};

fn release() -> *mut ThreadState {
    if THREADS.load(Ordering::Relaxed) == 1 {
        return std::ptr::null_mut();
    }
    let ts = MINE.with(|m| m.get());
    give_up();
    ts
}
fn acquire(ts: *mut ThreadState) {
    if ts.is_null() {
        return;
    }
    let errno = std::io::Error::last_os_error().raw_os_error().unwrap_or(0);
    take(ts);
    set_errno(errno);
}
fn check_signals() -> taipan_objects::err::PyResult<()> {
    if EVAL_BREAKER.load(Ordering::Relaxed) & Breaker::SIGNAL == 0 || !is_main_thread() {
        return Ok(());
    }
    crate::eval::handle_breaker()
}

/// Sets the calling thread's `errno`.
pub fn set_errno(e: i32) {
    // SAFETY: the location belongs to the thread.
    unsafe {
        #[cfg(target_os = "linux")]
        {
            *libc::__errno_location() = e;
        }
        #[cfg(target_os = "macos")]
        {
            *libc::__error() = e;
        }
    }
}

/// Starts a thread that runs `body` with the lock held and a state of its own. `stack`: bytes of native stack.
pub fn spawn(stack: usize, body: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    THREADS.fetch_add(1, Ordering::SeqCst);
    let started = std::thread::Builder::new()
        .stack_size(stack)
        .spawn(move || {
            let ts = Box::into_raw(Box::new(ThreadState::new()));
            MINE.with(|m| m.set(ts));
            // SAFETY: made above, ours until the end of this function.
            let state = unsafe { &*ts };
            state.ident.set(ident());
            crate::eval::set_native_limit(state);
            take(ts);
            // SAFETY: under the lock, as is all below.
            unsafe { (*ALL.0.get()).push(ts) };
            if crate::eval::attach_stack(state, Some(1 << 23)).is_ok() {
                body();
                crate::eval::detach_stack(state);
            } else {
                eprintln!("taipan: cannot reserve memory for a thread's stack");
            }
            drop(state.take_pending());
            drop(state.context.take());
            drop(state.asyncgen_firstiter.take());
            drop(state.asyncgen_finalizer.take());
            drop(state.async_exc.take());
            unsafe {
                (*ALL.0.get()).retain(|p| *p != ts);
                drop(Box::from_raw(ts));
            }
            THREADS.fetch_sub(1, Ordering::SeqCst);
            give_up();
        });
    match started {
        Ok(_) => Ok(()),
        Err(e) => {
            THREADS.fetch_sub(1, Ordering::SeqCst);
            Err(e)
        }
    }
}

/// Threads that exist beside the main one.
pub fn other_threads() -> u32 {
    THREADS.load(Ordering::Relaxed) - 1
}

/// From now on only the main thread runs.
pub fn close() {
    CLOSED.store(true, Ordering::Relaxed);
}

/// `fork`, so that the child has one thread, which holds the lock.
pub fn fork() -> libc::pid_t {
    let mut g = gil();
    // SAFETY: the child goes on with this thread only, and the lock's own mutex is ours in both.
    let pid = unsafe { libc::fork() };
    if pid == 0 {
        g.waiters = 0;
        g.locked = true;
        let ts = MINE.with(|m| m.get());
        MAIN.store(ts, Ordering::Relaxed);
        THREADS.store(1, Ordering::SeqCst);
        // SAFETY: no other thread is left; the states of those that were are never used again.
        unsafe {
            (*ALL.0.get()).retain(|p| *p == ts);
            (*ts).ident.set(ident());
        }
    }
    drop(g);
    pid
}

/// A lock that threads can wait for with a time limit, and that any thread can release.
pub struct RawLock {
    locked: AtomicBool,
    waiters: AtomicU32,
    mutex: Mutex<()>,
    free: Condvar,
}

/// What became of waiting for a lock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Acquired {
    Yes,
    No,
    /// A signal handler raised.
    Interrupted,
}

impl RawLock {
    pub const fn new() -> RawLock {
        RawLock {
            locked: AtomicBool::new(false),
            waiters: AtomicU32::new(0),
            mutex: Mutex::new(()),
            free: Condvar::new(),
        }
    }
    #[inline]
    pub fn try_acquire(&self) -> bool {
        self.locked
            .compare_exchange(false, true, Ordering::SeqCst, Ordering::SeqCst)
            .is_ok()
    }
    pub fn is_locked(&self) -> bool {
        self.locked.load(Ordering::SeqCst)
    }
    /// Waits up to `limit` (`None`: for ever), without the interpreter lock; handlers of signals run meanwhile.
    pub fn acquire(&self, limit: Option<Duration>) -> Acquired {
        if self.try_acquire() {
            return Acquired::Yes;
        }
        let end = limit.map(|l| std::time::Instant::now() + l);
        let main = is_main_thread();
        loop {
            let left = end.map(|e| e.saturating_duration_since(std::time::Instant::now()));
            // The main thread looks up now and then, as signals do not end the wait.
            let slice = match (main, left) {
                (true, Some(l)) => Some(l.min(Duration::from_millis(20))),
                (true, None) => Some(Duration::from_millis(20)),
                (false, l) => l,
            };
            if allow_threads(|| self.wait(slice)) {
                return Acquired::Yes;
            }
            if main
                && EVAL_BREAKER.load(Ordering::Relaxed) & Breaker::SIGNAL != 0
                && crate::eval::handle_breaker().is_err()
            {
                return Acquired::Interrupted;
            }
            if end.is_some_and(|e| std::time::Instant::now() >= e) {
                return Acquired::No;
            }
        }
    }
    /// One wait; whether the lock was taken.
    fn wait(&self, limit: Option<Duration>) -> bool {
        let end = limit.map(|l| std::time::Instant::now() + l);
        self.waiters.fetch_add(1, Ordering::SeqCst);
        let mut g = self.mutex.lock().unwrap_or_else(|e| e.into_inner());
        let got = loop {
            if self.try_acquire() {
                break true;
            }
            match end {
                None => g = self.free.wait(g).unwrap_or_else(|e| e.into_inner()),
                Some(e) => {
                    let left = e.saturating_duration_since(std::time::Instant::now());
                    if left.is_zero() {
                        break false;
                    }
                    g = self
                        .free
                        .wait_timeout(g, left)
                        .unwrap_or_else(|e| e.into_inner())
                        .0;
                }
            }
        };
        drop(g);
        self.waiters.fetch_sub(1, Ordering::SeqCst);
        got
    }
    pub fn release(&self) {
        self.locked.store(false, Ordering::SeqCst);
        if self.waiters.load(Ordering::SeqCst) > 0 {
            let _g = self.mutex.lock().unwrap_or_else(|e| e.into_inner());
            self.free.notify_one();
        }
    }
}
