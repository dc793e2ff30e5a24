//! `itertools`, except for the combinatoric iterators, which are in `combinatorics.rs`.

use std::cell::Cell;
use taipan_objects::attributes::generic_getattr;
use taipan_objects::builtin_iterators::reusable;
use taipan_objects::err::PyResult;
use taipan_objects::iterators::self_iter;
use taipan_objects::native::{MethodDef, ModuleDef, Signature};
use taipan_objects::object::{Header, alloc, instance, new_object};
use taipan_objects::protocol::{self, BinaryOp};
use taipan_objects::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value, values};
use taipan_objects::{err, generic_alias, int, list, module, native_class, strings, tuple};

const FLAGS: u32 = TypeFlags::HAVE_GC | TypeFlags::BASETYPE;

fn slot(v: Value) -> Slot {
    Slot::new(v.to_ref())
}

/// The next item of the iterator in a slot; `None` also if the slot is empty.
#[inline]
fn next_of(it: &Slot) -> PyResult<Option<Ref>> {
    if it.is_null() {
        Ok(None)
    } else {
        protocol::next(it.get())
    }
}

fn called_true(f: &Slot, item: Value) -> PyResult<bool> {
    let r = protocol::call(f.get(), &[item])?;
    protocol::is_true(*r)
}

// ---------------------------------------------------------------- count

native_class!(Count, COUNT_TYPE { number, step; small: Cell<i64>, is_small: Cell<bool> });

fn count_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("count(start=0, step=1)");
    S.bind(args, kwnames, |a| {
        let zero = Value::small_int(0);
        let (start, step) = (a[0].or(zero), a[1].or(Value::small_int(1)));
        for v in [start, step] {
            let s = v.ty().slots();
            if s.int.is_none()
                && s.float.is_none()
                && s.index.is_none()
                && !v.type_name().eq("complex")
            {
                return err!(TypeError, "a number is required");
            }
        }
        let small = start
            .as_small_int()
            .filter(|_| step.as_small_int() == Some(1));
        Ok(alloc(
            ty,
            Count {
                header: Header::new(ty),
                number: slot(start),
                step: slot(step),
                small: Cell::new(small.unwrap_or(0)),
                is_small: Cell::new(small.is_some()),
            },
        ))
    })
}

fn count_next(v: Value) -> PyResult<Option<Ref>> {
    let this = instance::<Count>(v);
    if this.is_small.get() {
        let i = this.small.get();
        match Value::try_small_int(i + 1) {
            Some(_) => this.small.set(i + 1),
            None => {
                this.is_small.set(false);
                this.number.set(int::from_i64(i + 1));
            }
        }
        return Ok(Some(int::from_i64(i)));
    }
    let n = this.number.get_ref();
    this.number
        .set(protocol::binary(*n, this.step.get(), BinaryOp::Add)?);
    Ok(Some(n))
}

fn count_repr(v: Value) -> PyResult {
    let this = instance::<Count>(v);
    let name = v.ty().name();
    if this.is_small.get() {
        return Ok(strings::new_str(&format!("{name}({})", this.small.get())));
    }
    let n = protocol::repr_text(this.number.get())?;
    if this.step.get().as_small_int() == Some(1) {
        return Ok(strings::new_str(&format!("{name}({n})")));
    }
    Ok(strings::new_str(&format!(
        "{name}({n}, {})",
        protocol::repr_text(this.step.get())?
    )))
}

static COUNT_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "itertools.count",
    doc: "Numbers from start, step apart, without end.",
    flags: FLAGS,
    text_signature: "(start=0, step=1)",
    slots: Slots {
        new: Some(count_new),
        repr: Some(count_repr),
        getattro: Some(generic_getattr),
        iter: Some(self_iter),
        iternext: Some(count_next),
        ..Slots::of::<Count>()
    },
    ..TypeSpec::of::<Count>()
});

// ---------------------------------------------------------------- cycle

native_class!(Cycle, CYCLE_TYPE { iterator, saved; index: Cell<usize> });

fn cycle_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("cycle(iterable, /)");
    S.bind(args, kwnames, |a| {
        let it = protocol::iter(a[0])?;
        Ok(alloc(
            ty,
            Cycle {
                header: Header::new(ty),
                iterator: Slot::new(it),
                saved: Slot::new(list::new_list(Vec::new())),
                index: Cell::new(0),
            },
        ))
    })
}

