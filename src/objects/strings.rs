//! `str`: representation, making, comparing, hashing, interning. Methods are in `str_methods.rs`.
//!
//! Code points are stored in 1, 2 or 4 bytes each, the smallest that fits the largest of them (so equal strings
//! have equal representations). Lone surrogates are ordinary code points here.

use crate::err::PyResult;
use crate::object::{Header, Object, alloc_var};
use crate::typeobject::{Type, TypeFlags};
use crate::value::{Ref, Value};
use hashbrown::HashTable;
use std::borrow::Cow;
use std::cell::{Cell, UnsafeCell};

/// A string.
#[repr(C)]
pub struct PyStr {
    header: Header,
    /// -1: not computed.
    hash: Cell<i64>,
    len: Cell<usize>,
    /// Bytes available at `data`.
    capacity: Cell<u32>,
    /// Bytes per code point: 1, 2 or 4.
    kind: Cell<u8>,
    ascii: Cell<bool>,
    interned: Cell<bool>,
    _pad: u8,
    /// First bytes of the code points; the rest follows.
    data: [u8; 8],
}
crate::object_impl!(PyStr, crate::str_methods::STR_TYPE);

/// The code points of a string.
#[derive(Clone, Copy)]
pub enum StrData<'a> {
    Latin1(&'a [u8]),
    Ucs2(&'a [u16]),
    Ucs4(&'a [u32]),
}

/// Evaluates `$body` once for each representation with `$s` bound to the slice.
#[macro_export]
macro_rules! with_str {
    ($data:expr, $s:ident => $body:expr) => {
        match $data {
            $crate::strings::StrData::Latin1($s) => $body,
            $crate::strings::StrData::Ucs2($s) => $body,
            $crate::strings::StrData::Ucs4($s) => $body,
        }
    };
}

impl<'a> StrData<'a> {
    #[inline]
    pub fn len(&self) -> usize {
        with_str!(*self, s => s.len())
    }
    /// Code point at `i`, which must be in range.
    #[inline]
    pub fn at(&self, i: usize) -> u32 {
        with_str!(*self, s => s[i] as u32)
    }
    pub fn iter(self) -> Box<dyn DoubleEndedIterator<Item = u32> + 'a> {
        match self {
            StrData::Latin1(s) => Box::new(s.iter().map(|c| *c as u32)),
            StrData::Ucs2(s) => Box::new(s.iter().map(|c| *c as u32)),
            StrData::Ucs4(s) => Box::new(s.iter().copied()),
        }
    }
    pub fn to_vec(self) -> Vec<u32> {
        with_str!(self, s => s.iter().map(|c| *c as u32).collect())
    }
}

const DATA_OFFSET: usize = std::mem::offset_of!(PyStr, data);

/// Size in memory of a string with room for `capacity` bytes.
fn total_size(capacity: usize) -> usize {
    (DATA_OFFSET + capacity).max(size_of::<PyStr>())
}

/// `var_size` slot.
pub(crate) unsafe fn str_size(obj: *mut Header) -> usize {
    // SAFETY: called with strings only.
    total_size(unsafe { (*(obj as *const PyStr)).capacity.get() } as usize)
}

/// `drop_fields` slot: forgets the string in the table of interned strings.
pub(crate) unsafe fn str_drop(obj: *mut Header) {
    // SAFETY: called with strings only.
    unsafe {
        let s = &*(obj as *const PyStr);
        if s.interned.get() {
            let word = Value::from_ptr(obj).bits();
            if let Ok(e) = interned().find_entry(s.hash() as u64, |v| v.bits() == word) {
                e.remove();
            }
        }
    }
}

/// Room for `len` code points of `kind` bytes each, contents undefined.
unsafe fn alloc_str(ty: Type, len: usize, kind: u8, ascii: bool) -> *mut PyStr {
    let bytes = len * kind as usize;
    assert!(bytes <= u32::MAX as usize - 64, "string too large");
    let size = (total_size(bytes) + 15) & !15;
    let capacity = size - DATA_OFFSET;
    unsafe {
        alloc_var(
            ty,
            PyStr {
                header: Header::new(ty),
                hash: Cell::new(-1),
                len: Cell::new(len),
                capacity: Cell::new(capacity as u32),
                kind: Cell::new(kind),
                ascii: Cell::new(ascii),
                interned: Cell::new(false),
                _pad: 0,
                data: [0; 8],
            },
            size - size_of::<PyStr>(),
        )
    }
}

macro_rules! make {
    ($ty:expr, $src:expr, $kind:expr, $ascii:expr, $t:ty) => {{
        let src: &[$t] = $src;
        // SAFETY: the data is copied in before anything sees the object.
        unsafe {
            let p = alloc_str($ty, src.len(), $kind, $ascii);
            std::ptr::copy_nonoverlapping(src.as_ptr(), (*p).data_ptr() as *mut $t, src.len());
            finish(p, $ty)
        }
    }};
}

unsafe fn finish(p: *mut PyStr, ty: Type) -> Ref {
    unsafe {
        if ty.has_flag(TypeFlags::HAVE_GC) {
            crate::gc::track_new(p as *mut Header);
        }
        Ref::from_owned(Value::from_ptr(p as *const Header))
    }
}

fn str_type() -> Type {
    &crate::str_methods::STR_TYPE
}

/// A `str` from Rust text.
pub fn new_str(s: &str) -> Ref {
    if s.is_ascii() {
        return if s.len() <= 1 {
            new_latin1(s.as_bytes())
        } else {
            make!(str_type(), s.as_bytes(), 1, true, u8)
        };
    }
    let cps: Vec<u32> = s.chars().map(|c| c as u32).collect();
    from_code_points(&cps)
}

/// A `str` whose code points are these bytes. Strings of one character are shared.
pub fn new_latin1(s: &[u8]) -> Ref {
    if let [c] = s {
        return latin1_char(*c);
    }
    if s.is_empty() {
        return empty();
    }
    make!(str_type(), s, 1, s.is_ascii(), u8)
}

/// A `str` of `len` Latin-1 characters written by `fill`; `ascii` must be true exactly if all of them are ASCII.
#[inline]
pub fn build_latin1(len: usize, ascii: bool, fill: impl FnOnce(&mut [u8])) -> Ref {
    if len <= 1 {
        let mut one = [0u8];
        fill(&mut one[..len]);
        return new_latin1(&one[..len]);
    }
    // SAFETY: the data is written, after being zeroed, before anything sees the object.
    unsafe {
        let p = alloc_str(str_type(), len, 1, ascii);
        let data = (*p).data_ptr() as *mut u8;
        std::ptr::write_bytes(data, 0, len);
        fill(std::slice::from_raw_parts_mut(data, len));
        finish(p, str_type())
    }
}

/// A `str` from code points, in the smallest representation.
pub fn from_code_points(cps: &[u32]) -> Ref {
    let max = cps.iter().fold(0, |m, c| m | *c);
    if max < 256 {
        let v: Vec<u8> = cps.iter().map(|c| *c as u8).collect();
        new_latin1(&v)
    } else if max < 65536 {
        let v: Vec<u16> = cps.iter().map(|c| *c as u16).collect();
        make!(str_type(), &v, 2, false, u16)
    } else {
        make!(str_type(), cps, 4, false, u32)
    }
}

/// A `str` from part of another's data, in the smallest representation.
pub fn from_data(d: StrData) -> Ref {
    match d {
        StrData::Latin1(s) => new_latin1(s),
        StrData::Ucs2(s) => {
            if s.iter().fold(0, |m, c| m | *c) < 256 {
                let v: Vec<u8> = s.iter().map(|c| *c as u8).collect();
                new_latin1(&v)
            } else {
                make!(str_type(), s, 2, false, u16)
            }
        }
        StrData::Ucs4(s) => from_code_points(s),
    }
}

/// An instance of `ty` (str or a subclass) with the same text as `s`.
pub fn copy_as(ty: Type, s: &PyStr) -> Ref {
    match s.data() {
        StrData::Latin1(d) => make!(ty, d, 1, s.is_ascii(), u8),
        StrData::Ucs2(d) => make!(ty, d, 2, false, u16),
        StrData::Ucs4(d) => make!(ty, d, 4, false, u32),
    }
}

/// The string of one code point.
pub fn from_char(c: u32) -> Ref {
    if c < 256 {
        latin1_char(c as u8)
    } else {
        from_code_points(&[c])
    }
}

struct Table(UnsafeCell<HashTable<Value>>);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Table {}
static INTERNED: Table = Table(UnsafeCell::new(HashTable::new()));
struct Chars(UnsafeCell<[Value; 257]>);
// SAFETY: as above.
unsafe impl Sync for Chars {}
/// The strings of one Latin-1 character, and the empty one.
static CHARS: Chars = Chars(UnsafeCell::new([Value::NULL; 257]));

fn interned() -> &'static mut HashTable<Value> {
    // SAFETY: under the lock; no Python code runs while the reference is held.
    unsafe { &mut *INTERNED.0.get() }
}

