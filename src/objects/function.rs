//! Functions, code objects, cells and bound methods: representation. What Python sees of them is in `function_type.rs`.

use crate::object::{Header, new_object};
use crate::value::{Ref, Slot, Value};
use std::cell::{Cell, UnsafeCell};
use std::sync::Arc;
use taipan_bytecode::code::Code;

/// A code object: the canonical code, its constants as values, and what the cores need to run it.
#[repr(C)]
pub struct PyCode {
    pub header: Header,
    /// The canonical code, never changed.
    pub code: Arc<Code>,
    /// The running copy of the instructions, whose caches and opcodes the specializer changes. Made on first run; see `runtime::quicken`.
    pub quickened: UnsafeCell<Vec<u16>>,
    /// Where execution starts: `quickened`'s first unit; null before the first run.
    pub entry: Cell<*mut u16>,
    pub consts: Vec<Ref>,
    /// Interned names.
    pub names: Vec<Ref>,
    /// Names of the local slots.
    pub localsplusnames: Vec<Ref>,
    pub argcount: u32,
    pub posonlyargcount: u32,
    pub kwonlyargcount: u32,
    pub nlocalsplus: u32,
    /// Locals that are not cells or frees only.
    pub nlocals: u32,
    pub ncells: u32,
    pub nfrees: u32,
    pub stacksize: u32,
    pub flags: u32,
    /// Slots of a window: nlocalsplus + stacksize.
    pub framesize: u32,
    pub filename: Slot,
    pub name: Ref,
    pub qualname: Ref,
    /// Handlers, innermost first, decoded on first use: (start, end, target, depth, push lasti), in units.
    pub handlers: std::cell::OnceCell<Vec<Handler>>,
    /// Free for the runtime: address of a table of its own, 0 if none.
    pub extra: Cell<usize>,
    pub verified: Cell<bool>,
    /// Number for inline caches; see function versions.
    pub version: Cell<u32>,
    /// Scratch for `co_extra`-like uses.
    pub hits: Cell<u32>,
}
crate::object_impl!(
    PyCode,
    crate::code_object::CODE_TYPE,
    |this, visit| for c in &this.consts {
        visit(**c)
    },
    |_this| {}
);

/// One range of the exception table, in code units.
#[derive(Clone, Copy, Debug)]
pub struct Handler {
    pub start: u32,
    pub end: u32,
    pub target: u32,
    /// Stack depth to unwind to.
    pub depth: u32,
    /// The offset of the raising instruction is pushed under the exception.
    pub lasti: bool,
}

/// A Python function.
#[repr(C)]
pub struct PyFunction {
    pub header: Header,
    /// A `PyCode`.
    pub code: Slot,
    pub globals: Slot,
    pub builtins: Slot,
    /// A tuple, or NULL.
    pub defaults: Slot,
    /// A dict, or NULL.
    pub kwdefaults: Slot,
    /// A tuple of cells, or NULL.
    pub closure: Slot,
    pub name: Slot,
    pub qualname: Slot,
    pub doc: Slot,
    pub module: Slot,
    pub annotations: Slot,
    pub annotate: Slot,
    pub type_params: Slot,
    /// `__dict__`, or NULL.
    pub dict: Slot,
    /// For call caches: changes with code, defaults, kwdefaults, closure. 0: none assigned.
    pub version: Cell<u32>,
}
crate::object_impl!(
    PyFunction,
    crate::function_type::FUNCTION_TYPE,
    |this, visit| for s in this.slots() {
        visit(s.get())
    },
    |this| for s in this.slots_to_clear() {
        drop(s.take())
    }
);

