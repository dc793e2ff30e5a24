//! `gc`.

use taipan_objects::err::PyResult;
use taipan_objects::gc::GC;
use taipan_objects::gc_collect::{self as collector, STATE};
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::object::ObjFlags;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{dict, err, int, list, module, tuple};

pub static MODULE: ModuleDef = ModuleDef {
    name: "gc",
    doc: "This module provides access to the garbage collector for reference cycles.",
    functions: &[
        MethodDef::new("enable($module, /)", "Enable automatic garbage collection.", |_| {
            GC.enabled.set(true);
            Ok(Ref::NONE)
        }),
        MethodDef::new("disable($module, /)", "Disable automatic garbage collection.", |_| {
            GC.enabled.set(false);
            Ok(Ref::NONE)
        }),
        MethodDef::new("isenabled($module, /)", "Returns true if automatic garbage collection is enabled.", |_| {
            Ok(Ref::bool(GC.enabled.get()))
        }),
        MethodDef::new("set_debug($module, flags, /)", "Set the garbage collection debugging flags.", |a| {
            STATE.debug.set(int::to_i32(a[0])? as u32);
            Ok(Ref::NONE)
        }),
        MethodDef::new("get_debug($module, /)", "Get the garbage collection debugging flags.", |_| {
            Ok(int::from_i64(STATE.debug.get() as i64))
        }),
        MethodDef::new("get_count($module, /)", "Return a three-tuple of the current collection counts.", |_| {
            Ok(tuple::of([
                int::from_i64(GC.young_count.get()),
                int::from_i64(STATE.counts[0].get()),
                int::from_i64(STATE.counts[1].get()),
            ]))
        }),
        MethodDef::raw(
            "set_threshold",
            "set_threshold(threshold0, [threshold1, [threshold2]])\nSet the collection thresholds (the collection frequency).\n\nSetting 'threshold0' to zero disables collection.",
            set_threshold,
        ),
        MethodDef::new("get_threshold($module, /)", "Return the current collection thresholds.", |_| {
            Ok(tuple::of([
                int::from_i64(if GC.threshold0.get() == i64::MAX { 0 } else { GC.threshold0.get() }),
                int::from_i64(STATE.thresholds[0].get()),
                int::from_i64(STATE.thresholds[1].get()),
            ]))
        }),
        MethodDef::new(
            "collect($module, /, generation=2)",
            "Run the garbage collector.\n\nWith no arguments, run a full collection.  The optional argument\nmay be an integer specifying which generation to collect.  A ValueError\nis raised if the generation number is invalid.\n\nThe number of unreachable objects is returned.",
            collect,
        ),
        MethodDef::new(
            "get_objects($module, /, generation=None)",
            "Return a list of objects tracked by the collector (excluding the list returned).",
            get_objects,
        ),
        MethodDef::new(
            "get_stats($module, /)",
            "Return a list of dictionaries containing per-generation statistics.",
            get_stats,
        ),
        MethodDef::new(
            "is_tracked($module, obj, /)",
            "Returns true if the object is tracked by the garbage collector.",
            |a| {
                // SAFETY: a heap value is a live object.
                Ok(Ref::bool(a[0].is_heap() && unsafe { (*a[0].as_ptr()).has_flag(ObjFlags::GC_TRACKED) }))
            },
        ),
        MethodDef::new(
            "is_finalized($module, obj, /)",
            "Returns true if the object has been already finalized by the GC.",
            |a| {
                // SAFETY: a heap value is a live object.
                Ok(Ref::bool(a[0].is_heap() && unsafe { (*a[0].as_ptr()).has_flag(ObjFlags::FINALIZED) }))
            },
        ),
        MethodDef::new(
            "get_referrers($module, /, *objs)",
            "Return the list of objects that directly refer to any of 'objs'.",
            get_referrers,
        ),
        MethodDef::new(
            "get_referents($module, /, *objs)",
            "Return the list of objects that are directly referred to by 'objs'.",
            |a| Ok(list::new_list(tuple::as_slice(a[0]).iter().flat_map(|v| collector::referents(*v)).collect())),
        ),
        MethodDef::new(
            "freeze($module, /)",
            "Freeze all current tracked objects and ignore them for future collections.",
            |_| {
                collector::freeze();
                Ok(Ref::NONE)
            },
        ),
        MethodDef::new("unfreeze($module, /)", "Unfreeze all objects in the permanent generation.", |_| {
            collector::unfreeze();
            Ok(Ref::NONE)
        }),
        MethodDef::new(
            "get_freeze_count($module, /)",
            "Return the number of objects in the permanent generation.",
            |_| Ok(int::from_usize(collector::frozen_count())),
        ),
    ],
    init: Some(init),
};