fn cycle_next(v: Value) -> PyResult<Option<Ref>> {
    let this = instance::<Cycle>(v);
    if !this.iterator.is_null() {
        if let Some(item) = protocol::next(this.iterator.get())? {
            if !this.saved.is_null() {
                list::append(this.saved.get(), item.clone());
            }
            return Ok(Some(item));
        }
        drop(this.iterator.take());
    }
    if this.saved.is_null() {
        return Ok(None);
    }
    let saved = list::expect(this.saved.get());
    if saved.len() == 0 {
        return Ok(None);
    }
    let i = this.index.get();
    this.index.set(if i + 1 >= saved.len() { 0 } else { i + 1 });
    Ok(saved.get(i))
}

static CYCLE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "itertools.cycle",
    doc: "The items of the iterable, again and again.",
    flags: FLAGS,
    text_signature: "(iterable, /)",
    slots: Slots {
        new: Some(cycle_new),
        getattro: Some(generic_getattr),
        iter: Some(self_iter),
        iternext: Some(cycle_next),
        ..Slots::of::<Cycle>()
    },
    ..TypeSpec::of::<Cycle>()
});

// ---------------------------------------------------------------- repeat

native_class!(Repeat, REPEAT_TYPE { element; remaining: Cell<i64> });

fn repeat_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("repeat(object, times=0)");
    S.bind(args, kwnames, |a| {
        let n = if a[1].is_null() {
            -1
        } else {
            int::to_i64(a[1])?.max(0)
        };
        Ok(alloc(
            ty,
            Repeat {
                header: Header::new(ty),
                element: slot(a[0]),
                remaining: Cell::new(n),
            },
        ))
    })
}

fn repeat_next(v: Value) -> PyResult<Option<Ref>> {
    let this = instance::<Repeat>(v);
    match this.remaining.get() {
        0 => return Ok(None),
        n if n > 0 => this.remaining.set(n - 1),
        _ => {}
    }
    Ok(Some(this.element.get_ref()))
}

fn repeat_repr(v: Value) -> PyResult {
    let this = instance::<Repeat>(v);
    let element = protocol::repr_text(this.element.get())?;
    let name = v.ty().name();
    Ok(strings::new_str(&match this.remaining.get() {
        n if n < 0 => format!("{name}({element})"),
        n => format!("{name}({element}, {n})"),
    }))
}

fn repeat_hint(args: &[Value]) -> PyResult {
    match instance::<Repeat>(args[0]).remaining.get() {
        n if n < 0 => err!(TypeError, "len() of unsized object"),
        n => Ok(int::from_i64(n)),
    }
}

static REPEAT_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "itertools.repeat",
    doc: "The object again and again: times times, or without end.",
    flags: FLAGS,
    slots: Slots {
        new: Some(repeat_new),
        repr: Some(repeat_repr),
        getattro: Some(generic_getattr),
        iter: Some(self_iter),
        iternext: Some(repeat_next),
        ..Slots::of::<Repeat>()
    },
    methods: &[MethodDef::new(
        "__length_hint__($self, /)",
        "Private method returning an estimate of len(list(it)).",
        repeat_hint,
    )],
    ..TypeSpec::of::<Repeat>()
});

// ---------------------------------------------------------------- chain

native_class!(Chain, CHAIN_TYPE { source, active; });

fn new_chain(ty: Type, source: Ref) -> Ref {
    alloc(
        ty,
        Chain {
            header: Header::new(ty),
            source: Slot::new(source),
            active: Slot::null(),
        },
    )
}

fn chain_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("chain(*iterables)");
    S.bind(args, kwnames, |a| Ok(new_chain(ty, protocol::iter(a[0])?)))
}

fn chain_from_iterable(args: &[Value]) -> PyResult {
    let Some(ty) = taipan_objects::typeobject::as_type(args[0]) else {
        return err!(TypeError, "from_iterable() needs a type");
    };
    Ok(new_chain(ty, protocol::iter(args[1])?))
}

fn chain_next(v: Value) -> PyResult<Option<Ref>> {
    let this = instance::<Chain>(v);
    loop {
        if this.source.is_null() {
            return Ok(None);
        }
        if this.active.is_null() {
            match protocol::next(this.source.get()) {
                Ok(Some(iterable)) => match protocol::iter(*iterable) {
                    Ok(it) => this.active.set(it),
                    Err(e) => {
                        drop(this.source.take());
                        return Err(e);
                    }
                },
                Ok(None) => {
                    drop(this.source.take());
                    return Ok(None);
                }
                Err(e) => {
                    drop(this.source.take());
                    return Err(e);
                }
            }
        }
        if let Some(item) = next_of(&this.active)? {
            return Ok(Some(item));
        }
        drop(this.active.take());
    }
}

