//! `dict`: the ordered hash table. Methods and views are in `dict_methods.rs`, `dict_views.rs`.
//!
//! Entries stand in insertion order in one array; a deleted one has a NULL key and hash -1. A dict of more than `LINEAR` entries has an
//! `index` from hashes to positions, a smaller one is searched linearly. Keys of exact builtin types are compared without running Python
//! code. Entries move only when the array is full and some are dead: in `push`, never in a removal.

use crate::err::PyResult;
use crate::object::{Header, ObjFlags, new_object};
use crate::protocol;
use crate::strings::{self, PyStr};
use crate::tuple::{self, PyTuple};
use crate::typeobject::{Type, TypeFlags};
use crate::value::{Ref, Value};
use hashbrown::HashTable;
use std::alloc::Layout;
use std::cell::{Cell, UnsafeCell};

/// One key with its value; both NULL if deleted.
pub struct Entry {
    /// -1 if deleted.
    pub hash: i64,
    pub key: Ref,
    pub value: Ref,
}

/// A dict.
#[repr(C)]
pub struct PyDict {
    pub header: Header,
    entries: Cell<*mut Entry>,
    /// Entries in the array, deleted ones included.
    filled: Cell<u32>,
    capacity: Cell<u32>,
    /// Entries not deleted.
    live: Cell<u32>,
    /// Identifies the sequence of keys (not values) for inline caches: changes whenever an entry is added, removed or moved. 0: none assigned.
    keys_version: Cell<u32>,
    index: UnsafeCell<Option<Box<HashTable<u32>>>>,
}
crate::object_impl!(
    PyDict,
    crate::dict_methods::DICT_TYPE,
    |this, visit| for e in this.entries() {
        if !e.key.is_null() {
            visit(*e.key);
            visit(*e.value);
        }
    },
    |this| this.clear_all()
);

/// Up to this many entries there is no index.
const LINEAR: usize = 8;
/// Flag in the header: a key that is not an exact str is or was present.
const GENERAL: u32 = ObjFlags::TYPE_BIT0;
/// The bits of the header's flags above `GENERAL` count how often entries moved or were all dropped.
const MOVES_SHIFT: u32 = 17;
static NEXT_VERSION: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(1);

