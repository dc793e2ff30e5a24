//! What Python sees of list.

use crate::err::PyResult;
use crate::list::{self, PyList, expect, new_list};
use crate::native::{MethodDef, Signature};
use crate::object::alloc;
use crate::strings::StrBuilder;
use crate::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Value};
use crate::{err, int, iterators, protocol, slice, sort, strings, tuple};

fn list_new(ty: Type, _args: &[Value], _kwnames: Value) -> PyResult {
    Ok(alloc(ty, PyList::new(ty, Vec::new())))
}

fn list_init(this: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    static S: Signature = Signature::new("list(iterable=(), /)");
    let positional = &args[..args.len() - keyword_count(kwnames)];
    if positional.len() != args.len() {
        let new = this.ty().slots().new;
        if this.is_exact::<PyList>()
            || new.is_some_and(|f| f as usize == list_new as *const () as usize)
        {
            return err!(TypeError, "{}() takes no keyword arguments", "list");
        }
    }
    S.bind(positional, Value::NULL, |a| {
        drop(std::mem::take(expect(this).items_mut()));
        match a[0].some() {
            Some(iterable) => list::extend(this, iterable),
            None => Ok(()),
        }
    })
}

fn keyword_count(kwnames: Value) -> usize {
    if kwnames.is_null() {
        0
    } else {
        tuple::as_slice(kwnames).len()
    }
}

/// The text of a sequence's items between brackets. `item(i)` gives `None` past the end.
pub(crate) fn repr_items(
    out: &mut StrBuilder,
    item: impl Fn(usize) -> Option<Ref>,
) -> PyResult<()> {
    let mut i = 0;
    while let Some(v) = item(i) {
        if i > 0 {
            out.push_str(", ");
        }
        out.push_pystr(strings::expect(*protocol::repr(*v)?));
        i += 1;
    }
    Ok(())
}

fn list_repr(v: Value) -> PyResult {
    let this = expect(v);
    if this.len() == 0 {
        return Ok(strings::new_str("[]"));
    }
    if !protocol::repr_enter(v) {
        return Ok(strings::new_str("[...]"));
    }
    let mut out = StrBuilder::new();
    out.push_str("[");
    let r = repr_items(&mut out, |i| this.get(i));
    protocol::repr_leave(v);
    r?;
    out.push_str("]");
    Ok(out.finish())
}

fn list_richcompare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if !list::is_list(a) || !list::is_list(b) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let (x, y) = (expect(a), expect(b));
    if x.len() != y.len() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Ref::bool(op == CompareOp::Ne));
    }
    let mut i = 0;
    while let (Some(p), Some(q)) = (x.get(i), y.get(i)) {
        if !protocol::eq(*p, *q)? {
            return match op {
                CompareOp::Eq => Ok(Ref::bool(false)),
                CompareOp::Ne => Ok(Ref::bool(true)),
                _ => protocol::richcompare(*p, *q, op),
            };
        }
        i += 1;
    }
    Ok(Ref::bool(op.test(x.len().cmp(&y.len()))))
}

fn list_length(v: Value) -> PyResult<usize> {
    Ok(expect(v).len())
}

fn list_concat(a: Value, b: Value) -> PyResult {
    if !list::is_list(b) {
        return err!(
            TypeError,
            "can only concatenate list (not \"{}\") to list",
            b.type_name()
        );
    }
    let (x, y) = (expect(a).items(), expect(b).items());
    let mut items = Vec::with_capacity(x.len() + y.len());
    items.extend(x.iter().cloned());
    items.extend(y.iter().cloned());
    Ok(new_list(items))
}

/// `n` copies of the items one after the other; MemoryError beyond any memory.
pub(crate) fn repeat_items(items: &[Ref], n: isize) -> PyResult<Vec<Ref>> {
    let n = n.max(0) as usize;
    let total = match items.len().checked_mul(n) {
        Some(t) if t <= (isize::MAX as usize) / 8 => t,
        _ => return Err(crate::err::raise_with(&crate::exceptions::MemoryError, &[])),
    };
    let mut out: Vec<Ref> = Vec::new();
    if out.try_reserve_exact(total).is_err() {
        return Err(crate::err::raise_with(&crate::exceptions::MemoryError, &[]));
    }
    if let [one] = items {
        out.resize(total, one.clone());
        return Ok(out);
    }
    for _ in 0..n {
        out.extend(items.iter().cloned());
    }
    Ok(out)
}

fn list_repeat(v: Value, n: isize) -> PyResult {
    Ok(new_list(repeat_items(expect(v).items(), n)?))
}

