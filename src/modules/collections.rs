//! `_collections`: deque, defaultdict, and helpers of namedtuple and Counter. OrderedDict is in `ordered_dict.rs`.

use std::cell::{Cell, UnsafeCell};
use std::collections::VecDeque;
use taipan_objects::dict::{self, PyDict};
use taipan_objects::err::PyResult;
use taipan_objects::iterators::self_iter;
use taipan_objects::names::names;
use taipan_objects::native::{GetSetDef, MemberDef, MethodDef, ModuleDef, Signature};
use taipan_objects::object::{Header, Object, alloc, instance};
use taipan_objects::protocol::{self, BinaryOp};
use taipan_objects::strings::StrBuilder;
use taipan_objects::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{
    attributes, dict_methods, err, generic_alias, int, module, native_class, object_impl, strings,
    tuple,
};

// ---------------------------------------------------------------- deque

#[repr(C)]
struct Deque {
    header: Header,
    /// Rule: no reference into it is kept across anything that may run Python code.
    items: UnsafeCell<VecDeque<Ref>>,
    /// -1: unlimited.
    max_len: Cell<isize>,
    /// Changes with every change of the length, for iterators.
    state: Cell<usize>,
}
object_impl!(
    Deque,
    DEQUE_TYPE,
    |this, visit| for v in this.items().iter() {
        visit(**v)
    },
    |this| drop(std::mem::take(this.items()))
);

impl Deque {
    fn items(&self) -> &mut VecDeque<Ref> {
        // SAFETY: see the rule at the field.
        unsafe { &mut *self.items.get() }
    }
    fn get(&self, i: usize) -> Option<Ref> {
        self.items().get(i).cloned()
    }
    fn changed(&self) {
        self.state.set(self.state.get().wrapping_add(1));
    }
    fn push_back(&self, v: Ref) {
        self.items().push_back(v);
        self.changed();
        if self.max_len.get() >= 0 && self.items().len() > self.max_len.get() as usize {
            let old = self.items().pop_front();
            drop(old);
        }
    }
    fn push_front(&self, v: Ref) {
        self.items().push_front(v);
        self.changed();
        if self.max_len.get() >= 0 && self.items().len() > self.max_len.get() as usize {
            let old = self.items().pop_back();
            drop(old);
        }
    }
    fn clear(&self) {
        self.changed();
        drop(std::mem::take(self.items()));
    }
    fn remove(&self, i: usize) -> Option<Ref> {
        self.changed();
        self.items().remove(i)
    }
}

fn deque(v: Value) -> &'static Deque {
    instance::<Deque>(v)
}

fn is_deque(v: Value) -> bool {
    v.is_a::<Deque>()
}

fn new_deque(ty: Type, max_len: isize) -> Ref {
    alloc(
        ty,
        Deque {
            header: Header::new(ty),
            items: Default::default(),
            max_len: Cell::new(max_len),
            state: Cell::new(0),
        },
    )
}

fn deque_new(ty: Type, _args: &[Value], _kwnames: Value) -> PyResult {
    Ok(new_deque(ty, -1))
}

fn deque_init(v: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    static S: Signature = Signature::new("deque(iterable=(), maxlen=None)");
    S.bind(args, kwnames, |a| {
        let this = deque(v);
        let max_len = if a[1].is_none_or_null() {
            -1
        } else if int::is_int(a[1]) {
            let n = int::to_i64(a[1])?;
            if n < 0 {
                return err!(ValueError, "maxlen must be non-negative");
            }
            n as isize
        } else {
            return err!(TypeError, "an integer is required");
        };
        this.max_len.set(max_len);
        if !this.items().is_empty() {
            this.clear();
        }
        match a[0].some() {
            Some(iterable) => extend_with(v, iterable, true),
            None => Ok(()),
        }
    })
}

fn extend_with(v: Value, iterable: Value, back: bool) -> PyResult<()> {
    let this = deque(v);
    let push = |item: Ref| {
        if back {
            this.push_back(item)
        } else {
            this.push_front(item)
        }
        Ok(())
    };
    if iterable.is(v) {
        for item in snapshot(v) {
            push(item)?;
        }
        return Ok(());
    }
    protocol::for_each(iterable, push)
}

