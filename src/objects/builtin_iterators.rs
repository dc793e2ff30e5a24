//! `enumerate`, `zip`, `map` and `filter`.

use crate::err::PyResult;
use crate::iterators::self_iter;
use crate::native::{MethodDef, Signature};
use crate::object::{Header, alloc};
use crate::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Slot, Value, values};
use crate::{err, int, protocol, strings, tuple};
use std::cell::Cell;

/// Stores a result tuple's items anew if nobody but the iterator holds the tuple.
#[inline]
pub fn reusable(t: Value) -> bool {
    // SAFETY: a tuple is a heap object.
    t.is_heap() && unsafe { (*t.as_ptr()).refcount() == 1 }
}

// ---------------------------------------------------------------- enumerate

/// `enumerate`.
#[repr(C)]
pub struct Enumerate {
    pub header: Header,
    pub iterator: Slot,
    /// The next number, while it is immediate.
    index: Cell<i64>,
    /// The next number beyond that; NULL before.
    big_index: Slot,
    /// The pair given last, to be used again if nobody kept it.
    result: Slot,
}
crate::object_impl!(
    Enumerate,
    ENUMERATE_TYPE,
    |this, visit| {
        visit(this.iterator.get());
        visit(this.big_index.get());
        visit(this.result.get());
    },
    |this| {
        drop(this.iterator.take());
        drop(this.result.take());
    }
);

fn enumerate_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    let names = if kwnames.is_null() {
        &[][..]
    } else {
        tuple::as_slice(kwnames)
    };
    let npos = args.len() - names.len();
    if args.is_empty() {
        return err!(
            TypeError,
            "enumerate() missing required argument 'iterable'"
        );
    }
    if args.len() > 2 {
        return err!(
            TypeError,
            "enumerate() takes at most 2 arguments ({} given)",
            args.len()
        );
    }
    let (mut iterable, mut start) = (Value::NULL, Value::NULL);
    if npos > 0 {
        iterable = args[0];
    }
    if npos > 1 {
        start = args[1];
    }
    for (i, name) in names.iter().enumerate() {
        let name = strings::expect(*name);
        let place = if name.eq_str("iterable") {
            &mut iterable
        } else if name.eq_str("start") {
            &mut start
        } else {
            return err!(
                TypeError,
                "'{name}' is an invalid keyword argument for enumerate()"
            );
        };
        if !place.is_null() {
            return err!(
                TypeError,
                "'{name}' is an invalid keyword argument for enumerate()"
            );
        }
        *place = args[npos + i];
    }
    if iterable.is_null() {
        return err!(
            TypeError,
            "enumerate() missing required argument 'iterable'"
        );
    }
    let start = if start.is_null() {
        int::from_i64(0)
    } else {
        protocol::index(start)?
    };
    let it = protocol::iter(iterable)?;
    let (index, big_index) = match int::as_int(&start)
        .and_then(|i| i.to_i64())
        .filter(|i| Value::try_small_int(*i).is_some())
    {
        Some(i) => (i, Ref::NULL),
        None => (0, start),
    };
    Ok(alloc(
        ty,
        Enumerate {
            header: Header::new(ty),
            iterator: Slot::new(it),
            index: Cell::new(index),
            big_index: Slot::new(big_index),
            result: Slot::null(),
        },
    ))
}

fn enumerate(v: Value) -> &'static Enumerate {
    // SAFETY: slots and methods get an instance of their own type; alive during the call.
    unsafe { &*(v.as_ptr() as *const Enumerate) }
}

fn enumerate_next(v: Value) -> PyResult<Option<Ref>> {
    let this = enumerate(v);
    let it = this.iterator.get();
    if it.is_null() {
        return Ok(None);
    }
    let Some(item) = protocol::next(it)? else {
        return Ok(None);
    };
    let number = if this.big_index.is_null() {
        let i = this.index.get();
        match Value::try_small_int(i) {
            Some(n) => {
                this.index.set(i + 1);
                Ref::immediate(n)
            }
            None => {
                this.big_index.set(int::from_i64(i + 1));
                int::from_i64(i)
            }
        }
    } else {
        let n = this.big_index.get_ref();
        this.big_index.set(protocol::binary(
            *n,
            Value::small_int(1),
            protocol::BinaryOp::Add,
        )?);
        n
    };
    let old = this.result.get();
    if reusable(old) {
        let result = old.to_ref();
        // SAFETY: only this iterator holds the pair.
        unsafe {
            tuple::init_item(*result, 0, number);
            tuple::init_item(*result, 1, item);
        }
        return Ok(Some(result));
    }
    let result = tuple::make(&crate::types::TUPLE_TYPE, 2, {
        let mut items = [number, item];
        move |i| items[i].take()
    });
    this.result.set(result.clone());
    Ok(Some(result))
}

