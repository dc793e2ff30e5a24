//! Iterators over list, tuple, sequences by index, and callables. Their structs are public so that the interpreter can step them itself.

use crate::err::PyResult;
use crate::list::{self, PyList};
use crate::native::MethodDef;
use crate::object::{Header, new_object};
use crate::typeobject::{Slots, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Slot, Value};
use crate::{int, protocol, tuple};
use std::cell::Cell;

/// A function of the builtins module, as `__reduce__` names it.
pub fn builtin(name: &str) -> PyResult {
    let m = (crate::vm::hooks().import)("builtins")?;
    protocol::getattr_str(*m, name)
}

macro_rules! this {
    ($v:expr, $t:ty) => {{
        let v: Value = $v;
        // SAFETY: slots and methods get an instance of their own type; alive during the call.
        unsafe { &*(v.as_ptr() as *const $t) }
    }};
}

/// `__iter__` of iterators.
pub fn self_iter(v: Value) -> PyResult {
    Ok(v.to_ref())
}

/// An iterator by position; `sequence` is NULL once exhausted.
#[repr(C)]
pub struct ListIter {
    pub header: Header,
    pub sequence: Slot,
    pub index: Cell<usize>,
}
crate::object_impl!(
    ListIter,
    LIST_ITERATOR_TYPE,
    |this, visit| visit(this.sequence.get()),
    |this| drop(this.sequence.take())
);

/// Iterates a list.
#[inline]
pub fn list_iterator(l: Value) -> Ref {
    new_object(ListIter {
        header: Header::new(&LIST_ITERATOR_TYPE),
        sequence: Slot::new(l.to_ref()),
        index: Cell::new(0),
    })
}

impl ListIter {
    /// The next item.
    #[inline(always)]
    pub fn next(&self) -> Option<Ref> {
        let l = self.sequence.get();
        if l.is_null() {
            return None;
        }
        let i = self.index.get();
        match list::expect(l).items().get(i) {
            Some(v) => {
                self.index.set(i + 1);
                Some(v.clone())
            }
            None => {
                drop(self.sequence.take());
                None
            }
        }
    }
}

/// As `ListIter`, over a tuple.
#[repr(C)]
pub struct TupleIter {
    pub header: Header,
    pub sequence: Slot,
    pub index: Cell<usize>,
}
crate::object_impl!(
    TupleIter,
    TUPLE_ITERATOR_TYPE,
    |this, visit| visit(this.sequence.get()),
    |this| drop(this.sequence.take())
);

/// Iterates a tuple.
#[inline]
pub fn tuple_iterator(t: Value) -> Ref {
    new_object(TupleIter {
        header: Header::new(&TUPLE_ITERATOR_TYPE),
        sequence: Slot::new(t.to_ref()),
        index: Cell::new(0),
    })
}

impl TupleIter {
    /// The next item.
    #[inline(always)]
    pub fn next(&self) -> Option<Ref> {
        let t = self.sequence.get();
        if t.is_null() {
            return None;
        }
        let i = self.index.get();
        match tuple::as_slice(t).get(i) {
            Some(v) => {
                self.index.set(i + 1);
                Some(v.to_ref())
            }
            None => {
                drop(self.sequence.take());
                None
            }
        }
    }
}

/// Iterates a list backward; `index` is that of the next item, -1 at the end.
#[repr(C)]
pub struct ListReverseIter {
    pub header: Header,
    pub sequence: Slot,
    pub index: Cell<isize>,
}
crate::object_impl!(
    ListReverseIter,
    LIST_REVERSE_ITERATOR_TYPE,
    |this, visit| visit(this.sequence.get()),
    |this| drop(this.sequence.take())
);

/// `reversed(l)`.
pub fn list_reverse_iterator(l: Value) -> Ref {
    let n = list::expect(l).len() as isize;
    new_object(ListReverseIter {
        header: Header::new(&LIST_REVERSE_ITERATOR_TYPE),
        sequence: Slot::new(l.to_ref()),
        index: Cell::new(n - 1),
    })
}

