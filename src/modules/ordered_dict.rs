//! `collections.OrderedDict`: a dict whose entries can be moved to either end.

use std::cell::Cell;
use taipan_objects::dict::{self, PyDict};
use taipan_objects::dict_views::DictView;
use taipan_objects::err::{PyResult, raise_with};
use taipan_objects::names::names;
use taipan_objects::native::{GetSetDef, MethodDef};
use taipan_objects::object::{Header, Object, alloc, instance};
use taipan_objects::strings::StrBuilder;
use taipan_objects::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{
    attributes, dict_methods, err, exceptions, int, object_impl, protocol, strings, tuple, types,
};

#[repr(C)]
struct OrderedDict {
    base: PyDict,
    /// `__dict__`, or NULL.
    dict: Slot,
    /// No entry before this position is alive, as long as `moves` is the dict's.
    first: Cell<u32>,
    moves: Cell<u32>,
}
object_impl!(
    OrderedDict,
    ORDERED_DICT_TYPE,
    |this, visit| {
        Object::traverse(&this.base, visit);
        visit(this.dict.get());
    },
    |this| {
        drop(this.dict.take());
        Object::clear(&this.base);
    }
);

impl OrderedDict {
    /// Position of the first entry.
    fn first(&self) -> Option<usize> {
        let mut i = if self.moves.get() == self.base.moves() {
            self.first.get() as usize
        } else {
            0
        };
        let entries = self.base.entries();
        while entries.get(i).is_some_and(|e| e.key.is_null()) {
            i += 1;
        }
        self.moves.set(self.base.moves());
        self.first.set(i.min(entries.len()) as u32);
        (i < entries.len()).then_some(i)
    }
    /// Position of the last entry.
    fn last(&self) -> Option<usize> {
        self.base.entries().iter().rposition(|e| !e.key.is_null())
    }
}

fn ordered(v: Value) -> &'static OrderedDict {
    instance::<OrderedDict>(v)
}

fn is_ordered(v: Value) -> bool {
    v.is_a::<OrderedDict>()
}

fn od_new(ty: Type, _args: &[Value], _kwnames: Value) -> PyResult {
    Ok(alloc(
        ty,
        OrderedDict {
            base: PyDict::new(ty),
            dict: Slot::null(),
            first: Cell::new(0),
            moves: Cell::new(0),
        },
    ))
}

/// Whether a subclass has its own way of storing items.
fn stores_itself(v: Value) -> bool {
    v.ty().slots().ass_subscript.map(|f| f as usize)
        != ORDERED_DICT_TYPE.slots().ass_subscript.map(|f| f as usize)
}

fn store(v: Value, key: Value, value: Value) -> PyResult<()> {
    if stores_itself(v) {
        protocol::setitem(v, key, value)
    } else {
        dict::set(v, key, value)
    }
}

fn update_from(v: Value, other: Value) -> PyResult<()> {
    if !stores_itself(v) {
        return dict_methods::update_from(v, other);
    }
    if dict::is_dict(other) && !is_ordered(other) {
        for (k, value) in dict::items(other) {
            protocol::setitem(v, *k, *value)?;
        }
        return Ok(());
    }
    if protocol::getattr_opt(other, names().keys)?.is_some() {
        let keys = protocol::call_method(other, names().keys, &[])?;
        return protocol::for_each(*keys, |k| {
            let value = protocol::getitem(other, *k)?;
            protocol::setitem(v, *k, *value)
        });
    }
    protocol::for_each(other, |pair| {
        let pair = protocol::to_vec(*pair)?;
        match &pair[..] {
            [k, value] => protocol::setitem(v, **k, **value),
            [] | [_] => err!(
                ValueError,
                "need more than {} value{} to unpack",
                pair.len(),
                if pair.len() == 1 { "" } else { "s" }
            ),
            _ => err!(ValueError, "too many values to unpack (expected 2)"),
        }
    })
}

fn update_from_call(v: Value, name: &str, args: &[Value], kwnames: Value) -> PyResult<()> {
    let kw = if kwnames.is_null() {
        &[][..]
    } else {
        tuple::as_slice(kwnames)
    };
    let npos = args.len() - kw.len();
    if npos > 1 {
        if name.is_empty() {
            return err!(TypeError, "expected at most 1 argument, got {npos}");
        }
        return err!(
            TypeError,
            "{name}() takes at most 1 positional argument ({npos} given)"
        );
    }
    if npos == 1 {
        update_from(v, args[0])?;
    }
    for (k, value) in kw.iter().zip(&args[npos..]) {
        store(v, *k, *value)?;
    }
    Ok(())
}

fn od_init(v: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    update_from_call(v, "", args, kwnames)
}

