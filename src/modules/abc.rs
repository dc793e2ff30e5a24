//! `_abc`: abstract base classes, with caches of the answers of `isinstance` and `issubclass`.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use taipan_objects::class_methods::is_abstract;
use taipan_objects::err::PyResult;
use taipan_objects::names::names;
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::object::{Header, new_object};
use taipan_objects::typeobject::{TypeFlags, TypeObject, TypeSpec, as_type};
use taipan_objects::value::{Ref, Value};
use taipan_objects::weakref::{PyWeakRef, new_ref};
use taipan_objects::{dict, err, int, object_impl, protocol, set, strings, tuple};

/// Classes by address, each with a weak reference that says whether it is still that class.
type Classes = RefCell<HashMap<u64, Ref>>;

/// What an abstract class keeps in `_abc_impl`.
#[repr(C)]
pub struct AbcData {
    header: Header,
    registry: Classes,
    cache: Classes,
    negative: Classes,
    negative_version: Cell<u64>,
}
object_impl!(
    AbcData,
    ABC_DATA_TYPE,
    |this, visit| for c in [&this.registry, &this.cache, &this.negative] {
        if let Ok(c) = c.try_borrow() {
            for r in c.values() {
                visit(**r);
            }
        }
    },
    |_this| {}
);
static ABC_DATA_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_abc._abc_data",
    doc: "Internal state held by ABC machinery.",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    ..TypeSpec::of::<AbcData>()
});

pub static MODULE: ModuleDef = ModuleDef {
    name: "_abc",
    doc: "Module contains faster C implementation of abc.ABCMeta",
    functions: &[
        MethodDef::new("get_cache_token($module, /)", "Returns the current ABC cache token.", |_| {
            Ok(int::from_u64(COUNTER.get()))
        }),
        MethodDef::new("_abc_init($module, self, /)", "Internal ABC helper for class set-up.", abc_init),
        MethodDef::new(
            "_reset_registry($module, self, /)",
            "Internal ABC helper to reset registry of a given class.",
            |a| {
                data(a[0])?.registry.borrow_mut().clear();
                Ok(Ref::NONE)
            },
        ),
        MethodDef::new(
            "_reset_caches($module, self, /)",
            "Internal ABC helper to reset both caches of a given class.",
            |a| {
                let d = data(a[0])?;
                d.cache.borrow_mut().clear();
                d.negative.borrow_mut().clear();
                Ok(Ref::NONE)
            },
        ),
        MethodDef::new("_get_dump($module, self, /)", "Internal ABC helper for cache and registry debugging.", dump),
        MethodDef::new(
            "_abc_register($module, self, subclass, /)",
            "Internal ABC helper for subclass registration.",
            register,
        ),
        MethodDef::new(
            "_abc_instancecheck($module, self, instance, /)",
            "Internal ABC helper for instance checks.",
            instancecheck,
        ),
        MethodDef::new(
            "_abc_subclasscheck($module, self, subclass, /)",
            "Internal ABC helper for subclass checks.",
            |a| Ok(Ref::bool(subclasscheck(a[0], a[1])?)),
        ),
    ],
    init: Some(|_| {
        taipan_objects::type_ready::ready(&ABC_DATA_TYPE);
        Ok(())
    }),
};

/// Grows with every registration: negative answers older than the last one count no more.
struct Counter(Cell<u64>);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Counter {}
impl Counter {
    fn get(&self) -> u64 {
        self.0.get()
    }
}
static COUNTER: Counter = Counter(Cell::new(0));

/// The state of an abstract class; it lives as long as the class.
fn data(class: Value) -> PyResult<&'static AbcData> {
    let d = protocol::getattr(class, names()._abc_impl)?;
    match d.cast_exact::<AbcData>() {
        // SAFETY: the class holds the object, and the caller the class.
        Some(d) => Ok(unsafe { &*(d as *const AbcData) }),
        None => err!(TypeError, "_abc_impl is set to a wrong type"),
    }
}

fn holds(c: &Classes, class: Value) -> bool {
    let c = c.borrow();
    c.get(&class.bits()).is_some_and(|r| r.cast::<PyWeakRef>().is_some_and(|w| w.is_alive()))
}
fn add(c: &Classes, class: Value) -> PyResult<()> {
    let r = new_ref(class)?;
    let old = c.borrow_mut().insert(class.bits(), r);
    drop(old);
    Ok(())
}
fn live(c: &Classes) -> Vec<Ref> {
    c.borrow().values().filter_map(|r| r.cast::<PyWeakRef>().and_then(|w| w.get())).collect()
}