fn enumerate_reduce(args: &[Value]) -> PyResult {
    let this = enumerate(args[0]);
    let n = if this.big_index.is_null() {
        int::from_i64(this.index.get())
    } else {
        this.big_index.get_ref()
    };
    Ok(tuple::of([
        args[0].ty().to_ref(),
        tuple::of([this.iterator.get_ref(), n]),
    ]))
}

pub static ENUMERATE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "enumerate",
    doc: "Pairs of a number, counted from start, and an item of the iterable.",
    flags: TypeFlags::HAVE_GC | TypeFlags::BASETYPE,
    text_signature: "(iterable, start=0)",
    slots: Slots {
        new: Some(enumerate_new),
        iter: Some(self_iter),
        iternext: Some(enumerate_next),
        ..Slots::of::<Enumerate>()
    },
    methods: &[
        MethodDef::new(
            "__reduce__($self, /)",
            "Return state information for pickling.",
            enumerate_reduce,
        ),
        MethodDef::new(
            "__class_getitem__($type, object, /)",
            "See PEP 585",
            crate::generic_alias::class_getitem,
        )
        .class(),
    ],
    ..TypeSpec::of::<Enumerate>()
});

// ---------------------------------------------------------------- zip

/// `zip`.
#[repr(C)]
pub struct Zip {
    pub header: Header,
    /// A tuple of iterators; NULL once exhausted by clearing.
    iterators: Slot,
    result: Slot,
    strict: Cell<bool>,
}
crate::object_impl!(
    Zip,
    ZIP_TYPE,
    |this, visit| {
        visit(this.iterators.get());
        visit(this.result.get());
    },
    |this| {
        drop(this.iterators.take());
        drop(this.result.take());
    }
);

fn zip_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("zip(*iterables, strict=False)");
    S.bind(args, kwnames, |a| {
        let strict = !a[1].is_null() && protocol::is_true(a[1])?;
        let mut its = Vec::new();
        for v in tuple::as_slice(a[0]) {
            its.push(protocol::iter(*v)?);
        }
        Ok(alloc(
            ty,
            Zip {
                header: Header::new(ty),
                iterators: Slot::new(tuple::from_refs(its)),
                result: Slot::null(),
                strict: Cell::new(strict),
            },
        ))
    })
}

fn zip(v: Value) -> &'static Zip {
    // SAFETY: slots and methods get an instance of their own type; alive during the call.
    unsafe { &*(v.as_ptr() as *const Zip) }
}

/// Whether the iterators after one that ended at position `i` have ended too; ValueError if not.
#[cold]
pub(crate) fn check_strict(name: &str, iterators: &[Value], i: usize) -> PyResult<()> {
    if i > 0 {
        let (plural, range) = if i == 1 {
            (" ", String::from("1"))
        } else {
            ("s ", format!("1-{i}"))
        };
        return err!(
            ValueError,
            "{name}() argument {} is shorter than argument{plural}{range}",
            i + 1
        );
    }
    for (k, it) in iterators.iter().enumerate().skip(1) {
        if protocol::next(*it)?.is_some() {
            let (plural, range) = if k == 1 {
                (" ", String::from("1"))
            } else {
                ("s ", format!("1-{k}"))
            };
            return err!(
                ValueError,
                "{name}() argument {} is longer than argument{plural}{range}",
                k + 1
            );
        }
    }
    Ok(())
}

