//! `array`: sequences of numbers or characters of one type, packed.

use std::cell::{Cell, UnsafeCell};
use taipan_objects::buffer::{self, Buffer};
use taipan_objects::err::PyResult;
use taipan_objects::memory_format::{item_size, pack, unpack};
use taipan_objects::native::{GetSetDef, MethodDef, ModuleDef, Signature};
use taipan_objects::object::{Header, alloc, new_object};
use taipan_objects::strings::{self, StrBuilder, expect};
use taipan_objects::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{bytes, err, exceptions, float, int, list, module, protocol, slice_args, tuple, type_ready};

pub static MODULE: ModuleDef = ModuleDef {
    name: "array",
    doc: "This module defines an object type which can efficiently represent\nan array of basic values: characters, integers, floating-point\nnumbers.",
    functions: &[MethodDef::new(
        "_array_reconstructor($module, arraytype, typecode, mformat_code, items,\n                     /)",
        "Internal. Used for pickling support.",
        reconstruct,
    )],
    init: Some(|m| {
        type_ready::ready(&ARRAY_TYPE);
        type_ready::ready(&ITERATOR_TYPE);
        module::add(m, "array", ARRAY_TYPE.to_ref());
        module::add(m, "ArrayType", ARRAY_TYPE.to_ref());
        module::add(m, "typecodes", strings::new_str(CODES));
        let abc = (taipan_objects::vm::hooks().import)("collections.abc")?;
        let sequence = protocol::getattr_str(*abc, "MutableSequence")?;
        protocol::call_method_str(*sequence, "register", &[ARRAY_TYPE.value()])?;
        Ok(())
    }),
};

const CODES: &str = "bBuwhHiIlLqQfd";

/// An array. While `exports` is not zero, its memory stays where it is.
#[repr(C)]
pub struct Array {
    header: Header,
    code: u8,
    size: usize,
    data: UnsafeCell<Vec<u8>>,
    exports: Cell<usize>,
}
taipan_objects::object_impl!(Array, ARRAY_TYPE);

