//! Weak references: the table of them, `weakref.ref`, and what happens when an object dies. Proxies are in `weakproxy.rs`.

use crate::err::PyResult;
use crate::native::{MemberDef, MethodDef};
use crate::object::{Header, ObjFlags, alloc};
use crate::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Slot, Value};
use crate::{err, object_impl, protocol, strings, tuple};
use std::cell::{Cell, UnsafeCell};
use std::collections::HashMap;

/// A weak reference or a proxy.
#[repr(C)]
pub struct PyWeakRef {
    pub header: Header,
    /// Null once the object is dead.
    target: Cell<*mut Header>,
    /// NULL if none.
    pub callback: Slot,
    /// -1: not computed.
    hash: Cell<i64>,
}
object_impl!(
    PyWeakRef,
    REF_TYPE,
    |this, visit| visit(this.callback.get()),
    |this| drop(this.callback.take())
);

struct Table(UnsafeCell<Option<HashMap<usize, Vec<*const PyWeakRef>>>>);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Table {}
/// The weak references to each object that has some, canonical ones (exact type, no callback) first, then the newest.
static TABLE: Table = Table(UnsafeCell::new(None));

fn table() -> &'static mut HashMap<usize, Vec<*const PyWeakRef>> {
    // SAFETY: under the lock; no Python code runs while the reference is held.
    unsafe { (*TABLE.0.get()).get_or_insert_default() }
}

/// `drop_fields`: forgets the reference in the table.
pub(crate) unsafe fn weakref_drop(obj: *mut Header) {
    // SAFETY: called once, with a dying weak reference.
    unsafe {
        let w = obj as *const PyWeakRef;
        let target = (*w).target.get();
        if !target.is_null() {
            unlink(target, w);
        }
        std::ptr::drop_in_place(obj as *mut PyWeakRef);
    }
}

fn unlink(target: *mut Header, w: *const PyWeakRef) {
    let t = table();
    if let Some(list) = t.get_mut(&(target as usize)) {
        list.retain(|x| *x != w);
        if list.is_empty() {
            t.remove(&(target as usize));
            // SAFETY: a weak reference's target is live until the table forgets it.
            unsafe { (*target).clear_flag(ObjFlags::HAS_WEAKREFS) };
        }
    }
}

impl PyWeakRef {
    /// The object, if it is alive.
    #[inline]
    pub fn get(&self) -> Option<Ref> {
        let t = self.target.get();
        if t.is_null() {
            return None;
        }
        // SAFETY: set to null before the object dies.
        Some(unsafe { Value::from_ptr(t) }.to_ref())
    }
    pub fn is_alive(&self) -> bool {
        !self.target.get().is_null()
    }
}

/// Whether objects of the type can be referenced weakly.
fn supports(ty: Type) -> bool {
    ty.has_flag(TypeFlags::WEAKREFABLE)
}

/// A weak reference (or proxy) of type `ty` to `obj`; `callback` may be NULL or None.
pub fn make(ty: Type, obj: Value, callback: Value) -> PyResult {
    if !obj.is_heap() || !supports(obj.ty()) {
        return err!(
            TypeError,
            "cannot create weak reference to '{}' object",
            obj.ty().full_name()
        );
    }
    let callback = if callback.is_none_or_null() {
        Ref::NULL
    } else {
        callback.to_ref()
    };
    let canonical = |w: &PyWeakRef| w.callback.is_null() && !w.header.ty().is_heap_type();
    if callback.is_null()
        && !ty.is_heap_type()
        && let Some(list) = table().get(&(obj.as_ptr() as usize))
    {
        for w in list {
            // SAFETY: the table holds live references only.
            let w = unsafe { &**w };
            if canonical(w) && w.header.ty().is(ty) {
                return Ok(Value::from_obj(w).to_ref());
            }
        }
    }
    let r = alloc(
        ty,
        PyWeakRef {
            header: Header::new(ty),
            target: Cell::new(obj.as_ptr()),
            callback: Slot::new(callback),
            hash: Cell::new(-1),
        },
    );
    let w = r.as_ptr() as *const PyWeakRef;
    let list = table().entry(obj.as_ptr() as usize).or_default();
    // SAFETY: the table holds live references only.
    let n = unsafe { list.iter().take_while(|x| canonical(&***x)).count() };
    let new_is_canonical = unsafe { canonical(&*w) };
    list.insert(
        if new_is_canonical && ty.is(&REF_TYPE) {
            0
        } else {
            n
        },
        w,
    );
    // SAFETY: obj is a live heap object.
    unsafe { (*obj.as_ptr()).set_flag(ObjFlags::HAS_WEAKREFS) };
    Ok(r)
}

