//! The cycle collector.
//!
//! An object is garbage if all its references come from objects that are garbage themselves. So from each candidate's count the
//! references among candidates are subtracted; what is left over zero, and all that can be reached from it, lives. The rest gets
//! its weak references cleared and its finalizers run, is looked at once more (finalizers may have made it reachable),
//! and is then broken up by the `clear` slots.

use crate::gc::{GC, GcHead, traverse};
use crate::object::{Header, ObjFlags};
use crate::typeobject::TypeFlags;
use crate::value::{Ref, Slot, Value};
use crate::{list, weakref};
use std::cell::{Cell, UnsafeCell};

/// Counters of one generation, as `gc.get_stats` shows them.
#[derive(Clone, Copy, Default)]
pub struct Stats {
    pub collections: u64,
    pub collected: u64,
    pub uncollectable: u64,
}

/// What the `gc` module shows and sets.
pub struct CollectorState {
    pub thresholds: [Cell<i64>; 2],
    /// Collections of the next younger generation since the last of generations 1 and 2.
    pub counts: [Cell<i64>; 2],
    pub stats: UnsafeCell<[Stats; 3]>,
    pub debug: Cell<u32>,
    /// `gc.garbage` and `gc.callbacks`, lists; NULL until the module is imported.
    pub garbage: Slot,
    pub callbacks: Slot,
    /// Objects moved out of reach by `gc.freeze`.
    frozen: GcHead,
    running: Cell<bool>,
    long_lived_total: Cell<i64>,
    long_lived_pending: Cell<i64>,
}
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for CollectorState {}

pub static STATE: CollectorState = CollectorState {
    thresholds: [Cell::new(10), Cell::new(10)],
    counts: [Cell::new(0), Cell::new(0)],
    stats: UnsafeCell::new(
        [Stats {
            collections: 0,
            collected: 0,
            uncollectable: 0,
        }; 3],
    ),
    debug: Cell::new(0),
    garbage: Slot::null(),
    callbacks: Slot::null(),
    frozen: GcHead {
        next: Cell::new(std::ptr::null_mut()),
        prev: Cell::new(std::ptr::null_mut()),
    },
    running: Cell::new(false),
    long_lived_total: Cell::new(0),
    long_lived_pending: Cell::new(0),
};

/// `gc.DEBUG_SAVEALL`.
pub const DEBUG_SAVEALL: u32 = 32;

type Node = *mut GcHead;

fn head(g: &GcHead) -> Node {
    g as *const GcHead as Node
}
unsafe fn init_list(l: Node) {
    unsafe {
        (*l).next.set(l);
        (*l).prev.set(l);
    }
}
unsafe fn append(l: Node, n: Node) {
    unsafe {
        let last = (*l).prev.get();
        (*n).next.set(l);
        (*n).prev.set(last);
        (*last).next.set(n);
        (*l).prev.set(n);
    }
}
/// Moves all of `from` behind `to`.
unsafe fn merge(from: Node, to: Node) {
    unsafe {
        let first = (*from).next.get();
        if first == from {
            return;
        }
        let last = (*from).prev.get();
        let to_last = (*to).prev.get();
        (*to_last).next.set(first);
        (*first).prev.set(to_last);
        (*last).next.set(to);
        (*to).prev.set(last);
        init_list(from);
    }
}

/// Objects of a list.
unsafe fn objects(l: Node) -> Vec<*mut Header> {
    let mut out = Vec::new();
    unsafe {
        let mut n = (*l).next.get();
        while n != l {
            out.push(GcHead::object(n));
            n = (*n).next.get();
        }
    }
    out
}

/// All tracked objects of a generation (or of all).
pub fn tracked(generation: Option<usize>) -> Vec<Ref> {
    let mut out = Vec::new();
    for (i, g) in GC.generations.iter().enumerate() {
        if generation.is_none_or(|w| w == i) {
            // SAFETY: tracked objects are alive.
            unsafe {
                out.extend(
                    objects(head(g))
                        .into_iter()
                        .map(|o| Value::from_ptr(o).to_ref()),
                )
            };
        }
    }
    out
}

/// Number of objects in a generation.
pub fn generation_len(i: usize) -> usize {
    // SAFETY: under the lock.
    unsafe { objects(head(&GC.generations[i])).len() }
}

