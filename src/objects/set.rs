//! `set` and `frozenset`: the table. Methods are in `set_methods.rs`.
//!
//! Probe sequence, growth and table sizes are CPython's, so that iteration order is CPython's whenever the hashes are.
//! An unused entry has a NULL key and hash 0, a deleted one a NULL key and hash -1.

use crate::dict::{self, simple_eq};
use crate::err::PyResult;
use crate::object::{Header, alloc, new_object};
use crate::protocol;
use crate::typeobject::Type;
use crate::value::{Ref, Value};
use std::alloc::Layout;
use std::cell::Cell;

/// One place of the table.
#[derive(Clone, Copy)]
pub struct SetEntry {
    pub key: Value,
    pub hash: i64,
}
const UNUSED: SetEntry = SetEntry {
    key: Value::NULL,
    hash: 0,
};
const DELETED: SetEntry = SetEntry {
    key: Value::NULL,
    hash: -1,
};

/// Entries looked at in a row before jumping.
const LINEAR_PROBES: usize = 9;
const PERTURB_SHIFT: u32 = 5;
const MIN_SIZE: usize = 8;

/// A set or frozenset.
#[repr(C)]
pub struct PySet {
    pub header: Header,
    /// `mask + 1` entries; null while nothing was ever added.
    table: Cell<*mut SetEntry>,
    mask: Cell<usize>,
    /// Entries in use or deleted.
    fill: Cell<usize>,
    used: Cell<usize>,
    /// Of a frozenset; -1: not computed.
    pub(crate) hash: Cell<i64>,
    /// Where `pop` goes on searching.
    finger: Cell<usize>,
}
crate::object_impl!(
    PySet,
    crate::set_methods::SET_TYPE,
    |this, visit| for e in this.entries() {
        if !e.key.is_null() {
            visit(e.key)
        }
    },
    |this| this.clear()
);