fn init(m: Value) -> PyResult<()> {
    if STATE.garbage.is_null() {
        STATE.garbage.set(list::new_list(Vec::new()));
        STATE.callbacks.set(list::new_list(Vec::new()));
    }
    module::add(m, "garbage", STATE.garbage.get_ref());
    module::add(m, "callbacks", STATE.callbacks.get_ref());
    for (name, value) in [
        ("DEBUG_STATS", 1),
        ("DEBUG_COLLECTABLE", 2),
        ("DEBUG_UNCOLLECTABLE", 4),
        ("DEBUG_SAVEALL", 32),
        ("DEBUG_LEAK", 38),
    ] {
        module::add(m, name, int::from_i64(value));
    }
    Ok(())
}

fn set_threshold(args: &[Value], kwnames: Value) -> PyResult {
    if !kwnames.is_null() && !tuple::as_slice(kwnames).is_empty() {
        return err!(TypeError, "gc.set_threshold() takes no keyword arguments");
    }
    if args.is_empty() || args.len() > 3 {
        return err!(TypeError, "gc.set_threshold requires 1 to 3 arguments");
    }
    let mut n = [0i64; 3];
    for (i, a) in args.iter().enumerate() {
        n[i] = int::to_i32(*a)? as i64;
    }
    GC.threshold0.set(if n[0] == 0 { i64::MAX } else { n[0] });
    for i in 1..args.len() {
        STATE.thresholds[i - 1].set(n[i]);
    }
    Ok(Ref::NONE)
}

fn collect(a: &[Value]) -> PyResult {
    let generation = if a[0].is_null() { 2 } else { int::to_i32(a[0])? };
    if !(0..=2).contains(&generation) {
        return err!(ValueError, "invalid generation");
    }
    let (collected, uncollectable) = collector::collect(generation as usize);
    Ok(int::from_usize(collected + uncollectable))
}

fn get_objects(a: &[Value]) -> PyResult {
    if a[0].is_none_or_null() {
        return Ok(list::new_list(collector::tracked(None)));
    }
    let g = int::to_isize(a[0])?;
    if g >= 3 {
        return err!(ValueError, "generation parameter must be less than the number of available generations (3)");
    }
    if g < 0 {
        return err!(ValueError, "generation parameter cannot be negative");
    }
    Ok(list::new_list(collector::tracked(Some(g as usize))))
}

fn get_stats(_a: &[Value]) -> PyResult {
    // SAFETY: under the global interpreter lock; copied at once.
    let stats = unsafe { *STATE.stats.get() };
    let mut out = Vec::new();
    for s in stats {
        let d = dict::new_dict();
        dict::set_str(*d, "collections", *int::from_u64(s.collections));
        dict::set_str(*d, "collected", *int::from_u64(s.collected));
        dict::set_str(*d, "uncollectable", *int::from_u64(s.uncollectable));
        out.push(d);
    }
    Ok(list::new_list(out))
}

fn get_referrers(a: &[Value]) -> PyResult {
    let targets = tuple::as_slice(a[0]);
    let mut out = Vec::new();
    for o in collector::tracked(None) {
        if o.is(a[0]) {
            continue;
        }
        let mut refers = false;
        taipan_objects::gc::traverse(o.as_ptr(), &mut |v| refers |= targets.iter().any(|t| t.is(v)));
        if refers {
            out.push(o);
        }
    }
    Ok(list::new_list(out))
}