/// Spreads a hash over the word: the table takes its tag from the top bits and the position from the lower ones.
#[inline(always)]
fn mix(hash: i64) -> u64 {
    let p = (hash as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    p ^ (p >> 32)
}

/// Equality of values of exact builtin types that hash alike; `None` if finding out may run Python code.
#[inline]
pub fn simple_eq(a: Value, b: Value) -> Option<bool> {
    if a.is(b) {
        return Some(true);
    }
    if a.is_exact::<PyStr>() {
        if b.is_exact::<PyStr>() {
            return Some(strings::expect(a).equals(strings::expect(b)));
        }
        return if b.is_heap() { None } else { Some(false) };
    }
    if Value::both_small_ints(a, b) {
        return Some(false);
    }
    if a.is_null() || b.is_null() {
        return Some(false);
    }
    if a.is_exact::<PyTuple>() && b.is_exact::<PyTuple>() {
        let (x, y) = (tuple::as_slice(a), tuple::as_slice(b));
        if x.len() != y.len() {
            return Some(false);
        }
        for (p, q) in x.iter().zip(y) {
            if p.is_exact::<PyTuple>() && !p.is(*q) {
                return None;
            }
            match simple_eq(*p, *q) {
                Some(true) => {}
                other => return other,
            }
        }
        return Some(true);
    }
    if !a.is_heap() && b.is_exact::<PyStr>() {
        return Some(false);
    }
    None
}

impl PyDict {
    #[inline(always)]
    pub fn new(ty: Type) -> PyDict {
        PyDict {
            header: Header::new(ty),
            entries: Cell::new(std::ptr::NonNull::dangling().as_ptr()),
            filled: Cell::new(0),
            capacity: Cell::new(0),
            live: Cell::new(0),
            keys_version: Cell::new(0),
            index: UnsafeCell::new(None),
        }
    }
    /// All entries, deleted ones included. Rule: not kept across anything that may run Python code.
    #[inline(always)]
    pub fn entries(&self) -> &[Entry] {
        // SAFETY: `filled` entries are initialised; see the rule.
        unsafe { std::slice::from_raw_parts(self.entries.get(), self.filled.get() as usize) }
    }
    #[inline(always)]
    fn entries_mut(&self) -> &mut [Entry] {
        // SAFETY: as above.
        unsafe { std::slice::from_raw_parts_mut(self.entries.get(), self.filled.get() as usize) }
    }
    #[inline(always)]
    fn index(&self) -> &mut Option<Box<HashTable<u32>>> {
        // SAFETY: nothing that uses the index runs Python code.
        unsafe { &mut *self.index.get() }
    }
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.live.get() as usize
    }
    /// Number of entries, deleted ones included: where positions end.
    #[inline(always)]
    pub fn filled(&self) -> usize {
        self.filled.get() as usize
    }
    /// Whether all keys are exact strings.
    #[inline(always)]
    pub fn is_str_keyed(&self) -> bool {
        !self.header.has_flag(GENERAL)
    }
    /// Version of the keys for inline caches, assigned on demand. 0 when numbers have run out.
    pub fn keys_version(&self) -> u32 {
        if self.keys_version.get() == 0 {
            let next = NEXT_VERSION.load(std::sync::atomic::Ordering::Relaxed);
            if next < u32::MAX {
                NEXT_VERSION.store(next + 1, std::sync::atomic::Ordering::Relaxed);
                self.keys_version.set(next);
            }
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
        unsafe { *(*self.entries.get().add(i)).value }
    }
    /// Replaces the value of entry `i` for inline caches.
    ///
    /// # Safety
    /// The caller has compared the keys version.
    #[inline(always)]
    pub unsafe fn set_entry_value(&self, i: usize, v: Ref) {
        let old = std::mem::replace(unsafe { &mut (*self.entries.get().add(i)).value }, v);
        drop(old);
    }

    /// Position of the first entry with this hash that `matches` accepts.
    #[inline(always)]
    fn probe(&self, hash: i64, mut matches: impl FnMut(&Entry) -> bool) -> Option<usize> {
        let entries = self.entries();
        match self.index() {
            None => entries.iter().position(|e| e.hash == hash && matches(e)),
            Some(index) => index
                .find(mix(hash), |i| {
                    // SAFETY: the index holds positions of entries only.
                    let e = unsafe { entries.get_unchecked(*i as usize) };
                    e.hash == hash && matches(e)
                })
                .map(|i| *i as usize),
        }
    }

    /// Position of an exact-str key, when all keys are exact strings.
    #[inline]
    pub fn find_str(&self, key: &PyStr, hash: i64) -> Option<usize> {
        let word = Value::from_obj(key).bits();
        self.probe(hash, |e| {
            e.key.bits() == word || strings::expect(*e.key).equals(key)
        })
    }

    /// Position of a key; comparing may run Python code, which may change the dict: then the search starts over.
    #[inline]
    pub fn find(&self, key: Value, hash: i64) -> PyResult<Option<usize>> {
        if self.is_str_keyed() && key.is_exact::<PyStr>() {
            return Ok(self.find_str(strings::expect(key), hash));
        }
        let mut unsure = false;
        let found = self.probe(hash, |e| match simple_eq(*e.key, key) {
            Some(equal) => equal,
            None => {
                unsure = true;
                false
            }
        });
        if found.is_some() || !unsure {
            return Ok(found);
        }
        self.find_slow(key, hash)
    }

    #[cold]
    #[inline(never)]
    fn find_slow(&self, key: Value, hash: i64) -> PyResult<Option<usize>> {
        'again: loop {
            let mut candidates = [0usize; 4];
            let mut n = 0;
            let mut more = Vec::new();
            let mut note = |i: usize| {
                if n < candidates.len() {
                    candidates[n] = i;
                    n += 1;
                } else {
                    more.push(i);
                }
            };
            match self.index() {
                None => {
                    for (i, e) in self.entries().iter().enumerate() {
                        if e.hash == hash {
                            note(i);
                        }
                    }
                }
                Some(index) => {
                    for i in index.iter_hash(mix(hash)) {
                        if self.entries()[*i as usize].hash == hash {
                            note(*i as usize);
                        }
                    }
                }
            }
            for i in candidates[..n].iter().copied().chain(more) {
                let k = match self.entries().get(i) {
                    Some(e) if e.hash == hash => e.key.clone(),
                    _ => continue 'again,
                };
                if k.is(key) {
                    return Ok(Some(i));
                }
                let equal = protocol::eq(*k, key)?;
                if self.entries().get(i).is_none_or(|e| !e.key.is(*k)) {
                    continue 'again;
                }
                if equal {
                    return Ok(Some(i));
                }
            }
            return Ok(None);
        }
    }

    fn layout(capacity: usize) -> Layout {
        Layout::array::<Entry>(capacity).expect("dict too large")
    }

    /// Makes room for `capacity` entries in the array.
    fn set_capacity(&self, capacity: usize) {
        assert!(capacity < u32::MAX as usize, "dict too large");
        let old = self.capacity.get() as usize;
        // SAFETY: the old block has the old layout; the entries move as they are.
        unsafe {
            let p = if old == 0 {
                std::alloc::alloc(Self::layout(capacity))
            } else {
                std::alloc::realloc(
                    self.entries.get() as *mut u8,
                    Self::layout(old),
                    capacity * size_of::<Entry>(),
                )
            };
            if p.is_null() {
                std::alloc::handle_alloc_error(Self::layout(capacity));
            }
            self.entries.set(p as *mut Entry);
        }
        self.capacity.set(capacity as u32);
    }

    /// Makes room for `n` entries in all.
    pub fn reserve(&self, n: usize) {
        if n > self.capacity.get() as usize {
            self.set_capacity(n);
        }
    }

    #[cold]
    #[inline(never)]
    fn grow(&self) {
        let (filled, live, capacity) = (self.filled(), self.len(), self.capacity.get() as usize);
        if live < filled - filled / 4 {
            self.compact();
            return;
        }
        self.set_capacity(match capacity {
            0 => 5,
            c if c < 1 << 16 => c * 2,
            c => c + c / 2,
        });
    }

    fn count_move(&self) {
        self.header
            .flags
            .set(self.header.flags.get().wrapping_add(1 << MOVES_SHIFT));
    }
    /// Changes when entries move to other positions.
    pub fn moves(&self) -> u32 {
        self.header.flags.get() >> MOVES_SHIFT
    }

    /// Puts an entry known to be absent in front of the others. `first` is the position of the first entry not deleted.
    pub fn push_front(&self, first: usize, hash: i64, key: Ref, value: Ref) {
        if self.filled.get() == 0 {
            return self.push(hash, key, value);
        }
        let mut at = first;
        if at == 0 {
            // Room for as many again, so that this does not happen every time.
            let gap = self.len() / 2 + 1;
            let filled = self.filled();
            self.reserve(filled + gap);
            // SAFETY: there is room for the entries `gap` places further on; what they leave is overwritten without dropping it.
            unsafe {
                let p = self.entries.get();
                std::ptr::copy(p, p.add(gap), filled);
                for i in 0..gap {
                    p.add(i).write(Entry {
                        hash: -1,
                        key: Ref::NULL,
                        value: Ref::NULL,
                    });
                }
            }
            self.filled.set((filled + gap) as u32);
            self.count_move();
            self.rebuild_index();
            at = gap;
        }
        if self.is_str_keyed() && !key.is_exact::<PyStr>() {
            self.header.set_flag(GENERAL);
        }
        at -= 1;
        self.entries_mut()[at] = Entry { hash, key, value };
        self.live.set(self.live.get() + 1);
        self.keys_changed();
        if let Some(index) = self.index() {
            let entries = self.entries();
            index.insert_unique(mix(hash), at as u32, |j| mix(entries[*j as usize].hash));
        }
    }

    /// Closes the gaps that deletions left.
    #[cold]
    fn compact(&self) {
        let entries = self.entries_mut();
        let mut to = 0;
        for from in 0..entries.len() {
            if !entries[from].key.is_null() {
                entries.swap(from, to);
                to += 1;
            }
        }
        // What is left behind is NULL and needs no drop.
        self.filled.set(to as u32);
        self.count_move();
        self.rebuild_index();
        self.keys_changed();
    }

    fn rebuild_index(&self) {
        let entries = self.entries();
        if entries.len() <= LINEAR {
            *self.index() = None;
            return;
        }
        let index = self.index().get_or_insert_default();
        index.clear();
        index.reserve(entries.len(), |_| 0);
        for (i, e) in entries.iter().enumerate() {
            if !e.key.is_null() {
                index.insert_unique(mix(e.hash), i as u32, |j| mix(entries[*j as usize].hash));
            }
        }
    }

    /// Appends an entry known to be absent.
    #[inline]
    pub fn push(&self, hash: i64, key: Ref, value: Ref) {
        if self.is_str_keyed() && !key.is_exact::<PyStr>() {
            self.header.set_flag(GENERAL);
        }
        if self.filled.get() == self.capacity.get() {
            self.grow();
        }
        let i = self.filled.get();
        // SAFETY: there is room behind the filled entries.
        unsafe {
            self.entries
                .get()
                .add(i as usize)
                .write(Entry { hash, key, value })
        };
        self.filled.set(i + 1);
        self.live.set(self.live.get() + 1);
        self.keys_changed();
        match self.index() {
            Some(index) => {
                let entries = self.entries();
                index.insert_unique(mix(hash), i, |j| mix(entries[*j as usize].hash));
            }
            None if i as usize >= LINEAR => self.rebuild_index(),
            None => {}
        }
    }

    /// Takes entry `i` out.
    pub fn remove_at(&self, i: usize) -> (Ref, Ref) {
        let e = &mut self.entries_mut()[i];
        let (k, v, hash) = (e.key.take(), e.value.take(), e.hash);
        e.hash = -1;
        self.live.set(self.live.get() - 1);
        if let Some(index) = self.index()
            && let Ok(found) = index.find_entry(mix(hash), |j| *j as usize == i)
        {
            found.remove();
        }
        self.keys_changed();
        (k, v)
    }

    /// Gives up deleted entries at the end. Not for every removal: iterators tell by them that keys were exchanged.
    fn trim(&self) {
        let mut filled = self.filled();
        while filled > 0 && self.entries()[filled - 1].key.is_null() {
            filled -= 1;
        }
        self.filled.set(filled as u32);
    }

    /// Replaces the value of entry `i`.
    #[inline]
    pub(crate) fn replace_at(&self, i: usize, v: Ref) {
        let old = std::mem::replace(&mut self.entries_mut()[i].value, v);
        drop(old);
    }

    /// The next live entry at or after `*pos`, which moves behind it. Borrowed.
    #[inline]
    pub fn next_entry(&self, pos: &mut usize) -> Option<(Value, Value)> {
        while let Some(e) = self.entries().get(*pos) {
            *pos += 1;
            if !e.key.is_null() {
                return Some((*e.key, *e.value));
            }
        }
        None
    }

    /// The last live entry before `*pos`, which moves to it. Borrowed.
    #[inline]
    pub fn previous_entry(&self, pos: &mut usize) -> Option<(Value, Value)> {
        *pos = (*pos).min(self.filled());
        while *pos > 0 {
            *pos -= 1;
            let e = &self.entries()[*pos];
            if !e.key.is_null() {
                return Some((*e.key, *e.value));
            }
        }
        None
    }

    /// Empties the dict first, and drops the contents after.
    fn clear_all(&self) {
        self.keys_changed();
        let (entries, filled, capacity) =
            (self.entries.get(), self.filled.get(), self.capacity.get());
        let index = self.index().take();
        self.entries.set(std::ptr::NonNull::dangling().as_ptr());
        self.filled.set(0);
        self.capacity.set(0);
        self.live.set(0);
        self.header.clear_flag(GENERAL);
        self.count_move();
        drop(index);
        if capacity > 0 {
            // SAFETY: the block was this dict's, and nobody else sees it any more.
            unsafe {
                std::ptr::drop_in_place(std::ptr::slice_from_raw_parts_mut(
                    entries,
                    filled as usize,
                ));
                std::alloc::dealloc(entries as *mut u8, Self::layout(capacity as usize));
            }
        }
    }

    /// Bytes beyond the object itself.
    pub fn extra_size(&self) -> usize {
        let index = self
            .index()
            .as_ref()
            .map_or(0, |i| 32 + i.allocation_size());
        self.capacity.get() as usize * size_of::<Entry>() + index
    }
}

