//! `dict`: the ordered hash table. Methods and views are in `dict_methods.rs`.
//!
//! Entries stand in insertion order in `entries`; a deleted one has a NULL key. From `LINEAR` entries on, `index` maps hashes to
//! positions. While all keys are exact strings, look-ups compare without running Python code.

use crate::err::PyResult;
use crate::object::{Header, new_object};
use crate::protocol;
use crate::strings::{self, PyStr};
use crate::typeobject::TypeFlags;
use crate::value::{Ref, Value};
use hashbrown::HashTable;
use std::cell::{Cell, UnsafeCell};

/// One key with its value; both NULL if deleted.
pub struct Entry {
    pub hash: i64,
    pub key: Ref,
    pub value: Ref,
}

/// The table of a dict.
#[derive(Default)]
pub struct Table {
    pub entries: Vec<Entry>,
    pub index: HashTable<u32>,
    /// Entries not deleted.
    pub live: usize,
}

/// A dict.
#[repr(C)]
pub struct PyDict {
    pub header: Header,
    table: UnsafeCell<Table>,
    /// Identifies the sequence of keys (not values) for inline caches: changes whenever an entry is added, removed or moved. 0: none assigned.
    keys_version: Cell<u32>,
    /// A key that is not an exact str is or was present.
    general: Cell<bool>,
}
crate::object_impl!(
    PyDict,
    crate::dict_methods::DICT_TYPE,
    |this, visit| for e in &this.table().entries {
        visit(*e.key);
        visit(*e.value);
    },
    |this| clear(Value::from_obj(this))
);

/// Up to this many entries there is no index.
const LINEAR: usize = 8;
static NEXT_VERSION: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(1);