/// `weakref.ref(obj)`.
pub fn new_ref(obj: Value) -> PyResult {
    make(&REF_TYPE, obj, Value::NULL)
}

/// The weak references to an object.
pub fn refs_to(obj: Value) -> Vec<Ref> {
    if !obj.is_heap() {
        return Vec::new();
    }
    match table().get(&(obj.as_ptr() as usize)) {
        // SAFETY: the table holds live references only.
        Some(list) => list
            .iter()
            .map(|w| unsafe { Value::from_ptr(*w as *const Header) }.to_ref())
            .collect(),
        None => Vec::new(),
    }
}

/// `__weakref__` of instances: the first of them.
pub fn first_weakref(obj: Value) -> PyResult {
    Ok(refs_to(obj).into_iter().next().unwrap_or(Ref::NONE))
}

/// Makes the references to `obj` dead, and gives those with callbacks.
pub(crate) fn detach(obj: *mut Header) -> Vec<Ref> {
    let Some(list) = table().remove(&(obj as usize)) else {
        return Vec::new();
    };
    // SAFETY: `obj` is live or dying, the listed references are alive.
    unsafe {
        (*obj).clear_flag(ObjFlags::HAS_WEAKREFS);
        let mut out = Vec::new();
        for w in list {
            (*w).target.set(std::ptr::null_mut());
            if !(*w).callback.is_null() {
                out.push(Value::from_ptr(w as *const Header).to_ref());
            }
        }
        out
    }
}

/// As `detach`, for the references that have callbacks only.
pub(crate) fn detach_with_callbacks(obj: *mut Header) -> Vec<Ref> {
    let Some(list) = table().get_mut(&(obj as usize)) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    // SAFETY: as in `detach`.
    unsafe {
        list.retain(|w| {
            if (**w).callback.is_null() {
                return true;
            }
            (**w).target.set(std::ptr::null_mut());
            out.push(Value::from_ptr(*w as *const Header).to_ref());
            false
        });
        if list.is_empty() {
            table().remove(&(obj as usize));
            (*obj).clear_flag(ObjFlags::HAS_WEAKREFS);
        }
    }
    out
}

/// Calls the callback of a reference that has just become dead.
pub(crate) fn run_callback(w: Value) {
    // SAFETY: called with weak references.
    let callback = unsafe { w.cast_unchecked::<PyWeakRef>() }.callback.take();
    if callback.is_null() {
        return;
    }
    let vm = crate::vm::vm();
    let saved = vm.take_pending();
    if protocol::call(*callback, &[w]).is_err() {
        if crate::vm::hooks_installed() {
            (crate::vm::hooks().write_unraisable)(
                "Exception ignored while calling weakref callback",
                *callback,
            );
        } else {
            drop(vm.take_pending());
        }
    }
    if !saved.is_null() {
        vm.set_pending(saved);
    }
}

/// Clears the references to a dying object and calls their callbacks.
pub fn clear_weakrefs(obj: Value) {
    for w in detach(obj.as_ptr()) {
        run_callback(*w);
    }
}

// ---------------------------------------------------------------- weakref.ref