static CHAIN_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "itertools.chain",
    doc: "The items of the first iterable, then those of the second, and so on.",
    flags: FLAGS,
    text_signature: "(*iterables)",
    slots: Slots {
        new: Some(chain_new),
        getattro: Some(generic_getattr),
        iter: Some(self_iter),
        iternext: Some(chain_next),
        ..Slots::of::<Chain>()
    },
    methods: &[
        MethodDef::new(
            "from_iterable($type, iterable, /)",
            "As chain(), with the iterables taken lazily from one.",
            chain_from_iterable,
        )
        .class(),
        MethodDef::new(
            "__class_getitem__($type, object, /)",
            "See PEP 585",
            generic_alias::class_getitem,
        )
        .class(),
    ],
    ..TypeSpec::of::<Chain>()
});

// ---------------------------------------------------------------- compress, dropwhile, takewhile, filterfalse, starmap

native_class!(Compress, COMPRESS_TYPE { data, selectors; });

fn compress_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("compress(data, selectors)");
    S.bind(args, kwnames, |a| {
        let (data, selectors) = (protocol::iter(a[0])?, protocol::iter(a[1])?);
        Ok(alloc(
            ty,
            Compress {
                header: Header::new(ty),
                data: Slot::new(data),
                selectors: Slot::new(selectors),
            },
        ))
    })
}

fn compress_next(v: Value) -> PyResult<Option<Ref>> {
    let this = instance::<Compress>(v);
    loop {
        let Some(item) = next_of(&this.data)? else {
            return Ok(None);
        };
        let Some(selector) = next_of(&this.selectors)? else {
            return Ok(None);
        };
        if protocol::is_true(*selector)? {
            return Ok(Some(item));
        }
    }
}

static COMPRESS_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "itertools.compress",
    doc: "The data items whose selectors are true.",
    flags: FLAGS,
    text_signature: "(data, selectors)",
    slots: Slots {
        new: Some(compress_new),
        getattro: Some(generic_getattr),
        iter: Some(self_iter),
        iternext: Some(compress_next),
        ..Slots::of::<Compress>()
    },
    ..TypeSpec::of::<Compress>()
});

// One layout for the four iterators that have a function and an iterator.
native_class!(Filtering, DROPWHILE_TYPE { function, iterator; started: Cell<bool> });

fn new_filtering(signature: &Signature, ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    signature.bind(args, kwnames, |a| {
        let it = protocol::iter(a[1])?;
        Ok(alloc(
            ty,
            Filtering {
                header: Header::new(ty),
                function: slot(a[0]),
                iterator: Slot::new(it),
                started: Cell::new(false),
            },
        ))
    })
}

fn filtering(v: Value) -> &'static Filtering {
    // SAFETY: called from slots of the four types that have this layout.
    unsafe { &*(v.as_ptr() as *const Filtering) }
}

fn dropwhile_next(v: Value) -> PyResult<Option<Ref>> {
    let this = filtering(v);
    while let Some(item) = next_of(&this.iterator)? {
        if this.started.get() {
            return Ok(Some(item));
        }
        if !called_true(&this.function, *item)? {
            this.started.set(true);
            return Ok(Some(item));
        }
    }
    Ok(None)
}

fn takewhile_next(v: Value) -> PyResult<Option<Ref>> {
    let this = filtering(v);
    if this.started.get() {
        return Ok(None);
    }
    let Some(item) = next_of(&this.iterator)? else {
        return Ok(None);
    };
    if called_true(&this.function, *item)? {
        return Ok(Some(item));
    }
    this.started.set(true);
    Ok(None)
}

fn filterfalse_next(v: Value) -> PyResult<Option<Ref>> {
    let this = filtering(v);
    let f = this.function.get();
    let by_truth = f.is_none() || f.is(taipan_objects::types::BOOL_TYPE.value());
    while let Some(item) = next_of(&this.iterator)? {
        let good = if by_truth {
            protocol::is_true(*item)?
        } else {
            called_true(&this.function, *item)?
        };
        if !good {
            return Ok(Some(item));
        }
    }
    Ok(None)
}

fn starmap_next(v: Value) -> PyResult<Option<Ref>> {
    let this = filtering(v);
    let Some(args) = next_of(&this.iterator)? else {
        return Ok(None);
    };
    if args.is_exact::<tuple::PyTuple>() {
        return protocol::call(this.function.get(), tuple::as_slice(*args)).map(Some);
    }
    let args = protocol::to_vec(*args)?;
    protocol::call(this.function.get(), values(&args)).map(Some)
}

