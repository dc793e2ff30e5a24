//! `BytesIO`: a stream of bytes in memory.

use super::base::{BUFFERED_IO_BASE_TYPE, FLAGS, restore_dict, state_dict};
use super::{c_int_arg, find_byte, size_arg, tp_name, value_error};
use std::cell::{Cell, UnsafeCell};
use taipan_objects::buffer::Buffer;
use taipan_objects::err::PyResult;
use taipan_objects::native::{GetSetDef, MethodDef, Signature};
use taipan_objects::object::{Header, alloc, instance, new_object};
use taipan_objects::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{buffer, bytes, err, exceptions, int, list, memoryview, native_class, object_impl, protocol, tuple};

/// Bytes with a position.
#[repr(C)]
pub struct BytesIo {
    header: Header,
    data: UnsafeCell<Vec<u8>>,
    pos: Cell<usize>,
    closed: Cell<bool>,
    /// Views of the memory; while there are any, it stays where it is.
    exports: Cell<usize>,
}
object_impl!(BytesIo, BYTES_IO_TYPE);

fn stream(v: Value) -> &'static BytesIo {
    instance::<BytesIo>(v)
}

impl BytesIo {
    /// Not to be kept across anything that may run Python code.
    #[allow(clippy::mut_from_ref)]
    fn data(&self) -> &mut Vec<u8> {
        // SAFETY: see above.
        unsafe { &mut *self.data.get() }
    }
    fn check_open(&self) -> PyResult<()> {
        if self.closed.get() { Err(value_error("I/O operation on closed file.")) } else { Ok(()) }
    }
    fn check_exports(&self) -> PyResult<()> {
        if self.exports.get() > 0 {
            return err!(BufferError, "Existing exports of data: object cannot be re-sized");
        }
        Ok(())
    }
    /// The next `n` bytes or fewer; negative: all.
    fn take(&self, n: i64) -> &[u8] {
        let data = self.data();
        let from = self.pos.get().min(data.len());
        let rest = data.len() - from;
        let n = if n < 0 || n as u64 > rest as u64 { rest } else { n as usize };
        if n > 0 || self.pos.get() <= data.len() {
            self.pos.set(from + n);
        }
        &data[from..from + n]
    }
    fn line(&self, limit: i64) -> &[u8] {
        let data = self.data();
        let from = self.pos.get();
        if from >= data.len() {
            return &[];
        }
        let mut n = find_byte(&data[from..], b'\n').map_or(data.len() - from, |i| i + 1);
        if limit >= 0 {
            n = n.min(limit as usize);
        }
        self.pos.set(from + n);
        &data[from..from + n]
    }
    fn write(&self, new: &[u8]) -> PyResult<()> {
        self.check_open()?;
        self.check_exports()?;
        if new.is_empty() {
            return Ok(());
        }
        let (data, at) = (self.data(), self.pos.get());
        let Some(end) = at.checked_add(new.len()).filter(|e| *e <= isize::MAX as usize) else {
            return err!(OverflowError, "new buffer size too large");
        };
        if at == data.len() {
            data.extend_from_slice(new);
        } else {
            if end > data.len() {
                if data.try_reserve(end - data.len()).is_err() {
                    return Err(err::raise_with(&exceptions::MemoryError, &[]));
                }
                data.resize(end, 0);
            }
            data[at..end].copy_from_slice(new);
        }
        self.pos.set(end);
        Ok(())
    }
}

fn new(ty: Type, _args: &[Value], _kwnames: Value) -> PyResult {
    Ok(alloc(
        ty,
        BytesIo {
            header: Header::new(ty),
            data: UnsafeCell::new(Vec::new()),
            pos: Cell::new(0),
            closed: Cell::new(false),
            exports: Cell::new(0),
        },
    ))
}
fn init(v: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    static S: Signature = Signature::new("BytesIO(initial_bytes=b'')");
    S.bind(args, kwnames, |a| {
        let this = stream(v);
        this.check_exports()?;
        let content = if a[0].is_none_or_null() { Vec::new() } else { buffer::to_vec(a[0])? };
        this.check_exports()?;
        *this.data() = content;
        this.pos.set(0);
        Ok(())
    })
}