fn list_reverse_next(v: Value) -> PyResult<Option<Ref>> {
    let it = this!(v, ListReverseIter);
    let l = it.sequence.get();
    if l.is_null() {
        return Ok(None);
    }
    let i = it.index.get();
    if i >= 0
        && let Some(item) = list::expect(l).get(i as usize)
    {
        it.index.set(i - 1);
        return Ok(Some(item));
    }
    it.index.set(-1);
    drop(it.sequence.take());
    Ok(None)
}

/// The iterator of objects that have only `__getitem__`.
#[repr(C)]
pub struct SequenceIter {
    pub header: Header,
    pub sequence: Slot,
    pub index: Cell<usize>,
}
crate::object_impl!(
    SequenceIter,
    SEQUENCE_ITERATOR_TYPE,
    |this, visit| visit(this.sequence.get()),
    |this| drop(this.sequence.take())
);

/// Iterates by index until IndexError or StopIteration.
pub fn sequence_iterator(seq: Value) -> PyResult {
    Ok(new_object(SequenceIter {
        header: Header::new(&SEQUENCE_ITERATOR_TYPE),
        sequence: Slot::new(seq.to_ref()),
        index: Cell::new(0),
    }))
}

/// Item `i`, with the calling convention of the type's own slots.
fn item_at(seq: Value, i: usize) -> PyResult {
    match seq.ty().slots().item {
        Some(f) => f(seq, i as isize),
        None => protocol::getitem(seq, Value::small_int(i as i64)),
    }
}

fn ends_iteration() -> bool {
    crate::err::clear_if(&crate::exceptions::IndexError)
        || crate::err::clear_if(&crate::exceptions::StopIteration)
}

fn sequence_next(v: Value) -> PyResult<Option<Ref>> {
    let it = this!(v, SequenceIter);
    let seq = it.sequence.get_ref();
    if seq.is_null() {
        return Ok(None);
    }
    let i = it.index.get();
    match item_at(*seq, i) {
        Ok(item) => {
            it.index.set(i + 1);
            Ok(Some(item))
        }
        Err(e) => {
            if ends_iteration() {
                drop(it.sequence.take());
                Ok(None)
            } else {
                Err(e)
            }
        }
    }
}

/// `iter(callable, sentinel)`.
#[repr(C)]
pub struct CallableIter {
    pub header: Header,
    pub callable: Slot,
    pub sentinel: Slot,
}
crate::object_impl!(
    CallableIter,
    CALLABLE_ITERATOR_TYPE,
    |this, visit| {
        visit(this.callable.get());
        visit(this.sentinel.get());
    },
    |this| {
        drop(this.callable.take());
        drop(this.sentinel.take());
    }
);

/// Calls `callable` until it returns `sentinel`.
pub fn callable_iterator(callable: Value, sentinel: Value) -> Ref {
    new_object(CallableIter {
        header: Header::new(&CALLABLE_ITERATOR_TYPE),
        callable: Slot::new(callable.to_ref()),
        sentinel: Slot::new(sentinel.to_ref()),
    })
}

fn callable_next(v: Value) -> PyResult<Option<Ref>> {
    let it = this!(v, CallableIter);
    let f = it.callable.get_ref();
    if f.is_null() {
        return Ok(None);
    }
    match protocol::call(*f, &[]) {
        Ok(r) => {
            let sentinel = it.sentinel.get_ref();
            if sentinel.is_null() || protocol::eq(*sentinel, *r)? {
                drop(it.callable.take());
                drop(it.sentinel.take());
                return Ok(None);
            }
            Ok(Some(r))
        }
        Err(e) => {
            if crate::err::clear_if(&crate::exceptions::StopIteration) {
                drop(it.callable.take());
                drop(it.sentinel.take());
                return Ok(None);
            }
            Err(e)
        }
    }
}

