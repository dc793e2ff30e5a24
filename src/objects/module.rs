//! Module objects.

use crate::err::PyResult;
use crate::native::ModuleDef;
use crate::object::{Header, new_object};
use crate::value::{Ref, Slot, Value};
use crate::{dict, function, names::names, strings};

/// A module.
#[repr(C)]
pub struct PyModule {
    pub header: Header,
    /// The namespace.
    pub dict: Slot,
    /// State of a native module.
    pub def: Option<&'static ModuleDef>,
}
crate::object_impl!(
    PyModule,
    crate::module_type::MODULE_TYPE,
    |this, visit| visit(this.dict.get()),
    |this| {
        let d = this.dict.get();
        if !d.is_null() {
            dict::clear(d);
        }
    }
);

/// A module with `__name__` and the usual empty attributes.
pub fn new_module(name: &str) -> Ref {
    let d = dict::new_dict();
    let n = names();
    dict::set_interned(*d, n.__name__, *strings::intern_str(name));
    for k in [n.__doc__, n.__package__, n.__loader__, n.__spec__] {
        dict::set_interned(*d, k, Value::NONE);
    }
    new_object(PyModule {
        header: Header::new(&crate::module_type::MODULE_TYPE),
        dict: Slot::new(d),
        def: None,
    })
}

/// Makes a native module from its table.
pub fn create_native(def: &'static ModuleDef) -> PyResult {
    // SAFETY: under the lock.
    unsafe { (*MADE.0.get()).push(def) };
    let m = new_module(def.name);
    let d = namespace(*m);
    if !def.doc.is_empty() {
        dict::set_interned(d, names().__doc__, *strings::new_str(def.doc));
    }
    let name = strings::intern_str(def.name);
    for f in def.functions {
        dict::set_str(d, f.name(), *function::new_builtin(f, *m, *name));
    }
    if let Some(init) = def.init {
        init(*m)?;
    }
    Ok(m)
}

/// `__dict__` of a module, borrowed.
pub fn namespace(m: Value) -> Value {
    // SAFETY: called with modules only.
    unsafe { m.cast_unchecked::<PyModule>() }.dict.get()
}

/// Sets an attribute of a module being filled.
pub fn add(m: Value, name: &str, value: Ref) {
    dict::set_str(namespace(m), name, *value);
}

struct Made(std::cell::UnsafeCell<Vec<&'static ModuleDef>>);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Made {}
static MADE: Made = Made(std::cell::UnsafeCell::new(Vec::new()));

/// The tables of the native modules made so far.
pub fn native_modules() -> Vec<&'static ModuleDef> {
    // SAFETY: under the lock.
    unsafe { (*MADE.0.get()).clone() }
}

/// Adds a native type under its own name, ready for use.
pub fn add_type(m: Value, ty: crate::typeobject::Type) {
    crate::type_ready::ready(ty);
    dict::set_str(namespace(m), ty.name(), ty.value());
}