fn snapshot(v: Value) -> Vec<Ref> {
    deque(v).items().iter().cloned().collect()
}

fn copy_of(v: Value) -> PyResult {
    let this = deque(v);
    if v.is_exact::<Deque>() {
        let r = new_deque(&DEQUE_TYPE, this.max_len.get());
        deque(*r).items().extend(this.items().iter().cloned());
        return Ok(r);
    }
    let ty = v.ty().value();
    let r = if this.max_len.get() < 0 {
        protocol::call(ty, &[v])?
    } else {
        protocol::call(ty, &[v, *int::from_i64(this.max_len.get() as i64)])?
    };
    if !is_deque(*r) {
        return err!(
            TypeError,
            "{}() must return a deque, not {}",
            v.type_name(),
            r.type_name()
        );
    }
    Ok(r)
}

fn deque_repr(v: Value) -> PyResult {
    let this = deque(v);
    if !protocol::repr_enter(v) {
        return Ok(strings::new_str("[...]"));
    }
    let items = snapshot(v);
    let r = (|| {
        let mut out = StrBuilder::new();
        out.push_str(v.ty().name());
        out.push_str("([");
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            out.push_pystr(strings::expect(*protocol::repr(**item)?));
        }
        out.push_str("]");
        if this.max_len.get() >= 0 {
            out.push_str(&format!(", maxlen={}", this.max_len.get()));
        }
        out.push_str(")");
        Ok(out.finish())
    })();
    protocol::repr_leave(v);
    r
}

fn deque_richcompare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if !is_deque(a) || !is_deque(b) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let (x, y) = (deque(a), deque(b));
    if x.items().len() != y.items().len() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Ref::bool(op == CompareOp::Ne));
    }
    let state = (x.state.get(), y.state.get());
    let mut i = 0;
    while let (Some(p), Some(q)) = (x.get(i), y.get(i)) {
        if !protocol::eq(*p, *q)? {
            return match op {
                CompareOp::Eq => Ok(Ref::bool(false)),
                CompareOp::Ne => Ok(Ref::bool(true)),
                _ => protocol::richcompare(*p, *q, op),
            };
        }
        if state != (x.state.get(), y.state.get()) {
            return err!(RuntimeError, "deque mutated during iteration");
        }
        i += 1;
    }
    Ok(Ref::bool(op.test(x.items().len().cmp(&y.items().len()))))
}

fn deque_concat(a: Value, b: Value) -> PyResult {
    if !is_deque(b) {
        return err!(
            TypeError,
            "can only concatenate deque (not \"{}\") to deque",
            b.type_name()
        );
    }
    let r = copy_of(a)?;
    extend_with(*r, b, true)?;
    Ok(r)
}

fn deque_inplace_concat(v: Value, other: Value) -> PyResult {
    extend_with(v, other, true)?;
    Ok(v.to_ref())
}

fn deque_inplace_repeat(v: Value, n: isize) -> PyResult {
    let this = deque(v);
    let items = snapshot(v);
    if n <= 0 {
        this.clear();
        return Ok(v.to_ref());
    }
    if items.is_empty() || n == 1 {
        return Ok(v.to_ref());
    }
    if items
        .len()
        .checked_mul(n as usize)
        .is_none_or(|t| t > isize::MAX as usize / 8)
    {
        return Err(taipan_objects::err::raise_with(
            &taipan_objects::exceptions::MemoryError,
            &[],
        ));
    }
    let mut times = n as usize - 1;
    if this.max_len.get() >= 0 {
        times = times.min(this.max_len.get() as usize / items.len() + 1);
    }
    for _ in 0..times {
        for item in &items {
            this.push_back(item.clone());
        }
    }
    Ok(v.to_ref())
}

fn deque_repeat(v: Value, n: isize) -> PyResult {
    let r = copy_of(v)?;
    deque_inplace_repeat(*r, n)
}

fn deque_item(v: Value, i: isize) -> PyResult {
    match deque(v).get(i as usize) {
        Some(item) if i >= 0 => Ok(item),
        _ => err!(IndexError, "deque index out of range"),
    }
}