fn shared(i: usize) -> Ref {
    // SAFETY: under the lock.
    let slot = unsafe { &mut (*CHARS.0.get())[i] };
    if slot.is_null() {
        let bytes = if i == 256 { vec![] } else { vec![i as u8] };
        let r = make!(str_type(), &bytes, 1, i < 128 || i == 256, u8);
        let r = intern(r);
        expect(*r).header.set_immortal();
        *slot = r.into_value();
    }
    slot.to_ref()
}

/// The shared one-character string.
#[inline]
pub fn latin1_char(c: u8) -> Ref {
    shared(c as usize)
}
/// The empty string.
#[inline]
pub fn empty() -> Ref {
    shared(256)
}

/// The one string that stands for all equal ones; attribute and variable names are always interned.
pub fn intern(s: Ref) -> Ref {
    let ps = expect(*s);
    if ps.interned.get() || !s.is_exact::<PyStr>() {
        return s;
    }
    let hash = ps.hash() as u64;
    if let Some(found) = interned().find(hash, |v| expect(*v).equals(ps)) {
        return found.to_ref();
    }
    ps.interned.set(true);
    interned().insert_unique(hash, *s, |v| expect(*v).hash() as u64);
    s
}
/// An interned string from Rust text.
pub fn intern_str(s: &str) -> Ref {
    intern(new_str(s))
}

