//! `_queue`: SimpleQueue.

use std::cell::{Cell, UnsafeCell};
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};
use taipan_objects::err::PyResult;
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::object::{Header, alloc, instance};
use taipan_objects::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{
    dict, err, float, generic_alias, int, module, object_impl, protocol, strings, tuple, types, vm,
};

#[repr(C)]
struct SimpleQueue {
    header: Header,
    items: UnsafeCell<VecDeque<Ref>>,
    /// Number of puts so far, for threads that wait without the interpreter's lock.
    puts: Mutex<u64>,
    arrived: Condvar,
}
object_impl!(
    SimpleQueue,
    SIMPLE_QUEUE_TYPE,
    |this, visit| for v in this.items().iter() {
        visit(**v)
    },
    |this| drop(std::mem::take(this.items()))
);

impl SimpleQueue {
    fn items(&self) -> &mut VecDeque<Ref> {
        // SAFETY: nothing that uses the items runs Python code meanwhile.
        unsafe { &mut *self.items.get() }
    }
}

struct Global(Cell<Value>);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Global {}
static EMPTY: Global = Global(Cell::new(Value::NULL));

fn queue_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    if !args.is_empty() {
        let nkw = if kwnames.is_null() {
            0
        } else {
            tuple::as_slice(kwnames).len()
        };
        return if nkw > 0 {
            err!(TypeError, "SimpleQueue() takes no keyword arguments")
        } else {
            err!(TypeError, "SimpleQueue() takes no positional arguments")
        };
    }
    Ok(alloc(
        ty,
        SimpleQueue {
            header: Header::new(ty),
            items: Default::default(),
            puts: Mutex::new(0),
            arrived: Condvar::new(),
        },
    ))
}

fn put(a: &[Value]) -> PyResult {
    let this = instance::<SimpleQueue>(a[0]);
    this.items().push_back(a[1].to_ref());
    *this.puts.lock().unwrap_or_else(|e| e.into_inner()) += 1;
    this.arrived.notify_one();
    Ok(Ref::NONE)
}

fn raise_empty() -> PyResult {
    match taipan_objects::typeobject::as_type(EMPTY.0.get()) {
        Some(ty) => Err(taipan_objects::err::raise_with(ty, &[])),
        None => err!(RuntimeError, "_queue is not initialised"),
    }
}

fn get_item(v: Value, block: bool, timeout: Value) -> PyResult {
    let this = instance::<SimpleQueue>(v);
    let mut deadline = None;
    if block && !timeout.is_none_or_null() {
        let seconds = match float::as_float(timeout) {
            Some(s) => s,
            None if int::is_int(timeout) => float::to_f64(timeout)?,
            None => {
                return err!(
                    TypeError,
                    "'{}' object cannot be interpreted as an integer or float",
                    timeout.type_name()
                );
            }
        };
        if !(seconds >= 0.0) {
            return err!(ValueError, "'timeout' must be a non-negative number");
        }
        if seconds > 9e9 {
            return err!(OverflowError, "timeout value is too large");
        }
        deadline = Some(Instant::now() + Duration::from_secs_f64(seconds));
    }
    loop {
        let seen = *this.puts.lock().unwrap_or_else(|e| e.into_inner());
        if let Some(item) = this.items().pop_front() {
            return Ok(item);
        }
        if !block || deadline.is_some_and(|d| Instant::now() >= d) {
            return raise_empty();
        }
        let slice = Duration::from_millis(50);
        let wait = deadline.map_or(slice, |d| {
            slice.min(d.saturating_duration_since(Instant::now()))
        });
        vm::allow_threads(|| {
            let guard = this.puts.lock().unwrap_or_else(|e| e.into_inner());
            drop(
                this.arrived
                    .wait_timeout_while(guard, wait, |puts| *puts == seen),
            );
        });
        vm::check_signals()?;
    }
}

fn get(a: &[Value]) -> PyResult {
    let block = a[1].is_null() || protocol::is_true(a[1])?;
    get_item(a[0], block, a[2])
}

static SIMPLE_QUEUE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_queue.SimpleQueue",
    doc: "Simple, unbounded, reentrant FIFO queue.",
    flags: TypeFlags::HAVE_GC | TypeFlags::BASETYPE | TypeFlags::WEAKREFABLE,
    text_signature: "()",
    slots: Slots {
        new: Some(queue_new),
        ..Slots::of::<SimpleQueue>()
    },
    methods: &[
        MethodDef::new(
            "empty($self, /)",
            "Whether the queue is empty (at the time of the call).",
            |a| Ok(Ref::bool(instance::<SimpleQueue>(a[0]).items().is_empty())),
        ),
        MethodDef::new(
            "get($self, /, block=True, timeout=None)",
            "Remove and return an item; waits for one if block is true, for at most timeout seconds.",
            get,
        ),
        MethodDef::new(
            "get_nowait($self, /)",
            "Remove and return an item without waiting.",
            |a| get_item(a[0], false, Value::NULL),
        ),
        MethodDef::new(
            "put($self, /, item, block=True, timeout=None)",
            "Put the item on the queue; never waits.",
            put,
        ),
        MethodDef::new(
            "put_nowait($self, /, item)",
            "Put an item into the queue without waiting.",
            put,
        ),
        MethodDef::new(
            "qsize($self, /)",
            "Number of items (at the time of the call).",
            |a| Ok(int::from_usize(instance::<SimpleQueue>(a[0]).items().len())),
        ),
        MethodDef::new(
            "__class_getitem__($type, object, /)",
            "See PEP 585",
            generic_alias::class_getitem,
        )
        .class(),
    ],
    ..TypeSpec::of::<SimpleQueue>()
});

fn init(m: Value) -> PyResult<()> {
    module::add_type(m, &SIMPLE_QUEUE_TYPE);
    let namespace = dict::new_dict();
    dict::set_str(*namespace, "__module__", *strings::intern_str("_queue"));
    dict::set_str(
        *namespace,
        "__doc__",
        *strings::new_str("Raised when a queue that is empty is asked for an item."),
    );
    let bases = tuple::from_values(&[taipan_objects::exceptions::Exception.value()]);
    let empty = protocol::call(
        types::TYPE_TYPE.value(),
        &[*strings::intern_str("Empty"), *bases, *namespace],
    )?;
    module::add(m, "Empty", empty.clone());
    EMPTY.0.set(empty.into_value());
    Ok(())
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_queue",
    doc: "A simple queue between threads.",
    functions: &[],
    init: Some(init),
};