fn list_inplace_repeat(v: Value, n: isize) -> PyResult {
    let this = expect(v);
    if n == 1 || this.len() == 0 {
        return Ok(v.to_ref());
    }
    let items = repeat_items(this.items(), n)?;
    drop(std::mem::replace(this.items_mut(), items));
    Ok(v.to_ref())
}

fn list_inplace_concat(v: Value, other: Value) -> PyResult {
    list::extend(v, other)?;
    Ok(v.to_ref())
}

fn list_item(v: Value, i: isize) -> PyResult {
    match expect(v).items().get(i as usize) {
        Some(x) if i >= 0 => Ok(x.clone()),
        _ => err!(IndexError, "list index out of range"),
    }
}

fn list_ass_item(v: Value, i: isize, new: Value) -> PyResult<()> {
    let this = expect(v);
    if i < 0 || i as usize >= this.len() {
        return err!(IndexError, "list assignment index out of range");
    }
    if new.is_null() {
        let old = this.items_mut().remove(i as usize);
        drop(old);
    } else {
        let old = std::mem::replace(&mut this.items_mut()[i as usize], new.to_ref());
        drop(old);
    }
    Ok(())
}

fn list_contains(v: Value, item: Value) -> PyResult<bool> {
    let this = expect(v);
    let mut i = 0;
    while let Some(x) = this.items().get(i) {
        let x = **x;
        if x.is(item) {
            return Ok(true);
        }
        if let Some(equal) = quick_eq(x, item) {
            if equal {
                return Ok(true);
            }
        } else {
            let x = x.to_ref();
            if protocol::eq(*x, item)? {
                return Ok(true);
            }
        }
        i += 1;
    }
    Ok(false)
}

/// Equality where no Python code can run.
#[inline(always)]
pub(crate) fn quick_eq(a: Value, b: Value) -> Option<bool> {
    if Value::both_small_ints(a, b) {
        return Some(a.is(b));
    }
    if a.is_exact::<strings::PyStr>() && b.is_exact::<strings::PyStr>() {
        return Some(strings::expect(a).equals(strings::expect(b)));
    }
    None
}

/// A subscript as a machine integer; the error for what is none.
#[inline]
pub(crate) fn subscript_index(key: Value, what: &str) -> PyResult<isize> {
    if let Some(i) = key.as_small_int() {
        return Ok(i as isize);
    }
    if key.ty().slots().index.is_none() {
        return err!(
            TypeError,
            "{what} indices must be integers or slices, not {}",
            key.type_name()
        );
    }
    match int::to_isize(key) {
        Ok(i) => Ok(i),
        Err(e) => {
            if crate::err::clear_if(&crate::exceptions::OverflowError) {
                return err!(
                    IndexError,
                    "cannot fit '{}' into an index-sized integer",
                    key.type_name()
                );
            }
            Err(e)
        }
    }
}

/// `l[key]`.
pub fn list_subscript(v: Value, key: Value) -> PyResult {
    let this = expect(v);
    if let Some(i) = key.as_small_int() {
        return match this.at(i) {
            Some(x) => Ok(x.to_ref()),
            None => err!(IndexError, "list index out of range"),
        };
    }
    if slice::as_slice(&key).is_some() {
        let (start, stop, step) = slice::unpack(key)?;
        return Ok(get_slice(v, start, stop, step));
    }
    let i = subscript_index(key, "list")?;
    match this.at(i as i64) {
        Some(x) => Ok(x.to_ref()),
        None => err!(IndexError, "list index out of range"),
    }
}

/// `l[start:stop:step]`, the parts not yet adjusted.
pub fn get_slice(v: Value, start: isize, stop: isize, step: isize) -> Ref {
    let items = expect(v).items();
    let (start, _, n) = slice::adjust(items.len(), start, stop, step);
    if n == 0 {
        return new_list(Vec::new());
    }
    if step == 1 {
        return new_list(items[start as usize..start as usize + n].to_vec());
    }
    new_list(
        (0..n)
            .map(|i| items[(start + i as isize * step) as usize].clone())
            .collect(),
    )
}

/// `l[key] = new`; NULL deletes.
pub fn list_ass_subscript(v: Value, key: Value, new: Value) -> PyResult<()> {
    if slice::as_slice(&key).is_some() {
        let (start, stop, step) = slice::unpack(key)?;
        return assign_slice(v, start, stop, step, new);
    }
    let i = subscript_index(key, "list")?;
    let n = expect(v).len() as isize;
    list_ass_item(v, if i < 0 { i + n } else { i }, new)
}