macro_rules! filtering_type {
    ($static:ident, $name:literal, $signature:literal, $full:literal, $doc:literal, $next:ident) => {
        static $static: TypeObject = TypeObject::builtin(&TypeSpec {
            name: $name,
            doc: $doc,
            flags: FLAGS,
            text_signature: $signature,
            slots: Slots {
                new: Some(|ty, args, kwnames| {
                    static S: Signature = Signature::new($full);
                    new_filtering(&S, ty, args, kwnames)
                }),
                getattro: Some(generic_getattr),
                iter: Some(self_iter),
                iternext: Some($next),
                ..Slots::of::<Filtering>()
            },
            ..TypeSpec::of::<Filtering>()
        });
    };
}
filtering_type!(
    DROPWHILE_TYPE,
    "itertools.dropwhile",
    "(predicate, iterable, /)",
    "dropwhile(predicate, iterable, /)",
    "The items from the first on for which the predicate is false.",
    dropwhile_next
);
filtering_type!(
    TAKEWHILE_TYPE,
    "itertools.takewhile",
    "(predicate, iterable, /)",
    "takewhile(predicate, iterable, /)",
    "The items up to, not including, the first for which the predicate is false.",
    takewhile_next
);
filtering_type!(
    FILTERFALSE_TYPE,
    "itertools.filterfalse",
    "(function, iterable, /)",
    "filterfalse(function, iterable, /)",
    "The items for which the function is false, or that are false themselves if it is None.",
    filterfalse_next
);
filtering_type!(
    STARMAP_TYPE,
    "itertools.starmap",
    "(function, iterable, /)",
    "starmap(function, iterable, /)",
    "What the function gives when called with each item as its arguments.",
    starmap_next
);

// ---------------------------------------------------------------- accumulate

native_class!(Accumulate, ACCUMULATE_TYPE { total, iterator, function, initial; });

fn accumulate_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("accumulate(iterable, func=None, *, initial=None)");
    S.bind(args, kwnames, |a| {
        let it = protocol::iter(a[0])?;
        let optional = |v: Value| {
            if v.is_none_or_null() {
                Slot::null()
            } else {
                slot(v)
            }
        };
        Ok(alloc(
            ty,
            Accumulate {
                header: Header::new(ty),
                total: Slot::null(),
                iterator: Slot::new(it),
                function: optional(a[1]),
                initial: optional(a[2]),
            },
        ))
    })
}

fn accumulate_next(v: Value) -> PyResult<Option<Ref>> {
    let this = instance::<Accumulate>(v);
    if !this.initial.is_null() {
        let first = this.initial.take();
        this.total.set(first.clone());
        return Ok(Some(first));
    }
    let Some(item) = next_of(&this.iterator)? else {
        return Ok(None);
    };
    if this.total.is_null() {
        this.total.set(item.clone());
        return Ok(Some(item));
    }
    let old = this.total.get_ref();
    let total = if this.function.is_null() {
        protocol::binary(*old, *item, BinaryOp::Add)?
    } else {
        protocol::call(this.function.get(), &[*old, *item])?
    };
    this.total.set(total.clone());
    Ok(Some(total))
}

static ACCUMULATE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "itertools.accumulate",
    doc: "Running totals, or what func gives for the total so far and the next item.",
    flags: FLAGS,
    text_signature: "(iterable, func=None, *, initial=None)",
    slots: Slots {
        new: Some(accumulate_new),
        getattro: Some(generic_getattr),
        iter: Some(self_iter),
        iternext: Some(accumulate_next),
        ..Slots::of::<Accumulate>()
    },
    ..TypeSpec::of::<Accumulate>()
});

// ---------------------------------------------------------------- islice

native_class!(Islice, ISLICE_TYPE { iterator; next: Cell<i64>, stop: Cell<i64>, step: Cell<i64>, count: Cell<i64> });

fn islice_bound(v: Value, message: &str) -> PyResult<i64> {
    if v.ty().slots().index.is_some() {
        match int::to_i64(v) {
            Ok(i) if i >= 0 => return Ok(i),
            Ok(_) => {}
            Err(_) => drop(taipan_objects::vm::vm().take_pending()),
        }
    }
    err!(ValueError, "{message}")
}

fn islice_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    if !kwnames.is_null() && !tuple::as_slice(kwnames).is_empty() {
        return err!(TypeError, "islice() takes no keyword arguments");
    }
    if args.len() < 2 {
        return err!(
            TypeError,
            "islice expected at least 2 arguments, got {}",
            args.len()
        );
    }
    if args.len() > 4 {
        return err!(
            TypeError,
            "islice expected at most 4 arguments, got {}",
            args.len()
        );
    }
    const STOP: &str =
        "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
    const INDICES: &str = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
    let (mut start, stop, mut step) = (0, if args.len() == 2 { args[1] } else { args[2] }, 1);
    let stop = if stop.is_none() {
        -1
    } else {
        islice_bound(stop, STOP)?
    };
    if args.len() > 2 && !args[1].is_none() {
        start = islice_bound(args[1], INDICES)?;
    }
    if args.len() == 4 && !args[3].is_none() {
        step = islice_bound(
            args[3],
            "Step for islice() must be a positive integer or None.",
        )?;
        if step < 1 {
            return err!(
                ValueError,
                "Step for islice() must be a positive integer or None."
            );
        }
    }
    let it = protocol::iter(args[0])?;
    Ok(alloc(
        ty,
        Islice {
            header: Header::new(ty),
            iterator: Slot::new(it),
            next: Cell::new(start),
            stop: Cell::new(stop),
            step: Cell::new(step),
            count: Cell::new(0),
        },
    ))
}