fn deque_ass_item(v: Value, i: isize, new: Value) -> PyResult<()> {
    let this = deque(v);
    if i < 0 || i as usize >= this.items().len() {
        return err!(IndexError, "deque index out of range");
    }
    if new.is_null() {
        drop(this.remove(i as usize));
    } else {
        let old = std::mem::replace(&mut this.items()[i as usize], new.to_ref());
        drop(old);
    }
    Ok(())
}

/// Position of an item from `from` up to `to`.
fn find(this: &Deque, value: Value, from: usize, to: usize) -> PyResult<Option<usize>> {
    let state = this.state.get();
    let mut i = from;
    while i < to {
        let Some(item) = this.get(i) else { break };
        let equal = protocol::eq(*item, value)?;
        if this.state.get() != state {
            return err!(RuntimeError, "deque mutated during iteration");
        }
        if equal {
            return Ok(Some(i));
        }
        i += 1;
    }
    Ok(None)
}

fn deque_contains(v: Value, item: Value) -> PyResult<bool> {
    Ok(find(deque(v), item, 0, usize::MAX)?.is_some())
}

fn m_append(a: &[Value]) -> PyResult {
    deque(a[0]).push_back(a[1].to_ref());
    Ok(Ref::NONE)
}
fn m_appendleft(a: &[Value]) -> PyResult {
    deque(a[0]).push_front(a[1].to_ref());
    Ok(Ref::NONE)
}
fn m_clear(a: &[Value]) -> PyResult {
    deque(a[0]).clear();
    Ok(Ref::NONE)
}
fn m_copy(a: &[Value]) -> PyResult {
    copy_of(a[0])
}
fn m_count(a: &[Value]) -> PyResult {
    let this = deque(a[0]);
    let state = this.state.get();
    let (mut n, mut i) = (0, 0);
    while let Some(item) = this.get(i) {
        n += protocol::eq(*item, a[1])? as i64;
        if this.state.get() != state {
            return err!(RuntimeError, "deque mutated during iteration");
        }
        i += 1;
    }
    Ok(int::from_i64(n))
}
fn m_extend(a: &[Value]) -> PyResult {
    extend_with(a[0], a[1], true)?;
    Ok(Ref::NONE)
}
fn m_extendleft(a: &[Value]) -> PyResult {
    extend_with(a[0], a[1], false)?;
    Ok(Ref::NONE)
}
fn m_index(a: &[Value]) -> PyResult {
    let this = deque(a[0]);
    let n = this.items().len() as isize;
    let bound = |v: Value, default: isize| -> PyResult<usize> {
        let i = if v.is_null() {
            default
        } else if v.ty().slots().index.is_some() {
            int::to_isize_clipped(v)?
        } else {
            return err!(
                TypeError,
                "slice indices must be integers or have an __index__ method"
            );
        };
        Ok(if i < 0 { (i + n).max(0) } else { i.min(n) } as usize)
    };
    let (from, to) = (bound(a[2], 0)?, bound(a[3], isize::MAX)?);
    match find(this, a[1], from, to)? {
        Some(i) => Ok(int::from_usize(i)),
        None => err!(ValueError, "deque.index(x): x not in deque"),
    }
}
fn m_insert(a: &[Value]) -> PyResult {
    let this = deque(a[0]);
    let i = int::to_isize(a[1])?;
    let n = this.items().len() as isize;
    if this.max_len.get() == n {
        return err!(IndexError, "deque already at its maximum size");
    }
    let i = if i < 0 { (i + n).max(0) } else { i.min(n) };
    this.items().insert(i as usize, a[2].to_ref());
    this.changed();
    Ok(Ref::NONE)
}
fn m_pop(a: &[Value]) -> PyResult {
    let this = deque(a[0]);
    match this.items().pop_back() {
        Some(v) => {
            this.changed();
            Ok(v)
        }
        None => err!(IndexError, "pop from an empty deque"),
    }
}
fn m_popleft(a: &[Value]) -> PyResult {
    let this = deque(a[0]);
    match this.items().pop_front() {
        Some(v) => {
            this.changed();
            Ok(v)
        }
        None => err!(IndexError, "pop from an empty deque"),
    }
}
fn m_remove(a: &[Value]) -> PyResult {
    let this = deque(a[0]);
    let state = this.state.get();
    let mut i = 0;
    while let Some(item) = this.get(i) {
        let equal = protocol::eq(*item, a[1])?;
        if this.state.get() != state {
            return err!(IndexError, "deque mutated during remove().");
        }
        if equal {
            drop(this.remove(i));
            return Ok(Ref::NONE);
        }
        i += 1;
    }
    err!(ValueError, "deque.remove(x): x not in deque")
}
fn m_reverse(a: &[Value]) -> PyResult {
    deque(a[0]).items().make_contiguous().reverse();
    Ok(Ref::NONE)
}
fn m_rotate(a: &[Value]) -> PyResult {
    let this = deque(a[0]);
    let n = if a[1].is_null() {
        1
    } else {
        int::to_i64(a[1])?
    };
    let len = this.items().len() as i64;
    if len > 1 {
        let k = n.rem_euclid(len) as usize;
        if k > 0 {
            this.items().rotate_right(k);
            this.changed();
        }
    }
    Ok(Ref::NONE)
}
fn m_reduce(a: &[Value]) -> PyResult {
    let this = deque(a[0]);
    let state = protocol::call_method(a[0], names().__getstate__, &[])?;
    let it = protocol::iter(a[0])?;
    let args = if this.max_len.get() < 0 {
        tuple::empty()
    } else {
        tuple::of([tuple::empty(), int::from_i64(this.max_len.get() as i64)])
    };
    Ok(tuple::of([a[0].ty().to_ref(), args, state, it]))
}
fn m_sizeof(a: &[Value]) -> PyResult {
    Ok(int::from_usize(
        a[0].ty().basicsize() + deque(a[0]).items().capacity() * 8,
    ))
}

