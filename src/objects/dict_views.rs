//! Views of dicts and their iterators.

use crate::dict::{self, PyDict};
use crate::err::PyResult;
use crate::iterators::{builtin, self_iter};
use crate::native::{GetSetDef, MethodDef};
use crate::object::{Header, alloc};
use crate::strings::StrBuilder;
use crate::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Slot, Value};
use crate::{err, int, list, protocol, set, strings, tuple};
use std::cell::Cell;

/// What of an entry a view or an iterator shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    Keys,
    Values,
    Items,
}

/// `d.keys()`, `d.values()`, `d.items()`.
#[repr(C)]
pub struct DictView {
    pub header: Header,
    pub dict: Slot,
}
crate::object_impl!(
    DictView,
    DICT_KEYS_TYPE,
    |this, visit| visit(this.dict.get()),
    |_this| {}
);

/// Iterates the entries forward or backward, by the iterator's type.
#[repr(C)]
pub struct DictIter {
    pub header: Header,
    /// NULL once exhausted.
    pub dict: Slot,
    pub part: Part,
    /// Length when iteration began; `usize::MAX` after a change was seen.
    used: Cell<usize>,
    position: Cell<usize>,
    remaining: Cell<usize>,
    /// The pair given last, to be used again if nobody kept it.
    result: Slot,
}
crate::object_impl!(
    DictIter,
    DICT_KEY_ITERATOR_TYPE,
    |this, visit| {
        visit(this.dict.get());
        visit(this.result.get());
    },
    |this| drop(this.dict.take())
);

fn view_type(part: Part) -> Type {
    match part {
        Part::Keys => &DICT_KEYS_TYPE,
        Part::Values => &DICT_VALUES_TYPE,
        Part::Items => &DICT_ITEMS_TYPE,
    }
}

/// A view of a dict.
pub fn new_view(d: Value, part: Part) -> Ref {
    alloc(
        view_type(part),
        DictView {
            header: Header::new(view_type(part)),
            dict: Slot::new(d.to_ref()),
        },
    )
}

fn make_iterator(ty: Type, d: Value, part: Part, position: usize) -> Ref {
    let n = dict::expect(d).len();
    alloc(
        ty,
        DictIter {
            header: Header::new(ty),
            dict: Slot::new(d.to_ref()),
            part,
            used: Cell::new(n),
            position: Cell::new(position),
            remaining: Cell::new(n),
            result: Slot::null(),
        },
    )
}

/// Iterates a dict.
pub fn new_iterator(d: Value, part: Part) -> Ref {
    let ty: Type = match part {
        Part::Keys => &DICT_KEY_ITERATOR_TYPE,
        Part::Values => &DICT_VALUE_ITERATOR_TYPE,
        Part::Items => &DICT_ITEM_ITERATOR_TYPE,
    };
    make_iterator(ty, d, part, 0)
}

/// Iterates a dict backward.
pub fn new_reverse_iterator(d: Value, part: Part) -> Ref {
    let ty: Type = match part {
        Part::Keys => &DICT_REVERSE_KEY_ITERATOR_TYPE,
        Part::Values => &DICT_REVERSE_VALUE_ITERATOR_TYPE,
        Part::Items => &DICT_REVERSE_ITEM_ITERATOR_TYPE,
    };
    make_iterator(ty, d, part, dict::expect(d).filled())
}

impl DictIter {
    /// The next entry, borrowed from the dict.
    #[inline(always)]
    fn step(&self, forward: bool) -> PyResult<Option<(Value, Value)>> {
        let d = self.dict.get();
        if d.is_null() {
            return Ok(None);
        }
        let this: &PyDict = dict::expect(d);
        if self.used.get() != this.len() {
            self.used.set(usize::MAX);
            return err!(RuntimeError, "dictionary changed size during iteration");
        }
        let mut pos = self.position.get();
        let entry = if forward {
            this.next_entry(&mut pos)
        } else {
            this.previous_entry(&mut pos)
        };
        self.position.set(pos);
        if entry.is_some() {
            if self.remaining.get() == 0 {
                drop(self.dict.take());
                return err!(RuntimeError, "dictionary keys changed during iteration");
            }
            self.remaining.set(self.remaining.get() - 1);
        }
        Ok(entry)
    }