impl PyDict {
    pub fn new(ty: crate::typeobject::Type) -> PyDict {
        PyDict {
            header: Header::new(ty),
            table: UnsafeCell::new(Table::default()),
            keys_version: Cell::new(0),
            general: Cell::new(false),
        }
    }
    /// Rule: not kept across anything that may run Python code.
    #[inline(always)]
    pub fn table(&self) -> &Table {
        // SAFETY: see the rule.
        unsafe { &*self.table.get() }
    }
    #[inline(always)]
    pub(crate) fn table_mut(&self) -> &mut Table {
        // SAFETY: see the rule.
        unsafe { &mut *self.table.get() }
    }
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.table().live
    }
    /// Whether all keys are exact strings.
    #[inline(always)]
    pub fn is_str_keyed(&self) -> bool {
        !self.general.get()
    }
    /// Version of the keys for inline caches, assigned on demand. 0 when numbers have run out.
    pub fn keys_version(&self) -> u32 {
        if self.keys_version.get() == 0 {
            let v = NEXT_VERSION.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            self.keys_version.set(if v > u32::MAX - 1000 { 0 } else { v });
        }
        self.keys_version.get()
    }
    /// As assigned; 0 if none.
    #[inline(always)]
    pub fn current_keys_version(&self) -> u32 {
        self.keys_version.get()
    }
    #[inline(always)]
    pub(crate) fn keys_changed(&self) {
        self.keys_version.set(0);
    }
    /// Value of entry `i` for inline caches, borrowed.
    ///
    /// # Safety
    /// The caller has compared the keys version.
    #[inline(always)]
    pub unsafe fn entry_value(&self, i: usize) -> Value {
        unsafe { *self.table().entries.get_unchecked(i).value }
    }
    /// Replaces the value of entry `i` for inline caches.
    ///
    /// # Safety
    /// The caller has compared the keys version.
    #[inline(always)]
    pub unsafe fn set_entry_value(&self, i: usize, v: Ref) {
        let old = std::mem::replace(unsafe { &mut self.table_mut().entries.get_unchecked_mut(i).value }, v);
        drop(old);
    }

    /// Position of an exact-str key, when all keys are exact strings.
    #[inline]
    fn find_str(&self, key: &PyStr, hash: i64) -> Option<usize> {
        let t = self.table();
        let word = Value::from_obj(key).bits();
        if t.index.is_empty() {
            for (i, e) in t.entries.iter().enumerate() {
                if e.key.bits() == word {
                    return Some(i);
                }
            }
            return t
                .entries
                .iter()
                .position(|e| e.hash == hash && !e.key.is_null() && strings::expect(*e.key).equals(key));
        }
        t.index
            .find(hash as u64, |i| {
                let e = &t.entries[*i as usize];
                e.key.bits() == word || (e.hash == hash && strings::expect(*e.key).equals(key))
            })
            .map(|i| *i as usize)
    }

    /// Position of a key; comparing may run Python code, which may change the dict: then the search starts over.
    pub fn find(&self, key: Value, hash: i64) -> PyResult<Option<usize>> {
        if self.is_str_keyed() && key.is_exact::<PyStr>() {
            return Ok(self.find_str(strings::expect(key), hash));
        }
        'again: loop {
            let t = self.table();
            let candidates: Vec<usize> = if t.index.is_empty() {
                t.entries.iter().enumerate().filter(|(_, e)| e.hash == hash && !e.key.is_null()).map(|(i, _)| i).collect()
            } else {
                // Without an allocation for the usual case of one candidate, or none.
                let mut it = t.index.iter_hash(hash as u64).map(|i| *i as usize).filter(|i| t.entries[*i].hash == hash);
                let Some(first) = it.next() else { return Ok(None) };
                let second = it.next();
                if second.is_none() {
                    let k = t.entries[first].key.clone();
                    if k.is(key) {
                        return Ok(Some(first));
                    }
                    let equal = protocol::eq(*k, key)?;
                    if self.table().entries.get(first).is_none_or(|e| !e.key.is(*k)) {
                        continue 'again;
                    }
                    return Ok(equal.then_some(first));
                }
                std::iter::once(first).chain(second).chain(it).collect()
            };
            for i in candidates {
                let k = match self.table().entries.get(i) {
                    Some(e) if !e.key.is_null() => e.key.clone(),
                    _ => continue 'again,
                };
                if k.is(key) {
                    return Ok(Some(i));
                }
                let equal = protocol::eq(*k, key)?;
                if self.table().entries.get(i).is_none_or(|e| !e.key.is(*k)) {
                    continue 'again;
                }
                if equal {
                    return Ok(Some(i));
                }
            }
            return Ok(None);
        }
    }

    /// Appends an entry known to be absent.
    fn push(&self, hash: i64, key: Ref, value: Ref) {
        if !self.general.get() && !key.is_exact::<PyStr>() {
            self.general.set(true);
        }
        let t = self.table_mut();
        if t.entries.len() == t.entries.capacity() && t.live * 2 < t.entries.len() {
            compact(t);
        }
        let i = t.entries.len();
        assert!(i < u32::MAX as usize, "dict too large");
        t.entries.push(Entry { hash, key, value });
        t.live += 1;
        if !t.index.is_empty() {
            let entries = &t.entries;
            t.index.insert_unique(hash as u64, i as u32, |j| entries[*j as usize].hash as u64);
        } else if t.entries.len() > LINEAR {
            build_index(t);
        }
        self.keys_changed();
    }

    /// Takes entry `i` out.
    fn remove_at(&self, i: usize) -> (Ref, Ref) {
        let t = self.table_mut();
        let e = &mut t.entries[i];
        let (k, v, hash) = (e.key.take(), e.value.take(), e.hash);
        t.live -= 1;
        if !t.index.is_empty()
            && let Ok(found) = t.index.find_entry(hash as u64, |j| *j as usize == i)
        {
            found.remove();
        }
        while t.entries.last().is_some_and(|e| e.key.is_null()) {
            t.entries.pop();
        }
        if t.entries.is_empty() {
            t.index.clear();
        } else if t.index.is_empty() && t.entries.len() > LINEAR {
            // Invariant: an empty index means a linear search, which is right at any length.
            compact(t);
        }
        self.keys_changed();
        (k, v)
    }

    /// The next live entry at or after `*pos`, which moves behind it. Borrowed.
    #[inline]
    pub fn next_entry(&self, pos: &mut usize) -> Option<(Value, Value)> {
        let t = self.table();
        while let Some(e) = t.entries.get(*pos) {
            *pos += 1;
            if !e.key.is_null() {
                return Some((*e.key, *e.value));
            }
        }
        None
    }
}

fn build_index(t: &mut Table) {
    t.index.clear();
    t.index.reserve(t.entries.len(), |_| 0);
    for (i, e) in t.entries.iter().enumerate() {
        if !e.key.is_null() {
            let entries = &t.entries;
            t.index.insert_unique(e.hash as u64, i as u32, |j| entries[*j as usize].hash as u64);
        }
    }
}

/// Closes the gaps that deletions left.
fn compact(t: &mut Table) {
    t.entries.retain(|e| !e.key.is_null());
    if t.entries.len() > LINEAR {
        build_index(t);
    } else {
        t.index.clear();
    }
}

/// Instance of dict or of a subclass.
#[inline(always)]
pub fn is_dict(v: Value) -> bool {
    v.is_heap() && v.ty().has_flag(TypeFlags::DICT_SUBCLASS)
}
/// The value as `PyDict`; to be used where it is known to be one.
#[inline(always)]
pub fn expect(v: Value) -> &'static PyDict {
    debug_assert!(is_dict(v));
    // SAFETY: known to be a dict; alive as long as the caller holds it.
    unsafe { &*(v.as_ptr() as *const PyDict) }
}

/// A new empty dict.
#[inline]
pub fn new_dict() -> Ref {
    new_object(PyDict::new(&crate::dict_methods::DICT_TYPE))
}