fn empty_reduction(empty: Ref) -> PyResult {
    Ok(tuple::of([builtin("iter")?, tuple::of([empty])]))
}

fn position_reduction(sequence: &Slot, index: usize, empty: fn() -> Ref) -> PyResult {
    if sequence.is_null() {
        return empty_reduction(empty());
    }
    Ok(tuple::of([
        builtin("iter")?,
        tuple::of([sequence.get_ref()]),
        int::from_usize(index),
    ]))
}

fn empty_list() -> Ref {
    list::new_list(Vec::new())
}

fn list_setstate(args: &[Value]) -> PyResult {
    let it = this!(args[0], ListIter);
    let i = int::to_isize(args[1])?;
    if !it.sequence.is_null() {
        it.index
            .set((i.max(0) as usize).min(list::expect(it.sequence.get()).len()));
    }
    Ok(Ref::NONE)
}

fn tuple_setstate(args: &[Value]) -> PyResult {
    let it = this!(args[0], TupleIter);
    let i = int::to_isize(args[1])?;
    if !it.sequence.is_null() {
        it.index
            .set((i.max(0) as usize).min(tuple::as_slice(it.sequence.get()).len()));
    }
    Ok(Ref::NONE)
}

fn list_hint(args: &[Value]) -> PyResult {
    let it = this!(args[0], ListIter);
    let l = it.sequence.get();
    Ok(int::from_usize(if l.is_null() {
        0
    } else {
        list::expect(l).len().saturating_sub(it.index.get())
    }))
}

fn tuple_hint(args: &[Value]) -> PyResult {
    let it = this!(args[0], TupleIter);
    let t = it.sequence.get();
    Ok(int::from_usize(if t.is_null() {
        0
    } else {
        tuple::as_slice(t).len().saturating_sub(it.index.get())
    }))
}

fn reverse_hint(args: &[Value]) -> PyResult {
    let it = this!(args[0], ListReverseIter);
    let l = it.sequence.get();
    let n = it.index.get() + 1;
    Ok(int::from_i64(
        if l.is_null() || list::expect(l).len() < n as usize {
            0
        } else {
            n as i64
        },
    ))
}

fn reverse_reduce(args: &[Value]) -> PyResult {
    let it = this!(args[0], ListReverseIter);
    if it.sequence.is_null() {
        return empty_reduction(empty_list());
    }
    Ok(tuple::of([
        builtin("reversed")?,
        tuple::of([it.sequence.get_ref()]),
        int::from_i64(it.index.get() as i64),
    ]))
}

fn reverse_setstate(args: &[Value]) -> PyResult {
    let it = this!(args[0], ListReverseIter);
    let i = int::to_isize(args[1])?;
    let l = it.sequence.get();
    if !l.is_null() {
        it.index
            .set(i.clamp(-1, list::expect(l).len() as isize - 1));
    }
    Ok(Ref::NONE)
}

fn sequence_hint(args: &[Value]) -> PyResult {
    let it = this!(args[0], SequenceIter);
    let seq = it.sequence.get_ref();
    if seq.is_null() {
        return Ok(int::from_i64(0));
    }
    let s = seq.ty().slots();
    if s.length.is_none() && s.map_length.is_none() {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    Ok(int::from_usize(
        protocol::len(*seq)?.saturating_sub(it.index.get()),
    ))
}

fn sequence_setstate(args: &[Value]) -> PyResult {
    let it = this!(args[0], SequenceIter);
    let i = int::to_isize(args[1])?;
    if !it.sequence.is_null() {
        it.index.set(i.max(0) as usize);
    }
    Ok(Ref::NONE)
}

fn callable_reduce(args: &[Value]) -> PyResult {
    let it = this!(args[0], CallableIter);
    if it.callable.is_null() {
        return empty_reduction(tuple::empty());
    }
    Ok(tuple::of([
        builtin("iter")?,
        tuple::of([it.callable.get_ref(), it.sentinel.get_ref()]),
    ]))
}

pub static LIST_ITERATOR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "list_iterator",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        iter: Some(self_iter),
        iternext: Some(|v| Ok(this!(v, ListIter).next())),
        ..Slots::of::<ListIter>()
    },
    methods: &[
        MethodDef::new(
            "__length_hint__($self, /)",
            "Private method returning an estimate of len(list(it)).",
            list_hint,
        ),
        MethodDef::new(
            "__reduce__($self, /)",
            "Return state information for pickling.",
            |a| {
                let it = this!(a[0], ListIter);
                position_reduction(&it.sequence, it.index.get(), empty_list)
            },
        ),
        MethodDef::new(
            "__setstate__($self, object, /)",
            "Set state information for unpickling.",
            list_setstate,
        ),
    ],
    ..TypeSpec::of::<ListIter>()
});

