//! Running Rust tests against objects.

use crate::vm::{ThreadState, set_current};
use std::sync::Mutex;

static LOCK: Mutex<()> = Mutex::new(());

/// Runs `f` with everything initialised and this thread holding the interpreter; one such call at a time.
pub fn with_vm<R>(f: impl FnOnce() -> R) -> R {
    let _guard = LOCK.lock().unwrap_or_else(|e| e.into_inner());
    let ts: &'static ThreadState = Box::leak(Box::new(ThreadState::new()));
    set_current(ts as *const ThreadState as *mut ThreadState);
    crate::init();
    let r = f();
    assert!(ts.pending().is_null(), "an exception was left pending: {}", pending_text());
    r
}

/// Type and text of the pending exception, which is cleared.
pub fn pending_text() -> String {
    let e = crate::vm::vm().take_pending();
    if e.is_null() {
        return String::new();
    }
    let text = crate::protocol::str_text(*e).unwrap_or_default();
    format!("{}: {}", e.type_name(), text)
}
