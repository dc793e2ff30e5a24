//! `atexit`: functions to be called at the end.

use std::cell::UnsafeCell;

use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{dict, err, int, protocol};

pub static MODULE: ModuleDef = ModuleDef {
    name: "atexit",
    doc: "Registers functions that are to be called when the interpreter ends.",
    functions: &[
        MethodDef::new("register($module, func, /, *args, **kwargs)", "Registers a function with its arguments.", |a| {
            if a[0].ty().slots().call.is_none() {
                return err!(TypeError, "the first argument must be callable");
            }
            all().push((a[0].to_ref(), a[1].to_ref(), a[2].to_ref()));
            Ok(a[0].to_ref())
        }),
        MethodDef::new("unregister($module, func, /)", "Forgets all registrations of a function.", |a| {
            let mut i = 0;
            while i < all().len() {
                let f = all()[i].0.clone();
                if protocol::eq(*f, a[0])? {
                    if i < all().len() {
                        drop(all().remove(i));
                    }
                } else {
                    i += 1;
                }
            }
            Ok(Ref::NONE)
        }),
        MethodDef::new("_clear($module, /)", "Forgets everything.", |_| {
            let old = std::mem::take(all());
            drop(old);
            Ok(Ref::NONE)
        }),
        MethodDef::new("_run_exitfuncs($module, /)", "Calls everything now, the latest first.", |_| {
            run();
            Ok(Ref::NONE)
        }),
        MethodDef::new("_ncallbacks($module, /)", "Number of registrations.", |_| Ok(int::from_usize(all().len()))),
    ],
    init: None,
};

struct Registered(UnsafeCell<Vec<(Ref, Ref, Ref)>>);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Registered {}
static REGISTERED: Registered = Registered(UnsafeCell::new(Vec::new()));

fn all() -> &'static mut Vec<(Ref, Ref, Ref)> {
    // SAFETY: under the lock; not kept across anything that may run Python code.
    unsafe { &mut *REGISTERED.0.get() }
}

fn run() {
    while let Some((f, args, kwargs)) = all().pop() {
        let kwargs = if kwargs.is_none_or_null() || !dict::is_dict(*kwargs) { Ref::NULL } else { kwargs };
        if protocol::call_tuple_dict(*f, *args, *kwargs).is_err() {
            let shown = protocol::repr_text(*f).unwrap_or_default();
            taipan_runtime::sys::write_unraisable(&format!("Exception ignored in atexit callback {shown}"), Value::NULL);
        }
    }
}