fn assign_slice(v: Value, start: isize, stop: isize, step: isize, new: Value) -> PyResult<()> {
    let this = expect(v);
    if step == 1 {
        let replacement = if new.is_null() {
            Vec::new()
        } else if new.is_exact::<PyList>() {
            expect(new).to_vec()
        } else {
            match protocol::iter(new) {
                Ok(it) => protocol::to_vec(*if tuple::is_tuple(new) {
                    new.to_ref()
                } else {
                    it
                })?,
                Err(e) => {
                    if crate::err::clear_if(&crate::exceptions::TypeError) {
                        return err!(TypeError, "must assign iterable to extended slice");
                    }
                    return Err(e);
                }
            }
        };
        let (start, stop, _) = slice::adjust(this.len(), start, stop, 1);
        let stop = stop.max(start);
        let old: Vec<Ref> = this
            .items_mut()
            .splice(start as usize..stop as usize, replacement)
            .collect();
        drop(old);
        return Ok(());
    }
    if new.is_null() {
        let (mut start, _, n) = slice::adjust(this.len(), start, stop, step);
        if n == 0 {
            return Ok(());
        }
        let mut stride = step;
        if step < 0 {
            start += (n as isize - 1) * step;
            stride = -step;
        }
        let items = this.items_mut();
        let mut removed = Vec::with_capacity(n);
        let mut kept = Vec::with_capacity(items.len() - n);
        for (i, item) in std::mem::take(items).into_iter().enumerate() {
            let offset = i as isize - start;
            if offset >= 0 && offset % stride == 0 && (offset / stride) < n as isize {
                removed.push(item);
            } else {
                kept.push(item);
            }
        }
        *items = kept;
        drop(removed);
        return Ok(());
    }
    let replacement = if new.is(v) {
        this.to_vec()
    } else {
        match protocol::iter(new) {
            Ok(it) => protocol::to_vec(*it)?,
            Err(e) => {
                if crate::err::clear_if(&crate::exceptions::TypeError) {
                    return err!(TypeError, "must assign iterable to extended slice");
                }
                return Err(e);
            }
        }
    };
    let (start, _, n) = slice::adjust(this.len(), start, stop, step);
    if replacement.len() != n {
        return err!(
            ValueError,
            "attempt to assign sequence of size {} to extended slice of size {n}",
            replacement.len()
        );
    }
    let items = this.items_mut();
    let mut old = Vec::with_capacity(n);
    for (i, x) in replacement.into_iter().enumerate() {
        old.push(std::mem::replace(
            &mut items[(start + i as isize * step) as usize],
            x,
        ));
    }
    drop(old);
    Ok(())
}

fn append(args: &[Value]) -> PyResult {
    expect(args[0]).push(args[1].to_ref());
    Ok(Ref::NONE)
}

fn extend(args: &[Value]) -> PyResult {
    list::extend(args[0], args[1])?;
    Ok(Ref::NONE)
}

fn insert(args: &[Value]) -> PyResult {
    let i = int::to_isize(args[1])?;
    let items = expect(args[0]).items_mut();
    let n = items.len() as isize;
    let i = if i < 0 { (i + n).max(0) } else { i.min(n) };
    items.insert(i as usize, args[2].to_ref());
    Ok(Ref::NONE)
}

fn pop(args: &[Value]) -> PyResult {
    let this = expect(args[0]);
    let i = if args[1].is_null() {
        -1
    } else {
        int::to_isize(args[1])?
    };
    let n = this.len() as isize;
    if n == 0 {
        return err!(IndexError, "pop from empty list");
    }
    let at = if i < 0 { i + n } else { i };
    if at < 0 || at >= n {
        return err!(IndexError, "pop index out of range");
    }
    Ok(this.items_mut().remove(at as usize))
}

fn find(this: &PyList, value: Value, from: usize, to: usize) -> PyResult<Option<usize>> {
    let mut i = from;
    while i < to {
        let Some(x) = this.get(i) else { break };
        if protocol::eq(*x, value)? {
            return Ok(Some(i));
        }
        i += 1;
    }
    Ok(None)
}

fn remove(args: &[Value]) -> PyResult {
    let this = expect(args[0]);
    match find(this, args[1], 0, usize::MAX)? {
        Some(i) => {
            if i < this.len() {
                let old = this.items_mut().remove(i);
                drop(old);
            }
            Ok(Ref::NONE)
        }
        None => err!(ValueError, "list.remove(x): x not in list"),
    }
}

/// `start` and `stop` arguments of `index`, clipped to a length.
pub(crate) fn index_bounds(start: Value, stop: Value, len: usize) -> PyResult<(usize, usize)> {
    let one = |v: Value, default: isize| -> PyResult<isize> {
        if v.is_null() {
            return Ok(default);
        }
        if v.ty().slots().index.is_none() {
            return err!(
                TypeError,
                "slice indices must be integers or have an __index__ method"
            );
        }
        int::to_isize_clipped(v)
    };
    let n = len as isize;
    let fix = |i: isize| if i < 0 { (i + n).max(0) } else { i };
    Ok((
        fix(one(start, 0)?) as usize,
        fix(one(stop, isize::MAX)?) as usize,
    ))
}