fn islice_next(v: Value) -> PyResult<Option<Ref>> {
    let this = instance::<Islice>(v);
    let stop = this.stop.get();
    let end = || {
        drop(this.iterator.take());
        Ok(None)
    };
    if this.iterator.is_null() {
        return Ok(None);
    }
    while this.count.get() < this.next.get() {
        if next_of(&this.iterator)?.is_none() {
            return end();
        }
        this.count.set(this.count.get() + 1);
    }
    if stop != -1 && this.count.get() >= stop {
        return end();
    }
    let Some(item) = next_of(&this.iterator)? else {
        return end();
    };
    this.count.set(this.count.get() + 1);
    let next = this.next.get().checked_add(this.step.get());
    this.next.set(match next {
        Some(n) if stop == -1 || n <= stop => n,
        _ => stop,
    });
    Ok(Some(item))
}

static ISLICE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "itertools.islice",
    doc: "islice(iterable, stop) --> islice object\nislice(iterable, start, stop[, step]) --> islice object\n\nItems at the positions a slice would select.",
    flags: FLAGS,
    slots: Slots {
        new: Some(islice_new),
        getattro: Some(generic_getattr),
        iter: Some(self_iter),
        iternext: Some(islice_next),
        ..Slots::of::<Islice>()
    },
    ..TypeSpec::of::<Islice>()
});

// ---------------------------------------------------------------- pairwise

native_class!(Pairwise, PAIRWISE_TYPE { iterator, old, result; });

fn pairwise_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("pairwise(iterable, /)");
    S.bind(args, kwnames, |a| {
        let it = protocol::iter(a[0])?;
        Ok(alloc(
            ty,
            Pairwise {
                header: Header::new(ty),
                iterator: Slot::new(it),
                old: Slot::null(),
                result: Slot::null(),
            },
        ))
    })
}

fn pairwise_next(v: Value) -> PyResult<Option<Ref>> {
    let this = instance::<Pairwise>(v);
    let end = || {
        drop(this.iterator.take());
        drop(this.old.take());
        Ok(None)
    };
    if this.old.is_null() {
        match next_of(&this.iterator)? {
            Some(first) => this.old.set(first),
            None => return end(),
        }
        if this.iterator.is_null() {
            return end();
        }
    }
    let old = this.old.get_ref();
    let Some(new) = next_of(&this.iterator)? else {
        return end();
    };
    this.old.set(new.clone());
    let kept = this.result.get();
    if reusable(kept) {
        let result = kept.to_ref();
        // SAFETY: only this iterator holds the pair.
        unsafe {
            tuple::init_item(*result, 0, old);
            tuple::init_item(*result, 1, new);
        }
        return Ok(Some(result));
    }
    let result = tuple::of([old, new]);
    this.result.set(result.clone());
    Ok(Some(result))
}

static PAIRWISE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "itertools.pairwise",
    doc: "Pairs of neighbours.",
    flags: FLAGS,
    text_signature: "(iterable, /)",
    slots: Slots {
        new: Some(pairwise_new),
        getattro: Some(generic_getattr),
        iter: Some(self_iter),
        iternext: Some(pairwise_next),
        ..Slots::of::<Pairwise>()
    },
    ..TypeSpec::of::<Pairwise>()
});

// ---------------------------------------------------------------- batched

native_class!(Batched, BATCHED_TYPE { iterator; size: usize, strict: bool });

fn batched_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("batched(iterable, n, *, strict=False)");
    S.bind(args, kwnames, |a| {
        let n = int::to_i64(a[1])?;
        let strict = !a[2].is_null() && protocol::is_true(a[2])?;
        if n < 1 {
            return err!(ValueError, "n must be at least one");
        }
        let it = protocol::iter(a[0])?;
        Ok(alloc(
            ty,
            Batched {
                header: Header::new(ty),
                iterator: Slot::new(it),
                size: n as usize,
                strict,
            },
        ))
    })
}