static ARRAY_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "array.array",
    doc: "array(typecode [, initializer]) -> array\n\nReturn a new array whose items are restricted by typecode, and\ninitialized from the optional initializer value.",
    flags: TypeFlags::BASETYPE | TypeFlags::SEQUENCE | TypeFlags::WEAKREFABLE,
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        hash: Some(protocol::hash_not_implemented),
        richcompare: Some(richcompare),
        iter: Some(|v| {
            Ok(new_object(ArrayIterator { header: Header::new(&ITERATOR_TYPE), array: Slot::new(v.to_ref()), index: Cell::new(0) }))
        }),
        length: Some(length),
        map_length: Some(length),
        concat: Some(|a, b| {
            let Some(y) = b.cast::<Array>() else {
                return err!(TypeError, "can only append array (not \"{}\") to array", b.type_name());
            };
            let x = this(&a);
            if x.code != y.code {
                return err!(TypeError, "bad argument type for built-in operation");
            }
            Ok(make(&ARRAY_TYPE, x.code, [x.data().as_slice(), y.data()].concat()))
        }),
        inplace_concat: Some(|a, b| {
            if !b.is_a::<Array>() {
                return err!(TypeError, "can only extend with array (not \"{}\")", b.type_name());
            }
            extend_array(this(&a), this(&b))?;
            Ok(a.to_ref())
        }),
        repeat: Some(|v, n| {
            let x = this(&v);
            Ok(make(&ARRAY_TYPE, x.code, repeated(x.data(), n)?))
        }),
        inplace_repeat: Some(|v, n| {
            let x = this(&v);
            let out = repeated(x.data(), n)?;
            *x.resizable()? = out;
            Ok(v.to_ref())
        }),
        item: Some(|v, i| this(&v).at(i)),
        ass_item: Some(|v, i, value| assign(this(&v), i, value)),
        contains: Some(|v, x| Ok(position(v, x, 0, usize::MAX)?.is_some())),
        subscript: Some(subscript),
        ass_subscript: Some(ass_subscript),
        get_buffer: Some(|v, _| {
            let x = this(&v);
            x.exports.set(x.exports.get() + 1);
            let d = x.data_mut();
            let format = if x.code == b'u' { 'w' } else { x.code as char };
            Ok(Buffer {
                obj: v.to_ref(),
                ptr: d.as_mut_ptr(),
                len: d.len(),
                readonly: false,
                itemsize: x.size,
                format: format.to_string(),
                shape: vec![x.len()],
                strides: vec![x.size as isize],
            })
        }),
        release_buffer: Some(|v, _| {
            let x = this(&v);
            x.exports.set(x.exports.get().saturating_sub(1));
        }),
        ..Slots::of::<Array>()
    },
    methods: &[
        MethodDef::new("append($self, v, /)", "Adds a value at the end.", |a| {
            let mut item = [0; 8];
            let x = this(&a[0]);
            x.store(a[1], &mut item)?;
            x.resizable()?.extend_from_slice(&item[..x.size]);
            Ok(Ref::NONE)
        }),
        MethodDef::new("buffer_info($self, /)", "Address and length of the memory.", |a| {
            let x = this(&a[0]);
            Ok(tuple::of([int::from_usize(x.data().as_ptr() as usize), int::from_usize(x.len())]))
        }),
        MethodDef::new("byteswap($self, /)", "Swaps the bytes of all items.", |a| {
            let x = this(&a[0]);
            for c in x.data_mut().chunks_mut(x.size) {
                c.reverse();
            }
            Ok(Ref::NONE)
        }),
        MethodDef::new("clear($self, /)", "Removes everything.", |a| {
            this(&a[0]).resizable()?.clear();
            Ok(Ref::NONE)
        }),
        MethodDef::new("count($self, v, /)", "How often a value occurs.", |a| {
            let mut n = 0;
            let mut i = 0;
            while i < this(&a[0]).len() {
                let x = this(&a[0]).at(i as isize)?;
                n += protocol::eq(*x, a[1])? as i64;
                i += 1;
            }
            Ok(int::from_i64(n))
        }),
        MethodDef::new("extend($self, bb, /)", "Adds the items of an iterable at the end.", |a| {
            extend(this(&a[0]), a[1])?;
            Ok(Ref::NONE)
        }),
        MethodDef::new("frombytes($self, buffer, /)", "Adds items from packed bytes.", |a| {
            if strings::is_str(a[1]) {
                return err!(TypeError, "a bytes-like object is required, not 'str'");
            }
            let d = buffer::to_vec(a[1])?;
            add_bytes(this(&a[0]), &d)?;
            Ok(Ref::NONE)
        }),
        MethodDef::new("fromfile($self, f, n, /)", "Adds items read from a file.", |a| {
            let n = int::to_isize(a[2])?;
            if n < 0 {
                return err!(ValueError, "negative count");
            }
            let x = this(&a[0]);
            let want = n as usize * x.size;
            let r = protocol::call_method_str(a[1], "read", &[*int::from_usize(want)])?;
            let Some(d) = bytes::as_bytes(&r) else {
                return err!(TypeError, "read() didn't return bytes");
            };
            add_bytes(x, d)?;
            if d.len() < want {
                return err!(EOFError, "read() didn't return enough bytes");
            }
            Ok(Ref::NONE)
        }),
        MethodDef::new("tofile($self, f, /)", "Writes the packed items to a file.", |a| {
            protocol::call_method_str(a[1], "write", &[*bytes::new_bytes(this(&a[0]).data())])?;
            Ok(Ref::NONE)
        }),
        MethodDef::new("fromlist($self, list, /)", "Adds the items of a list.", |a| {
            if !list::is_list(a[1]) {
                return err!(TypeError, "arg must be list");
            }
            let x = this(&a[0]);
            let mut out = Vec::new();
            for v in list::expect(a[1]).items().to_vec() {
                let mut item = [0; 8];
                x.store(*v, &mut item)?;
                out.extend_from_slice(&item[..x.size]);
            }
            x.resizable()?.extend(out);
            Ok(Ref::NONE)
        }),
        MethodDef::new("fromunicode($self, ustr, /)", "Adds the characters of a string.", |a| {
            let x = this(&a[0]);
            if !matches!(x.code, b'u' | b'w') {
                return err!(ValueError, "fromunicode() may only be called on unicode type arrays ('u' or 'w')");
            }
            let Some(s) = strings::as_str(&a[1]) else {
                return err!(TypeError, "fromunicode() argument must be str, not {}", a[1].type_name());
            };
            x.resizable()?.extend(s.data().iter().flat_map(|c| c.to_ne_bytes()));
            Ok(Ref::NONE)
        }),
        MethodDef::new("tounicode($self, /)", "The characters as a string.", |a| {
            let x = this(&a[0]);
            if !matches!(x.code, b'u' | b'w') {
                return err!(ValueError, "tounicode() may only be called on unicode type arrays ('u' or 'w')");
            }
            Ok(x.text())
        }),
        MethodDef::new("index($self, v, start=0, stop=sys.maxsize, /)", "Where a value occurs first.", |a| {
            let n = this(&a[0]).len() as isize;
            let clip = |v: Value, default: isize| -> PyResult<usize> {
                let i = if v.is_null() { default } else { int::to_isize_clipped(v)? };
                Ok(if i < 0 { i.saturating_add(n).max(0) } else { i } as usize)
            };
            match position(a[0], a[1], clip(a[2], 0)?, clip(a[3], isize::MAX)?)? {
                Some(i) => Ok(int::from_usize(i)),
                None => err!(ValueError, "array.index(x): x not in array"),
            }
        }),
        MethodDef::new("insert($self, i, v, /)", "Inserts a value before a position.", |a| {
            let i = int::to_isize(a[1])?;
            let mut item = [0; 8];
            let x = this(&a[0]);
            x.store(a[2], &mut item)?;
            let n = x.len() as isize;
            let at = if i < 0 { (i + n).max(0) } else { i.min(n) } as usize * x.size;
            x.resizable()?.splice(at..at, item[..x.size].iter().copied());
            Ok(Ref::NONE)
        }),
        MethodDef::new("pop($self, i=-1, /)", "Removes and returns an item.", |a| {
            let x = this(&a[0]);
            let i = if a[1].is_null() { -1 } else { int::to_isize(a[1])? };
            let n = x.len() as isize;
            if n == 0 {
                return err!(IndexError, "pop from empty array");
            }
            let at = if i < 0 { i + n } else { i };
            if at < 0 || at >= n {
                return err!(IndexError, "pop index out of range");
            }
            let v = x.at(at)?;
            let at = at as usize * x.size;
            x.resizable()?.drain(at..at + x.size);
            Ok(v)
        }),
        MethodDef::new("remove($self, v, /)", "Removes the first item of a value.", |a| {
            match position(a[0], a[1], 0, usize::MAX)? {
                Some(i) => {
                    let x = this(&a[0]);
                    let at = i * x.size;
                    x.resizable()?.drain(at..at + x.size);
                    Ok(Ref::NONE)
                }
                None => err!(ValueError, "array.remove(x): x not in array"),
            }
        }),
        MethodDef::new("reverse($self, /)", "Reverses the order of the items in place.", |a| {
            let x = this(&a[0]);
            let d: Vec<u8> = x.data().chunks(x.size).rev().flatten().copied().collect();
            x.data_mut().copy_from_slice(&d);
            Ok(Ref::NONE)
        }),
        MethodDef::new("tobytes($self, /)", "The packed items.", |a| Ok(bytes::new_bytes(this(&a[0]).data()))),
        MethodDef::new("tolist($self, /)", "The items as a list.", |a| {
            let x = this(&a[0]);
            Ok(list::new_list(x.data().chunks(x.size).map(|c| x.value(c)).collect()))
        }),
        MethodDef::new("__copy__($self, /)", "", |a| Ok(make(&ARRAY_TYPE, this(&a[0]).code, this(&a[0]).data().clone()))),
        MethodDef::new("__deepcopy__($self, unused, /)", "", |a| {
            Ok(make(&ARRAY_TYPE, this(&a[0]).code, this(&a[0]).data().clone()))
        }),
        MethodDef::new("__reduce_ex__($self, value, /)", "State for pickling.", |a| {
            let x = this(&a[0]);
            let state = protocol::getattr_opt(a[0], *strings::intern_str("__dict__"))?.unwrap_or(Ref::NONE);
            let code = strings::from_char(x.code as u32);
            let ty = a[0].ty().to_ref();
            if int::to_i64(a[1])? < 3 {
                let items = protocol::call_method_str(a[0], "tolist", &[])?;
                return Ok(tuple::of([ty, tuple::of([code, items]), state]));
            }
            let m = (taipan_objects::vm::hooks().import)("array")?;
            let f = protocol::getattr_str(*m, "_array_reconstructor")?;
            let args = tuple::of([ty, code, int::from_i64(machine_format(x.code)), bytes::new_bytes(x.data())]);
            Ok(tuple::of([f, args, state]))
        }),
        MethodDef::new("__sizeof__($self, /)", "Size in memory, in bytes.", |a| {
            Ok(int::from_usize(80 + this(&a[0]).data().capacity()))
        }),
        MethodDef::new("__class_getitem__($type, object, /)", "", |a| taipan_objects::generic_alias::new_alias(a[0], a[1]))
            .class(),
    ],
    getset: &[
        GetSetDef::ro("typecode", "The code of the type of the items.", |v| Ok(strings::from_char(this(&v).code as u32))),
        GetSetDef::ro("itemsize", "The size of an item in bytes.", |v| Ok(int::from_usize(this(&v).size))),
    ],
    ..TypeSpec::of::<Array>()
});

