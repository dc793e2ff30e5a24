//! `_weakref`.

use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::value::{Ref, Value};
use taipan_objects::weakref::{self, PyWeakRef};
use taipan_objects::{dict, err, list, module, weakproxy};

pub static MODULE: ModuleDef = ModuleDef {
    name: "_weakref",
    doc: "Weak-reference support module.",
    functions: &[
        MethodDef::new(
            "getweakrefcount($module, object, /)",
            "Return the number of weak references to 'object'.",
            |a| Ok(weakproxy::count(a[0])),
        ),
        MethodDef::new(
            "getweakrefs($module, object, /)",
            "Return a list of all weak reference objects pointing to 'object'.",
            |a| Ok(list::new_list(weakref::refs_to(a[0]))),
        ),
        MethodDef::new(
            "proxy($module, object, callback=None, /)",
            "Create a proxy object that weakly references 'object'.",
            |a| weakproxy::new_proxy(a[0], a[1]),
        ),
        MethodDef::new(
            "_remove_dead_weakref($module, dct, key, /)",
            "Atomically remove key from dict if it points to a dead weakref.",
            |a| {
                if !dict::is_dict(a[0]) {
                    return err!(TypeError, "_remove_dead_weakref() argument 1 must be dict, not {}", a[0].type_name());
                }
                let found = dict::get(a[0], a[1])?.to_ref();
                if found.cast::<PyWeakRef>().is_some_and(|w| !w.is_alive()) {
                    dict::delete(a[0], a[1])?;
                }
                Ok(Ref::NONE)
            },
        ),
    ],
    init: Some(|m: Value| {
        module::add(m, "ref", weakref::REF_TYPE.to_ref());
        module::add(m, "ReferenceType", weakref::REF_TYPE.to_ref());
        module::add(m, "ProxyType", weakproxy::PROXY_TYPE.to_ref());
        module::add(m, "CallableProxyType", weakproxy::CALLABLE_PROXY_TYPE.to_ref());
        Ok(())
    }),
};
