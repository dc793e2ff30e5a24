//! `bytearray`.

use crate::buffer::Buffer;
use crate::bytes_methods::{
    PyByteArrayIterator, argument, byte_value, count_argument, data, from_iterable, initial,
    length, position, repeated, repr_text, shared_methods,
};
use crate::err::PyResult;
use crate::native::{MethodDef, Signature};
use crate::object::{Header, alloc};
use crate::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Value};
use crate::{bytes, bytes_find, err, int, protocol, strings, tuple};
use std::cell::{Cell, UnsafeCell};

/// A bytearray. While `exports` is not zero, its memory stays where it is.
#[repr(C)]
pub struct PyByteArray {
    pub header: Header,
    data: UnsafeCell<Vec<u8>>,
    exports: Cell<usize>,
}
crate::object_impl!(PyByteArray, BYTEARRAY_TYPE);

impl PyByteArray {
    /// Not to be kept across anything that may run Python code.
    #[inline(always)]
    pub fn data(&self) -> &Vec<u8> {
        // SAFETY: see above.
        unsafe { &*self.data.get() }
    }
    /// As `data`; the length may change only after `check_exports`.
    #[inline(always)]
    pub fn data_mut(&self) -> &mut Vec<u8> {
        // SAFETY: see above.
        unsafe { &mut *self.data.get() }
    }
    /// BufferError if somebody looks at the memory.
    pub fn check_exports(&self) -> PyResult<()> {
        if self.exports.get() > 0 {
            return err!(
                BufferError,
                "Existing exports of data: object cannot be re-sized"
            );
        }
        Ok(())
    }
    /// The content, to change its length.
    fn resizable(&self) -> PyResult<&mut Vec<u8>> {
        self.check_exports()?;
        Ok(self.data_mut())
    }
}

pub static BYTEARRAY_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "bytearray",
    doc: "bytearray(iterable_of_ints) -> bytearray\nbytearray(string, encoding[, errors]) -> bytearray\nbytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer\nbytearray(int) -> bytes array of size given by the parameter initialized with null bytes\nbytearray() -> empty bytes array",
    flags: TypeFlags::BASETYPE | TypeFlags::MATCH_SELF,
    slots: Slots {
        repr: Some(repr),
        str: Some(repr),
        hash: Some(protocol::hash_not_implemented),
        richcompare: Some(richcompare),
        iter: Some(PyByteArrayIterator::make),
        new: Some(new),
        init: Some(init),
        remainder: Some(remainder),
        length: Some(length),
        concat: Some(concat),
        repeat: Some(repeat),
        item: Some(item),
        ass_item: Some(ass_item),
        contains: Some(bytes_find::contains),
        inplace_concat: Some(inplace_concat),
        inplace_repeat: Some(inplace_repeat),
        map_length: Some(length),
        subscript: Some(subscript),
        ass_subscript: Some(ass_subscript),
        get_buffer: Some(get_buffer),
        release_buffer: Some(release_buffer),
        ..Slots::of::<PyByteArray>()
    },
    methods: shared_methods![
        MethodDef::new("append($self, item, /)", "Adds a byte at the end.", append),
        MethodDef::new("clear($self, /)", "Removes everything.", clear),
        MethodDef::new("copy($self, /)", "A copy.", |a| Ok(from_vec(
            data(&a[0]).to_vec()
        ))),
        MethodDef::new(
            "extend($self, iterable_of_ints, /)",
            "Adds the bytes of an iterable at the end.",
            extend
        ),
        MethodDef::new(
            "insert($self, index, item, /)",
            "Inserts a byte before a position.",
            insert
        ),
        MethodDef::new(
            "pop($self, index=-1, /)",
            "Removes and returns a byte.",
            pop
        ),
        MethodDef::new(
            "remove($self, value, /)",
            "Removes the first byte with a value.",
            remove
        ),
        MethodDef::new(
            "resize($self, size, /)",
            "Changes the length; new bytes are zero.",
            resize
        ),
        MethodDef::new(
            "reverse($self, /)",
            "Reverses the order of the bytes in place.",
            |a| {
                expect(&a[0]).data_mut().reverse();
                Ok(Ref::NONE)
            }
        ),
        MethodDef::new("__alloc__($self, /)", "Bytes of memory in use.", |a| {
            let d = expect(&a[0]).data();
            Ok(int::from_usize(if d.capacity() == 0 {
                0
            } else {
                d.capacity() + 1
            }))
        }),
        MethodDef::new("__reduce__($self, /)", "State for pickling.", |a| reduce(
            a[0], 2
        )),
        MethodDef::new(
            "__reduce_ex__($self, proto=0, /)",
            "State for pickling.",
            |a| {
                let proto = if a[1].is_null() {
                    0
                } else {
                    int::to_i32(a[1])?
                };
                reduce(a[0], proto)
            }
        ),
        MethodDef::new("__sizeof__($self, /)", "Size in memory, in bytes.", |a| {
            let d = expect(&a[0]).data();
            Ok(int::from_usize(
                56 + if d.capacity() == 0 {
                    0
                } else {
                    d.capacity() + 1
                },
            ))
        }),
    ],
    ..TypeSpec::of::<PyByteArray>()
});