static DEQUE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "collections.deque",
    doc: "A list-like sequence optimized for accesses near its ends.",
    flags: TypeFlags::HAVE_GC | TypeFlags::BASETYPE | TypeFlags::WEAKREFABLE | TypeFlags::SEQUENCE,
    text_signature: "([iterable[, maxlen]])",
    slots: Slots {
        new: Some(deque_new),
        init: Some(deque_init),
        repr: Some(deque_repr),
        hash: Some(protocol::hash_not_implemented),
        richcompare: Some(deque_richcompare),
        getattro: Some(attributes::generic_getattr),
        iter: Some(|v| Ok(new_iterator(v, true))),
        length: Some(|v| Ok(deque(v).items().len())),
        concat: Some(deque_concat),
        repeat: Some(deque_repeat),
        item: Some(deque_item),
        ass_item: Some(deque_ass_item),
        contains: Some(deque_contains),
        inplace_concat: Some(deque_inplace_concat),
        inplace_repeat: Some(deque_inplace_repeat),
        ..Slots::of::<Deque>()
    },
    methods: &[
        MethodDef::new(
            "append($self, item, /)",
            "Add an element to the right side of the deque.",
            m_append,
        ),
        MethodDef::new(
            "appendleft($self, item, /)",
            "Add an element to the left side of the deque.",
            m_appendleft,
        ),
        MethodDef::new(
            "clear($self, /)",
            "Remove all elements from the deque.",
            m_clear,
        ),
        MethodDef::new(
            "copy($self, /)",
            "Return a shallow copy of a deque.",
            m_copy,
        ),
        MethodDef::new(
            "__copy__($self, /)",
            "Return a shallow copy of a deque.",
            m_copy,
        ),
        MethodDef::new(
            "count($self, value, /)",
            "Return number of occurrences of value.",
            m_count,
        ),
        MethodDef::new(
            "extend($self, iterable, /)",
            "Extend the right side of the deque with elements from the iterable.",
            m_extend,
        ),
        MethodDef::new(
            "extendleft($self, iterable, /)",
            "Extend the left side of the deque with elements from the iterable.",
            m_extendleft,
        ),
        MethodDef::new(
            "index($self, value, start=0, stop=sys.maxsize, /)",
            "Return first index of value; ValueError if there is none.",
            m_index,
        ),
        MethodDef::new(
            "insert($self, index, value, /)",
            "Insert value before index.",
            m_insert,
        ),
        MethodDef::new(
            "pop($self, /)",
            "Remove and return the rightmost element.",
            m_pop,
        ),
        MethodDef::new(
            "popleft($self, /)",
            "Remove and return the leftmost element.",
            m_popleft,
        ),
        MethodDef::new(
            "remove($self, value, /)",
            "Remove first occurrence of value.",
            m_remove,
        ),
        MethodDef::new("reverse($self, /)", "Reverse *IN PLACE*.", m_reverse),
        MethodDef::new(
            "rotate($self, n=1, /)",
            "Rotate the deque n steps to the right; to the left if n is negative.",
            m_rotate,
        ),
        MethodDef::new(
            "__reduce__($self, /)",
            "Return state information for pickling.",
            m_reduce,
        ),
        MethodDef::new(
            "__reversed__($self, /)",
            "Return a reverse iterator over the deque.",
            |a| Ok(new_iterator(a[0], false)),
        ),
        MethodDef::new(
            "__sizeof__($self, /)",
            "Return the size of the deque in memory, in bytes.",
            m_sizeof,
        ),
        MethodDef::new(
            "__class_getitem__($type, object, /)",
            "See PEP 585",
            generic_alias::class_getitem,
        )
        .class(),
    ],
    getset: &[GetSetDef::ro(
        "maxlen",
        "maximum size of a deque or None if unbounded",
        |v| {
            let n = deque(v).max_len.get();
            Ok(if n < 0 {
                Ref::NONE
            } else {
                int::from_i64(n as i64)
            })
        },
    )],
    ..TypeSpec::of::<Deque>()
});