fn zip_next(v: Value) -> PyResult<Option<Ref>> {
    let this = zip(v);
    let its = this.iterators.get();
    if its.is_null() {
        return Ok(None);
    }
    let its = tuple::as_slice(its);
    if its.is_empty() {
        return Ok(None);
    }
    let old = this.result.get();
    if reusable(old) {
        let result = old.to_ref();
        for (i, it) in its.iter().enumerate() {
            match protocol::next(*it)? {
                // SAFETY: the tuple was held by this iterator only when it was taken.
                Some(item) => unsafe { tuple::init_item(*result, i, item) },
                None => {
                    if this.strict.get() {
                        check_strict("zip", its, i)?;
                    }
                    return Ok(None);
                }
            }
        }
        return Ok(Some(result));
    }
    let mut items = Vec::with_capacity(its.len());
    for (i, it) in its.iter().enumerate() {
        match protocol::next(*it)? {
            Some(item) => items.push(item),
            None => {
                if this.strict.get() {
                    check_strict("zip", its, i)?;
                }
                return Ok(None);
            }
        }
    }
    let result = tuple::from_refs(items);
    this.result.set(result.clone());
    Ok(Some(result))
}

fn zip_reduce(args: &[Value]) -> PyResult {
    let this = zip(args[0]);
    let its = if this.iterators.is_null() {
        tuple::empty()
    } else {
        this.iterators.get_ref()
    };
    if this.strict.get() {
        return Ok(tuple::of([args[0].ty().to_ref(), its, Ref::bool(true)]));
    }
    Ok(tuple::of([args[0].ty().to_ref(), its]))
}

fn zip_setstate(args: &[Value]) -> PyResult {
    zip(args[0]).strict.set(protocol::is_true(args[1])?);
    Ok(Ref::NONE)
}

pub static ZIP_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "zip",
    doc: "Tuples of the first items of all iterables, then of the second ones, until the shortest ends.\n\nWith strict, ValueError if they differ in length.",
    flags: TypeFlags::HAVE_GC | TypeFlags::BASETYPE,
    text_signature: "(*iterables, strict=False)",
    slots: Slots {
        new: Some(zip_new),
        iter: Some(self_iter),
        iternext: Some(zip_next),
        ..Slots::of::<Zip>()
    },
    methods: &[
        MethodDef::new(
            "__reduce__($self, /)",
            "Return state information for pickling.",
            zip_reduce,
        ),
        MethodDef::new(
            "__setstate__($self, object, /)",
            "Set state information for unpickling.",
            zip_setstate,
        ),
    ],
    ..TypeSpec::of::<Zip>()
});

// ---------------------------------------------------------------- map

/// `map`.
#[repr(C)]
pub struct Map {
    pub header: Header,
    function: Slot,
    iterators: Slot,
    strict: Cell<bool>,
}
crate::object_impl!(
    Map,
    MAP_TYPE,
    |this, visit| {
        visit(this.function.get());
        visit(this.iterators.get());
    },
    |this| {
        drop(this.iterators.take());
        drop(this.function.take());
    }
);

fn map_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("map(*args, strict=False)");
    S.bind(args, kwnames, |a| {
        let strict = !a[1].is_null() && protocol::is_true(a[1])?;
        let args = tuple::as_slice(a[0]);
        if args.len() < 2 {
            return err!(TypeError, "map() must have at least two arguments.");
        }
        let mut its = Vec::new();
        for v in &args[1..] {
            its.push(protocol::iter(*v)?);
        }
        Ok(alloc(
            ty,
            Map {
                header: Header::new(ty),
                function: Slot::new(args[0].to_ref()),
                iterators: Slot::new(tuple::from_refs(its)),
                strict: Cell::new(strict),
            },
        ))
    })
}

fn map(v: Value) -> &'static Map {
    // SAFETY: slots and methods get an instance of their own type; alive during the call.
    unsafe { &*(v.as_ptr() as *const Map) }
}

fn map_next(v: Value) -> PyResult<Option<Ref>> {
    let this = map(v);
    if this.iterators.is_null() {
        return Ok(None);
    }
    let its = tuple::as_slice(this.iterators.get());
    let function = this.function.get();
    if let [it] = its {
        return match protocol::next(*it)? {
            Some(item) => protocol::call(function, &[*item]).map(Some),
            None => Ok(None),
        };
    }
    let mut items: Vec<Ref> = Vec::with_capacity(its.len());
    for (i, it) in its.iter().enumerate() {
        match protocol::next(*it)? {
            Some(item) => items.push(item),
            None => {
                if this.strict.get() {
                    check_strict("map", its, i)?;
                }
                return Ok(None);
            }
        }
    }
    protocol::call(function, values(&items)).map(Some)
}