pub fn from_vec(v: Vec<u8>) -> Ref {
    of_type(&BYTEARRAY_TYPE, v)
}
fn of_type(ty: Type, v: Vec<u8>) -> Ref {
    alloc(
        ty,
        PyByteArray {
            header: Header::new(ty),
            data: UnsafeCell::new(v),
            exports: Cell::new(0),
        },
    )
}
fn expect(v: &Value) -> &PyByteArray {
    // SAFETY: called with bytearrays only.
    unsafe { v.cast_unchecked::<PyByteArray>() }
}

const RANGE: &str = "byte must be in range(0, 256)";

fn new(ty: Type, _args: &[Value], _kwnames: Value) -> PyResult {
    Ok(of_type(ty, Vec::new()))
}
fn init(this: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    static SIGNATURE: Signature =
        Signature::new("bytearray(source=b'', encoding='utf-8', errors='strict')");
    SIGNATURE.bind(args, kwnames, |a| {
        let content =
            if a[1].is_null() && a[2].is_null() && !a[0].is_null() && !strings::is_str(a[0]) {
                if let Some(n) = count_argument(a[0])? {
                    vec![0; n]
                } else if a[0].ty().slots().get_buffer.is_some() {
                    crate::buffer::to_vec(a[0])?
                } else {
                    from_iterable(a[0], "bytearray", RANGE)?
                }
            } else {
                initial(a)?
            };
        let b = expect(&this);
        if content.len() != b.data().len() {
            b.check_exports()?;
        }
        *b.data_mut() = content;
        Ok(())
    })
}