/// Splits objects into those that are reachable from outside of them and the rest. While it runs, `prev` holds counts.
unsafe fn split(all: &[*mut Header]) -> (Vec<*mut Header>, Vec<*mut Header>) {
    unsafe {
        for o in all {
            (**o).set_flag(ObjFlags::GC_COLLECTING);
            (*GcHead::of(*o))
                .prev
                .set((**o).refcount() as usize as Node);
        }
        for o in all {
            traverse(*o, &mut |v| {
                if v.is_heap() && (*v.as_ptr()).has_flag(ObjFlags::GC_COLLECTING) {
                    let n = GcHead::of(v.as_ptr());
                    (*n).prev
                        .set(((*n).prev.get() as usize).wrapping_sub(1) as Node);
                }
            });
        }
        // What is found to live loses GC_COLLECTING.
        let mut work: Vec<*mut Header> = Vec::new();
        for o in all {
            if !(*GcHead::of(*o)).prev.get().is_null() && (**o).has_flag(ObjFlags::GC_COLLECTING) {
                (**o).clear_flag(ObjFlags::GC_COLLECTING);
                work.push(*o);
            }
        }
        while let Some(o) = work.pop() {
            traverse(o, &mut |v| {
                if v.is_heap() && (*v.as_ptr()).has_flag(ObjFlags::GC_COLLECTING) {
                    (*v.as_ptr()).clear_flag(ObjFlags::GC_COLLECTING);
                    work.push(v.as_ptr());
                }
            });
        }
        let mut live = Vec::with_capacity(all.len());
        let mut dead = Vec::new();
        for o in all {
            if (**o).has_flag(ObjFlags::GC_COLLECTING) {
                (**o).clear_flag(ObjFlags::GC_COLLECTING);
                dead.push(*o);
            } else {
                live.push(*o);
            }
        }
        (live, dead)
    }
}

/// Collects a generation and the younger ones; gives the numbers of objects destroyed and kept as uncollectable.
pub fn collect(generation: usize) -> (usize, usize) {
    if STATE.running.replace(true) {
        return (0, 0);
    }
    let saved = crate::vm::vm().take_pending();
    call_callbacks("start", generation, 0, 0);
    // SAFETY: under the lock; the lists are consistent whenever Python code can run.
    let result = unsafe { run(generation) };
    call_callbacks("stop", generation, result.0, result.1);
    if !saved.is_null() {
        crate::vm::vm().set_pending(saved);
    }
    STATE.running.set(false);
    result
}

unsafe fn run(generation: usize) -> (usize, usize) {
    unsafe {
        if generation == 0 {
            STATE.counts[0].set(STATE.counts[0].get() + 1);
        } else {
            if generation == 1 {
                STATE.counts[1].set(STATE.counts[1].get() + 1);
            } else {
                STATE.counts[1].set(0);
            }
            STATE.counts[0].set(0);
        }
        GC.young_count.set(0);
        let list = head(&GC.generations[generation]);
        for g in &GC.generations[..generation] {
            merge(head(g), list);
        }
        let old = head(&GC.generations[(generation + 1).min(2)]);
        let all = objects(list);
        let (live, dead) = split(&all);
        // The links were used for counting: all lists are made anew.
        init_list(list);
        let garbage = GcHead {
            next: Cell::new(std::ptr::null_mut()),
            prev: Cell::new(std::ptr::null_mut()),
        };
        let garbage_list = head(&garbage);
        init_list(garbage_list);
        for o in &live {
            append(old, GcHead::of(*o));
        }
        for o in &dead {
            append(garbage_list, GcHead::of(*o));
        }
        if generation == 2 {
            STATE.long_lived_pending.set(0);
            STATE.long_lived_total.set(live.len() as i64);
        } else if generation == 1 {
            STATE
                .long_lived_pending
                .set(STATE.long_lived_pending.get() + live.len() as i64);
        }
        drop((all, live));
        // From here on the garbage is kept alive until all of it has been broken up.
        let held: Vec<Ref> = dead.iter().map(|o| Value::from_ptr(*o).to_ref()).collect();
        for o in &dead {
            (**o).set_flag(ObjFlags::GC_UNREACHABLE);
        }
        let mut callbacks = Vec::new();
        for o in &dead {
            if (**o).has_flag(ObjFlags::HAS_WEAKREFS) {
                for w in weakref::detach_with_callbacks(*o) {
                    // A reference that is garbage itself does not get its callback called.
                    if !(*w.as_ptr()).has_flag(ObjFlags::GC_UNREACHABLE) {
                        callbacks.push(w);
                    }
                }
            }
        }
        for w in callbacks {
            weakref::run_callback(*w);
        }
        let mut finalized = false;
        for o in &dead {
            (**o).clear_flag(ObjFlags::GC_UNREACHABLE);
            if let Some(f) = (**o).ty().slots().finalize
                && !(**o).has_flag(ObjFlags::FINALIZED)
            {
                (**o).set_flag(ObjFlags::FINALIZED);
                f(Value::from_ptr(*o));
                finalized = true;
            }
        }
        let mut dead = dead;
        if finalized {
            // `held` counts once for each; references from it must not make an object look alive.
            drop_counts(&held);
            let (revived, still) = split(&dead);
            restore_counts(&held);
            init_list(garbage_list);
            for o in &revived {
                append(old, GcHead::of(*o));
            }
            for o in &still {
                append(garbage_list, GcHead::of(*o));
            }
            dead = still;
        }
        let n = dead.len();
        for o in &dead {
            if (**o).has_flag(ObjFlags::HAS_WEAKREFS) {
                drop(weakref::detach(*o));
            }
        }
        if STATE.debug.get() & DEBUG_SAVEALL != 0 {
            for o in &dead {
                save(Value::from_ptr(*o));
            }
            merge(garbage_list, old);
        } else {
            for o in &dead {
                clear(*o);
            }
        }
        drop(held);
        merge(garbage_list, old);
        let stats = &mut (*STATE.stats.get())[generation];
        stats.collections += 1;
        stats.collected += n as u64;
        (n, 0)
    }
}

