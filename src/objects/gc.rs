//! Links of the cycle collector, and bounded recursion of destruction.

use crate::object::{Header, ObjFlags};
use crate::value::Value;
use std::cell::{Cell, UnsafeCell};

/// The 16 bytes in front of an object with HAVE_GC: a circular doubly linked list for each generation.
#[repr(C)]
pub struct GcHead {
    pub next: Cell<*mut GcHead>,
    pub prev: Cell<*mut GcHead>,
}

impl GcHead {
    #[inline(always)]
    pub fn of(obj: *mut Header) -> *mut GcHead {
        (obj as *mut u8).wrapping_sub(16) as *mut GcHead
    }
    #[inline(always)]
    pub fn object(this: *mut GcHead) -> *mut Header {
        (this as *mut u8).wrapping_add(16) as *mut Header
    }
}

/// State of the collector.
pub struct Gc {
    /// Heads of the generations; initialised to point to themselves by `init`.
    pub generations: [GcHead; 3],
    /// Objects tracked less objects untracked since the last collection of the youngest generation.
    pub young_count: Cell<i64>,
    pub threshold0: Cell<i64>,
    pub enabled: Cell<bool>,
    depth: Cell<u32>,
    deferred: UnsafeCell<Vec<*mut Header>>,
}
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Gc {}

#[expect(
    clippy::declare_interior_mutable_const,
    reason = "copied into each generation, never shared"
)]
const NONE: GcHead = GcHead {
    next: Cell::new(std::ptr::null_mut()),
    prev: Cell::new(std::ptr::null_mut()),
};
/// The collector's state.
pub static GC: Gc = Gc {
    generations: [NONE, NONE, NONE],
    young_count: Cell::new(0),
    threshold0: Cell::new(2000),
    enabled: Cell::new(true),
    depth: Cell::new(0),
    deferred: UnsafeCell::new(Vec::new()),
};

/// Links the generation heads; once, before the first allocation.
pub fn init() {
    for g in &GC.generations {
        let p = g as *const GcHead as *mut GcHead;
        g.next.set(p);
        g.prev.set(p);
    }
}

/// Links a new object into the youngest generation.
///
/// # Safety
/// `obj` has HAVE_GC and is not linked.
#[inline(always)]
pub unsafe fn track_new(obj: *mut Header) {
    unsafe {
        (*obj).set_flag(ObjFlags::GC_TRACKED);
        let list = &GC.generations[0] as *const GcHead as *mut GcHead;
        let node = GcHead::of(obj);
        let last = (*list).prev.get();
        (*node).next.set(list);
        (*node).prev.set(last);
        (*last).next.set(node);
        (*list).prev.set(node);
        let n = GC.young_count.get() + 1;
        GC.young_count.set(n);
        if n > GC.threshold0.get() {
            crate::vm::vm().request_gc();
        }
    }
}

/// Takes an object out of its list, if it is in one.
///
/// # Safety
/// `obj` has HAVE_GC.
#[inline(always)]
pub unsafe fn untrack(obj: *mut Header) {
    unsafe {
        if (*obj).has_flag(ObjFlags::GC_TRACKED) {
            (*obj).clear_flag(ObjFlags::GC_TRACKED);
            let node = GcHead::of(obj);
            let (next, prev) = ((*node).next.get(), (*node).prev.get());
            (*prev).next.set(next);
            (*next).prev.set(prev);
            let n = GC.young_count.get();
            GC.young_count.set(n - (n > 0) as i64);
        }
    }
}

/// Destruction nests through containers; beyond this depth the rest is queued.
const MAX_DEPTH: u32 = 200;

/// Queues `obj` if destruction is nested too deep; otherwise counts one level more.
pub(crate) fn defer_dealloc(obj: *mut Header) -> bool {
    let d = GC.depth.get();
    if d >= MAX_DEPTH {
        // SAFETY: under the lock.
        unsafe { (*GC.deferred.get()).push(obj) };
        return true;
    }
    GC.depth.set(d + 1);
    false
}

/// Counts one level less, and at the outermost destroys what was queued.
pub(crate) fn run_deferred() {
    let d = GC.depth.get();
    if d == 1 {
        // SAFETY: under the lock; queued objects are dead and destroyed once.
        unsafe {
            while let Some(obj) = (*GC.deferred.get()).pop() {
                crate::object::destroy(obj, (*obj).ty());
            }
        }
    }
    GC.depth.set(d - 1);
}

/// Every counted reference that `obj` owns: native fields, attributes, `__slots__`.
pub fn traverse(obj: *mut Header, visit: &mut dyn FnMut(Value)) {
    // SAFETY: `obj` is live.
    unsafe {
        let ty = (*obj).ty();
        if let Some(f) = ty.slots().traverse {
            f(obj, visit);
        }
        if ty.has_flag(crate::typeobject::TypeFlags::MANAGED_DICT) {
            crate::shape::traverse_attributes(obj, ty, visit);
        }
        if ty.is_heap_type() {
            if !ty.has_flag(crate::typeobject::TypeFlags::VAR_SIZED) {
                let mut at = (obj as *mut u8).add(ty.native_basicsize()) as *const Value;
                let end = (obj as *mut u8).add(ty.basicsize()) as *const Value;
                while at < end {
                    visit(*at);
                    at = at.add(1);
                }
            }
            visit(ty.value());
        }
    }
}

/// Runs a collection and gives the number of objects destroyed; `None`: of whatever generation is due.
pub fn collect(generation: Option<usize>) -> usize {
    match generation {
        None => crate::gc_collect::collect_due(),
        Some(g) => crate::gc_collect::collect(g).0,
    }
}
