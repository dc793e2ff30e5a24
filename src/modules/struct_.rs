//! `_struct`: values to and from packed bytes.

use std::cell::{Cell, UnsafeCell};
use taipan_objects::err::PyResult;
use taipan_objects::exceptions::{self, Exception, PyException};
use taipan_objects::memory_format::{f64_to_half, half_to_f64};
use taipan_objects::native::{GetSetDef, MethodDef, ModuleDef, Signature};
use taipan_objects::object::{Header, alloc, new_object};
use taipan_objects::strings;
use taipan_objects::typeobject::{Slots, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{buffer, bytes, err, float, int, module, protocol, tuple, type_ready};

pub static MODULE: ModuleDef = ModuleDef {
    name: "_struct",
    doc: "Functions to convert between Python values and C structs.",
    functions: &[
        MethodDef::new("calcsize($module, format, /)", "Size in bytes of what a format describes.", |a| {
            Ok(int::from_usize(compiled(a[0])?.layout().size))
        }),
        MethodDef::new("pack($module, format, /, *values)", "Bytes that hold the values by a format.", |a| {
            let s = compiled(a[0])?;
            let mut out = vec![0; s.layout().size];
            pack(s.layout(), tuple::as_slice(a[1]), &mut out)?;
            Ok(bytes::from_vec(out))
        }),
        MethodDef::new("pack_into($module, format, buffer, offset, /, *values)", "Packs values into a buffer.", |a| {
            let s = compiled(a[0])?;
            pack_into(s.layout(), a[1], a[2], tuple::as_slice(a[3]))
        }),
        MethodDef::new("unpack($module, format, buffer, /)", "The values in bytes by a format.", |a| {
            let s = compiled(a[0])?;
            unpack(s.layout(), a[1])
        }),
        MethodDef::new("unpack_from($module, format, /, buffer, offset=0)", "The values in a buffer from an offset.", |a| {
            let s = compiled(a[0])?;
            unpack_from(s.layout(), a[1], a[2])
        }),
        MethodDef::new("iter_unpack($module, format, buffer, /)", "An iterator of the values in repeated records.", |a| {
            let s = compiled(a[0])?;
            iter_unpack(s, a[1])
        }),
        MethodDef::new("_clearcache($module, /)", "Forgets compiled formats.", |_| {
            cache().clear();
            Ok(Ref::NONE)
        }),
    ],
    init: Some(|m| {
        for t in [&ERROR, &STRUCT_TYPE, &UNPACK_ITERATOR_TYPE] {
            type_ready::ready(t);
        }
        module::add(m, "error", ERROR.to_ref());
        module::add(m, "Struct", STRUCT_TYPE.to_ref());
        Ok(())
    }),
};

static ERROR: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "struct.error",
    base: Some(&Exception),
    flags: TypeFlags::BASETYPE | TypeFlags::HAVE_GC | TypeFlags::EXC_SUBCLASS,
    ..TypeSpec::of::<PyException>()
});

macro_rules! fail {
    ($($arg:tt)*) => { Err(taipan_objects::err::raise(&ERROR, format!($($arg)*))) };
}

/// One run of items of the same code.
#[derive(Clone, Copy, Debug)]
struct Field {
    code: u8,
    offset: usize,
    /// Size of one item; the whole length for `s` and `p`.
    size: usize,
    repeat: usize,
}

/// A format taken apart.
#[derive(Clone, Default)]
struct Layout {
    fields: Vec<Field>,
    size: usize,
    /// Number of values.
    count: usize,
    big: bool,
    native: bool,
}

fn sizes(code: u8, native: bool) -> Option<(usize, usize)> {
    let (n, s) = match code {
        b'x' | b'b' | b'B' | b'c' | b's' | b'p' | b'?' => (1, 1),
        b'h' | b'H' | b'e' => (2, 2),
        b'i' | b'I' | b'f' => (4, 4),
        b'l' | b'L' => (8, 4),
        b'q' | b'Q' | b'd' => (8, 8),
        b'F' => (8, 8),
        b'D' => (16, 16),
        b'n' | b'N' | b'P' => (8, 0),
        _ => return None,
    };
    if native {
        Some((n, if code == b'F' { 4 } else { n.min(8) }))
    } else if s == 0 {
        None
    } else {
        Some((s, 1))
    }
}