/// Hash of a key; TypeError "unhashable type" otherwise.
#[inline(always)]
pub fn key_hash(key: Value) -> PyResult<i64> {
    if key.is_exact::<PyStr>() { Ok(strings::expect(key).hash()) } else { protocol::hash(key) }
}

/// The value, borrowed from the dict; NULL if the key is missing.
#[inline]
pub fn get(d: Value, key: Value) -> PyResult<Value> {
    let hash = key_hash(key)?;
    let d = expect(d);
    Ok(match d.find(key, hash)? {
        Some(i) => *d.table().entries[i].value,
        None => Value::NULL,
    })
}

/// The value for a string key, borrowed; NULL if missing. Cannot fail if all keys are strings; errors of odd keys are dropped.
pub fn get_str(d: Value, key: &str) -> Value {
    let k = strings::new_str(key);
    match get(d, *k) {
        Ok(v) => v,
        Err(_) => {
            drop(crate::vm::vm().take_pending());
            Value::NULL
        }
    }
}

/// `d[key] = value`.
#[inline]
pub fn set(d: Value, key: Value, value: Value) -> PyResult<()> {
    let hash = key_hash(key)?;
    set_with_hash(d, key, hash, value)
}

/// As `set`, with the hash known.
pub fn set_with_hash(d: Value, key: Value, hash: i64, value: Value) -> PyResult<()> {
    let dd = expect(d);
    match dd.find(key, hash)? {
        Some(i) => {
            let old = std::mem::replace(&mut dd.table_mut().entries[i].value, value.to_ref());
            drop(old);
        }
        None => dd.push(hash, key.to_ref(), value.to_ref()),
    }
    Ok(())
}

/// `d[name] = value` for an exact str in a dict that may hold any keys; cannot fail.
pub fn set_interned(d: Value, name: Value, value: Value) {
    if set(d, name, value).is_err() {
        drop(crate::vm::vm().take_pending());
    }
}

/// `d[name] = value` with a Rust string, interned.
pub fn set_str(d: Value, name: &str, value: Value) {
    set_interned(d, *strings::intern_str(name), value)
}

/// The value of `key`, which is set to `default` first if missing.
pub fn setdefault(d: Value, key: Value, default: Value) -> PyResult {
    let hash = key_hash(key)?;
    let dd = expect(d);
    Ok(match dd.find(key, hash)? {
        Some(i) => dd.table().entries[i].value.clone(),
        None => {
            dd.push(hash, key.to_ref(), default.to_ref());
            default.to_ref()
        }
    })
}

/// Whether the key is present.
pub fn contains(d: Value, key: Value) -> PyResult<bool> {
    let hash = key_hash(key)?;
    Ok(expect(d).find(key, hash)?.is_some())
}

/// Removes a key; says whether it was there.
pub fn delete(d: Value, key: Value) -> PyResult<bool> {
    Ok(!pop(d, key)?.is_null())
}

/// Removes a key and gives its value; NULL if it was missing.
pub fn pop(d: Value, key: Value) -> PyResult<Ref> {
    let hash = key_hash(key)?;
    let dd = expect(d);
    match dd.find(key, hash)? {
        Some(i) => Ok(dd.remove_at(i).1),
        None => Ok(Ref::NULL),
    }
}

/// Removes the last entry.
pub fn popitem(d: Value) -> Option<(Ref, Ref)> {
    let dd = expect(d);
    let i = dd.table().entries.iter().rposition(|e| !e.key.is_null())?;
    Some(dd.remove_at(i))
}

/// Removes everything.
pub fn clear(d: Value) {
    let dd = expect(d);
    dd.keys_changed();
    dd.general.set(false);
    let old = std::mem::take(dd.table_mut());
    drop(old);
}

/// A new dict with the same entries.
pub fn copy(d: Value) -> Ref {
    let r = new_dict();
    let (src, dst) = (expect(d), expect(*r));
    let t = dst.table_mut();
    t.entries.reserve(src.len());
    for e in &src.table().entries {
        if !e.key.is_null() {
            t.entries.push(Entry { hash: e.hash, key: e.key.clone(), value: e.value.clone() });
        }
    }
    t.live = t.entries.len();
    if t.live > LINEAR {
        build_index(t);
    }
    dst.general.set(src.general.get());
    r
}

/// Position of an exact-str key for inline caches.
pub fn index_of_str(d: Value, key: Value) -> Option<usize> {
    let dd = expect(d);
    if !dd.is_str_keyed() || !key.is_exact::<PyStr>() {
        return None;
    }
    let k = strings::expect(key);
    dd.find_str(k, k.hash())
}

/// Counted copies of all entries.
pub fn items(d: Value) -> Vec<(Ref, Ref)> {
    let mut pos = 0;
    let dd = expect(d);
    let mut out = Vec::with_capacity(dd.len());
    while let Some((k, v)) = dd.next_entry(&mut pos) {
        out.push((k.to_ref(), v.to_ref()));
    }
    out
}