fn od_repr(v: Value) -> PyResult {
    let name = v.ty().name();
    if dict::expect(v).len() == 0 {
        return Ok(strings::new_str(&format!("{name}()")));
    }
    if !protocol::repr_enter(v) {
        return Ok(strings::new_str("..."));
    }
    let r = (|| {
        let items = if v.is_exact::<OrderedDict>() {
            dict::copy(v)
        } else {
            let items = protocol::call_method(v, names().items, &[])?;
            let plain = dict::new_dict();
            dict_methods::update_from(*plain, *items)?;
            plain
        };
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

fn od_richcompare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) || !dict::is_dict(a) || !dict::is_dict(b) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let compare = types::DICT_TYPE.slots().richcompare.expect("dict compares");
    let equal = compare(a, b, CompareOp::Eq)?;
    let mut equal = protocol::is_true(*equal)?;
    if equal && is_ordered(a) && is_ordered(b) {
        for (x, y) in dict::keys(a).into_iter().zip(dict::keys(b)) {
            if !protocol::eq(*x, *y)? {
                equal = false;
                break;
            }
        }
    }
    Ok(Ref::bool(equal == (op == CompareOp::Eq)))
}

fn new_like(v: Value) -> PyResult {
    protocol::call(v.ty().value(), &[])
}

fn od_or(a: Value, b: Value) -> PyResult {
    if !dict::is_dict(a) || !dict::is_dict(b) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let r = protocol::call(if is_ordered(a) { a.ty() } else { b.ty() }.value(), &[a])?;
    update_from(*r, b)?;
    Ok(r)
}

fn od_inplace_or(a: Value, b: Value) -> PyResult {
    update_from(a, b)?;
    Ok(a.to_ref())
}

fn m_popitem(a: &[Value]) -> PyResult {
    let this = ordered(a[0]);
    let last = a[1].is_null() || protocol::is_true(a[1])?;
    if this.base.len() == 0 {
        return err!(KeyError, "dictionary is empty");
    }
    if last {
        let (k, v) = dict::popitem(a[0]).expect("not empty");
        return Ok(tuple::of([k, v]));
    }
    let i = this.first().expect("not empty");
    let (k, v) = this.base.remove_at(i);
    Ok(tuple::of([k, v]))
}

fn m_move_to_end(a: &[Value]) -> PyResult {
    let this = ordered(a[0]);
    let last = a[2].is_null() || protocol::is_true(a[2])?;
    let hash = dict::key_hash_for(a[1], "dict key")?;
    let Some(i) = this.base.find(a[1], hash)? else {
        return Err(raise_with(&exceptions::KeyError, &[a[1]]));
    };
    if last {
        if this.last() != Some(i) {
            let (k, v) = this.base.remove_at(i);
            this.base.push(hash, k, v);
        }
    } else if this.first() != Some(i) {
        let (k, v) = this.base.remove_at(i);
        let first = this.first().unwrap_or(0);
        this.base.push_front(first, hash, k, v);
        this.first.set(0);
    }
    Ok(Ref::NONE)
}

fn m_pop(a: &[Value]) -> PyResult {
    let found = dict::pop(a[0], a[1])?;
    if !found.is_null() {
        return Ok(found);
    }
    match a[2].some() {
        Some(default) => Ok(default.to_ref()),
        None => Err(raise_with(&exceptions::KeyError, &[a[1]])),
    }
}

fn m_setdefault(a: &[Value]) -> PyResult {
    let default = a[2].or(Value::NONE);
    if stores_itself(a[0]) {
        if protocol::contains(a[0], a[1])? {
            return protocol::getitem(a[0], a[1]);
        }
        protocol::setitem(a[0], a[1], default)?;
        return Ok(default.to_ref());
    }
    dict::setdefault(a[0], a[1], default)
}

fn m_copy(a: &[Value]) -> PyResult {
    let r = new_like(a[0])?;
    for (k, v) in dict::items(a[0]) {
        if a[0].is_exact::<OrderedDict>() {
            dict::set(*r, *k, *v)?;
        } else {
            protocol::setitem(*r, *k, *v)?;
        }
    }
    Ok(r)
}

fn m_fromkeys(a: &[Value]) -> PyResult {
    let value = a[2].or(Value::NONE);
    let r = protocol::call(a[0], &[])?;
    protocol::for_each(a[1], |k| protocol::setitem(*r, *k, value))?;
    Ok(r)
}

fn m_update(args: &[Value], kwnames: Value) -> PyResult {
    update_from_call(args[0], "update", &args[1..], kwnames)?;
    Ok(Ref::NONE)
}

fn m_reduce(a: &[Value]) -> PyResult {
    let state = protocol::call_method(a[0], names().__getstate__, &[])?;
    let items = protocol::call_method(a[0], names().items, &[])?;
    Ok(tuple::of([
        a[0].ty().to_ref(),
        tuple::empty(),
        state,
        Ref::NONE,
        protocol::iter(*items)?,
    ]))
}

fn m_sizeof(a: &[Value]) -> PyResult {
    Ok(int::from_usize(
        a[0].ty().basicsize() + dict::expect(a[0]).extra_size(),
    ))
}

fn od_ass_subscript(v: Value, key: Value, value: Value) -> PyResult<()> {
    if value.is_null() {
        if !dict::delete(v, key)? {
            return Err(raise_with(&exceptions::KeyError, &[key]));
        }
        return Ok(());
    }
    dict::set(v, key, value)
}

fn new_view(ty: Type, d: Value) -> Ref {
    taipan_objects::type_ready::ready(ty);
    alloc(
        ty,
        DictView {
            header: Header::new(ty),
            dict: Slot::new(d.to_ref()),
        },
    )
}

macro_rules! view_type {
    ($static:ident, $name:literal, $base:expr) => {
        static $static: TypeObject = TypeObject::builtin(&TypeSpec {
            name: $name,
            base: Some(&$base),
            flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
            ..TypeSpec::of::<DictView>()
        });
    };
}
view_type!(ODICT_KEYS_TYPE, "odict_keys", types::DICT_KEYS_TYPE);
view_type!(ODICT_VALUES_TYPE, "odict_values", types::DICT_VALUES_TYPE);
view_type!(ODICT_ITEMS_TYPE, "odict_items", types::DICT_ITEMS_TYPE);

/// `collections.OrderedDict`.
pub static ORDERED_DICT_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "collections.OrderedDict",
    doc: "Dictionary that remembers insertion order",
    base: Some(&types::DICT_TYPE),
    flags: TypeFlags::HAVE_GC
        | TypeFlags::BASETYPE
        | TypeFlags::WEAKREFABLE
        | TypeFlags::DICT_SUBCLASS
        | TypeFlags::MAPPING,
    dict_offset: std::mem::offset_of!(OrderedDict, dict),
    slots: Slots {
        new: Some(od_new),
        init: Some(od_init),
        repr: Some(od_repr),
        hash: Some(protocol::hash_not_implemented),
        richcompare: Some(od_richcompare),
        or: Some(od_or),
        inplace_or: Some(od_inplace_or),
        ass_subscript: Some(od_ass_subscript),
        ..Slots::of::<OrderedDict>()
    },
    methods: &[
        MethodDef::new(
            "fromkeys($type, /, iterable, value=None)",
            "A new ordered dictionary with keys from iterable, all with the same value.",
            m_fromkeys,
        )
        .class(),
        MethodDef::new(
            "setdefault($self, /, key, default=None)",
            "Insert key with default unless it is there; its value.",
            m_setdefault,
        ),
        MethodDef::new(
            "pop($self, /, key, default=<unrepresentable>)",
            "Remove a key and return its value, or default if it is missing; KeyError without one.",
            m_pop,
        ),
        MethodDef::new(
            "popitem($self, /, last=True)",
            "Remove and return a (key, value) pair: the newest, or the oldest if last is false.",
            m_popitem,
        ),
        MethodDef::raw(
            "update",
            "Take over the entries of a mapping or of (key, value) pairs, then those given by keywords.",
            m_update,
        ),
        MethodDef::new("keys($self, /)", "", |a| {
            Ok(new_view(&ODICT_KEYS_TYPE, a[0]))
        }),
        MethodDef::new("values($self, /)", "", |a| {
            Ok(new_view(&ODICT_VALUES_TYPE, a[0]))
        }),
        MethodDef::new("items($self, /)", "", |a| {
            Ok(new_view(&ODICT_ITEMS_TYPE, a[0]))
        }),
        MethodDef::new("copy($self, /)", "A shallow copy of ordered dict.", m_copy),
        MethodDef::new(
            "move_to_end($self, /, key, last=True)",
            "Move an existing element to the end (or the beginning if last is false).",
            m_move_to_end,
        ),
        MethodDef::new(
            "__reduce__($self, /)",
            "Return state information for pickling",
            m_reduce,
        ),
        MethodDef::new("__sizeof__($self, /)", "", m_sizeof),
    ],
    getset: &[GetSetDef::rw(
        "__dict__",
        "",
        |v| Ok(attributes::object_dict(v).unwrap_or_default()),
        attributes::set_object_dict,
    )],
    ..TypeSpec::of::<OrderedDict>()
});