fn parse(format: &[u8]) -> PyResult<Layout> {
    let mut layout = Layout { native: true, big: cfg!(target_endian = "big"), ..Layout::default() };
    let mut i = 0;
    match format.first() {
        Some(b'<') => (layout.native, layout.big, i) = (false, false, 1),
        Some(b'>' | b'!') => (layout.native, layout.big, i) = (false, true, 1),
        Some(b'=') => (layout.native, i) = (false, 1),
        Some(b'@') => i = 1,
        _ => {}
    }
    let mut offset = 0usize;
    while i < format.len() {
        let mut c = format[i];
        i += 1;
        if c.is_ascii_whitespace() || c == 0x0b {
            continue;
        }
        let mut repeat = 1usize;
        if c.is_ascii_digit() {
            repeat = (c - b'0') as usize;
            loop {
                let Some(d) = format.get(i) else {
                    return fail!("repeat count given without format specifier");
                };
                i += 1;
                if !d.is_ascii_digit() {
                    c = *d;
                    break;
                }
                repeat = match repeat.checked_mul(10).and_then(|r| r.checked_add((d - b'0') as usize)) {
                    Some(r) if r <= isize::MAX as usize => r,
                    _ => return fail!("total struct size too long"),
                };
            }
        }
        let Some((size, align)) = sizes(c, layout.native) else {
            return fail!("bad char in struct format");
        };
        if layout.native && align > 1 {
            offset = match offset.checked_next_multiple_of(align) {
                Some(o) => o,
                None => return fail!("total struct size too long"),
            };
        }
        let total = match size.checked_mul(repeat) {
            Some(t) if t <= isize::MAX as usize => t,
            _ => return fail!("total struct size too long"),
        };
        match c {
            b'x' => {}
            b's' | b'p' => {
                layout.fields.push(Field { code: c, offset, size: repeat, repeat: 1 });
                layout.count += 1;
            }
            _ => {
                if repeat > 0 {
                    layout.fields.push(Field { code: c, offset, size, repeat });
                }
                layout.count += repeat;
            }
        }
        offset = match offset.checked_add(total) {
            Some(o) if o <= isize::MAX as usize => o,
            _ => return fail!("total struct size too long"),
        };
    }
    layout.size = offset;
    Ok(layout)
}

// ---------------------------------------------------------------- Struct

/// A compiled format.
#[repr(C)]
pub struct Struct {
    header: Header,
    format: Slot,
    layout: UnsafeCell<Option<Box<Layout>>>,
}
taipan_objects::object_impl!(Struct, STRUCT_TYPE);

static STRUCT_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_struct.Struct",
    doc: "Struct(fmt) --> compiled struct object",
    flags: TypeFlags::BASETYPE | TypeFlags::WEAKREFABLE,
    slots: Slots {
        new: Some(|ty, _, _| {
            Ok(alloc(ty, Struct { header: Header::new(ty), format: Slot::new(Ref::NONE), layout: UnsafeCell::new(None) }))
        }),
        init: Some(|this, args, kwnames| {
            static SIGNATURE: Signature = Signature::new("Struct(format)");
            SIGNATURE.bind(args, kwnames, |a| {
                let (text, layout) = read_format(a[0])?;
                let s = expect_struct(&this);
                s.format.set(text);
                // SAFETY: nobody keeps a reference to the layout across calls into Python.
                unsafe { *s.layout.get() = Some(Box::new(layout)) };
                Ok(())
            })
        }),
        repr: Some(|v| {
            let r = protocol::repr_text(expect_struct(&v).format.get())?;
            Ok(strings::new_str(&format!("{}({r})", v.ty().name().rsplit('.').next().unwrap_or("Struct"))))
        }),
        ..Slots::of::<Struct>()
    },
    methods: &[
        MethodDef::new("pack($self, /, *values)", "Bytes that hold the values.", |a| {
            let l = ready(&a[0])?;
            let mut out = vec![0; l.size];
            pack(l, tuple::as_slice(a[1]), &mut out)?;
            Ok(bytes::from_vec(out))
        }),
        MethodDef::new("pack_into($self, buffer, offset, /, *values)", "Packs values into a buffer.", |a| {
            pack_into(ready(&a[0])?, a[1], a[2], tuple::as_slice(a[3]))
        }),
        MethodDef::new("unpack($self, buffer, /)", "The values in bytes.", |a| unpack(ready(&a[0])?, a[1])),
        MethodDef::new("unpack_from($self, /, buffer, offset=0)", "The values in a buffer from an offset.", |a| {
            unpack_from(ready(&a[0])?, a[1], a[2])
        }),
        MethodDef::new("iter_unpack($self, buffer, /)", "An iterator of the values in repeated records.", |a| {
            ready(&a[0])?;
            iter_unpack(expect_struct(&a[0]), a[1])
        }),
        MethodDef::new("__sizeof__($self, /)", "Size in memory, in bytes.", |a| {
            Ok(int::from_usize(56 + 32 * (ready(&a[0])?.fields.len() + 1)))
        }),
    ],
    getset: &[
        GetSetDef::ro("format", "The format.", |v| {
            ready(&v)?;
            Ok(expect_struct(&v).format.get_ref())
        }),
        GetSetDef::ro("size", "Size in bytes.", |v| Ok(int::from_usize(ready(&v)?.size))),
    ],
    text_signature: "(format)",
    ..TypeSpec::of::<Struct>()
});

