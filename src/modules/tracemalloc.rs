//! `_tracemalloc`: tracing of memory blocks, which this interpreter does not do.

use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::value::Ref;
use taipan_objects::{int, list, tuple};

pub static MODULE: ModuleDef = ModuleDef {
    name: "_tracemalloc",
    doc: "Debug module to trace memory blocks allocated by Python.",
    functions: &[
        MethodDef::new("is_tracing($module, /)", "Whether blocks are traced.", |_| Ok(Ref::bool(false))),
        MethodDef::new("start($module, nframe=1, /)", "Starts tracing.", |_| taipan_objects::err::missing("tracing of memory blocks")),
        MethodDef::new("stop($module, /)", "Stops tracing.", |_| Ok(Ref::NONE)),
        MethodDef::new("clear_traces($module, /)", "Forgets all traces.", |_| Ok(Ref::NONE)),
        MethodDef::new("reset_peak($module, /)", "Sets the peak to the current size.", |_| Ok(Ref::NONE)),
        MethodDef::new("_get_traces($module, /)", "All traces.", |_| Ok(list::new_list(vec![]))),
        MethodDef::new("_get_object_traceback($module, obj, /)", "Where an object was made.", |_| Ok(Ref::NONE)),
        MethodDef::new("get_traceback_limit($module, /)", "Frames kept of each traceback.", |_| Ok(int::from_i64(1))),
        MethodDef::new("get_traced_memory($module, /)", "Size and peak of traced blocks.", |_| {
            Ok(tuple::of([int::from_i64(0), int::from_i64(0)]))
        }),
        MethodDef::new("get_tracemalloc_memory($module, /)", "Memory used by the tracing itself.", |_| Ok(int::from_i64(0))),
    ],
    init: None,
};