    /// The next key, value or pair.
    #[inline]
    pub fn next(&self, forward: bool) -> PyResult<Option<Ref>> {
        match self.step(forward)? {
            Some((k, v)) => Ok(Some(match self.part {
                Part::Keys => k.to_ref(),
                Part::Values => v.to_ref(),
                Part::Items => self.pair(k, v),
            })),
            None => {
                drop(self.dict.take());
                Ok(None)
            }
        }
    }

    #[inline]
    fn pair(&self, k: Value, v: Value) -> Ref {
        let old = self.result.get();
        if crate::builtin_iterators::reusable(old) {
            let (k, v) = (k.to_ref(), v.to_ref());
            let result = old.to_ref();
            // SAFETY: only this iterator holds the pair.
            unsafe {
                tuple::init_item(*result, 0, k);
                tuple::init_item(*result, 1, v);
            }
            return result;
        }
        let result = tuple::from_values(&[k, v]);
        self.result.set(result.clone());
        result
    }
}

fn iter_of(v: Value) -> &'static DictIter {
    // SAFETY: slots and methods get an instance of their own type; alive during the call.
    unsafe { &*(v.as_ptr() as *const DictIter) }
}

fn view_of(v: Value) -> &'static DictView {
    // SAFETY: as above.
    unsafe { &*(v.as_ptr() as *const DictView) }
}

fn iter_hint(args: &[Value]) -> PyResult {
    let it = iter_of(args[0]);
    let d = it.dict.get();
    let n = if !d.is_null() && it.used.get() == dict::expect(d).len() {
        it.remaining.get()
    } else {
        0
    };
    Ok(int::from_usize(n))
}

fn reduce(args: &[Value], forward: bool) -> PyResult {
    let it = iter_of(args[0]);
    let mut rest = Vec::new();
    let d = it.dict.get();
    if !d.is_null() {
        let this = dict::expect(d);
        if it.used.get() != this.len() {
            return err!(RuntimeError, "dictionary changed size during iteration");
        }
        let mut pos = it.position.get();
        while let Some((k, v)) = if forward {
            this.next_entry(&mut pos)
        } else {
            this.previous_entry(&mut pos)
        } {
            rest.push(match it.part {
                Part::Keys => k.to_ref(),
                Part::Values => v.to_ref(),
                Part::Items => tuple::from_values(&[k, v]),
            });
        }
    }
    Ok(tuple::of([
        builtin("iter")?,
        tuple::of([list::new_list(rest)]),
    ]))
}

macro_rules! iterator_type {
    ($static:ident, $name:literal, $forward:literal) => {
        pub static $static: TypeObject = TypeObject::builtin(&TypeSpec {
            name: $name,
            flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
            slots: Slots {
                iter: Some(self_iter),
                iternext: Some(|v| iter_of(v).next($forward)),
                ..Slots::of::<DictIter>()
            },
            methods: &[
                MethodDef::new(
                    "__length_hint__($self, /)",
                    "Private method returning an estimate of len(list(it)).",
                    iter_hint,
                ),
                MethodDef::new(
                    "__reduce__($self, /)",
                    "Return state information for pickling.",
                    |a| reduce(a, $forward),
                ),
            ],
            ..TypeSpec::of::<DictIter>()
        });
    };
}
iterator_type!(DICT_KEY_ITERATOR_TYPE, "dict_keyiterator", true);
iterator_type!(DICT_VALUE_ITERATOR_TYPE, "dict_valueiterator", true);
iterator_type!(DICT_ITEM_ITERATOR_TYPE, "dict_itemiterator", true);
iterator_type!(
    DICT_REVERSE_KEY_ITERATOR_TYPE,
    "dict_reversekeyiterator",
    false
);
iterator_type!(
    DICT_REVERSE_VALUE_ITERATOR_TYPE,
    "dict_reversevalueiterator",
    false
);
iterator_type!(
    DICT_REVERSE_ITEM_ITERATOR_TYPE,
    "dict_reverseitemiterator",
    false
);