fn repr(v: Value) -> PyResult {
    // An apostrophe is escaped whatever the quotes are.
    let text = repr_text(data(&v));
    let text = if text.starts_with("b\"") {
        text.replace('\'', "\\'")
    } else {
        text
    };
    Ok(strings::new_str(&format!("{}({text})", v.type_name())))
}
fn richcompare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if a.ty().slots().get_buffer.is_none()
        || b.ty().slots().get_buffer.is_none()
        || strings::is_str(b)
    {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let (x, y) = (crate::buffer::to_vec(a)?, crate::buffer::to_vec(b)?);
    Ok(Ref::bool(op.test(x.cmp(&y))))
}
fn remainder(a: Value, b: Value) -> PyResult {
    if !a.is_a::<PyByteArray>() {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let format = data(&a).to_vec();
    Ok(from_vec(crate::printf::format_bytes(&format, b)?))
}
fn concat(a: Value, b: Value) -> PyResult {
    if b.ty().slots().get_buffer.is_none() {
        return err!(
            TypeError,
            "can't concat {} to {}",
            b.type_name(),
            a.type_name()
        );
    }
    let other = argument(b)?;
    Ok(from_vec([data(&a), &other].concat()))
}
fn inplace_concat(a: Value, b: Value) -> PyResult {
    if b.ty().slots().get_buffer.is_none() {
        return err!(
            TypeError,
            "can't concat {} to {}",
            b.type_name(),
            a.type_name()
        );
    }
    let other = argument(b)?;
    if !other.is_empty() {
        expect(&a).resizable()?.extend_from_slice(&other);
    }
    Ok(a.to_ref())
}
fn repeat(v: Value, n: isize) -> PyResult {
    Ok(from_vec(repeated(data(&v), n, "bytes")?))
}
fn inplace_repeat(v: Value, n: isize) -> PyResult {
    if n != 1 {
        let out = repeated(data(&v), n, "bytes")?;
        *expect(&v).resizable()? = out;
    }
    Ok(v.to_ref())
}
fn item(v: Value, i: isize) -> PyResult {
    match data(&v).get(i as usize) {
        Some(c) if i >= 0 => Ok(int::from_i64(*c as i64)),
        _ => err!(IndexError, "bytearray index out of range"),
    }
}
fn subscript(v: Value, key: Value) -> PyResult {
    let d = data(&v);
    if key.is_small_int() || key.ty().slots().index.is_some() {
        return item(v, position(key, d.len())?);
    }
    match crate::slice_args::range(key, d.len())? {
        Some(r) => {
            let d = data(&v);
            Ok(from_vec(
                r.indices().filter_map(|i| d.get(i).copied()).collect(),
            ))
        }
        None => err!(
            TypeError,
            "bytearray indices must be integers or slices, not {}",
            key.type_name()
        ),
    }
}
fn ass_item(v: Value, i: isize, value: Value) -> PyResult<()> {
    let b = expect(&v);
    if value.is_null() {
        if i < 0 || i as usize >= b.data().len() {
            return err!(IndexError, "bytearray index out of range");
        }
        b.resizable()?.remove(i as usize);
        return Ok(());
    }
    let c = byte_value(value, RANGE)?;
    match b.data_mut().get_mut(i as usize) {
        Some(at) if i >= 0 => {
            *at = c;
            Ok(())
        }
        _ => err!(IndexError, "bytearray index out of range"),
    }
}
fn ass_subscript(v: Value, key: Value, value: Value) -> PyResult<()> {
    if key.is_small_int() || key.ty().slots().index.is_some() {
        return ass_item(v, position(key, data(&v).len())?, value);
    }
    let b = expect(&v);
    if crate::slice::as_slice(&key).is_none() {
        return err!(
            TypeError,
            "bytearray indices must be integers or slices, not {}",
            key.type_name()
        );
    }
    let new: Vec<u8> = if value.is_null() {
        Vec::new()
    } else if value.ty().slots().get_buffer.is_some() {
        crate::buffer::to_vec(value)?
    } else if int::is_int(value) || strings::is_str(value) {
        return err!(
            TypeError,
            "can assign only bytes, buffers, or iterables of ints in range(0, 256)"
        );
    } else {
        from_iterable(value, "bytearray", RANGE)?
    };
    let Some(r) = crate::slice_args::range(key, b.data().len())? else {
        return Ok(());
    };
    if r.step == 1 {
        if new.len() != r.count {
            b.check_exports()?;
            b.data_mut().splice(r.start..r.start + r.count, new);
        } else {
            b.data_mut()[r.start..r.start + r.count].copy_from_slice(&new);
        }
        return Ok(());
    }
    if new.is_empty() {
        if r.count == 0 {
            return Ok(());
        }
        let d = b.resizable()?;
        let mut gone: Vec<usize> = r.indices().collect();
        gone.sort_unstable();
        let mut at = 0;
        let mut next = gone.into_iter().peekable();
        d.retain(|_| {
            let drop = next.peek() == Some(&at);
            if drop {
                next.next();
            }
            at += 1;
            !drop
        });
        return Ok(());
    }
    if new.len() != r.count {
        return err!(
            ValueError,
            "attempt to assign bytes of size {} to extended slice of size {}",
            new.len(),
            r.count
        );
    }
    let d = b.data_mut();
    for (i, c) in r.indices().zip(new) {
        d[i] = c;
    }
    Ok(())
}
fn get_buffer(v: Value, _flags: u32) -> PyResult<Buffer> {
    let b = expect(&v);
    b.exports.set(b.exports.get() + 1);
    let d = b.data_mut();
    Ok(Buffer::of_bytes(v, d.as_mut_ptr(), d.len(), false))
}
fn release_buffer(v: Value, _buffer: &Buffer) {
    let b = expect(&v);
    b.exports.set(b.exports.get().saturating_sub(1));
}

fn append(a: &[Value]) -> PyResult {
    let c = byte_value(a[1], RANGE)?;
    expect(&a[0]).resizable()?.push(c);
    Ok(Ref::NONE)
}
fn clear(a: &[Value]) -> PyResult {
    *expect(&a[0]).resizable()? = Vec::new();
    Ok(Ref::NONE)
}
fn extend(a: &[Value]) -> PyResult {
    let more = if a[1].ty().slots().get_buffer.is_some() {
        crate::buffer::to_vec(a[1])?
    } else {
        if a[1].ty().slots().iter.is_none() && a[1].ty().slots().item.is_none() {
            return err!(
                TypeError,
                "can't extend bytearray with {}",
                a[1].type_name()
            );
        }
        if strings::is_str(a[1]) {
            return err!(TypeError, "expected iterable of integers; got: 'str'");
        }
        from_iterable(a[1], "bytearray", RANGE)?
    };
    if !more.is_empty() {
        expect(&a[0]).resizable()?.extend_from_slice(&more);
    }
    Ok(Ref::NONE)
}
fn insert(a: &[Value]) -> PyResult {
    let i = int::to_isize(a[1])?;
    let c = byte_value(a[2], RANGE)?;
    let d = expect(&a[0]).resizable()?;
    let n = d.len() as isize;
    let at = if i < 0 { (i + n).max(0) } else { i.min(n) };
    d.insert(at as usize, c);
    Ok(Ref::NONE)
}
fn pop(a: &[Value]) -> PyResult {
    let i = if a[1].is_null() {
        -1
    } else {
        int::to_isize(a[1])?
    };
    let b = expect(&a[0]);
    let n = b.data().len() as isize;
    if n == 0 {
        return err!(IndexError, "pop from empty bytearray");
    }
    let at = if i < 0 { i + n } else { i };
    if at < 0 || at >= n {
        return err!(IndexError, "pop index out of range");
    }
    Ok(int::from_i64(b.resizable()?.remove(at as usize) as i64))
}
fn remove(a: &[Value]) -> PyResult {
    let c = byte_value(a[1], RANGE)?;
    let b = expect(&a[0]);
    match b.data().iter().position(|x| *x == c) {
        Some(i) => {
            b.resizable()?.remove(i);
            Ok(Ref::NONE)
        }
        None => err!(ValueError, "value not found in bytearray"),
    }
}
fn resize(a: &[Value]) -> PyResult {
    let n = int::to_isize(a[1])?;
    if n < 0 {
        return err!(
            ValueError,
            "bytearray.resize(): new size must be >= 0, got {n}"
        );
    }
    let b = expect(&a[0]);
    if n as usize != b.data().len() {
        if n > 1 << 40 {
            return err!(MemoryError, "");
        }
        b.resizable()?.resize(n as usize, 0);
    }
    Ok(Ref::NONE)
}
fn reduce(v: Value, protocol_version: i32) -> PyResult {
    let state = protocol::getattr_opt(v, *strings::intern_str("__dict__"))?.unwrap_or(Ref::NONE);
    let ty = v.ty().to_ref();
    let d = data(&v);
    let args = if protocol_version < 3 {
        if d.is_empty() {
            tuple::empty()
        } else {
            tuple::of([strings::new_latin1(d), strings::new_str("latin-1")])
        }
    } else if d.is_empty() {
        tuple::empty()
    } else {
        tuple::of([bytes::new_bytes(d)])
    };
    Ok(tuple::of([ty, args, state]))
}