impl PySet {
    pub fn new(ty: Type) -> PySet {
        PySet {
            header: Header::new(ty),
            table: Cell::new(std::ptr::null_mut()),
            mask: Cell::new(MIN_SIZE - 1),
            fill: Cell::new(0),
            used: Cell::new(0),
            hash: Cell::new(-1),
            finger: Cell::new(0),
        }
    }
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.used.get()
    }
    /// The whole table. Rule: not kept across anything that may run Python code.
    #[inline(always)]
    pub fn entries(&self) -> &[SetEntry] {
        if self.table.get().is_null() {
            return &[];
        }
        // SAFETY: the table has mask + 1 initialised entries.
        unsafe { std::slice::from_raw_parts(self.table.get(), self.mask.get() + 1) }
    }
    #[inline(always)]
    fn put(&self, i: usize, e: SetEntry) {
        debug_assert!(i <= self.mask.get());
        // SAFETY: callers found `i` in the present table.
        unsafe { self.table.get().add(i).write(e) }
    }
    pub(crate) fn mask(&self) -> usize {
        self.mask.get()
    }
    pub(crate) fn fill(&self) -> usize {
        self.fill.get()
    }

    fn allocate(size: usize) -> *mut SetEntry {
        let layout = Layout::array::<SetEntry>(size).expect("set too large");
        // SAFETY: not of size zero; every entry is written.
        unsafe {
            let p = std::alloc::alloc(layout) as *mut SetEntry;
            if p.is_null() {
                std::alloc::handle_alloc_error(layout);
            }
            for i in 0..size {
                p.add(i).write(UNUSED);
            }
            p
        }
    }
    /// # Safety
    /// `table` came from `allocate(size)`, or is null.
    unsafe fn free(table: *mut SetEntry, size: usize) {
        if !table.is_null() {
            // SAFETY: as said.
            unsafe {
                std::alloc::dealloc(
                    table as *mut u8,
                    Layout::array::<SetEntry>(size).expect("was allocated"),
                )
            }
        }
    }

    /// The place of a key, or where it would go: the last deleted entry on the way, or else the unused one.
    #[inline]
    fn lookup(&self, key: Value, hash: i64) -> PyResult<Result<usize, usize>> {
        'restart: loop {
            let table = self.table.get();
            if table.is_null() {
                // A comparison has cleared the set.
                self.table.set(Self::allocate(self.mask.get() + 1));
                continue 'restart;
            }
            let mask = self.mask.get();
            let mut perturb = hash as usize;
            let mut i = hash as usize & mask;
            let mut deleted = None;
            loop {
                let probes = if i + LINEAR_PROBES <= mask {
                    LINEAR_PROBES
                } else {
                    0
                };
                for j in i..=i + probes {
                    // SAFETY: j <= mask.
                    let e = unsafe { *table.add(j) };
                    if e.hash == hash && !e.key.is_null() {
                        match simple_eq(e.key, key) {
                            Some(true) => return Ok(Ok(j)),
                            Some(false) => {}
                            None => {
                                let k = e.key.to_ref();
                                let equal = protocol::eq(*k, key)?;
                                if self.table.get() != table
                                    || self.mask.get() != mask
                                    // SAFETY: the table is the same still.
                                    || !unsafe { (*table.add(j)).key }.is(*k)
                                {
                                    continue 'restart;
                                }
                                if equal {
                                    return Ok(Ok(j));
                                }
                            }
                        }
                    } else if e.key.is_null() {
                        if e.hash == 0 {
                            return Ok(Err(deleted.unwrap_or(j)));
                        }
                        deleted = Some(j);
                    }
                }
                perturb >>= PERTURB_SHIFT;
                i = (i.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb)) & mask;
            }
        }
    }

    /// Whether the key is there.
    #[inline]
    pub fn contains_hash(&self, key: Value, hash: i64) -> PyResult<bool> {
        if self.used.get() == 0 {
            return Ok(false);
        }
        Ok(self.lookup(key, hash)?.is_ok())
    }

    /// Adds a key; says whether it is new.
    #[inline]
    pub fn add_hash(&self, key: Value, hash: i64) -> PyResult<bool> {
        match self.lookup(key, hash)? {
            Ok(_) => Ok(false),
            Err(i) => {
                // SAFETY: `lookup` gave a place in the table.
                let reused = unsafe { (*self.table.get().add(i)).hash } != 0;
                self.put(
                    i,
                    SetEntry {
                        key: key.to_ref().into_value(),
                        hash,
                    },
                );
                if reused {
                    self.used.set(self.used.get() + 1);
                    return Ok(true);
                }
                self.fill.set(self.fill.get() + 1);
                self.used.set(self.used.get() + 1);
                if self.fill.get() * 5 >= self.mask.get() * 3 {
                    self.resize(self.growth());
                }
                Ok(true)
            }
        }
    }

    fn growth(&self) -> usize {
        let n = self.used.get();
        if n > 50000 { n * 2 } else { n * 4 }
    }

    /// Puts a key known to be absent into a table without deleted entries.
    fn insert_clean(&self, key: Value, hash: i64) {
        let table = self.table.get();
        let mask = self.mask.get();
        let mut perturb = hash as usize;
        let mut i = hash as usize & mask;
        loop {
            let probes = if i + LINEAR_PROBES <= mask {
                LINEAR_PROBES
            } else {
                0
            };
            for j in i..=i + probes {
                // SAFETY: j <= mask.
                if unsafe { (*table.add(j)).key }.is_null() {
                    self.put(j, SetEntry { key, hash });
                    return;
                }
            }
            perturb >>= PERTURB_SHIFT;
            i = (i.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb)) & mask;
        }
    }

    /// Moves everything into a table of the smallest size above `min_used`.
    pub(crate) fn resize(&self, min_used: usize) {
        let mut size = MIN_SIZE;
        while size <= min_used {
            size *= 2;
        }
        let (old, old_size) = (self.table.get(), self.mask.get() + 1);
        self.table.set(Self::allocate(size));
        self.mask.set(size - 1);
        self.fill.set(self.used.get());
        if old.is_null() {
            return;
        }
        for i in 0..old_size {
            // SAFETY: the old table is still there; its references move.
            let e = unsafe { *old.add(i) };
            if !e.key.is_null() {
                self.insert_clean(e.key, e.hash);
            }
        }
        // SAFETY: allocated with that size.
        unsafe { Self::free(old, old_size) };
    }

    /// Removes a key; says whether it was there.
    pub fn discard_hash(&self, key: Value, hash: i64) -> PyResult<bool> {
        if self.used.get() == 0 {
            return Ok(false);
        }
        match self.lookup(key, hash)? {
            Ok(i) => {
                drop(self.remove_at(i));
                Ok(true)
            }
            Err(_) => Ok(false),
        }
    }

    fn remove_at(&self, i: usize) -> Ref {
        let e = self.entries()[i];
        self.put(i, DELETED);
        self.used.set(self.used.get() - 1);
        // SAFETY: the table owned the key.
        unsafe { Ref::from_owned(e.key) }
    }

    /// Removes some key; NULL if there is none.
    pub fn pop(&self) -> Ref {
        if self.used.get() == 0 {
            return Ref::NULL;
        }
        let mask = self.mask.get();
        let mut i = self.finger.get() & mask;
        while self.entries()[i].key.is_null() {
            i = if i == mask { 0 } else { i + 1 };
        }
        self.finger.set(i + 1);
        self.remove_at(i)
    }

    /// The next key at or after `*pos`, which moves behind it; borrowed, with its hash.
    #[inline]
    pub fn next_entry(&self, pos: &mut usize) -> Option<(Value, i64)> {
        while let Some(e) = self.entries().get(*pos) {
            *pos += 1;
            if !e.key.is_null() {
                return Some((e.key, e.hash));
            }
        }
        None
    }

    /// Empties the set first, and drops the contents after.
    pub fn clear(&self) {
        let (table, size) = (self.table.get(), self.mask.get() + 1);
        self.table.set(std::ptr::null_mut());
        self.mask.set(MIN_SIZE - 1);
        self.fill.set(0);
        self.used.set(0);
        self.hash.set(-1);
        if !table.is_null() {
            for i in 0..size {
                // SAFETY: the table was this set's, nobody else sees it any more.
                unsafe { (*table.add(i)).key.decref() };
            }
            // SAFETY: allocated with that size.
            unsafe { Self::free(table, size) };
        }
    }

    /// Exchanges the contents of two sets.
    pub(crate) fn swap(&self, other: &PySet) {
        self.table.swap(&other.table);
        self.mask.swap(&other.mask);
        self.fill.swap(&other.fill);
        self.used.swap(&other.used);
        self.hash.set(-1);
        other.hash.set(-1);
    }

    /// Adds everything from another set.
    pub(crate) fn merge(&self, other: &PySet) -> PyResult<()> {
        if std::ptr::eq(self, other) || other.len() == 0 {
            return Ok(());
        }
        if (self.fill.get() + other.len()) * 5 >= self.mask.get() * 3 {
            self.resize((self.used.get() + other.len()) * 2);
        }
        if self.table.get().is_null() {
            self.table.set(Self::allocate(self.mask.get() + 1));
        }
        if self.fill.get() == 0 {
            if self.mask.get() == other.mask.get() && other.fill.get() == other.used.get() {
                for (i, e) in other.entries().iter().enumerate() {
                    if !e.key.is_null() {
                        e.key.incref();
                        self.put(i, *e);
                    }
                }
            } else {
                for e in other.entries() {
                    if !e.key.is_null() {
                        e.key.incref();
                        self.insert_clean(e.key, e.hash);
                    }
                }
            }
            self.fill.set(other.len());
            self.used.set(other.len());
            return Ok(());
        }
        let mut pos = 0;
        while let Some((key, hash)) = other.next_entry(&mut pos) {
            let key = key.to_ref();
            self.add_hash(*key, hash)?;
        }
        Ok(())
    }

    /// Gets rid of deleted entries if they are many.
    pub(crate) fn shrink_if_sparse(&self) {
        if self.fill.get() - self.used.get() > self.mask.get() / 4 {
            self.resize(self.growth());
        }
    }

    /// Bytes beyond the object itself.
    pub fn extra_size(&self) -> usize {
        self.entries().len() * size_of::<SetEntry>()
    }

    /// Counted copies of the keys, in the table's order.
    pub fn keys(&self) -> Vec<Ref> {
        let mut out = Vec::with_capacity(self.len());
        out.extend(
            self.entries()
                .iter()
                .filter(|e| !e.key.is_null())
                .map(|e| e.key.to_ref()),
        );
        out
    }
}