fn expect_struct(v: &Value) -> &Struct {
    // SAFETY: called with Struct objects only.
    unsafe { v.cast_unchecked::<Struct>() }
}
fn ready(v: &Value) -> PyResult<&Layout> {
    // SAFETY: see `init`.
    match unsafe { &*expect_struct(v).layout.get() } {
        Some(l) => Ok(l),
        None => err!(RuntimeError, "Struct object is not initialized"),
    }
}
impl Struct {
    fn layout(&self) -> &Layout {
        static EMPTY: Layout = Layout { fields: Vec::new(), size: 0, count: 0, big: false, native: false };
        // SAFETY: see `init`.
        unsafe { (*self.layout.get()).as_deref().unwrap_or(&EMPTY) }
    }
}

fn read_format(v: Value) -> PyResult<(Ref, Layout)> {
    if let Some(s) = strings::as_str(&v) {
        let Some(t) = s.as_ascii() else {
            return Err(taipan_objects::codecs::ascii_encode(s, &taipan_objects::codecs::Errors::new(None)).err().unwrap_or_else(|| taipan_objects::raised!(ValueError, "bad format")));
        };
        if t.contains('\0') {
            return fail!("embedded null character");
        }
        return Ok((taipan_objects::strings::new_str(t), parse(t.as_bytes())?));
    }
    if let Some(b) = bytes::as_bytes(&v) {
        if b.contains(&0) {
            return fail!("embedded null character");
        }
        return Ok((strings::new_latin1(b), parse(b)?));
    }
    err!(TypeError, "Struct() argument 1 must be a str or bytes object, not {}", v.type_name())
}

struct Cache(UnsafeCell<Vec<(Ref, Ref)>>);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Cache {}
static CACHE: Cache = Cache(UnsafeCell::new(Vec::new()));
fn cache() -> &'static mut Vec<(Ref, Ref)> {
    // SAFETY: under the lock; not kept across anything that runs Python code.
    unsafe { &mut *CACHE.0.get() }
}

/// The Struct of a format, or the Struct given; kept alive by the cache until the format is used no more.
fn compiled(v: Value) -> PyResult<&'static Struct> {
    let found = |v: &Value| -> &'static Struct {
        // SAFETY: the cache holds it, and callers use it at once.
        unsafe { &*(v.as_ptr() as *const Struct) }
    };
    if v.is_exact::<Struct>() {
        ready(&v)?;
        return Ok(found(&v));
    }
    for (k, s) in cache().iter() {
        if k.is(v) {
            return Ok(found(s));
        }
        if let (Some(a), Some(b)) = (strings::as_str(k), strings::as_str(&v))
            && a.equals(b)
        {
            return Ok(found(s));
        }
    }
    let (text, layout) = read_format(v)?;
    let s = new_object(Struct {
        header: Header::new(&STRUCT_TYPE),
        format: Slot::new(text),
        layout: UnsafeCell::new(Some(Box::new(layout))),
    });
    let out = found(&s);
    if cache().len() >= 100 {
        // References are dropped one call late, so that the Struct in use stays.
        cache().drain(..50);
    }
    cache().push((v.to_ref(), s));
    Ok(out)
}

// ---------------------------------------------------------------- packing