native_class!(DequeIter, DEQUE_ITERATOR_TYPE { deque; index: Cell<usize>, state: Cell<usize>, remaining: Cell<usize> });

fn new_iterator(d: Value, forward: bool) -> Ref {
    let ty: Type = if forward {
        &DEQUE_ITERATOR_TYPE
    } else {
        &DEQUE_REVERSE_ITERATOR_TYPE
    };
    let this = deque(d);
    alloc(
        ty,
        DequeIter {
            header: Header::new(ty),
            deque: Slot::new(d.to_ref()),
            index: Cell::new(0),
            state: Cell::new(this.state.get()),
            remaining: Cell::new(this.items().len()),
        },
    )
}

fn iter_of(v: Value) -> &'static DequeIter {
    // SAFETY: called from slots and methods of the two types that have this layout.
    unsafe { &*(v.as_ptr() as *const DequeIter) }
}

fn iter_next(v: Value, forward: bool) -> PyResult<Option<Ref>> {
    let it = iter_of(v);
    if it.deque.is_null() || it.remaining.get() == 0 {
        return Ok(None);
    }
    let d = deque(it.deque.get());
    if d.state.get() != it.state.get() {
        it.remaining.set(0);
        return err!(RuntimeError, "deque mutated during iteration");
    }
    let i = it.index.get();
    it.index.set(i + 1);
    it.remaining.set(it.remaining.get() - 1);
    let n = d.items().len();
    Ok(d.get(if forward { i } else { n.wrapping_sub(i + 1) }))
}

fn iter_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("_deque_iterator(deque, index=0, /)");
    S.bind(args, kwnames, |a| {
        if !is_deque(a[0]) {
            return err!(
                TypeError,
                "argument 1 must be collections.deque, not {}",
                a[0].type_name()
            );
        }
        let n = if a[1].is_null() {
            0
        } else {
            int::to_i64(a[1])?
        };
        let it = new_iterator(a[0], ty.is(&DEQUE_ITERATOR_TYPE));
        for _ in 0..n {
            if protocol::next(*it)?.is_none() {
                break;
            }
        }
        Ok(it)
    })
}

fn iter_reduce(a: &[Value]) -> PyResult {
    let it = iter_of(a[0]);
    Ok(tuple::of([
        a[0].ty().to_ref(),
        tuple::of([it.deque.get_ref(), int::from_usize(it.index.get())]),
    ]))
}