fn this(v: &Value) -> &Array {
    // SAFETY: called with arrays only.
    unsafe { v.cast_unchecked::<Array>() }
}
fn length(v: Value) -> PyResult<usize> {
    Ok(this(&v).len())
}
fn size_of_code(code: u8) -> usize {
    if matches!(code, b'u' | b'w') { 4 } else { item_size(code).unwrap_or(1) }
}
fn make(ty: Type, code: u8, data: Vec<u8>) -> Ref {
    alloc(
        ty,
        Array {
            header: Header::new(ty),
            code,
            size: size_of_code(code),
            data: UnsafeCell::new(data),
            exports: Cell::new(0),
        },
    )
}
fn repeated(d: &[u8], n: isize) -> PyResult<Vec<u8>> {
    match d.len().checked_mul(n.max(0) as usize) {
        Some(t) if t < 1 << 40 => Ok(d.repeat(n.max(0) as usize)),
        _ => err!(MemoryError, ""),
    }
}

impl Array {
    /// Not to be kept across anything that may run Python code.
    fn data(&self) -> &Vec<u8> {
        // SAFETY: see above.
        unsafe { &*self.data.get() }
    }
    /// As `data`.
    fn data_mut(&self) -> &mut Vec<u8> {
        // SAFETY: see above.
        unsafe { &mut *self.data.get() }
    }
    fn len(&self) -> usize {
        self.data().len() / self.size
    }
    fn resizable(&self) -> PyResult<&mut Vec<u8>> {
        if self.exports.get() > 0 {
            return err!(BufferError, "cannot resize an array that is exporting buffers");
        }
        Ok(self.data_mut())
    }
    fn value(&self, d: &[u8]) -> Ref {
        if matches!(self.code, b'u' | b'w') {
            return strings::from_char(u32::from_ne_bytes([d[0], d[1], d[2], d[3]]).min(0x10ffff));
        }
        unpack(self.code, d)
    }
    fn at(&self, i: isize) -> PyResult {
        if i < 0 || i as usize >= self.len() {
            return err!(IndexError, "array index out of range");
        }
        let at = i as usize * self.size;
        Ok(self.value(&self.data()[at..at + self.size]))
    }
    fn text(&self) -> Ref {
        let mut out = StrBuilder::new();
        for c in self.data().chunks(4) {
            out.push(u32::from_ne_bytes([c[0], c[1], c[2], c[3]]).min(0x10ffff));
        }
        out.finish()
    }
    /// Packs one value.
    fn store(&self, v: Value, out: &mut [u8]) -> PyResult<()> {
        match self.code {
            b'u' | b'w' => match strings::as_str(&v) {
                Some(s) if s.len() == 1 => {
                    out[..4].copy_from_slice(&s.at(0).to_ne_bytes());
                    Ok(())
                }
                Some(s) => err!(TypeError, "array item must be a string of length 1, not {}", s.len()),
                None => err!(TypeError, "array item must be a unicode character, not {}", v.type_name()),
            },
            b'f' | b'd' => {
                let f = float::to_f64(v)?;
                pack(self.code, *float::from_f64(f), out)
            }
            c => {
                if float::as_float(v).is_some() {
                    return err!(TypeError, "'float' object cannot be interpreted as an integer");
                }
                let i = protocol::index(v)?;
                let negative = int::as_int(&i).is_some_and(|i| i.is_negative());
                match pack(c, *i, out) {
                    Ok(()) => Ok(()),
                    Err(e) => {
                        if !taipan_objects::err::clear_if(&exceptions::ValueError) {
                            return Err(e);
                        }
                        let which = if negative { "less than minimum" } else { "greater than maximum" };
                        match c {
                            b'b' => err!(OverflowError, "signed char is {which}"),
                            b'B' => err!(OverflowError, "unsigned byte integer is {which}"),
                            b'h' => err!(OverflowError, "signed short integer is {which}"),
                            b'H' => err!(OverflowError, "unsigned short is {which}"),
                            b'i' => err!(OverflowError, "signed integer is {which}"),
                            b'I' if !negative => err!(OverflowError, "unsigned int is {which}"),
                            b'l' => err!(OverflowError, "Python int too large to convert to C long"),
                            b'q' => err!(OverflowError, "int too big to convert"),
                            b'L' if !negative => {
                                err!(OverflowError, "Python int too large to convert to C unsigned long")
                            }
                            b'Q' if !negative => err!(OverflowError, "int too big to convert"),
                            _ => err!(OverflowError, "can't convert negative value to unsigned int"),
                        }
                    }
                }
            }
        }
    }
}