fn open(v: Value) -> PyResult<&'static BytesIo> {
    let this = stream(v);
    this.check_open()?;
    Ok(this)
}
fn iter_self(v: Value) -> PyResult {
    open(v)?;
    Ok(v.to_ref())
}
fn iter_next(v: Value) -> PyResult<Option<Ref>> {
    let line = open(v)?.line(-1);
    Ok(if line.is_empty() { None } else { Some(bytes::new_bytes(line)) })
}
fn read(a: &[Value]) -> PyResult {
    let n = size_arg(a[1])?;
    Ok(bytes::new_bytes(open(a[0])?.take(n)))
}
fn readline(a: &[Value]) -> PyResult {
    let n = size_arg(a[1])?;
    Ok(bytes::new_bytes(open(a[0])?.line(n)))
}
fn readlines(a: &[Value]) -> PyResult {
    let this = open(a[0])?;
    let max = if a[1].is_none_or_null() {
        0
    } else if a[1].ty().slots().index.is_some() {
        super::index_i64(a[1])?
    } else {
        return err!(TypeError, "integer argument expected, got '{}'", tp_name(a[1]));
    };
    let lines = list::new_list(vec![]);
    let mut size = 0;
    loop {
        let line = this.line(-1);
        if line.is_empty() {
            break;
        }
        size += line.len() as i64;
        list::append(*lines, bytes::new_bytes(line));
        if max > 0 && size >= max {
            break;
        }
    }
    Ok(lines)
}
fn readinto(a: &[Value]) -> PyResult {
    let b = super::fileio::target(a[1], "readinto")?;
    let this = open(a[0])?;
    let from = this.pos.get().min(this.data().len());
    let n = b.len.min(this.data().len() - from);
    // SAFETY: the target is held; it may be a view of this very stream.
    unsafe { std::ptr::copy(this.data().as_ptr().add(from), b.ptr, n) };
    if n > 0 {
        this.pos.set(from + n);
    }
    Ok(int::from_usize(n))
}
fn write(a: &[Value]) -> PyResult {
    if let Some(d) = bytes::as_bytes(&a[1]) {
        stream(a[0]).write(d)?;
        return Ok(int::from_usize(d.len()));
    }
    open(a[0])?.check_exports()?;
    let data = buffer::to_vec(a[1])?;
    stream(a[0]).write(&data)?;
    Ok(int::from_usize(data.len()))
}
fn writelines(a: &[Value]) -> PyResult {
    open(a[0])?;
    let it = protocol::iter(a[1])?;
    while let Some(line) = protocol::next(*it)? {
        write(&[a[0], *line])?;
    }
    Ok(Ref::NONE)
}
fn seek(a: &[Value]) -> PyResult {
    let this = open(a[0])?;
    let to = super::index_i64(a[1])?;
    let whence = c_int_arg(a[2], 0)?;
    let base = match whence {
        0 if to < 0 => return err!(ValueError, "negative seek value {to}"),
        0 => 0,
        1 => this.pos.get() as i64,
        2 => this.data().len() as i64,
        _ => return err!(ValueError, "invalid whence ({whence}, should be 0, 1 or 2)"),
    };
    let Some(to) = base.checked_add(to) else {
        return err!(OverflowError, "new position too large");
    };
    this.pos.set(to.max(0) as usize);
    Ok(int::from_usize(this.pos.get()))
}
fn truncate(a: &[Value]) -> PyResult {
    let this = open(a[0])?;
    this.check_exports()?;
    let size = if a[1].is_none_or_null() {
        this.pos.get()
    } else {
        let n = size_arg(a[1])?;
        if n < 0 {
            return err!(ValueError, "negative size value {n}");
        }
        n as usize
    };
    if size < this.data().len() {
        this.data().truncate(size);
    }
    Ok(int::from_usize(size))
}
fn close(a: &[Value]) -> PyResult {
    let this = stream(a[0]);
    this.check_exports()?;
    this.closed.set(true);
    *this.data() = Vec::new();
    Ok(Ref::NONE)
}
fn yes(a: &[Value]) -> PyResult {
    open(a[0])?;
    Ok(Ref::bool(true))
}
fn getbuffer(a: &[Value]) -> PyResult {
    open(a[0])?;
    let v = new_object(View { header: Header::new(&BYTES_IO_BUFFER_TYPE), source: Slot::new(a[0].to_ref()) });
    memoryview::of(*v)
}
fn getstate(a: &[Value]) -> PyResult {
    let this = open(a[0])?;
    let content = bytes::new_bytes(this.data());
    Ok(tuple::of([content, int::from_usize(this.pos.get()), state_dict(a[0])]))
}
fn setstate(a: &[Value]) -> PyResult {
    let state = a[1];
    if !tuple::is_tuple(state) || tuple::as_slice(state).len() < 3 {
        return err!(TypeError, "{}.__setstate__ argument should be 3-tuple, got {}", tp_name(a[0]), tp_name(state));
    }
    let items = tuple::as_slice(state);
    let this = stream(a[0]);
    this.check_exports()?;
    let content = buffer::to_vec(items[0])?;
    if !int::is_int(items[1]) {
        return err!(TypeError, "second item of state must be an integer, got {}", tp_name(items[1]));
    }
    let pos = super::index_i64(items[1])?;
    if pos < 0 {
        return Err(value_error("position value cannot be negative"));
    }
    *this.data() = content;
    this.pos.set(pos as usize);
    restore_dict(a[0], items[2], "third")?;
    Ok(Ref::NONE)
}