fn index(args: &[Value]) -> PyResult {
    let this = expect(args[0]);
    let (from, to) = index_bounds(args[2], args[3], this.len())?;
    match find(this, args[1], from, to)? {
        Some(i) => Ok(int::from_usize(i)),
        None => err!(ValueError, "list.index(x): x not in list"),
    }
}

fn count(args: &[Value]) -> PyResult {
    let this = expect(args[0]);
    let (mut i, mut n) = (0, 0);
    while let Some(x) = this.get(i) {
        n += protocol::eq(*x, args[1])? as usize;
        i += 1;
    }
    Ok(int::from_usize(n))
}

fn clear(args: &[Value]) -> PyResult {
    drop(std::mem::take(expect(args[0]).items_mut()));
    Ok(Ref::NONE)
}

fn copy(args: &[Value]) -> PyResult {
    Ok(new_list(expect(args[0]).to_vec()))
}

fn reverse(args: &[Value]) -> PyResult {
    expect(args[0]).items_mut().reverse();
    Ok(Ref::NONE)
}

fn list_sort(args: &[Value]) -> PyResult {
    let reverse = !args[2].is_null() && protocol::is_true(args[2])?;
    sort::sort_list(args[0], args[1], reverse)?;
    Ok(Ref::NONE)
}

fn reversed(args: &[Value]) -> PyResult {
    Ok(iterators::list_reverse_iterator(args[0]))
}

fn sizeof(args: &[Value]) -> PyResult {
    let l = expect(args[0]);
    Ok(int::from_usize(
        args[0].ty().basicsize() + l.items_mut().capacity() * 8,
    ))
}

pub static LIST_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "list",
    doc: "Mutable sequence, made from the items of an iterable, or empty.",
    flags: TypeFlags::BASETYPE
        | TypeFlags::HAVE_GC
        | TypeFlags::LIST_SUBCLASS
        | TypeFlags::MATCH_SELF
        | TypeFlags::SEQUENCE,
    text_signature: "(iterable=(), /)",
    slots: Slots {
        new: Some(list_new),
        init: Some(list_init),
        repr: Some(list_repr),
        hash: Some(protocol::hash_not_implemented),
        richcompare: Some(list_richcompare),
        iter: Some(|v| Ok(iterators::list_iterator(v))),
        length: Some(list_length),
        map_length: Some(list_length),
        concat: Some(list_concat),
        repeat: Some(list_repeat),
        item: Some(list_item),
        ass_item: Some(list_ass_item),
        contains: Some(list_contains),
        inplace_concat: Some(list_inplace_concat),
        inplace_repeat: Some(list_inplace_repeat),
        subscript: Some(list_subscript),
        ass_subscript: Some(list_ass_subscript),
        ..Slots::of::<PyList>()
    },
    methods: &[
        MethodDef::new(
            "append($self, object, /)",
            "Append object to the end of the list.",
            append,
        ),
        MethodDef::new("clear($self, /)", "Remove all items from list.", clear),
        MethodDef::new("copy($self, /)", "Return a shallow copy of the list.", copy),
        MethodDef::new(
            "count($self, value, /)",
            "Return number of occurrences of value.",
            count,
        ),
        MethodDef::new(
            "extend($self, iterable, /)",
            "Extend list by appending elements from the iterable.",
            extend,
        ),
        MethodDef::new(
            "index($self, value, start=0, stop=sys.maxsize, /)",
            "Return first index of value.",
            index,
        ),
        MethodDef::new(
            "insert($self, index, object, /)",
            "Insert object before index.",
            insert,
        ),
        MethodDef::new(
            "pop($self, index=-1, /)",
            "Remove and return item at index (default last).",
            pop,
        ),
        MethodDef::new(
            "remove($self, value, /)",
            "Remove first occurrence of value.",
            remove,
        ),
        MethodDef::new("reverse($self, /)", "Reverse *IN PLACE*.", reverse),
        MethodDef::new(
            "sort($self, /, *, key=None, reverse=False)",
            "Sort the list in ascending order, in place and stably.",
            list_sort,
        ),
        MethodDef::new(
            "__reversed__($self, /)",
            "Return a reverse iterator over the list.",
            reversed,
        ),
        MethodDef::new(
            "__sizeof__($self, /)",
            "Return the size of the list in memory, in bytes.",
            sizeof,
        ),
        MethodDef::new(
            "__class_getitem__($type, object, /)",
            "See PEP 585",
            crate::generic_alias::class_getitem,
        )
        .class(),
    ],
    ..TypeSpec::of::<PyList>()
});