fn new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static SIGNATURE: Signature = Signature::new("array(typecode, initializer=(), /)");
    SIGNATURE.bind(args, kwnames, |a| {
        let code = match strings::as_str(&a[0]) {
            Some(s) if s.len() == 1 => s.at(0),
            Some(s) => {
                return err!(
                    TypeError,
                    "array() argument 1 must be a unicode character, not a string of length {}",
                    s.len()
                );
            }
            None => {
                return err!(TypeError, "array() argument 1 must be a unicode character, not {}", a[0].type_name());
            }
        };
        if code > 127 || !CODES.contains(code as u8 as char) {
            return err!(
                ValueError,
                "bad typecode (must be b, B, u, w, h, H, i, I, l, L, q, Q, f or d)"
            );
        }
        let code = code as u8;
        if code == b'u' {
            (taipan_objects::vm::hooks().warn)(
                &exceptions::DeprecationWarning,
                "The 'u' type code is deprecated and will be removed in Python 3.16",
                1,
            )?;
        }
        let out = make(ty, code, Vec::new());
        let x = this(&out);
        let initial = a[1];
        if initial.is_null() {
            return Ok(out);
        }
        let is_text = matches!(code, b'u' | b'w');
        if strings::is_str(initial) {
            if !is_text {
                return err!(TypeError, "cannot use a str to initialize an array with typecode '{}'", code as char);
            }
            x.data_mut().extend(expect(initial).data().iter().flat_map(|c| c.to_ne_bytes()));
        } else if let Some(other) = initial.cast::<Array>()
            && (matches!(other.code, b'u' | b'w')) != is_text
        {
            if matches!(other.code, b'u' | b'w') {
                return err!(
                    TypeError,
                    "cannot use a unicode array to initialize an array with typecode '{}'",
                    code as char
                );
            }
            extend(x, initial)?;
        } else if bytes::is_bytes(initial) || initial.ty().full_name() == "bytearray" {
            let d = buffer::to_vec(initial)?;
            add_bytes(x, &d)?;
        } else {
            extend(x, initial)?;
        }
        Ok(out)
    })
}