fn integer(v: Value) -> PyResult {
    if int::is_int(v) {
        return Ok(v.to_ref());
    }
    if v.ty().slots().index.is_none() {
        return fail!("required argument is not an integer");
    }
    protocol::index(v)
}

fn pack(l: &Layout, values: &[Value], out: &mut [u8]) -> PyResult<()> {
    if values.len() != l.count {
        return fail!("pack expected {} items for packing (got {})", l.count, values.len());
    }
    pack_values(l, values, out)
}

fn pack_values(l: &Layout, values: &[Value], out: &mut [u8]) -> PyResult<()> {
    let mut next = values.iter();
    for f in &l.fields {
        for k in 0..f.repeat {
            let Some(v) = next.next() else { return Ok(()) };
            let at = &mut out[f.offset + k * if matches!(f.code, b's' | b'p') { 0 } else { f.size }..];
            pack_one(l, f, *v, at)?;
        }
    }
    Ok(())
}

fn put(at: &mut [u8], size: usize, big: bool, word: u64) {
    let b = word.to_le_bytes();
    for i in 0..size {
        at[if big { size - 1 - i } else { i }] = b[i];
    }
}

fn pack_one(l: &Layout, f: &Field, v: Value, at: &mut [u8]) -> PyResult<()> {
    match f.code {
        b's' | b'p' => {
            let data = match bytes::as_bytes(&v) {
                Some(b) => b.to_vec(),
                None if v.ty().full_name() == "bytearray" => buffer::to_vec(v)?,
                None => return fail!("argument for '{}' must be a bytes object", f.code as char),
            };
            let at = &mut at[..f.size];
            at.fill(0);
            if f.code == b's' {
                let n = data.len().min(f.size);
                at[..n].copy_from_slice(&data[..n]);
            } else if f.size > 0 {
                let n = data.len().min(f.size - 1);
                at[1..=n].copy_from_slice(&data[..n]);
                at[0] = n.min(255) as u8;
            }
            Ok(())
        }
        b'c' => match bytes::as_bytes(&v) {
            Some([c]) => {
                at[0] = *c;
                Ok(())
            }
            _ => fail!("char format requires a bytes object of length 1"),
        },
        b'?' => {
            at[0] = protocol::is_true(v)? as u8;
            Ok(())
        }
        b'e' | b'f' | b'd' => {
            let x = match float::to_f64(v) {
                Ok(x) => x,
                Err(e) => {
                    if taipan_objects::err::clear_if(&exceptions::TypeError) {
                        return fail!("required argument is not a float");
                    }
                    return Err(e);
                }
            };
            put_float(f.code, x, l.big, at)
        }
        b'F' | b'D' => {
            let (re, im) = complex_parts(v)?;
            let code = if f.code == b'F' { b'f' } else { b'd' };
            put_float(code, re, l.big, at)?;
            put_float(code, im, l.big, &mut at[f.size / 2..])
        }
        code => {
            let i = integer(v)?;
            let n = int::as_int(&i).map(|i| i.to_ibig());
            let n = n.and_then(|n| i128::try_from(&n).ok());
            let signed = matches!(code, b'b' | b'h' | b'i' | b'l' | b'q' | b'n');
            let bits = 8 * f.size as u32;
            let (low, high) =
                if signed { (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1) } else { (0, (1i128 << bits) - 1) };
            let (low, high) = if code == b'P' { (-(1i128 << 63), (1i128 << 64) - 1) } else { (low, high) };
            match n {
                Some(n) if n >= low && n <= high => {
                    put(at, f.size, l.big, n as u64);
                    Ok(())
                }
                _ => out_of_range(code, low, high),
            }
        }
    }
}

fn out_of_range(code: u8, low: i128, high: i128) -> PyResult<()> {
    if code == b'P' {
        return fail!("int too large to convert");
    }
    fail!("'{}' format requires {low} <= number <= {high}", code as char)
}

fn complex_parts(v: Value) -> PyResult<(f64, f64)> {
    if v.ty().slots().float.is_none() && v.ty().slots().index.is_none() && v.ty().name() != "complex" {
        return fail!("required argument is not a complex");
    }
    if v.ty().name() == "complex" {
        let re = protocol::getattr_str(v, "real")?;
        let im = protocol::getattr_str(v, "imag")?;
        return Ok((float::to_f64(*re)?, float::to_f64(*im)?));
    }
    Ok((float::to_f64(v)?, 0.0))
}