impl Drop for PySet {
    fn drop(&mut self) {
        self.clear();
    }
}

/// A new empty set.
pub fn new_set() -> Ref {
    new_object(PySet::new(&crate::set_methods::SET_TYPE))
}

/// A new empty set or frozenset of this type.
pub fn new_of_type(ty: Type) -> Ref {
    alloc(ty, PySet::new(ty))
}

/// Instance of set, frozenset or a subclass.
#[inline]
pub fn is_any_set(v: Value) -> bool {
    if !v.is_heap() {
        return false;
    }
    let ty = v.ty();
    ty.is(&crate::set_methods::SET_TYPE)
        || ty.is(&crate::set_methods::FROZENSET_TYPE)
        || ty.is_subtype(&crate::set_methods::SET_TYPE)
        || ty.is_subtype(&crate::set_methods::FROZENSET_TYPE)
}

/// The value as `PySet`; to be used where it is known to be a set or frozenset.
#[inline(always)]
pub fn expect(v: Value) -> &'static PySet {
    debug_assert!(is_any_set(v));
    // SAFETY: known to be a set; alive as long as the caller holds it.
    unsafe { &*(v.as_ptr() as *const PySet) }
}

/// Hash of an element; TypeError in CPython's words otherwise.
#[inline]
pub fn element_hash(key: Value) -> PyResult<i64> {
    dict::key_hash_for(key, "set element")
}