fn abc_init(a: &[Value]) -> PyResult {
    let class = a[0];
    let n = names();
    let mut found: Vec<Ref> = Vec::new();
    let ns = protocol::getattr(class, n.__dict__)?;
    let items = protocol::call_method(*ns, n.items, &[])?;
    for pair in protocol::to_vec(*items)? {
        let pair = tuple::as_slice(*pair);
        if is_abstract(pair[1])? {
            found.push(pair[0].to_ref());
        }
    }
    let bases = protocol::getattr(class, n.__bases__)?;
    for base in protocol::to_vec(*bases)? {
        let Some(names_of_base) = protocol::getattr_opt(*base, n.__abstractmethods__)? else { continue };
        for key in protocol::to_vec(*names_of_base)? {
            let name = taipan_objects::slot_table::attribute_name(*key)?;
            if let Some(v) = protocol::getattr_opt(class, *name)?
                && is_abstract(*v)?
            {
                found.push(key);
            }
        }
    }
    let abstracts = set::frozenset_of(taipan_objects::value::values(&found))?;
    protocol::setattr(class, n.__abstractmethods__, *abstracts)?;
    let d = new_object(AbcData {
        header: Header::new(&ABC_DATA_TYPE),
        registry: Classes::default(),
        cache: Classes::default(),
        negative: Classes::default(),
        negative_version: Cell::new(COUNTER.get()),
    });
    protocol::setattr(class, n._abc_impl, *d)?;
    if let Some(ty) = as_type(class)
        && ty.is_heap_type()
    {
        let flags = dict::pop(ty.dict(), *strings::intern_str("__abc_tpflags__"))?;
        if let Some(bits) = flags.as_small_int() {
            // CPython's numbers: 32 is a sequence, 64 a mapping.
            let (seq, map) = (bits & 32 != 0, bits & 64 != 0);
            if seq && map {
                return err!(TypeError, "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING");
            }
            if seq || map {
                let flag = if seq { TypeFlags::SEQUENCE } else { TypeFlags::MAPPING };
                taipan_objects::type_attributes::set_collection_flag(ty, flag);
            }
        }
    }
    Ok(Ref::NONE)
}

fn dump(a: &[Value]) -> PyResult {
    let d = data(a[0])?;
    let as_set = |c: &Classes| -> PyResult {
        let s = set::new_set();
        let all: Vec<Ref> = c.borrow().values().cloned().collect();
        for r in all {
            set::add(*s, *r)?;
        }
        Ok(s)
    };
    Ok(tuple::of([
        as_set(&d.registry)?,
        as_set(&d.cache)?,
        as_set(&d.negative)?,
        int::from_u64(d.negative_version.get()),
    ]))
}

fn register(a: &[Value]) -> PyResult {
    let (class, subclass) = (a[0], a[1]);
    if as_type(subclass).is_none() {
        return err!(TypeError, "Can only register classes");
    }
    if protocol::issubclass(subclass, class)? {
        return Ok(subclass.to_ref());
    }
    if protocol::issubclass(class, subclass)? {
        return err!(RuntimeError, "Refusing to create an inheritance cycle");
    }
    add(&data(class)?.registry, subclass)?;
    COUNTER.0.set(COUNTER.get() + 1);
    if let (Some(c), Some(s)) = (as_type(class), as_type(subclass)) {
        for flag in [TypeFlags::SEQUENCE, TypeFlags::MAPPING] {
            if c.has_flag(flag) {
                taipan_objects::type_attributes::set_collection_flag(s, flag);
            }
        }
    }
    Ok(subclass.to_ref())
}

fn instancecheck(a: &[Value]) -> PyResult {
    let (class, instance) = (a[0], a[1]);
    let n = names();
    let d = data(class)?;
    let subclass = protocol::getattr(instance, n.__class__)?;
    if holds(&d.cache, *subclass) {
        return Ok(Ref::bool(true));
    }
    let subtype = instance.ty();
    if subtype.value().is(*subclass) {
        if d.negative_version.get() == COUNTER.get() && holds(&d.negative, *subclass) {
            return Ok(Ref::bool(false));
        }
        return protocol::call_method(class, n.__subclasscheck__, &[*subclass]);
    }
    let r = protocol::call_method(class, n.__subclasscheck__, &[*subclass])?;
    if protocol::is_true(*r)? {
        return Ok(r);
    }
    protocol::call_method(class, n.__subclasscheck__, &[subtype.value()])
}

fn subclasscheck(class: Value, subclass: Value) -> PyResult<bool> {
    let n = names();
    let Some(sub) = as_type(subclass) else {
        return err!(TypeError, "issubclass() arg 1 must be a class");
    };
    let d = data(class)?;
    if holds(&d.cache, subclass) {
        return Ok(true);
    }
    if d.negative_version.get() < COUNTER.get() {
        d.negative.borrow_mut().clear();
        d.negative_version.set(COUNTER.get());
    } else if holds(&d.negative, subclass) {
        return Ok(false);
    }
    let ok = protocol::call_method(class, n.__subclasshook__, &[subclass])?;
    if ok.is(Value::TRUE) {
        add(&d.cache, subclass)?;
        return Ok(true);
    }
    if ok.is(Value::FALSE) {
        add(&d.negative, subclass)?;
        return Ok(false);
    }
    if !ok.is_not_implemented() {
        return err!(AssertionError, "__subclasshook__ must return either False, True, or NotImplemented");
    }
    if as_type(class).is_some_and(|c| sub.is_subtype(c)) {
        add(&d.cache, subclass)?;
        return Ok(true);
    }
    for r in live(&d.registry) {
        if protocol::issubclass(subclass, *r)? {
            add(&d.cache, subclass)?;
            return Ok(true);
        }
    }
    let subclasses = protocol::call_method_str(class, "__subclasses__", &[])?;
    for c in protocol::to_vec(*subclasses)? {
        if protocol::issubclass(subclass, *c)? {
            add(&d.cache, subclass)?;
            return Ok(true);
        }
    }
    add(&d.negative, subclass)?;
    Ok(false)
}