fn put_float(code: u8, x: f64, big: bool, at: &mut [u8]) -> PyResult<()> {
    match code {
        b'e' => match f64_to_half(x) {
            Some(h) => put(at, 2, big, h as u64),
            None => return err!(OverflowError, "float too large to pack with e format"),
        },
        b'f' => {
            let y = x as f32;
            if y.is_infinite() && x.is_finite() {
                return err!(OverflowError, "float too large to pack with f format");
            }
            put(at, 4, big, y.to_bits() as u64);
        }
        _ => put(at, 8, big, x.to_bits()),
    }
    Ok(())
}

fn offset_in(l: &Layout, offset: Value, len: usize, what: &str) -> PyResult<usize> {
    let offset = if offset.is_null() { 0 } else { int::to_isize(offset)? };
    let mut at = offset;
    let word = if what == "pack_into" { "pack" } else { "unpack" };
    if offset < 0 {
        if what == "pack_into" {
            if offset + l.size as isize > 0 {
                return fail!("no space to pack {} bytes at offset {offset}", l.size);
            }
        } else if offset + l.size as isize > 0 {
            return fail!("not enough data to unpack {} bytes", l.size);
        }
        if offset + (len as isize) < 0 {
            return fail!("offset {offset} out of range for {len}-byte buffer");
        }
        at += len as isize;
    }
    let at = at as usize;
    if at > len || len - at < l.size {
        let verb = if word == "pack" { "packing" } else { "unpacking" };
        return fail!(
            "{what} requires a buffer of at least {} bytes for {verb} {} bytes at offset {at} (actual buffer size is {len})",
            l.size + at,
            l.size
        );
    }
    Ok(at)
}

fn pack_into(l: &Layout, target: Value, offset: Value, values: &[Value]) -> PyResult {
    if values.len() != l.count {
        return fail!("pack_into expected {} items for packing (got {})", l.count, values.len());
    }
    if target.ty().slots().get_buffer.is_none() {
        return err!(TypeError, "pack_into() argument must be read-write bytes-like object, not {}", target.type_name());
    }
    let mut b = match buffer::get(target, buffer::WRITABLE) {
        Ok(b) if !b.readonly => b,
        Ok(_) => return err!(TypeError, "argument must be read-write bytes-like object, not {}", target.type_name()),
        Err(_) => {
            drop(taipan_objects::vm::vm().take_pending());
            return err!(TypeError, "argument must be read-write bytes-like object, not {}", target.type_name());
        }
    };
    let at = offset_in(l, offset, b.len, "pack_into")?;
    let mut out = vec![0; l.size];
    // SAFETY: read and written at once; no Python code runs in between.
    out.copy_from_slice(&unsafe { b.bytes() }[at..at + l.size]);
    if !l.fields.is_empty() || l.size > 0 {
        out.fill(0);
    }
    pack_values(l, values, &mut out)?;
    // SAFETY: the buffer is held, and no Python code runs meanwhile.
    let memory = unsafe { b.bytes_mut() };
    memory[at..at + l.size].copy_from_slice(&out);
    Ok(Ref::NONE)
}

// ---------------------------------------------------------------- unpacking

fn word(d: &[u8], size: usize, big: bool) -> u64 {
    let mut b = [0u8; 8];
    for i in 0..size {
        b[i] = d[if big { size - 1 - i } else { i }];
    }
    u64::from_le_bytes(b)
}

fn get_float(code: u8, d: &[u8], big: bool) -> f64 {
    match code {
        b'e' => half_to_f64(word(d, 2, big) as u16),
        b'f' => f32::from_bits(word(d, 4, big) as u32) as f64,
        _ => f64::from_bits(word(d, 8, big)),
    }
}