impl Drop for PyDict {
    #[inline]
    fn drop(&mut self) {
        if self.capacity.get() > 0 {
            self.clear_all();
        }
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

/// A new empty dict with room for `n` entries.
pub fn with_capacity(n: usize) -> Ref {
    let d = new_dict();
    if n > 0 {
        expect(*d).reserve(n);
    }
    d
}

/// Hash of a key; TypeError "unhashable type" otherwise.
#[inline(always)]
pub fn key_hash(key: Value) -> PyResult<i64> {
    if key.is_exact::<PyStr>() {
        Ok(strings::expect(key).hash())
    } else {
        protocol::hash(key)
    }
}

/// Hash of an immediate int: below the modulus of number hashes in any case.
#[inline(always)]
pub fn small_int_hash(i: i64) -> i64 {
    crate::hash::fix(i)
}

/// As `key_hash`, with the words of `d[unhashable]`.
#[inline(always)]
pub fn key_hash_for(key: Value, role: &str) -> PyResult<i64> {
    if key.is_exact::<PyStr>() {
        return Ok(strings::expect(key).hash());
    }
    if let Some(i) = key.as_small_int() {
        return Ok(small_int_hash(i));
    }
    match protocol::hash(key) {
        Ok(h) => Ok(h),
        Err(e) => Err(unhashable(key, role, e)),
    }
}

/// Rewords the TypeError of an unhashable key, as CPython: "cannot use 'list' as a dict key (unhashable type: 'list')".
#[cold]
pub fn unhashable(key: Value, role: &str, e: crate::err::Raised) -> crate::err::Raised {
    let pending = crate::vm::vm().pending();
    if !pending.ty().is(&crate::exceptions::TypeError) {
        return e;
    }
    let original = crate::vm::vm().take_pending();
    let text = protocol::str_text(*original).unwrap_or_default();
    crate::raised!(
        TypeError,
        "cannot use '{}' as a {role} ({text})",
        key.ty().full_name()
    )
}

/// The value, borrowed from the dict; NULL if the key is missing.
#[inline]
pub fn get(d: Value, key: Value) -> PyResult<Value> {
    let hash = key_hash_for(key, "dict key")?;
    get_with_hash(d, key, hash)
}

/// As `get`, with the hash known.
#[inline]
pub fn get_with_hash(d: Value, key: Value, hash: i64) -> PyResult<Value> {
    let d = expect(d);
    Ok(match d.find(key, hash)? {
        Some(i) => *d.entries()[i].value,
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
    let hash = key_hash_for(key, "dict key")?;
    set_with_hash(d, key, hash, value)
}

/// As `set`, with the hash known.
#[inline]
pub fn set_with_hash(d: Value, key: Value, hash: i64, value: Value) -> PyResult<()> {
    let dd = expect(d);
    match dd.find(key, hash)? {
        Some(i) => dd.replace_at(i, value.to_ref()),
        None => dd.push(hash, key.to_ref(), value.to_ref()),
    }
    Ok(())
}

/// As `set`, taking over the references.
#[inline]
pub fn set_owned(d: Value, key: Ref, value: Ref) -> PyResult<()> {
    let hash = key_hash_for(*key, "dict key")?;
    let dd = expect(d);
    match dd.find(*key, hash)? {
        Some(i) => dd.replace_at(i, value),
        None => dd.push(hash, key, value),
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
    let hash = key_hash_for(key, "dict key")?;
    let dd = expect(d);
    Ok(match dd.find(key, hash)? {
        Some(i) => dd.entries()[i].value.clone(),
        None => {
            dd.push(hash, key.to_ref(), default.to_ref());
            default.to_ref()
        }
    })
}

/// Whether the key is present.
#[inline]
pub fn contains(d: Value, key: Value) -> PyResult<bool> {
    let hash = key_hash_for(key, "dict key")?;
    Ok(expect(d).find(key, hash)?.is_some())
}

/// Removes a key; says whether it was there.
pub fn delete(d: Value, key: Value) -> PyResult<bool> {
    Ok(!pop(d, key)?.is_null())
}

/// Removes a key and gives its value; NULL if it was missing.
pub fn pop(d: Value, key: Value) -> PyResult<Ref> {
    let hash = key_hash_for(key, "dict key")?;
    pop_with_hash(d, key, hash)
}

/// As `pop`, with the hash known.
pub fn pop_with_hash(d: Value, key: Value, hash: i64) -> PyResult<Ref> {
    let dd = expect(d);
    match dd.find(key, hash)? {
        Some(i) => Ok(dd.remove_at(i).1),
        None => Ok(Ref::NULL),
    }
}

/// Removes the last entry.
pub fn popitem(d: Value) -> Option<(Ref, Ref)> {
    let dd = expect(d);
    dd.trim();
    let i = dd.filled().checked_sub(1)?;
    let entry = dd.remove_at(i);
    dd.trim();
    Some(entry)
}

/// Removes everything.
pub fn clear(d: Value) {
    expect(d).clear_all();
}

/// A new dict with the same entries.
pub fn copy(d: Value) -> Ref {
    let r = with_capacity(expect(d).len());
    copy_into(d, *r);
    r
}

/// Fills the empty dict `to` with the entries of `d`.
pub(crate) fn copy_into(d: Value, to: Value) {
    let (src, dst) = (expect(d), expect(to));
    dst.reserve(src.len());
    let mut n = 0;
    for e in src.entries() {
        if !e.key.is_null() {
            // SAFETY: room for all live entries was made.
            unsafe {
                dst.entries.get().add(n).write(Entry {
                    hash: e.hash,
                    key: e.key.clone(),
                    value: e.value.clone(),
                });
            }
            n += 1;
        }
    }
    dst.filled.set(n as u32);
    dst.live.set(n as u32);
    if !src.is_str_keyed() {
        dst.header.set_flag(GENERAL);
    }
    dst.keys_changed();
    dst.rebuild_index();
}

/// Position of an exact-str key for inline caches.
#[inline]
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
    let dd = expect(d);
    let mut out = Vec::with_capacity(dd.len());
    out.extend(
        dd.entries()
            .iter()
            .filter(|e| !e.key.is_null())
            .map(|e| (e.key.clone(), e.value.clone())),
    );
    out
}

/// Counted copies of all keys.
pub fn keys(d: Value) -> Vec<Ref> {
    let dd = expect(d);
    let mut out = Vec::with_capacity(dd.len());
    out.extend(
        dd.entries()
            .iter()
            .filter(|e| !e.key.is_null())
            .map(|e| e.key.clone()),
    );
    out
}