fn add_bytes(x: &Array, d: &[u8]) -> PyResult<()> {
    if d.len() % x.size != 0 {
        return err!(ValueError, "bytes length not a multiple of item size");
    }
    x.resizable()?.extend_from_slice(d);
    Ok(())
}
fn extend_array(x: &Array, y: &Array) -> PyResult<()> {
    if x.code != y.code {
        return err!(TypeError, "can only extend with array of same kind");
    }
    let d = y.data().clone();
    x.resizable()?.extend(d);
    Ok(())
}
fn extend(x: &Array, items: Value) -> PyResult<()> {
    if let Some(y) = items.cast::<Array>()
        && x.code == y.code
    {
        return extend_array(x, y);
    }
    protocol::for_each(items, |v| {
        let mut item = [0; 8];
        x.store(*v, &mut item)?;
        x.resizable()?.extend_from_slice(&item[..x.size]);
        Ok(())
    })
}
fn position(v: Value, wanted: Value, start: usize, stop: usize) -> PyResult<Option<usize>> {
    let mut i = start;
    while i < stop && i < this(&v).len() {
        let x = this(&v).at(i as isize)?;
        if protocol::eq(*x, wanted)? {
            return Ok(Some(i));
        }
        i += 1;
    }
    Ok(None)
}

fn repr(v: Value) -> PyResult {
    let x = this(&v);
    let name = v.ty().name().rsplit('.').next().unwrap_or("array");
    let code = x.code as char;
    if x.len() == 0 {
        return Ok(strings::new_str(&format!("{name}('{code}')")));
    }
    let inner = if matches!(x.code, b'u' | b'w') {
        x.text()
    } else {
        list::new_list(x.data().chunks(x.size).map(|c| x.value(c)).collect())
    };
    let r = protocol::repr(*inner)?;
    let mut out = StrBuilder::new();
    out.push_str(&format!("{name}('{code}', "));
    out.push_pystr(expect(*r));
    out.push_str(")");
    Ok(out.finish())
}