pub static TUPLE_ITERATOR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "tuple_iterator",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        iter: Some(self_iter),
        iternext: Some(|v| Ok(this!(v, TupleIter).next())),
        ..Slots::of::<TupleIter>()
    },
    methods: &[
        MethodDef::new(
            "__length_hint__($self, /)",
            "Private method returning an estimate of len(list(it)).",
            tuple_hint,
        ),
        MethodDef::new(
            "__reduce__($self, /)",
            "Return state information for pickling.",
            |a| {
                let it = this!(a[0], TupleIter);
                position_reduction(&it.sequence, it.index.get(), tuple::empty)
            },
        ),
        MethodDef::new(
            "__setstate__($self, object, /)",
            "Set state information for unpickling.",
            tuple_setstate,
        ),
    ],
    ..TypeSpec::of::<TupleIter>()
});

pub static LIST_REVERSE_ITERATOR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "list_reverseiterator",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        iter: Some(self_iter),
        iternext: Some(list_reverse_next),
        ..Slots::of::<ListReverseIter>()
    },
    methods: &[
        MethodDef::new(
            "__length_hint__($self, /)",
            "Private method returning an estimate of len(list(it)).",
            reverse_hint,
        ),
        MethodDef::new(
            "__reduce__($self, /)",
            "Return state information for pickling.",
            reverse_reduce,
        ),
        MethodDef::new(
            "__setstate__($self, object, /)",
            "Set state information for unpickling.",
            reverse_setstate,
        ),
    ],
    ..TypeSpec::of::<ListReverseIter>()
});

pub static SEQUENCE_ITERATOR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "iterator",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        iter: Some(self_iter),
        iternext: Some(sequence_next),
        ..Slots::of::<SequenceIter>()
    },
    methods: &[
        MethodDef::new(
            "__length_hint__($self, /)",
            "Private method returning an estimate of len(list(it)).",
            sequence_hint,
        ),
        MethodDef::new(
            "__reduce__($self, /)",
            "Return state information for pickling.",
            |a| {
                let it = this!(a[0], SequenceIter);
                position_reduction(&it.sequence, it.index.get(), tuple::empty)
            },
        ),
        MethodDef::new(
            "__setstate__($self, object, /)",
            "Set state information for unpickling.",
            sequence_setstate,
        ),
    ],
    ..TypeSpec::of::<SequenceIter>()
});

pub static CALLABLE_ITERATOR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "callable_iterator",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        iter: Some(self_iter),
        iternext: Some(callable_next),
        ..Slots::of::<CallableIter>()
    },
    methods: &[MethodDef::new(
        "__reduce__($self, /)",
        "Return state information for pickling.",
        callable_reduce,
    )],
    ..TypeSpec::of::<CallableIter>()
});

/// `reversed(sequence)` for what has no `__reversed__`.
#[repr(C)]
pub struct Reversed {
    pub header: Header,
    pub sequence: Slot,
    pub index: Cell<isize>,
}
crate::object_impl!(
    Reversed,
    REVERSED_TYPE,
    |this, visit| visit(this.sequence.get()),
    |this| drop(this.sequence.take())
);