unsafe fn drop_counts(held: &[Ref]) {
    for r in held {
        // SAFETY: `held` owns a count of each, which is put back before anything else runs; none falls to zero as
        // garbage is referenced by garbage.
        unsafe { (*r.as_ptr()).adjust_refcount(-1) };
    }
}
unsafe fn restore_counts(held: &[Ref]) {
    for r in held {
        // SAFETY: see drop_counts.
        unsafe { (*r.as_ptr()).adjust_refcount(1) };
    }
}

fn save(v: Value) {
    if !STATE.garbage.is_null() {
        list::expect(STATE.garbage.get())
            .items_mut()
            .push(v.to_ref());
    }
}

/// Drops what an object owns that may be part of a cycle.
unsafe fn clear(obj: *mut Header) {
    unsafe {
        let ty = (*obj).ty();
        if ty.has_flag(TypeFlags::MANAGED_DICT) {
            crate::shape::clear_attributes(obj, ty);
        }
        if ty.is_heap_type() && !ty.has_flag(TypeFlags::VAR_SIZED) {
            let mut at = (obj as *mut u8).add(ty.native_basicsize()) as *mut Slot;
            let end = (obj as *mut u8).add(ty.basicsize()) as *mut Slot;
            while at < end {
                drop((*at).take());
                at = at.add(1);
            }
        }
        if let Some(f) = ty.slots().clear {
            f(obj);
        }
    }
}

/// Collects what is due: called when the evaluation breaker says so.
pub fn collect_due() -> usize {
    if !GC.enabled.get() || STATE.running.get() {
        return 0;
    }
    let full_due = STATE.counts[1].get() > STATE.thresholds[1].get()
        // A full collection costs as much as there is: it waits until a quarter is new.
        && STATE.long_lived_pending.get() > STATE.long_lived_total.get() / 4;
    let generation = if full_due {
        2
    } else if STATE.counts[0].get() > STATE.thresholds[0].get() {
        1
    } else {
        0
    };
    collect(generation).0
}

fn call_callbacks(phase: &str, generation: usize, collected: usize, uncollectable: usize) {
    let callbacks = STATE.callbacks.get_ref();
    if callbacks.is_null() || list::expect(*callbacks).len() == 0 {
        return;
    }
    use crate::{dict, int, strings};
    let info = dict::new_dict();
    dict::set_str(*info, "generation", *int::from_usize(generation));
    dict::set_str(*info, "collected", *int::from_usize(collected));
    dict::set_str(*info, "uncollectable", *int::from_usize(uncollectable));
    let phase = strings::intern_str(phase);
    let all: Vec<Ref> = list::expect(*callbacks).items().to_vec();
    for f in all {
        if crate::protocol::call(*f, &[*phase, *info]).is_err() {
            (crate::vm::hooks().write_unraisable)(
                "Exception ignored while calling GC callback",
                *f,
            );
        }
    }
}

/// `gc.freeze`: moves all tracked objects out of the collector's sight.
pub fn freeze() {
    // SAFETY: under the lock.
    unsafe {
        let f = head(&STATE.frozen);
        if (*f).next.get().is_null() {
            init_list(f);
        }
        for g in &GC.generations {
            merge(head(g), f);
        }
    }
    GC.young_count.set(0);
}

/// `gc.unfreeze`.
pub fn unfreeze() {
    // SAFETY: under the lock.
    unsafe {
        let f = head(&STATE.frozen);
        if !(*f).next.get().is_null() {
            merge(f, head(&GC.generations[2]));
        }
    }
}

/// `gc.get_freeze_count`.
pub fn frozen_count() -> usize {
    // SAFETY: under the lock.
    unsafe {
        let f = head(&STATE.frozen);
        if (*f).next.get().is_null() {
            0
        } else {
            objects(f).len()
        }
    }
}

/// What an object refers to, each reference once.
pub fn referents(v: Value) -> Vec<Ref> {
    let mut out = Vec::new();
    if v.is_heap() && v.ty().has_flag(TypeFlags::HAVE_GC) {
        traverse(v.as_ptr(), &mut |r| {
            if !r.is_null() {
                out.push(r.to_ref());
            }
        });
    }
    out
}