fn batched_next(v: Value) -> PyResult<Option<Ref>> {
    let this = instance::<Batched>(v);
    let mut items = Vec::with_capacity(this.size.min(1 << 12));
    while items.len() < this.size {
        match next_of(&this.iterator) {
            Ok(Some(item)) => items.push(item),
            Ok(None) => {
                drop(this.iterator.take());
                break;
            }
            Err(e) => {
                drop(this.iterator.take());
                return Err(e);
            }
        }
    }
    if items.is_empty() {
        return Ok(None);
    }
    if items.len() < this.size && this.strict {
        return err!(ValueError, "batched(): incomplete batch");
    }
    Ok(Some(tuple::from_refs(items)))
}

static BATCHED_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "itertools.batched",
    doc: "Tuples of n items; the last may be shorter, unless strict.",
    flags: FLAGS,
    text_signature: "(iterable, n, *, strict=False)",
    slots: Slots {
        new: Some(batched_new),
        getattro: Some(generic_getattr),
        iter: Some(self_iter),
        iternext: Some(batched_next),
        ..Slots::of::<Batched>()
    },
    ..TypeSpec::of::<Batched>()
});

// ---------------------------------------------------------------- zip_longest

native_class!(ZipLongest, ZIP_LONGEST_TYPE { iterators, fill; active: Cell<usize> });

fn zip_longest_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("zip_longest(*iterables, fillvalue=None)");
    if !kwnames.is_null()
        && tuple::as_slice(kwnames)
            .iter()
            .any(|k| !strings::expect(*k).eq_str("fillvalue"))
    {
        return err!(
            TypeError,
            "zip_longest() got an unexpected keyword argument"
        );
    }
    S.bind(args, kwnames, |a| {
        let mut its = Vec::new();
        for v in tuple::as_slice(a[0]) {
            its.push(protocol::iter(*v)?);
        }
        let active = Cell::new(its.len());
        Ok(alloc(
            ty,
            ZipLongest {
                header: Header::new(ty),
                iterators: Slot::new(list::new_list(its)),
                fill: slot(a[1].or(Value::NONE)),
                active,
            },
        ))
    })
}

fn zip_longest_next(v: Value) -> PyResult<Option<Ref>> {
    let this = instance::<ZipLongest>(v);
    if this.iterators.is_null() || this.active.get() == 0 {
        return Ok(None);
    }
    let its = list::expect(this.iterators.get());
    let mut items = Vec::with_capacity(its.len());
    for i in 0..its.len() {
        let Some(it) = its.get(i) else { break };
        if it.is_none() {
            items.push(this.fill.get_ref());
            continue;
        }
        match protocol::next(*it) {
            Ok(Some(item)) => items.push(item),
            Ok(None) => {
                this.active.set(this.active.get() - 1);
                if this.active.get() == 0 {
                    return Ok(None);
                }
                its.set_at(i as i64, Ref::NONE).ok();
                items.push(this.fill.get_ref());
            }
            Err(e) => {
                this.active.set(0);
                return Err(e);
            }
        }
    }
    Ok(Some(tuple::from_refs(items)))
}

static ZIP_LONGEST_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "itertools.zip_longest",
    doc: "As zip(), up to the end of the longest iterable; fillvalue stands for what is missing.",
    flags: FLAGS,
    text_signature: "(*iterables, fillvalue=None)",
    slots: Slots {
        new: Some(zip_longest_new),
        getattro: Some(generic_getattr),
        iter: Some(self_iter),
        iternext: Some(zip_longest_next),
        ..Slots::of::<ZipLongest>()
    },
    ..TypeSpec::of::<ZipLongest>()
});

// ---------------------------------------------------------------- groupby

// `grouper` is the address of the group iterator that may still take items; it is only compared.
native_class!(GroupBy, GROUPBY_TYPE { iterator, key_function, target_key, current_key, current_value; grouper: Cell<u64> });
native_class!(Grouper, GROUPER_TYPE { parent, target_key; });

fn groupby_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("groupby(iterable, key=None)");
    S.bind(args, kwnames, |a| {
        let it = protocol::iter(a[0])?;
        Ok(alloc(
            ty,
            GroupBy {
                header: Header::new(ty),
                iterator: Slot::new(it),
                key_function: slot(a[1].or(Value::NONE)),
                target_key: Slot::null(),
                current_key: Slot::null(),
                current_value: Slot::null(),
                grouper: Cell::new(0),
            },
        ))
    })
}

/// Takes the next item; `false` at the end.
fn groupby_step(this: &GroupBy) -> PyResult<bool> {
    let Some(value) = next_of(&this.iterator)? else {
        return Ok(false);
    };
    let key = if this.key_function.get().is_none() {
        value.clone()
    } else {
        protocol::call(this.key_function.get(), &[*value])?
    };
    this.current_value.set(value);
    this.current_key.set(key);
    Ok(true)
}