fn reversed_new(ty: crate::typeobject::Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: crate::native::Signature = crate::native::Signature::new("reversed(object, /)");
    if args.len() != 1 && kwnames.is_null() {
        return crate::err!(
            TypeError,
            "reversed expected 1 argument, got {}",
            args.len()
        );
    }
    S.bind(args, kwnames, |a| {
        let seq = a[0];
        if let Some(f) = protocol::lookup_special(seq, crate::names::names().__reversed__)? {
            if f.is_none() {
                return crate::err!(TypeError, "'{}' object is not reversible", seq.type_name());
            }
            return protocol::call(*f, &[]);
        }
        let s = seq.ty().slots();
        if s.item.is_none() || crate::dict::is_dict(seq) {
            return crate::err!(TypeError, "'{}' object is not reversible", seq.type_name());
        }
        let n = protocol::len(seq)?;
        Ok(crate::object::alloc(
            ty,
            Reversed {
                header: Header::new(ty),
                sequence: Slot::new(seq.to_ref()),
                index: Cell::new(n as isize - 1),
            },
        ))
    })
}

fn reversed_next(v: Value) -> PyResult<Option<Ref>> {
    let it = this!(v, Reversed);
    let i = it.index.get();
    let seq = it.sequence.get_ref();
    if i >= 0 && !seq.is_null() {
        match item_at(*seq, i as usize) {
            Ok(item) => {
                it.index.set(i - 1);
                return Ok(Some(item));
            }
            Err(e) => {
                if !ends_iteration() {
                    return Err(e);
                }
            }
        }
    }
    it.index.set(-1);
    drop(it.sequence.take());
    Ok(None)
}

fn reversed_hint(args: &[Value]) -> PyResult {
    let it = this!(args[0], Reversed);
    let seq = it.sequence.get_ref();
    if seq.is_null() {
        return Ok(int::from_i64(0));
    }
    let n = it.index.get() + 1;
    Ok(int::from_i64(if (protocol::len(*seq)? as isize) < n {
        0
    } else {
        n as i64
    }))
}

fn reversed_reduce(args: &[Value]) -> PyResult {
    let it = this!(args[0], Reversed);
    if it.sequence.is_null() {
        return Ok(tuple::of([
            args[0].ty().to_ref(),
            tuple::of([tuple::empty()]),
        ]));
    }
    Ok(tuple::of([
        args[0].ty().to_ref(),
        tuple::of([it.sequence.get_ref()]),
        int::from_i64(it.index.get() as i64),
    ]))
}

fn reversed_setstate(args: &[Value]) -> PyResult {
    let it = this!(args[0], Reversed);
    let i = int::to_isize(args[1])?;
    let seq = it.sequence.get_ref();
    if !seq.is_null() {
        it.index.set(i.clamp(-1, protocol::len(*seq)? as isize - 1));
    }
    Ok(Ref::NONE)
}

pub static REVERSED_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "reversed",
    doc: "Return a reverse iterator over the values of the given sequence.",
    flags: TypeFlags::HAVE_GC | TypeFlags::BASETYPE,
    text_signature: "(sequence, /)",
    slots: Slots {
        new: Some(reversed_new),
        iter: Some(self_iter),
        iternext: Some(reversed_next),
        ..Slots::of::<Reversed>()
    },
    methods: &[
        MethodDef::new(
            "__length_hint__($self, /)",
            "Private method returning an estimate of len(list(it)).",
            reversed_hint,
        ),
        MethodDef::new(
            "__reduce__($self, /)",
            "Return state information for pickling.",
            reversed_reduce,
        ),
        MethodDef::new(
            "__setstate__($self, object, /)",
            "Set state information for unpickling.",
            reversed_setstate,
        ),
    ],
    ..TypeSpec::of::<Reversed>()
});

/// Items of a list known by its exact type; used by code that iterates without an iterator object.
#[inline]
pub fn list_items(v: Value) -> Option<&'static PyList> {
    if v.is_exact::<PyList>() {
        Some(list::expect(v))
    } else {
        None
    }
}