fn unpack_all(l: &Layout, d: &[u8]) -> PyResult {
    let mut out = Vec::with_capacity(l.count);
    for f in &l.fields {
        for k in 0..f.repeat {
            let at = f.offset + k * if matches!(f.code, b's' | b'p') { 0 } else { f.size };
            let d = &d[at..at + f.size];
            out.push(match f.code {
                b's' => bytes::new_bytes(d),
                b'p' => match d.first() {
                    Some(n) => bytes::new_bytes(&d[1..1 + (*n as usize).min(d.len() - 1)]),
                    None => bytes::new_bytes(b""),
                },
                b'c' => bytes::new_bytes(d),
                b'?' => Ref::bool(d[0] != 0),
                b'e' | b'f' | b'd' => float::from_f64(get_float(f.code, d, l.big)),
                b'F' | b'D' => {
                    let code = if f.code == b'F' { b'f' } else { b'd' };
                    let builtins = (taipan_objects::vm::hooks().import)("builtins")?;
                    protocol::call_method_str(
                        *builtins,
                        "complex",
                        &[
                            *float::from_f64(get_float(code, d, l.big)),
                            *float::from_f64(get_float(code, &d[f.size / 2..], l.big)),
                        ],
                    )?
                }
                code => {
                    let w = word(d, f.size, l.big);
                    if matches!(code, b'b' | b'h' | b'i' | b'l' | b'q' | b'n') {
                        let shift = 64 - 8 * f.size as u32;
                        int::from_i64((w << shift) as i64 >> shift)
                    } else {
                        int::from_u64(w)
                    }
                }
            });
        }
    }
    Ok(tuple::from_refs(out))
}

fn unpack(l: &Layout, data: Value) -> PyResult {
    let check = |n: usize| {
        if n != l.size { fail!("unpack requires a buffer of {} bytes", l.size) } else { Ok(()) }
    };
    if let Some(b) = bytes::as_bytes(&data) {
        check(b.len())?;
        return unpack_all(l, b);
    }
    let b = buffer::to_vec(data)?;
    check(b.len())?;
    unpack_all(l, &b)
}
fn unpack_from(l: &Layout, data: Value, offset: Value) -> PyResult {
    if let Some(b) = bytes::as_bytes(&data) {
        let at = offset_in(l, offset, b.len(), "unpack_from")?;
        return unpack_all(l, &b[at..at + l.size]);
    }
    let held = buffer::get(data, 0)?;
    let at = offset_in(l, offset, held.len, "unpack_from")?;
    // SAFETY: copied at once.
    let d = unsafe { held.bytes() }[at..at + l.size].to_vec();
    drop(held);
    unpack_all(l, &d)
}

/// The iterator of `iter_unpack`.
#[repr(C)]
pub struct UnpackIterator {
    header: Header,
    parent: Slot,
    layout: Layout,
    data: Slot,
    at: Cell<usize>,
}
taipan_objects::object_impl!(UnpackIterator, UNPACK_ITERATOR_TYPE);
static UNPACK_ITERATOR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_struct.unpack_iterator",
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        iter: Some(|v| Ok(v.to_ref())),
        iternext: Some(|v| {
            let Some(it) = v.cast::<UnpackIterator>() else { return Ok(None) };
            if it.data.is_null() {
                return Ok(None);
            }
            let data = buffer::get(it.data.get(), 0)?;
            let (at, size) = (it.at.get(), it.layout.size);
            if at + size > data.len {
                drop(data);
                drop(it.data.take());
                return Ok(None);
            }
            it.at.set(at + size);
            // SAFETY: copied at once.
            let d = unsafe { data.bytes() }[at..at + size].to_vec();
            unpack_all(&it.layout, &d).map(Some)
        }),
        ..Slots::of::<UnpackIterator>()
    },
    methods: &[MethodDef::new("__length_hint__($self, /)", "How many items are left, at least about.", |a| {
        let Some(it) = a[0].cast::<UnpackIterator>() else { return Ok(int::from_i64(0)) };
        if it.data.is_null() {
            return Ok(int::from_i64(0));
        }
        let n = buffer::get(it.data.get(), 0)?.len;
        Ok(int::from_usize(n.saturating_sub(it.at.get()) / it.layout.size.max(1)))
    })],
    ..TypeSpec::of::<UnpackIterator>()
});
fn iter_unpack(s: &Struct, data: Value) -> PyResult {
    let l = s.layout();
    if l.size == 0 {
        return fail!("cannot iteratively unpack with a struct of length 0");
    }
    let n = buffer::get(data, 0)?.len;
    if n % l.size != 0 {
        return fail!("iterative unpacking requires a buffer of a multiple of {} bytes", l.size);
    }
    Ok(new_object(UnpackIterator {
        header: Header::new(&UNPACK_ITERATOR_TYPE),
        parent: Slot::new(Value::from_obj(s).to_ref()),
        layout: l.clone(),
        data: Slot::new(data.to_ref()),
        at: Cell::new(0),
    }))
}