fn groupby_next(v: Value) -> PyResult<Option<Ref>> {
    let this = instance::<GroupBy>(v);
    this.grouper.set(0);
    loop {
        if !this.current_key.is_null() {
            if this.target_key.is_null() {
                break;
            }
            let (target, current) = (this.target_key.get_ref(), this.current_key.get_ref());
            if !protocol::eq(*target, *current)? {
                break;
            }
        }
        if !groupby_step(this)? {
            return Ok(None);
        }
    }
    let key = this.current_key.get_ref();
    this.target_key.set(key.clone());
    let grouper = new_object(Grouper {
        header: Header::new(&GROUPER_TYPE),
        parent: slot(v),
        target_key: Slot::new(key.clone()),
    });
    this.grouper.set(grouper.bits());
    Ok(Some(tuple::of([key, grouper])))
}

fn grouper_next(v: Value) -> PyResult<Option<Ref>> {
    let this = instance::<Grouper>(v);
    let parent = this.parent.get_ref();
    if parent.is_null() {
        return Ok(None);
    }
    let group = instance::<GroupBy>(*parent);
    if group.grouper.get() != v.bits() {
        return Ok(None);
    }
    if group.current_value.is_null() && !groupby_step(group)? {
        return Ok(None);
    }
    let (target, current) = (this.target_key.get_ref(), group.current_key.get_ref());
    if !protocol::eq(*target, *current)? {
        return Ok(None);
    }
    Ok(group.current_value.take().some())
}

fn grouper_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("_grouper(parent, tgtkey, /)");
    S.bind(args, kwnames, |a| {
        let Some(group) = a[0].cast::<GroupBy>() else {
            return err!(
                TypeError,
                "_grouper() argument 1 must be itertools.groupby, not {}",
                a[0].type_name()
            );
        };
        let r = alloc(
            ty,
            Grouper {
                header: Header::new(ty),
                parent: slot(a[0]),
                target_key: slot(a[1]),
            },
        );
        group.grouper.set(r.bits());
        Ok(r)
    })
}

static GROUPBY_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "itertools.groupby",
    doc: "Pairs of a key and an iterator over the neighbouring items that have it.",
    flags: FLAGS,
    text_signature: "(iterable, key=None)",
    slots: Slots {
        new: Some(groupby_new),
        getattro: Some(generic_getattr),
        iter: Some(self_iter),
        iternext: Some(groupby_next),
        ..Slots::of::<GroupBy>()
    },
    ..TypeSpec::of::<GroupBy>()
});

static GROUPER_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "itertools._grouper",
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        new: Some(grouper_new),
        getattro: Some(generic_getattr),
        iter: Some(self_iter),
        iternext: Some(grouper_next),
        ..Slots::of::<Grouper>()
    },
    ..TypeSpec::of::<Grouper>()
});

// ---------------------------------------------------------------- tee

/// Items of one link of the chain that the tee iterators share.
const LINK: usize = 57;

native_class!(TeeData, TEE_DATA_TYPE { iterator, items, next; running: Cell<bool> });
native_class!(Tee, TEE_TYPE { data; index: Cell<usize> });

fn new_tee_data(iterator: Ref) -> Ref {
    new_object(TeeData {
        header: Header::new(&TEE_DATA_TYPE),
        iterator: Slot::new(iterator),
        items: Slot::new(list::new_list(Vec::new())),
        next: Slot::null(),
        running: Cell::new(false),
    })
}

fn new_tee(data: Ref, index: usize) -> Ref {
    new_object(Tee {
        header: Header::new(&TEE_TYPE),
        data: Slot::new(data),
        index: Cell::new(index),
    })
}

fn tee_next(v: Value) -> PyResult<Option<Ref>> {
    let this = instance::<Tee>(v);
    if this.data.is_null() {
        return Ok(None);
    }
    if this.index.get() >= LINK {
        let data = this.data.get_ref();
        let data = instance::<TeeData>(*data);
        if data.next.is_null() {
            data.next.set(new_tee_data(data.iterator.get_ref()));
        }
        this.data.set(data.next.get_ref());
        this.index.set(0);
    }
    let data = this.data.get_ref();
    let data = instance::<TeeData>(*data);
    let items = list::expect(data.items.get());
    let i = this.index.get();
    if let Some(item) = items.get(i) {
        this.index.set(i + 1);
        return Ok(Some(item));
    }
    if data.running.get() {
        return err!(RuntimeError, "cannot re-enter the tee iterator");
    }
    data.running.set(true);
    let r = next_of(&data.iterator);
    data.running.set(false);
    let Some(item) = r? else { return Ok(None) };
    items.push(item.clone());
    this.index.set(i + 1);
    Ok(Some(item))
}