macro_rules! deque_iterator {
    ($static:ident, $name:literal, $forward:literal) => {
        static $static: TypeObject = TypeObject::builtin(&TypeSpec {
            name: $name,
            flags: TypeFlags::HAVE_GC,
            slots: Slots {
                new: Some(iter_new),
                iter: Some(self_iter),
                iternext: Some(|v| iter_next(v, $forward)),
                ..Slots::of::<DequeIter>()
            },
            methods: &[
                MethodDef::new(
                    "__length_hint__($self, /)",
                    "Private method returning an estimate of len(list(it)).",
                    |a| Ok(int::from_usize(iter_of(a[0]).remaining.get())),
                ),
                MethodDef::new(
                    "__reduce__($self, /)",
                    "Return state information for pickling.",
                    iter_reduce,
                ),
            ],
            ..TypeSpec::of::<DequeIter>()
        });
    };
}
deque_iterator!(DEQUE_ITERATOR_TYPE, "collections._deque_iterator", true);
deque_iterator!(
    DEQUE_REVERSE_ITERATOR_TYPE,
    "collections._deque_reverse_iterator",
    false
);

// ---------------------------------------------------------------- defaultdict

/// A dict with a factory for missing values.
#[repr(C)]
struct DefaultDict {
    base: PyDict,
    factory: Slot,
}
object_impl!(
    DefaultDict,
    DEFAULTDICT_TYPE,
    |this, visit| {
        Object::traverse(&this.base, visit);
        visit(this.factory.get());
    },
    |this| {
        drop(this.factory.take());
        Object::clear(&this.base);
    }
);

fn defaultdict(v: Value) -> &'static DefaultDict {
    instance::<DefaultDict>(v)
}

fn defaultdict_new(ty: Type, _args: &[Value], _kwnames: Value) -> PyResult {
    Ok(alloc(
        ty,
        DefaultDict {
            base: PyDict::new(ty),
            factory: Slot::new(Ref::NONE),
        },
    ))
}

fn defaultdict_init(v: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    let nkw = if kwnames.is_null() {
        0
    } else {
        tuple::as_slice(kwnames).len()
    };
    let mut rest = args;
    let mut factory = Ref::NONE;
    if args.len() > nkw {
        factory = args[0].to_ref();
        rest = &args[1..];
        if !factory.is_none() && factory.ty().slots().call.is_none() {
            return err!(TypeError, "first argument must be callable or None");
        }
    }
    defaultdict(v).factory.set(factory);
    match taipan_objects::types::DICT_TYPE.slots().init {
        Some(init) => init(v, rest, kwnames),
        None => Ok(()),
    }
}

fn defaultdict_missing(v: Value, key: Value) -> PyResult {
    let factory = defaultdict(v).factory.get_ref();
    if factory.is_none_or_null() {
        return Err(taipan_objects::err::raise_with(
            &taipan_objects::exceptions::KeyError,
            &[key],
        ));
    }
    let value = protocol::call(*factory, &[])?;
    protocol::setitem(v, key, *value)?;
    Ok(value)
}

fn defaultdict_subscript(v: Value, key: Value) -> PyResult {
    if v.ty().is(&DEFAULTDICT_TYPE) {
        let found = dict::get(v, key)?;
        if !found.is_null() {
            return Ok(found.to_ref());
        }
        return defaultdict_missing(v, key);
    }
    dict_methods::dict_subscript(v, key)
}

fn defaultdict_repr(v: Value) -> PyResult {
    let repr = taipan_objects::types::DICT_TYPE
        .slots()
        .repr
        .expect("dict has a repr");
    let base = repr(v)?;
    let factory = defaultdict(v).factory.get_ref();
    let shown = if factory.is_none_or_null() {
        strings::new_str("None")
    } else if protocol::repr_enter(*factory) {
        let r = protocol::repr(*factory);
        protocol::repr_leave(*factory);
        r?
    } else {
        strings::new_str("...")
    };
    let mut out = StrBuilder::new();
    out.push_str(v.ty().name());
    out.push_str("(");
    out.push_pystr(strings::expect(*shown));
    out.push_str(", ");
    out.push_pystr(strings::expect(*base));
    out.push_str(")");
    Ok(out.finish())
}

fn defaultdict_copy(v: Value) -> PyResult {
    let factory = defaultdict(v).factory.get_ref();
    let factory = if factory.is_null() {
        Ref::NONE
    } else {
        factory
    };
    protocol::call(v.ty().value(), &[*factory, v])
}