/// The value as `PyStr`; to be used where it is known to be one.
#[inline(always)]
pub fn expect(v: Value) -> &'static PyStr {
    debug_assert!(is_str(v));
    // SAFETY: known to be a string by the caller; alive as long as the caller holds it.
    unsafe { &*(v.as_ptr() as *const PyStr) }
}
/// Instance of str or of a subclass.
#[inline(always)]
pub fn is_str(v: Value) -> bool {
    v.is_heap() && v.ty().has_flag(TypeFlags::STR_SUBCLASS)
}
/// The string, if the value is one.
#[inline(always)]
pub fn as_str(v: &Value) -> Option<&PyStr> {
    if is_str(*v) { Some(expect(*v)) } else { None }
}
/// The text of a str argument; TypeError naming the function and what it expected otherwise.
pub fn to_text(v: Value, what: &str) -> PyResult<String> {
    match as_str(&v) {
        Some(s) => Ok(s.to_utf8()?.into_owned()),
        None => crate::err!(TypeError, "{what} must be str, not {}", v.type_name()),
    }
}

impl PyStr {
    #[inline(always)]
    fn data_ptr(&self) -> *const u8 {
        // The data continues behind the struct, so the pointer is made from the object's.
        unsafe { (self as *const PyStr as *const u8).add(DATA_OFFSET) }
    }
    /// Number of code points.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len.get()
    }
    #[inline(always)]
    pub fn is_ascii(&self) -> bool {
        self.ascii.get()
    }
    #[inline(always)]
    pub fn is_interned(&self) -> bool {
        self.interned.get()
    }
    /// Bytes per code point.
    #[inline(always)]
    pub fn kind(&self) -> u8 {
        self.kind.get()
    }
    #[inline(always)]
    pub fn data(&self) -> StrData<'_> {
        let p = self.data_ptr();
        let n = self.len();
        // SAFETY: `len` code points of `kind` bytes stand at `data`.
        unsafe {
            match self.kind.get() {
                1 => StrData::Latin1(std::slice::from_raw_parts(p, n)),
                2 => StrData::Ucs2(std::slice::from_raw_parts(p as *const u16, n)),
                _ => StrData::Ucs4(std::slice::from_raw_parts(p as *const u32, n)),
            }
        }
    }
    /// The representation as bytes.
    #[inline(always)]
    pub fn raw_bytes(&self) -> &[u8] {
        // SAFETY: as in `data`.
        unsafe {
            std::slice::from_raw_parts(self.data_ptr(), self.len() * self.kind.get() as usize)
        }
    }
    /// The text without a copy, if ASCII.
    #[inline(always)]
    pub fn as_ascii(&self) -> Option<&str> {
        if self.ascii.get() {
            // SAFETY: ASCII is UTF-8.
            Some(unsafe { std::str::from_utf8_unchecked(self.raw_bytes()) })
        } else {
            None
        }
    }
    /// Code point at `i`, in range.
    #[inline(always)]
    pub fn at(&self, i: usize) -> u32 {
        self.data().at(i)
    }
    /// UTF-8, or UnicodeEncodeError for lone surrogates.
    pub fn to_utf8(&self) -> PyResult<Cow<'_, str>> {
        if let Some(s) = self.as_ascii() {
            return Ok(Cow::Borrowed(s));
        }
        let mut out = String::with_capacity(self.len() * 2);
        for (i, c) in self.data().iter().enumerate() {
            match char::from_u32(c) {
                Some(c) => out.push(c),
                None => return Err(crate::exceptions::surrogates_not_allowed(self, i)),
            }
        }
        Ok(Cow::Owned(out))
    }
    /// For messages: lone surrogates become U+FFFD.
    pub fn to_string_lossy(&self) -> Cow<'_, str> {
        match self.as_ascii() {
            Some(s) => Cow::Borrowed(s),
            None => Cow::Owned(
                self.data()
                    .iter()
                    .map(|c| char::from_u32(c).unwrap_or('\u{fffd}'))
                    .collect(),
            ),
        }
    }
    pub fn eq_str(&self, other: &str) -> bool {
        match self.as_ascii() {
            Some(s) => s == other,
            None => !other.is_ascii() && self.data().iter().eq(other.chars().map(|c| c as u32)),
        }
    }
    #[inline]
    pub fn equals(&self, other: &PyStr) -> bool {
        std::ptr::eq(self, other)
            || (self.len() == other.len()
                && self.kind() == other.kind()
                && self.raw_bytes() == other.raw_bytes())
    }
    pub fn cmp(&self, other: &PyStr) -> std::cmp::Ordering {
        match (self.data(), other.data()) {
            (StrData::Latin1(a), StrData::Latin1(b)) => a.cmp(b),
            (a, b) => a.iter().cmp(b.iter()),
        }
    }
    /// CPython's hash: SipHash-1-3 of the representation, keyed by PYTHONHASHSEED.
    #[inline]
    pub fn hash(&self) -> i64 {
        let h = self.hash.get();
        if h != -1 {
            return h;
        }
        let h = crate::hash::hash_bytes(self.raw_bytes());
        self.hash.set(h);
        h
    }
}