fn map_reduce(args: &[Value]) -> PyResult {
    let this = map(args[0]);
    let mut all = vec![this.function.get_ref()];
    if !this.iterators.is_null() {
        all.extend(
            tuple::as_slice(this.iterators.get())
                .iter()
                .map(|v| v.to_ref()),
        );
    }
    let all = tuple::from_refs(all);
    if this.strict.get() {
        return Ok(tuple::of([args[0].ty().to_ref(), all, Ref::bool(true)]));
    }
    Ok(tuple::of([args[0].ty().to_ref(), all]))
}

fn map_setstate(args: &[Value]) -> PyResult {
    map(args[0]).strict.set(protocol::is_true(args[1])?);
    Ok(Ref::NONE)
}

pub static MAP_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "map",
    doc: "What function gives for the items of the iterables, taken in parallel until the shortest ends.\n\nWith strict, ValueError if they differ in length.",
    flags: TypeFlags::HAVE_GC | TypeFlags::BASETYPE,
    text_signature: "(function, iterable, /, *iterables, strict=False)",
    slots: Slots {
        new: Some(map_new),
        iter: Some(self_iter),
        iternext: Some(map_next),
        ..Slots::of::<Map>()
    },
    methods: &[
        MethodDef::new(
            "__reduce__($self, /)",
            "Return state information for pickling.",
            map_reduce,
        ),
        MethodDef::new(
            "__setstate__($self, object, /)",
            "Set state information for unpickling.",
            map_setstate,
        ),
    ],
    ..TypeSpec::of::<Map>()
});

// ---------------------------------------------------------------- filter

/// `filter`.
#[repr(C)]
pub struct Filter {
    pub header: Header,
    function: Slot,
    iterator: Slot,
}
crate::object_impl!(
    Filter,
    FILTER_TYPE,
    |this, visit| {
        visit(this.function.get());
        visit(this.iterator.get());
    },
    |this| {
        drop(this.iterator.take());
        drop(this.function.take());
    }
);

fn filter_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("filter(function, iterable, /)");
    S.bind(args, kwnames, |a| {
        let it = protocol::iter(a[1])?;
        Ok(alloc(
            ty,
            Filter {
                header: Header::new(ty),
                function: Slot::new(a[0].to_ref()),
                iterator: Slot::new(it),
            },
        ))
    })
}

fn filter(v: Value) -> &'static Filter {
    // SAFETY: slots and methods get an instance of their own type; alive during the call.
    unsafe { &*(v.as_ptr() as *const Filter) }
}

fn filter_next(v: Value) -> PyResult<Option<Ref>> {
    let this = filter(v);
    if this.iterator.is_null() {
        return Ok(None);
    }
    let f = this.function.get();
    let by_truth = f.is_none() || f.is(crate::types::BOOL_TYPE.value());
    while let Some(item) = protocol::next(this.iterator.get())? {
        let keep = if by_truth {
            protocol::is_true(*item)?
        } else {
            let r = protocol::call(this.function.get(), &[*item])?;
            protocol::is_true(*r)?
        };
        if keep {
            return Ok(Some(item));
        }
    }
    Ok(None)
}

fn filter_reduce(args: &[Value]) -> PyResult {
    let this = filter(args[0]);
    Ok(tuple::of([
        args[0].ty().to_ref(),
        tuple::of([this.function.get_ref(), this.iterator.get_ref()]),
    ]))
}

pub static FILTER_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "filter",
    doc: "The items for which function is true, or that are true themselves if function is None.",
    flags: TypeFlags::HAVE_GC | TypeFlags::BASETYPE,
    text_signature: "(function, iterable, /)",
    slots: Slots {
        new: Some(filter_new),
        iter: Some(self_iter),
        iternext: Some(filter_next),
        ..Slots::of::<Filter>()
    },
    methods: &[MethodDef::new(
        "__reduce__($self, /)",
        "Return state information for pickling.",
        filter_reduce,
    )],
    ..TypeSpec::of::<Filter>()
});