fn richcompare(a: Value, b: Value, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.cast::<Array>(), b.cast::<Array>()) else { return Ok(Ref::NOT_IMPLEMENTED) };
    if x.len() != y.len() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Ref::bool(op == CompareOp::Ne));
    }
    let mut i = 0;
    while i < x.len() && i < y.len() {
        let (p, q) = (x.at(i as isize)?, y.at(i as isize)?);
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

fn index_of(key: Value, len: usize) -> PyResult<isize> {
    let i = match int::to_isize(key) {
        Ok(i) => i,
        Err(e) => {
            if taipan_objects::err::clear_if(&exceptions::OverflowError) {
                return err!(IndexError, "cannot fit '{}' into an index-sized integer", key.type_name());
            }
            return Err(e);
        }
    };
    Ok(if i < 0 { i + len as isize } else { i })
}

fn subscript(v: Value, key: Value) -> PyResult {
    let x = this(&v);
    if key.is_small_int() || key.ty().slots().index.is_some() {
        let i = index_of(key, x.len())?;
        return x.at(i);
    }
    match slice_args::range(key, x.len())? {
        Some(r) => {
            let d = x.data();
            let out = r.indices().flat_map(|i| d[i * x.size..(i + 1) * x.size].iter().copied()).collect();
            Ok(make(&ARRAY_TYPE, x.code, out))
        }
        None => err!(TypeError, "array indices must be integers"),
    }
}

fn assign(x: &Array, i: isize, value: Value) -> PyResult<()> {
    let check = |x: &Array| {
        if i < 0 || i as usize >= x.len() {
            err!(IndexError, "array assignment index out of range")
        } else {
            Ok(i as usize * x.size)
        }
    };
    let at = check(x)?;
    if value.is_null() {
        x.resizable()?.drain(at..at + x.size);
        return Ok(());
    }
    let mut item = [0; 8];
    x.store(value, &mut item)?;
    // Converting the value may have changed the array.
    let at = check(x)?;
    x.data_mut()[at..at + x.size].copy_from_slice(&item[..x.size]);
    Ok(())
}

fn ass_subscript(v: Value, key: Value, value: Value) -> PyResult<()> {
    let x = this(&v);
    if key.is_small_int() || key.ty().slots().index.is_some() {
        let i = index_of(key, x.len())?;
        return assign(x, i, value);
    }
    let new: Vec<u8> = if value.is_null() {
        Vec::new()
    } else {
        match value.cast::<Array>() {
            Some(y) if y.code == x.code => y.data().clone(),
            Some(_) => return err!(TypeError, "bad argument type for built-in operation"),
            None => return err!(TypeError, "can only assign array (not \"{}\") to array slice", value.type_name()),
        }
    };
    let Some(r) = slice_args::range(key, x.len())? else {
        return err!(TypeError, "array indices must be integers");
    };
    let n = new.len() / x.size;
    if r.step == 1 {
        let (from, to) = (r.start * x.size, (r.start + r.count) * x.size);
        if n == r.count {
            x.data_mut()[from..to].copy_from_slice(&new);
        } else {
            x.resizable()?.splice(from..to, new);
        }
        return Ok(());
    }
    if n == 0 {
        let gone: Vec<usize> = r.indices().collect();
        let kept: Vec<u8> = x
            .data()
            .chunks(x.size)
            .enumerate()
            .filter(|(i, _)| !gone.contains(i))
            .flat_map(|(_, c)| c.iter().copied())
            .collect();
        *x.resizable()? = kept;
        return Ok(());
    }
    if n != r.count {
        return err!(ValueError, "attempt to assign array of size {n} to extended slice of size {}", r.count);
    }
    for (i, c) in r.indices().zip(new.chunks(x.size)) {
        x.data_mut()[i * x.size..(i + 1) * x.size].copy_from_slice(c);
    }
    Ok(())
}

/// The number by which pickles name the layout of the items.
fn machine_format(code: u8) -> i64 {
    match code {
        b'B' => 0,
        b'b' => 1,
        b'H' => 2,
        b'h' => 4,
        b'I' => 6,
        b'i' => 8,
        b'L' | b'Q' => 10,
        b'l' | b'q' => 12,
        b'f' => 14,
        b'd' => 16,
        _ => 20,
    }
}

fn reconstruct(a: &[Value]) -> PyResult {
    let Some(ty) = taipan_objects::typeobject::as_type(a[0]) else {
        return err!(TypeError, "first argument must be a type object, not {}", a[0].type_name());
    };
    if !ty.is_subtype(&ARRAY_TYPE) {
        return err!(TypeError, "{} is not a subtype of array.array", ty.full_name());
    }
    let format = int::to_i64(a[2])?;
    let Some(d) = bytes::as_bytes(&a[3]) else {
        return err!(TypeError, "fourth argument should be bytes, not {}", a[3].type_name());
    };
    if !(0..=21).contains(&format) {
        return err!(ValueError, "third argument must be a valid machine format code.");
    }
    let code = strings::to_text(a[1], "typecode")?;
    let Some(code) = code.bytes().next().filter(|c| CODES.contains(*c as char)) else {
        return err!(ValueError, "second argument must be a valid type code");
    };
    if format == machine_format(code) {
        if d.len() % size_of_code(code) != 0 {
            return err!(ValueError, "bytes length not a multiple of item size");
        }
        return Ok(make(ty, code, d.to_vec()));
    }
    // Another layout: big-endian is the odd one of each pair.
    if format < 18 && format >= 2 && format % 2 == 1 {
        let size = size_of_code(code);
        let swapped = d.chunks(size).flat_map(|c| c.iter().rev().copied()).collect();
        return Ok(make(ty, code, swapped));
    }
    taipan_objects::err::missing("this machine format of an array")
}

/// An iterator over an array.
#[repr(C)]
pub struct ArrayIterator {
    header: Header,
    array: Slot,
    index: Cell<usize>,
}
taipan_objects::object_impl!(ArrayIterator, ITERATOR_TYPE);
static ITERATOR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "array.arrayiterator",
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        iter: Some(|v| Ok(v.to_ref())),
        iternext: Some(|v| {
            let Some(it) = v.cast::<ArrayIterator>() else { return Ok(None) };
            let array = it.array.get();
            if array.is_null() {
                return Ok(None);
            }
            let i = it.index.get();
            if i >= this(&array).len() {
                drop(it.array.take());
                return Ok(None);
            }
            it.index.set(i + 1);
            this(&array).at(i as isize).map(Some)
        }),
        ..Slots::of::<ArrayIterator>()
    },
    methods: &[
        MethodDef::new("__reduce__($self, /)", "State for pickling.", |a| {
            let builtins = (taipan_objects::vm::hooks().import)("builtins")?;
            let f = protocol::getattr_str(*builtins, "iter")?;
            let Some(it) = a[0].cast::<ArrayIterator>() else { return Ok(Ref::NONE) };
            if it.array.is_null() {
                return Ok(tuple::of([f, tuple::of([tuple::empty()])]));
            }
            Ok(tuple::of([f, tuple::of([it.array.get_ref()]), int::from_usize(it.index.get())]))
        }),
        MethodDef::new("__setstate__($self, state, /)", "Sets the position when unpickling.", |a| {
            let i = int::to_isize(a[1])?.max(0) as usize;
            if let Some(it) = a[0].cast::<ArrayIterator>()
                && !it.array.is_null()
            {
                let array = it.array.get();
                it.index.set(i.min(this(&array).len()));
            }
            Ok(Ref::NONE)
        }),
    ],
    ..TypeSpec::of::<ArrayIterator>()
});