/// `s.add(key)`.
#[inline]
pub fn add(s: Value, key: Value) -> PyResult<()> {
    let hash = element_hash(key)?;
    expect(s).add_hash(key, hash)?;
    Ok(())
}

/// `key in s`, without the exception made for sets as keys.
#[inline]
pub fn contains(s: Value, key: Value) -> PyResult<bool> {
    let hash = element_hash(key)?;
    expect(s).contains_hash(key, hash)
}

/// `s.update(iterable)`.
pub fn update(s: Value, iterable: Value) -> PyResult<()> {
    let this = expect(s);
    if is_any_set(iterable) {
        return this.merge(expect(iterable));
    }
    if iterable.is_exact::<dict::PyDict>() {
        let d = dict::expect(iterable);
        if (this.fill() + d.len()) * 5 >= this.mask() * 3 {
            this.resize((this.len() + d.len()) * 2);
        }
        let mut pos = 0;
        while let Some(e) = d.entries().get(pos) {
            pos += 1;
            if !e.key.is_null() {
                let (key, hash) = (e.key.clone(), e.hash);
                this.add_hash(*key, hash)?;
            }
        }
        return Ok(());
    }
    protocol::for_each(iterable, |v| add(s, *v))
}

/// A set or frozenset of type `ty` with the items of an iterable (NULL: empty).
pub fn from_iterable(ty: Type, iterable: Value) -> PyResult {
    let s = new_of_type(ty);
    if !iterable.is_null() {
        update(*s, iterable)?;
    }
    Ok(s)
}

/// A frozenset of counted copies (for constants).
pub fn frozenset_of(items: &[Value]) -> PyResult {
    let s = new_of_type(&crate::set_methods::FROZENSET_TYPE);
    for v in items {
        add(*s, *v)?;
    }
    Ok(s)
}

/// Hash of the contents, as of a frozenset.
pub fn content_hash(s: &PySet) -> i64 {
    fn shuffle(h: u64) -> u64 {
        ((h ^ 89869747) ^ (h << 16)).wrapping_mul(3644798167)
    }
    let mut hash = 0u64;
    for e in s.entries() {
        if !e.key.is_null() {
            hash ^= shuffle(e.hash as u64);
        }
    }
    hash ^= (s.len() as u64 + 1).wrapping_mul(1927868237);
    hash ^= (hash >> 11) ^ (hash >> 25);
    hash = hash.wrapping_mul(69069).wrapping_add(907133923);
    if hash == u64::MAX {
        590923713
    } else {
        hash as i64
    }
}
