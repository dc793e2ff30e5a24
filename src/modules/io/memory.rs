//! A lock for streams that are used while the interpreter's lock is not held, and memory shared with raw streams.

use std::cell::Cell;
use std::sync::{Condvar, Mutex};
use std::time::Duration;
use taipan_objects::err::PyResult;
use taipan_objects::value::Value;
use taipan_objects::vm::{allow_threads, vm};
use taipan_objects::{err, protocol};

/// Who uses a buffer just now: the address of a thread's state; 0: nobody.
pub(super) struct Owner(Cell<usize>);

static RELEASED: (Mutex<()>, Condvar) = (Mutex::new(()), Condvar::new());
static WAITING: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);

impl Owner {
    pub(super) const fn new() -> Owner {
        Owner(Cell::new(0))
    }
    fn me() -> usize {
        vm() as *const _ as usize
    }
    /// Waits until nobody else uses the buffer. RuntimeError if this thread does already.
    #[inline]
    pub(super) fn enter(&self, shown: Value) -> PyResult<()> {
        let me = Owner::me();
        if self.0.get() == 0 {
            self.0.set(me);
            return Ok(());
        }
        self.enter_slow(shown, me)
    }
    #[cold]
    fn enter_slow(&self, shown: Value, me: usize) -> PyResult<()> {
        use std::sync::atomic::Ordering;
        if self.0.get() == me {
            return err!(RuntimeError, "reentrant call inside {}", protocol::repr_text(shown)?);
        }
        WAITING.fetch_add(1, Ordering::SeqCst);
        while self.0.get() != 0 {
            allow_threads(|| {
                let guard = RELEASED.0.lock().unwrap_or_else(|e| e.into_inner());
                drop(RELEASED.1.wait_timeout(guard, Duration::from_millis(2)));
            });
        }
        WAITING.fetch_sub(1, Ordering::SeqCst);
        self.0.set(me);
        Ok(())
    }
    #[inline]
    pub(super) fn leave(&self) {
        self.0.set(0);
        if WAITING.load(std::sync::atomic::Ordering::Relaxed) > 0 {
            RELEASED.1.notify_all();
        }
    }
}