fn defaultdict_or(a: Value, b: Value) -> PyResult {
    if !dict::is_dict(a) || !dict::is_dict(b) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let new = if a.is_a::<DefaultDict>() {
        defaultdict_copy(a)?
    } else {
        let factory = defaultdict(b).factory.get_ref();
        protocol::call(b.ty().value(), &[*factory, a])?
    };
    if !dict::is_dict(*new) {
        return err!(
            TypeError,
            "copy of a defaultdict must be a dict, not {}",
            new.type_name()
        );
    }
    dict_methods::update_from(*new, b)?;
    Ok(new)
}

fn defaultdict_reduce(a: &[Value]) -> PyResult {
    let factory = defaultdict(a[0]).factory.get_ref();
    let args = if factory.is_none_or_null() {
        tuple::empty()
    } else {
        tuple::of([factory])
    };
    let items = protocol::call_method(a[0], names().items, &[])?;
    Ok(tuple::of([
        a[0].ty().to_ref(),
        args,
        Ref::NONE,
        Ref::NONE,
        protocol::iter(*items)?,
    ]))
}

static DEFAULTDICT_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "collections.defaultdict",
    doc: "defaultdict(default_factory=None, /, [...]) --> dict with default factory\n\nThe factory is called without arguments to produce a value for a key that is missing.",
    base: Some(&taipan_objects::types::DICT_TYPE),
    flags: TypeFlags::HAVE_GC
        | TypeFlags::BASETYPE
        | TypeFlags::WEAKREFABLE
        | TypeFlags::DICT_SUBCLASS
        | TypeFlags::MAPPING,
    slots: Slots {
        new: Some(defaultdict_new),
        init: Some(defaultdict_init),
        repr: Some(defaultdict_repr),
        getattro: Some(attributes::generic_getattr),
        subscript: Some(defaultdict_subscript),
        or: Some(defaultdict_or),
        ..Slots::of::<DefaultDict>()
    },
    methods: &[
        MethodDef::new(
            "__missing__($self, object, /)",
            "The value the factory gives for a missing key, which is stored.",
            |a| defaultdict_missing(a[0], a[1]),
        ),
        MethodDef::new("copy($self, /)", "D.copy() -> a shallow copy of D.", |a| {
            defaultdict_copy(a[0])
        }),
        MethodDef::new(
            "__copy__($self, /)",
            "D.copy() -> a shallow copy of D.",
            |a| defaultdict_copy(a[0]),
        ),
        MethodDef::new(
            "__reduce__($self, /)",
            "Return state information for pickling.",
            defaultdict_reduce,
        ),
        MethodDef::new(
            "__class_getitem__($type, object, /)",
            "See PEP 585",
            generic_alias::class_getitem,
        )
        .class(),
    ],
    members: &[MemberDef {
        name: "default_factory",
        doc: "Factory for default value called by __missing__().",
        get: |v| {
            let f = &defaultdict(v).factory;
            Ok(if f.is_null() { Ref::NONE } else { f.get_ref() })
        },
        set: Some(|v, new| {
            defaultdict(v).factory.set(if new.is_null() {
                Ref::NONE
            } else {
                new.to_ref()
            });
            Ok(())
        }),
    }],
    ..TypeSpec::of::<DefaultDict>()
});

// ---------------------------------------------------------------- _tuplegetter

native_class!(TupleGetter, TUPLEGETTER_TYPE { doc; index: usize });

fn getter(v: Value) -> &'static TupleGetter {
    instance::<TupleGetter>(v)
}

fn tuplegetter_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("_tuplegetter(index, doc, /)");
    S.bind(args, kwnames, |a| {
        let index = int::to_i64(a[0])?;
        Ok(alloc(
            ty,
            TupleGetter {
                header: Header::new(ty),
                doc: Slot::new(a[1].to_ref()),
                index: index as usize,
            },
        ))
    })
}