fn tee_copy_of(v: Value) -> Ref {
    let this = instance::<Tee>(v);
    new_tee(this.data.get_ref(), this.index.get())
}

fn tee_from(iterable: Value) -> PyResult {
    let it = protocol::iter(iterable)?;
    if it.is_exact::<Tee>() {
        return Ok(tee_copy_of(*it));
    }
    Ok(new_tee(new_tee_data(it), 0))
}

fn tee_new(_ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("_tee(iterable, /)");
    S.bind(args, kwnames, |a| tee_from(a[0]))
}

fn tee_data_new(_ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("_tee_dataobject(iterable, values, next, /)");
    S.bind(args, kwnames, |a| {
        if !list::is_list(a[1]) {
            return err!(
                TypeError,
                "_tee_dataobject() argument 2 must be list, not {}",
                a[1].type_name()
            );
        }
        let n = list::expect(a[1]).len();
        let bad = || err!(ValueError, "Invalid arguments");
        if n > LINK || (n < LINK && !a[2].is_none()) {
            return bad();
        }
        let r = new_tee_data(a[0].to_ref());
        let data = instance::<TeeData>(*r);
        data.items.set(list::new_list(list::expect(a[1]).to_vec()));
        if !a[2].is_none() {
            if !a[2].is_exact::<TeeData>() {
                return bad();
            }
            data.next.set(a[2].to_ref());
        }
        Ok(r)
    })
}

fn tee(args: &[Value]) -> PyResult {
    let n = if args[1].is_null() {
        2
    } else {
        int::to_i64(args[1])?
    };
    if n < 0 {
        return err!(ValueError, "n must be >= 0");
    }
    if n == 0 {
        return Ok(tuple::empty());
    }
    let it = protocol::iter(args[0])?;
    let copy = if it.is_exact::<Tee>() {
        None
    } else {
        protocol::getattr_opt(*it, taipan_objects::names::names().__copy__)?
    };
    let mut out = Vec::with_capacity(n as usize);
    match copy {
        Some(copy) => {
            out.push(it);
            for _ in 1..n {
                out.push(protocol::call(*copy, &[])?);
            }
        }
        None => {
            let first = tee_from(*it)?;
            for _ in 1..n {
                out.push(tee_copy_of(*first));
            }
            out.insert(0, first);
        }
    }
    Ok(tuple::from_refs(out))
}

static TEE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "itertools._tee",
    doc: "One of several independent iterators over the same items.",
    flags: TypeFlags::HAVE_GC | TypeFlags::WEAKREFABLE,
    text_signature: "(iterable, /)",
    slots: Slots {
        new: Some(tee_new),
        iter: Some(self_iter),
        iternext: Some(tee_next),
        ..Slots::of::<Tee>()
    },
    methods: &[MethodDef::new(
        "__copy__($self, /)",
        "Returns an independent iterator.",
        |a| Ok(tee_copy_of(a[0])),
    )],
    ..TypeSpec::of::<Tee>()
});

static TEE_DATA_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "itertools._tee_dataobject",
    doc: "Items that tee iterators share.",
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        new: Some(tee_data_new),
        getattro: Some(generic_getattr),
        ..Slots::of::<TeeData>()
    },
    ..TypeSpec::of::<TeeData>()
});

fn init(m: Value) -> PyResult<()> {
    for ty in [
        &ACCUMULATE_TYPE,
        &BATCHED_TYPE,
        &CHAIN_TYPE,
        &COMPRESS_TYPE,
        &COUNT_TYPE,
        &CYCLE_TYPE,
        &DROPWHILE_TYPE,
        &FILTERFALSE_TYPE,
        &GROUPBY_TYPE,
        &GROUPER_TYPE,
        &ISLICE_TYPE,
        &PAIRWISE_TYPE,
        &REPEAT_TYPE,
        &STARMAP_TYPE,
        &TAKEWHILE_TYPE,
        &TEE_TYPE,
        &TEE_DATA_TYPE,
        &ZIP_LONGEST_TYPE,
        &crate::combinatorics::PRODUCT_TYPE,
        &crate::combinatorics::PERMUTATIONS_TYPE,
        &crate::combinatorics::COMBINATIONS_TYPE,
        &crate::combinatorics::REPLACEMENT_TYPE,
    ] {
        module::add_type(m, ty);
    }
    Ok(())
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "itertools",
    doc: "Iterators that combine, select and repeat what other iterators give.",
    functions: &[MethodDef::new(
        "tee($module, iterable, n=2, /)",
        "A tuple of n independent iterators over the same items.",
        tee,
    )],
    init: Some(init),
};