// ---------------------------------------------------------------- views

fn part_of(v: Value) -> Option<Part> {
    let ty = v.ty();
    if ty.is_subtype(&DICT_KEYS_TYPE) {
        Some(Part::Keys)
    } else if ty.is_subtype(&DICT_ITEMS_TYPE) {
        Some(Part::Items)
    } else if ty.is_subtype(&DICT_VALUES_TYPE) {
        Some(Part::Values)
    } else {
        None
    }
}

fn view_iter(v: Value) -> PyResult {
    let part = part_of(v).expect("a view");
    Ok(new_iterator(view_of(v).dict.get(), part))
}

fn view_length(v: Value) -> PyResult<usize> {
    Ok(dict::expect(view_of(v).dict.get()).len())
}

fn view_repr(v: Value) -> PyResult {
    let name = v.ty().name();
    if !protocol::repr_enter(v) {
        return Ok(strings::new_str("..."));
    }
    let r = (|| {
        let items = list::from_iterable(v)?;
        let mut out = StrBuilder::new();
        out.push_str(name);
        out.push_str("(");
        out.push_pystr(strings::expect(*protocol::repr(*items)?));
        out.push_str(")");
        Ok(out.finish())
    })();
    protocol::repr_leave(v);
    r
}

fn view_contains(v: Value, item: Value) -> PyResult<bool> {
    let d = view_of(v).dict.get();
    match part_of(v) {
        Some(Part::Keys) => dict::contains(d, item),
        Some(Part::Items) => {
            if !tuple::is_tuple(item) {
                return Ok(false);
            }
            let &[k, value] = tuple::as_slice(item) else {
                return Ok(false);
            };
            let found = dict::get(d, k)?;
            if found.is_null() {
                return Ok(false);
            }
            let found = found.to_ref();
            protocol::eq(*found, value)
        }
        _ => {
            let it = new_iterator(d, Part::Values);
            while let Some(x) = protocol::next(*it)? {
                if protocol::eq(*x, item)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
    }
}

fn is_set_like(v: Value) -> bool {
    set::is_any_set(v) || matches!(part_of(v), Some(Part::Keys | Part::Items))
}

/// Whether all items of `a` are in `b`.
fn all_in(a: Value, b: Value) -> PyResult<bool> {
    let it = protocol::iter(a)?;
    while let Some(x) = protocol::next(*it)? {
        if !protocol::contains(b, *x)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn view_richcompare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if !is_set_like(a) || !is_set_like(b) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let (x, y) = (protocol::len(a)?, protocol::len(b)?);
    Ok(Ref::bool(match op {
        CompareOp::Eq => x == y && all_in(a, b)?,
        CompareOp::Ne => !(x == y && all_in(a, b)?),
        CompareOp::Lt => x < y && all_in(a, b)?,
        CompareOp::Le => x <= y && all_in(a, b)?,
        CompareOp::Gt => x > y && all_in(b, a)?,
        CompareOp::Ge => x >= y && all_in(b, a)?,
    }))
}

/// The left operand as a new set.
fn as_set(v: Value) -> PyResult {
    set::from_iterable(&crate::set_methods::SET_TYPE, v)
}

fn view_subtract(a: Value, b: Value) -> PyResult {
    let r = as_set(a)?;
    protocol::call_method_str(*r, "difference_update", &[b])?;
    Ok(r)
}

fn view_or(a: Value, b: Value) -> PyResult {
    let r = as_set(a)?;
    set::update(*r, b)?;
    Ok(r)
}

fn view_xor(a: Value, b: Value) -> PyResult {
    let r = as_set(a)?;
    protocol::call_method_str(*r, "symmetric_difference_update", &[b])?;
    Ok(r)
}

fn view_and(a: Value, b: Value) -> PyResult {
    // Python objects come in either order: the view is the one that is asked.
    let (mut this, mut other) = if is_set_like(a) && part_of(a).is_some() {
        (a, b)
    } else {
        (b, a)
    };
    if is_set_like(other) && protocol::len(other)? > protocol::len(this)? {
        std::mem::swap(&mut this, &mut other);
    }
    let r = set::new_set();
    let it = protocol::iter(other)?;
    while let Some(x) = protocol::next(*it)? {
        if protocol::contains(this, *x)? {
            set::add(*r, *x)?;
        }
    }
    Ok(r)
}

fn isdisjoint(args: &[Value]) -> PyResult {
    let (mut this, mut other) = (args[0], args[1]);
    if this.is(other) {
        return Ok(Ref::bool(protocol::len(this)? == 0));
    }
    if is_set_like(other) && protocol::len(other)? > protocol::len(this)? {
        std::mem::swap(&mut this, &mut other);
    }
    let it = protocol::iter(other)?;
    while let Some(x) = protocol::next(*it)? {
        if protocol::contains(this, *x)? {
            return Ok(Ref::bool(false));
        }
    }
    Ok(Ref::bool(true))
}

fn view_reversed(args: &[Value]) -> PyResult {
    Ok(new_reverse_iterator(
        view_of(args[0]).dict.get(),
        part_of(args[0]).expect("a view"),
    ))
}

fn view_mapping(v: Value) -> PyResult {
    Ok(crate::mappingproxy::new_proxy(view_of(v).dict.get()))
}

const SET_SLOTS: Slots = Slots {
    repr: Some(view_repr),
    hash: Some(protocol::hash_not_implemented),
    richcompare: Some(view_richcompare),
    iter: Some(view_iter),
    length: Some(view_length),
    contains: Some(view_contains),
    subtract: Some(view_subtract),
    and: Some(view_and),
    xor: Some(view_xor),
    or: Some(view_or),
    ..Slots::of::<DictView>()
};
const MAPPING_GETSET: &[GetSetDef] = &[GetSetDef::ro(
    "mapping",
    "dictionary that this view refers to",
    view_mapping,
)];

pub static DICT_KEYS_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "dict_keys",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    slots: SET_SLOTS,
    methods: &[
        MethodDef::new(
            "isdisjoint($self, object, /)",
            "Whether the view and the iterable have no item in common.",
            isdisjoint,
        ),
        MethodDef::new(
            "__reversed__($self, /)",
            "Return a reverse iterator over the dict keys.",
            view_reversed,
        ),
    ],
    getset: MAPPING_GETSET,
    ..TypeSpec::of::<DictView>()
});

pub static DICT_ITEMS_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "dict_items",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    slots: SET_SLOTS,
    methods: &[
        MethodDef::new(
            "isdisjoint($self, object, /)",
            "Whether the view and the iterable have no item in common.",
            isdisjoint,
        ),
        MethodDef::new(
            "__reversed__($self, /)",
            "Return a reverse iterator over the dict items.",
            view_reversed,
        ),
    ],
    getset: MAPPING_GETSET,
    ..TypeSpec::of::<DictView>()
});

pub static DICT_VALUES_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "dict_values",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        repr: Some(view_repr),
        iter: Some(view_iter),
        length: Some(view_length),
        ..Slots::of::<DictView>()
    },
    methods: &[MethodDef::new(
        "__reversed__($self, /)",
        "Return a reverse iterator over the dict values.",
        view_reversed,
    )],
    getset: MAPPING_GETSET,
    ..TypeSpec::of::<DictView>()
});