pub(crate) fn this(v: Value) -> &'static PyWeakRef {
    // SAFETY: called from slots and methods of weak references and proxies only; alive as long as the caller holds it.
    unsafe { &*(v.as_ptr() as *const PyWeakRef) }
}

fn new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    let nkw = if kwnames.is_null() {
        0
    } else {
        tuple::as_slice(kwnames).len()
    };
    let pos = &args[..args.len() - nkw];
    match pos {
        [obj] => make(ty, *obj, Value::NULL),
        [obj, callback] => make(ty, *obj, *callback),
        [] => err!(TypeError, "__new__ expected at least 1 argument, got 0"),
        _ => err!(
            TypeError,
            "__new__ expected at most 2 arguments, got {}",
            pos.len()
        ),
    }
}
fn init(_v: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    if !kwnames.is_null() && !tuple::as_slice(kwnames).is_empty() {
        return err!(TypeError, "ref() takes no keyword arguments");
    }
    match args.len() {
        1 | 2 => Ok(()),
        0 => err!(TypeError, "__init__ expected at least 1 argument, got 0"),
        n => err!(TypeError, "__init__ expected at most 2 arguments, got {n}"),
    }
}
fn call(v: Value, args: &[Value], kwnames: Value) -> PyResult {
    if !kwnames.is_null() && !tuple::as_slice(kwnames).is_empty() {
        return err!(
            TypeError,
            "weakref.ReferenceType.__call__() takes no keyword arguments"
        );
    }
    if !args.is_empty() {
        return err!(
            TypeError,
            "__call__() takes no arguments ({} given)",
            args.len()
        );
    }
    Ok(this(v).get().unwrap_or(Ref::NONE))
}
fn hash(v: Value) -> PyResult<i64> {
    let w = this(v);
    if w.hash.get() != -1 {
        return Ok(w.hash.get());
    }
    let Some(target) = w.get() else {
        return err!(TypeError, "weak object has gone away");
    };
    let h = protocol::hash(*target)?;
    w.hash.set(h);
    Ok(h)
}
fn repr(v: Value) -> PyResult {
    let Some(target) = this(v).get() else {
        return Ok(strings::new_str(&format!(
            "<weakref at {:#x}; dead>",
            v.id()
        )));
    };
    let name = match protocol::getattr_opt(*target, crate::names::names().__name__)? {
        Some(n) if strings::is_str(*n) => format!(" ({})", strings::expect(*n)),
        _ => String::new(),
    };
    Ok(strings::new_str(&format!(
        "<weakref at {:#x}; to '{}' at {:#x}{name}>",
        v.id(),
        target.ty().full_name(),
        target.id()
    )))
}
fn compare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) || !is_ref(a) || !is_ref(b) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    match (this(a).get(), this(b).get()) {
        (Some(x), Some(y)) => protocol::richcompare(*x, *y, op),
        _ => Ok(Ref::bool(a.is(b) == (op == CompareOp::Eq))),
    }
}
/// Whether the value is a `weakref.ref` (or a subclass instance), not a proxy.
pub fn is_ref(v: Value) -> bool {
    v.is_heap() && v.ty().is_subtype(&REF_TYPE)
}

pub static REF_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "weakref.ReferenceType",
    flags: TypeFlags::BASETYPE | TypeFlags::HAVE_GC,
    slots: Slots {
        new: Some(new),
        init: Some(init),
        call: Some(call),
        hash: Some(hash),
        repr: Some(repr),
        richcompare: Some(compare),
        drop_fields: Some(weakref_drop),
        ..Slots::of::<PyWeakRef>()
    },
    methods: &[
        MethodDef::new("__class_getitem__($type, object, /)", "See PEP 585", |a| {
            crate::generic_alias::new_alias(a[0], a[1])
        })
        .class(),
    ],
    members: &[MemberDef::ro("__callback__", "", |v| {
        Ok(this(v).callback.get().or(Value::NONE).to_ref())
    })],
    ..TypeSpec::of::<PyWeakRef>()
});