impl std::fmt::Display for PyStr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_string_lossy())
    }
}

/// Concatenation.
pub fn concat(a: &PyStr, b: &PyStr) -> Ref {
    if a.kind() == 1 && b.kind() == 1 {
        let n = a.len() + b.len();
        if n <= 1 {
            return new_latin1(if a.len() == 1 {
                a.raw_bytes()
            } else {
                b.raw_bytes()
            });
        }
        // SAFETY: filled here.
        unsafe {
            let p = alloc_str(str_type(), n, 1, a.is_ascii() && b.is_ascii());
            let d = (*p).data_ptr() as *mut u8;
            std::ptr::copy_nonoverlapping(a.data_ptr(), d, a.len());
            std::ptr::copy_nonoverlapping(b.data_ptr(), d.add(a.len()), b.len());
            return finish(p, str_type());
        }
    }
    let mut v = a.data().to_vec();
    v.extend(b.data().iter());
    from_code_points(&v)
}

/// `left + right`, growing `left` in place if nobody else holds it.
pub fn append(left: Ref, right: &PyStr) -> Ref {
    let l = expect(*left);
    let grows = l.header.refcount() == 1
        && left.is_exact::<PyStr>()
        && !l.interned.get()
        && l.kind() >= right.kind()
        && l.len() > 0;
    if !grows {
        return concat(l, right);
    }
    let kind = l.kind() as usize;
    let (n, m) = (l.len(), right.len());
    let need = (n + m) * kind;
    // SAFETY: the only reference is ours; the block is exchanged for a larger one and its fields are set accordingly.
    unsafe {
        let mut p = left.as_ptr() as *mut PyStr;
        if need > (*p).capacity.get() as usize {
            assert!(need <= u32::MAX as usize / 2, "string too large");
            let old = total_size((*p).capacity.get() as usize);
            let new = (total_size(need + need / 8) + 15) & !15;
            let layout = std::alloc::Layout::from_size_align_unchecked(old, 16);
            p = std::alloc::realloc(p as *mut u8, layout, new) as *mut PyStr;
            if p.is_null() {
                std::alloc::handle_alloc_error(layout);
            }
            (*p).capacity.set((new - DATA_OFFSET) as u32);
        }
        let at = ((*p).data_ptr() as *mut u8).add(n * kind);
        match (kind, right.data()) {
            (1, StrData::Latin1(s)) => std::ptr::copy_nonoverlapping(s.as_ptr(), at, m),
            (2, d) => {
                with_str!(d, s => for (i, c) in s.iter().enumerate() { *(at as *mut u16).add(i) = *c as u16 })
            }
            (_, d) => {
                with_str!(d, s => for (i, c) in s.iter().enumerate() { *(at as *mut u32).add(i) = *c as u32 })
            }
        }
        (*p).len.set(n + m);
        (*p).ascii.set((*p).ascii.get() && right.is_ascii());
        (*p).hash.set(-1);
        std::mem::forget(left);
        Ref::from_owned(Value::from_ptr(p as *const Header))
    }
}

