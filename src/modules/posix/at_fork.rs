//! What runs around a fork.

use taipan_objects::err::PyResult;
use taipan_objects::native::MethodDef;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{err, list, protocol, value::Slot};

struct Hooks {
    before: Slot,
    child: Slot,
    parent: Slot,
}
struct Shared(Hooks);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Shared {}
static HOOKS: Shared = Shared(Hooks { before: Slot::null(), child: Slot::null(), parent: Slot::null() });

fn add(to: &Slot, f: Value) {
    if to.is_null() {
        to.set(list::new_list(vec![]));
    }
    list::append(to.get(), f.to_ref());
}
fn run(from: &Slot, reversed: bool) {
    if from.is_null() {
        return;
    }
    let mut all = list::expect(from.get()).to_vec();
    if reversed {
        all.reverse();
    }
    for f in all {
        if protocol::call(*f, &[]).is_err() {
            taipan_runtime::sys::write_unraisable("Exception ignored in", *f);
        }
    }
}

fn register(a: &[Value]) -> PyResult {
    if a.iter().all(|v| v.is_null()) {
        return err!(TypeError, "At least one argument is required.");
    }
    for (v, name) in a.iter().zip(["before", "after_in_child", "after_in_parent"]) {
        if !v.is_null() && v.ty().slots().call.is_none() {
            return err!(TypeError, "'{name}' must be callable, not {}", v.type_name());
        }
    }
    let h = &HOOKS.0;
    for (v, to) in a.iter().zip([&h.before, &h.child, &h.parent]) {
        if !v.is_null() {
            add(to, *v);
        }
    }
    Ok(Ref::NONE)
}

/// To be called before `fork`, the latest hooks first.
pub fn before_fork() {
    run(&HOOKS.0.before, true);
}
/// To be called in the parent afterwards.
pub fn after_fork_parent() {
    run(&HOOKS.0.parent, false);
}
/// To be called in the child, where only this thread is left.
pub fn after_fork_child() {
    crate::thread::after_fork_child();
    crate::signal::after_fork_child();
    run(&HOOKS.0.child, false);
}

pub const FUNCTIONS: &[MethodDef] = &[MethodDef::new(
    "register_at_fork($module, /, *, before=<unrepresentable>,\n                 after_in_child=<unrepresentable>,\n                 after_in_parent=<unrepresentable>)",
    "Registers functions to be called around a fork.",
    register,
)];