pub static BYTES_IO_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_io.BytesIO",
    doc: "Buffered I/O implementation using an in-memory bytes buffer.",
    base: Some(&BUFFERED_IO_BASE_TYPE),
    flags: FLAGS,
    text_signature: "(initial_bytes=b'')",
    slots: Slots { new: Some(new), init: Some(init), iter: Some(iter_self), iternext: Some(iter_next), ..Slots::of::<BytesIo>() },
    methods: &[
        MethodDef::new("readable($self, /)", "True: the stream can be read.", yes),
        MethodDef::new("seekable($self, /)", "True: the stream can be positioned.", yes),
        MethodDef::new("writable($self, /)", "True: the stream can be written.", yes),
        MethodDef::new("close($self, /)", "Gives up the content.", close),
        MethodDef::new("flush($self, /)", "Does nothing.", |a| {
            open(a[0])?;
            Ok(Ref::NONE)
        }),
        MethodDef::new("isatty($self, /)", "False.", |a| {
            open(a[0])?;
            Ok(Ref::bool(false))
        }),
        MethodDef::new("tell($self, /)", "The current position.", |a| Ok(int::from_usize(open(a[0])?.pos.get()))),
        MethodDef::new("write($self, b, /)", "Writes bytes and returns their number.", write),
        MethodDef::new("writelines($self, lines, /)", "Writes the items of an iterable.", writelines),
        MethodDef::new("read1($self, size=-1, /)", "Reads up to so many bytes, or all.", read),
        MethodDef::new("readinto($self, buffer, /)", "Reads into a buffer.", readinto),
        MethodDef::new("readline($self, size=-1, /)", "Reads a line, or as many bytes of it as are asked for.", readline),
        MethodDef::new("readlines($self, size=None, /)", "A list of lines, no more once they have so many bytes.", readlines),
        MethodDef::new("read($self, size=-1, /)", "Reads up to so many bytes, or all.", read),
        MethodDef::new("getbuffer($self, /)", "A writable view of the content.", getbuffer),
        MethodDef::new("getvalue($self, /)", "A copy of the whole content.", |a| Ok(bytes::new_bytes(open(a[0])?.data()))),
        MethodDef::new("seek($self, pos, whence=0, /)", "Moves to a position and returns it.", seek),
        MethodDef::new("truncate($self, size=None, /)", "Cuts the content off at a size, or at the position.", truncate),
        MethodDef::new("__getstate__($self, /)", "State for pickling.", getstate),
        MethodDef::new("__setstate__($self, object, /)", "Takes over a pickled state.", setstate),
        MethodDef::new("__sizeof__($self, /)", "Size in memory, in bytes.", |a| {
            Ok(int::from_usize(size_of::<BytesIo>() + 32 + stream(a[0]).data().capacity()))
        }),
    ],
    getset: &[GetSetDef::ro("closed", "True if the file is closed.", |v| Ok(Ref::bool(stream(v).closed.get())))],
    ..TypeSpec::of::<BytesIo>()
});

native_class!(View, BYTES_IO_BUFFER_TYPE { source; });

fn get_buffer(v: Value, _flags: u32) -> PyResult<Buffer> {
    let source = instance::<View>(v).source.get();
    if source.is_null() {
        return Err(value_error("I/O operation on closed file."));
    }
    let s = stream(source);
    s.exports.set(s.exports.get() + 1);
    let data = s.data();
    Ok(Buffer::of_bytes(v, data.as_mut_ptr(), data.len(), false))
}
fn release_buffer(v: Value, _b: &Buffer) {
    let source = instance::<View>(v).source.get();
    if !source.is_null() {
        let s = stream(source);
        s.exports.set(s.exports.get() - 1);
    }
}

pub static BYTES_IO_BUFFER_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_io._BytesIOBuffer",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots { get_buffer: Some(get_buffer), release_buffer: Some(release_buffer), ..Slots::of::<View>() },
    ..TypeSpec::of::<View>()
});