/// Substring `[start, end)` of code points, in range.
pub fn substring(s: &PyStr, start: usize, end: usize) -> Ref {
    match s.data() {
        StrData::Latin1(d) if s.is_ascii() && end - start > 1 => {
            make!(str_type(), &d[start..end], 1, true, u8)
        }
        StrData::Latin1(d) => new_latin1(&d[start..end]),
        StrData::Ucs2(d) => from_data(StrData::Ucs2(&d[start..end])),
        StrData::Ucs4(d) => from_data(StrData::Ucs4(&d[start..end])),
    }
}

/// Gathers code points; keeps to bytes as long as they fit.
#[derive(Default)]
pub struct StrBuilder {
    latin1: Vec<u8>,
    wide: Vec<u32>,
    is_wide: bool,
}

impl StrBuilder {
    pub fn new() -> StrBuilder {
        StrBuilder::default()
    }
    pub fn with_capacity(n: usize) -> StrBuilder {
        StrBuilder {
            latin1: Vec::with_capacity(n),
            ..StrBuilder::default()
        }
    }
    fn widen(&mut self) {
        if !self.is_wide {
            self.is_wide = true;
            self.wide = self.latin1.iter().map(|c| *c as u32).collect();
            self.latin1 = Vec::new();
        }
    }
    #[inline]
    pub fn push(&mut self, c: u32) {
        if !self.is_wide {
            if c < 256 {
                self.latin1.push(c as u8);
                return;
            }
            self.widen();
        }
        self.wide.push(c);
    }
    pub fn push_str(&mut self, s: &str) {
        if !self.is_wide && s.is_ascii() {
            self.latin1.extend_from_slice(s.as_bytes());
        } else {
            for c in s.chars() {
                self.push(c as u32);
            }
        }
    }
    /// Appends text known to be ASCII (or Latin-1).
    #[inline]
    pub fn push_ascii(&mut self, s: &[u8]) {
        if self.is_wide {
            self.wide.extend(s.iter().map(|c| *c as u32));
        } else {
            self.latin1.extend_from_slice(s);
        }
    }
    pub fn push_data(&mut self, d: StrData) {
        match d {
            StrData::Latin1(s) if !self.is_wide => self.latin1.extend_from_slice(s),
            _ => {
                self.widen();
                with_str!(d, s => self.wide.extend(s.iter().map(|c| *c as u32)));
            }
        }
    }
    pub fn push_pystr(&mut self, s: &PyStr) {
        self.push_data(s.data());
    }
    pub fn len(&self) -> usize {
        if self.is_wide {
            self.wide.len()
        } else {
            self.latin1.len()
        }
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    pub fn finish(self) -> Ref {
        if self.is_wide {
            from_code_points(&self.wide)
        } else {
            new_latin1(&self.latin1)
        }
    }
}

impl std::fmt::Write for StrBuilder {
    fn write_str(&mut self, s: &str) -> std::fmt::Result {
        self.push_str(s);
        Ok(())
    }
}

const _: () = assert!(DATA_OFFSET == 40);
#[allow(dead_code)]
fn _assert_object(s: &PyStr) -> Value {
    let _ = <PyStr as Object>::type_object();
    Value::from_obj(s)
}