impl PyFunction {
    fn slots(&self) -> [&Slot; 14] {
        [
            &self.code,
            &self.globals,
            &self.builtins,
            &self.defaults,
            &self.kwdefaults,
            &self.closure,
            &self.name,
            &self.qualname,
            &self.doc,
            &self.module,
            &self.annotations,
            &self.annotate,
            &self.type_params,
            &self.dict,
        ]
    }
    fn slots_to_clear(&self) -> [&Slot; 9] {
        // Code, globals and builtins stay: a function being collected may still be called by a finalizer.
        [
            &self.defaults,
            &self.kwdefaults,
            &self.closure,
            &self.doc,
            &self.module,
            &self.annotations,
            &self.annotate,
            &self.type_params,
            &self.dict,
        ]
    }
    #[inline(always)]
    pub fn code(&self) -> &PyCode {
        // SAFETY: the slot always holds a code object.
        unsafe { &*(self.code.get().as_ptr() as *const PyCode) }
    }
}

/// A variable shared between scopes.
#[repr(C)]
pub struct PyCell {
    pub header: Header,
    /// NULL if unbound.
    pub contents: Slot,
}
crate::object_impl!(
    PyCell,
    crate::function_type::CELL_TYPE,
    |this, visit| visit(this.contents.get()),
    |this| drop(this.contents.take())
);

pub fn new_cell(contents: Ref) -> Ref {
    new_object(PyCell {
        header: Header::new(&crate::function_type::CELL_TYPE),
        contents: Slot::new(contents),
    })
}

/// A method bound to its instance.
#[repr(C)]
pub struct PyMethod {
    pub header: Header,
    pub func: Slot,
    pub self_: Slot,
}
crate::object_impl!(
    PyMethod,
    crate::function_type::METHOD_TYPE,
    |this, visit| {
        visit(this.func.get());
        visit(this.self_.get());
    },
    |_this| {}
);

pub fn new_method(func: Value, self_: Value) -> Ref {
    new_object(PyMethod {
        header: Header::new(&crate::function_type::METHOD_TYPE),
        func: Slot::new(func.to_ref()),
        self_: Slot::new(self_.to_ref()),
    })
}

/// A native function, perhaps bound (`builtin_function_or_method`).
#[repr(C)]
pub struct PyBuiltin {
    pub header: Header,
    pub def: &'static crate::native::MethodDef,
    /// The instance of a bound method, the module of a function, or NULL.
    pub self_: Slot,
    /// `self_` goes in front of the arguments.
    pub binds: bool,
    /// `__module__`, or NULL.
    pub module: Slot,
    /// For bound methods, the class that defines it.
    pub owner: Cell<Option<crate::typeobject::Type>>,
}
crate::object_impl!(
    PyBuiltin,
    crate::function_type::BUILTIN_TYPE,
    |this, visit| {
        visit(this.self_.get());
        visit(this.module.get());
    },
    |_this| {}
);

/// A module-level native function.
pub fn new_builtin(
    def: &'static crate::native::MethodDef,
    module: Value,
    module_name: Value,
) -> Ref {
    new_object(PyBuiltin {
        header: Header::new(&crate::function_type::BUILTIN_TYPE),
        def,
        self_: Slot::new(module.to_ref()),
        binds: false,
        module: Slot::new(module_name.to_ref()),
        owner: Cell::new(None),
    })
}
/// A native method bound to an instance or class.
pub fn new_bound_builtin(
    def: &'static crate::native::MethodDef,
    self_: Value,
    owner: crate::typeobject::Type,
) -> Ref {
    new_object(PyBuiltin {
        header: Header::new(&crate::function_type::BUILTIN_TYPE),
        def,
        self_: Slot::new(self_.to_ref()),
        binds: true,
        module: Slot::null(),
        owner: Cell::new(Some(owner)),
    })
}

/// A method of a native type, unbound (`method_descriptor`, `classmethod_descriptor`).
#[repr(C)]
pub struct PyMethodDescr {
    pub header: Header,
    pub def: &'static crate::native::MethodDef,
    pub owner: crate::typeobject::Type,
}
crate::object_impl!(PyMethodDescr, crate::descriptors::METHOD_DESCR_TYPE);
