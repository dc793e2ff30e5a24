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
    assert!(
        ts.pending().is_null(),
        "an exception was left pending: {}",
        pending_text()
    );
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::names;
    use crate::typeobject::as_type;
    use crate::{dict, int, protocol, strings, tuple, types};

    #[test]
    fn classes_are_made() {
        with_vm(|| {
            let ns = dict::new_dict();
            dict::set_str(*ns, "x", *int::from_i64(5));
            dict::set_str(*ns, "__module__", *strings::new_str("m"));
            let f = protocol::call(
                types::TYPE_TYPE.value(),
                &[*strings::new_str("A"), *tuple::empty(), *ns],
            );
            let a = f.unwrap_or_else(|_| panic!("{}", pending_text()));
            assert_eq!(protocol::repr_text(*a).unwrap(), "<class 'm.A'>");
            let o = protocol::call(*a, &[]).unwrap_or_else(|_| panic!("{}", pending_text()));
            assert_eq!(
                protocol::getattr_str(*o, "x").unwrap().as_small_int(),
                Some(5)
            );
            protocol::setattr_str(*o, "y", *int::from_i64(7))
                .unwrap_or_else(|_| panic!("{}", pending_text()));
            assert_eq!(
                protocol::getattr_str(*o, "y").unwrap().as_small_int(),
                Some(7)
            );
            assert!(
                protocol::repr_text(*o)
                    .unwrap()
                    .starts_with("<m.A object at 0x")
            );
            assert!(protocol::getattr_str(*o, "z").is_err());
            assert_eq!(
                pending_text(),
                "AttributeError: 'A' object has no attribute 'z'"
            );
            let b = protocol::call(
                types::TYPE_TYPE.value(),
                &[
                    *strings::new_str("B"),
                    *tuple::of([a.clone()]),
                    *dict::new_dict(),
                ],
            );
            let b = b.unwrap_or_else(|_| panic!("{}", pending_text()));
            assert_eq!(as_type(*b).unwrap().mro().len(), 3);
            assert_eq!(
                protocol::getattr_str(*b, "x").unwrap().as_small_int(),
                Some(5)
            );
            protocol::setattr_str(*a, "x", *int::from_i64(6))
                .unwrap_or_else(|_| panic!("{}", pending_text()));
            assert_eq!(
                protocol::getattr_str(*b, "x").unwrap().as_small_int(),
                Some(6)
            );
            let f = protocol::getattr(types::TYPE_TYPE.value(), names().__call__).unwrap();
            assert!(
                protocol::repr_text(*f)
                    .unwrap()
                    .starts_with("<slot wrapper '__call__' of 'type'")
            );
        });
    }
}