fn tuplegetter_get(v: Value, obj: Value, _ty: Value) -> PyResult {
    if obj.is_null() {
        return Ok(v.to_ref());
    }
    let i = getter(v).index;
    if !tuple::is_tuple(obj) {
        if obj.is_none() {
            return Ok(v.to_ref());
        }
        return err!(
            TypeError,
            "descriptor for index '{i}' for tuple subclasses doesn't apply to '{}' object",
            obj.type_name()
        );
    }
    match tuple::as_slice(obj).get(i) {
        Some(item) => Ok(item.to_ref()),
        None => err!(IndexError, "tuple index out of range"),
    }
}

fn tuplegetter_set(_v: Value, _obj: Value, value: Value) -> PyResult<()> {
    if value.is_null() {
        return err!(AttributeError, "can't delete attribute");
    }
    err!(AttributeError, "can't set attribute")
}

fn tuplegetter_repr(v: Value) -> PyResult {
    let this = getter(v);
    Ok(strings::new_str(&format!(
        "_tuplegetter({}, {})",
        this.index,
        protocol::repr_text(this.doc.get())?
    )))
}

static TUPLEGETTER_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "collections._tuplegetter",
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        new: Some(tuplegetter_new),
        repr: Some(tuplegetter_repr),
        descr_get: Some(tuplegetter_get),
        descr_set: Some(tuplegetter_set),
        ..Slots::of::<TupleGetter>()
    },
    methods: &[MethodDef::new("__reduce__($self, /)", "", |a| {
        let this = getter(a[0]);
        Ok(tuple::of([
            a[0].ty().to_ref(),
            tuple::of([int::from_usize(this.index), this.doc.get_ref()]),
        ]))
    })],
    members: &[MemberDef {
        name: "__doc__",
        doc: "",
        get: |v| Ok(getter(v).doc.get_ref()),
        set: Some(|v, new| {
            getter(v).doc.set(if new.is_null() {
                Ref::NONE
            } else {
                new.to_ref()
            });
            Ok(())
        }),
    }],
    ..TypeSpec::of::<TupleGetter>()
});

// ---------------------------------------------------------------- _count_elements

fn count_elements(a: &[Value]) -> PyResult {
    let (mapping, dict_type) = (a[0], &taipan_objects::types::DICT_TYPE);
    let one = Value::small_int(1);
    let get_name = names().get;
    let plain = dict::is_dict(mapping)
        && attributes::lookup_type(mapping.ty(), get_name)
            .is(attributes::lookup_type(dict_type, get_name))
        && attributes::lookup_type(mapping.ty(), names().__setitem__)
            .is(attributes::lookup_type(dict_type, names().__setitem__));
    if plain {
        protocol::for_each(a[1], |key| {
            let hash = dict::key_hash_for(*key, "dict key")?;
            let old = dict::get_with_hash(mapping, *key, hash)?;
            let new = if old.is_null() {
                Ref::immediate(one)
            } else if let Some(sum) = Value::checked_add_ints(old, one) {
                Ref::immediate(sum)
            } else {
                let old = old.to_ref();
                protocol::binary(*old, one, BinaryOp::Add)?
            };
            dict::set_with_hash(mapping, *key, hash, *new)
        })?;
        return Ok(Ref::NONE);
    }
    let get = protocol::getattr(mapping, get_name)?;
    protocol::for_each(a[1], |key| {
        let old = protocol::call(*get, &[*key, Value::small_int(0)])?;
        let new = protocol::binary(*old, one, BinaryOp::Add)?;
        protocol::setitem(mapping, *key, *new)
    })?;
    Ok(Ref::NONE)
}

fn init(m: Value) -> PyResult<()> {
    for ty in [
        &DEQUE_TYPE,
        &DEFAULTDICT_TYPE,
        &DEQUE_ITERATOR_TYPE,
        &DEQUE_REVERSE_ITERATOR_TYPE,
        &TUPLEGETTER_TYPE,
    ] {
        module::add_type(m, ty);
    }
    module::add_type(m, &crate::ordered_dict::ORDERED_DICT_TYPE);
    Ok(())
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_collections",
    doc: "Containers of high performance.",
    functions: &[MethodDef::new(
        "_count_elements($module, mapping, iterable, /)",
        "Count elements in the iterable, updating the mapping",
        count_elements,
    )],
    init: Some(init),
};
