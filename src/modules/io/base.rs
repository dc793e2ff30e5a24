//! The abstract bases: `_IOBase`, `_RawIOBase`, `_BufferedIOBase`, `_TextIOBase`.

use super::{
    attribute_true, call_again, call0, index_i64, require_readable, require_seekable, require_writable, size_arg, unsupported,
    value_error,
};
use taipan_objects::err::PyResult;
use taipan_objects::iterators::self_iter;
use taipan_objects::names::names;
use taipan_objects::native::{GetSetDef, MethodDef};
use taipan_objects::object::Header;
use taipan_objects::object_methods::object_new;
use taipan_objects::typeobject::{Slots, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Value};
use taipan_objects::vm::{hooks, vm};
use taipan_objects::{attributes, buffer, bytearray, bytes, dict, err, exceptions, int, list, object_impl, protocol, strings};

/// Flags of all stream types.
pub(super) const FLAGS: u32 = TypeFlags::HAVE_GC | TypeFlags::MANAGED_DICT | TypeFlags::WEAKREFABLE | TypeFlags::BASETYPE;

/// Instances of the bases have nothing but attributes.
#[repr(C)]
pub struct IoBase {
    header: Header,
}
object_impl!(IoBase, IO_BASE_TYPE);

const CLOSED: &str = "I/O operation on closed file.";

/// ValueError if `closed` is true.
pub(super) fn check_closed(v: Value) -> PyResult<()> {
    if attribute_true(v, names().closed)? { Err(value_error(CLOSED)) } else { Ok(()) }
}

fn is_marked_closed(v: Value) -> PyResult<bool> {
    Ok(protocol::getattr_opt(v, names().__IOBase_closed)?.is_some())
}

/// `_IOBase.close`: flushes once and marks the stream closed.
pub(super) fn base_close(v: Value) -> PyResult<()> {
    if is_marked_closed(v)? {
        return Ok(());
    }
    let flushed = call0(v, names().flush);
    super::both(flushed, || protocol::setattr(v, names().__IOBase_closed, Value::TRUE))
}

/// `__del__` of all streams: closes what is open.
pub(super) fn finalize(v: Value) {
    let saved = vm().take_pending();
    let closed = protocol::getattr(v, names().closed).and_then(|c| protocol::is_true(*c));
    match closed {
        // An object whose state is unusable is left alone.
        Err(_) => drop(vm().take_pending()),
        Ok(true) => {}
        Ok(false) => {
            if protocol::setattr(v, names()._finalizing, Value::TRUE).is_err() {
                drop(vm().take_pending());
            }
            if call0(v, names().close).is_err() {
                let exc = vm().take_pending();
                let shown = match protocol::repr_text(v) {
                    Ok(t) => t,
                    Err(_) => {
                        drop(vm().take_pending());
                        format!("<{} object>", super::tp_name(v))
                    }
                };
                vm().set_pending(exc);
                (hooks().write_unraisable)(&format!("Exception ignored while finalizing file {shown}"), Value::NULL);
            }
        }
    }
    if !saved.is_null() {
        vm().set_pending(saved);
    }
}

fn iter_next(v: Value) -> PyResult<Option<Ref>> {
    let line = call0(v, names().readline)?;
    Ok(if protocol::len(*line)? == 0 { None } else { Some(line) })
}
fn iter_self(v: Value) -> PyResult {
    check_closed(v)?;
    self_iter(v)
}

fn readline(a: &[Value]) -> PyResult {
    let (this, limit) = (a[0], size_arg(a[1])?);
    let peek = protocol::getattr_opt(this, names().peek)?;
    let mut out: Vec<u8> = Vec::new();
    while limit < 0 || (out.len() as i64) < limit {
        let mut n = 1i64;
        if let Some(peek) = &peek {
            let ahead = loop {
                match protocol::call(**peek, &[Value::small_int(1)]) {
                    Err(_) if super::interrupted() => {}
                    r => break r?,
                }
            };
            let Some(data) = bytes::as_bytes(&ahead) else {
                return err!(OSError, "peek() should have returned a bytes object, not '{}'", super::tp_name(*ahead));
            };
            if !data.is_empty() {
                n = super::find_byte(data, b'\n').map_or(data.len(), |i| i + 1) as i64;
                if limit >= 0 {
                    n = n.min(limit - out.len() as i64);
                }
            }
        }
        let part = call_again(this, names().read, &[*int::from_i64(n)])?;
        let Some(data) = bytes::as_bytes(&part) else {
            return err!(OSError, "read() should have returned a bytes object, not '{}'", super::tp_name(*part));
        };
        if data.is_empty() {
            break;
        }
        out.extend_from_slice(data);
        if out.last() == Some(&b'\n') {
            break;
        }
    }
    Ok(bytes::from_vec(out))
}

fn readlines(a: &[Value]) -> PyResult {
    let hint = size_arg(a[1])?;
    let lines = list::new_list(vec![]);
    let it = protocol::iter(a[0])?;
    let mut total = 0i64;
    while let Some(line) = protocol::next(*it)? {
        let n = if hint > 0 { protocol::len(*line)? as i64 } else { 0 };
        list::append(*lines, line);
        total += n;
        if hint > 0 && total > hint {
            break;
        }
    }
    Ok(lines)
}

fn writelines(a: &[Value]) -> PyResult {
    check_closed(a[0])?;
    let it = protocol::iter(a[1])?;
    while let Some(line) = protocol::next(*it)? {
        call_again(a[0], names().write, &[*line])?;
    }
    Ok(Ref::NONE)
}

fn no(_: &[Value]) -> PyResult {
    Ok(Ref::bool(false))
}

pub static IO_BASE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_io._IOBase",
    doc: "The abstract base class for all I/O classes.\n\nThis class provides dummy implementations for many methods that\nderived classes can override selectively; the default implementations\nrepresent a file that cannot be read, written or seeked.",
    flags: FLAGS,
    slots: Slots {
        new: Some(object_new),
        finalize: Some(finalize),
        iter: Some(iter_self),
        iternext: Some(iter_next),
        ..Slots::of::<IoBase>()
    },
    methods: &[
        MethodDef::new("seek($self, offset, whence=os.SEEK_SET, /)", "Changes the position; unsupported here.", |_| Err(unsupported("seek"))),
        MethodDef::new("tell($self, /)", "The current position.", |a| {
            protocol::call_method(a[0], names().seek, &[Value::small_int(0), Value::small_int(1)])
        }),
        MethodDef::new("truncate($self, size=None, /)", "Changes the size; unsupported here.", |_| Err(unsupported("truncate"))),
        MethodDef::new("flush($self, /)", "Does nothing but check that the stream is open.", |a| {
            if is_marked_closed(a[0])? { Err(value_error(CLOSED)) } else { Ok(Ref::NONE) }
        }),
        MethodDef::new("close($self, /)", "Flushes and closes; has no effect on a closed stream.", |a| {
            base_close(a[0])?;
            Ok(Ref::NONE)
        }),
        MethodDef::new("seekable($self, /)", "Whether seek(), tell() and truncate() work.", no),
        MethodDef::new("readable($self, /)", "Whether the stream can be read.", no),
        MethodDef::new("writable($self, /)", "Whether the stream can be written.", no),
        MethodDef::new("_checkClosed($self, /)", "", |a| {
            check_closed(a[0])?;
            Ok(Ref::NONE)
        }),
        MethodDef::new("_checkSeekable($self, /)", "", |a| {
            require_seekable(a[0])?;
            Ok(Ref::bool(true))
        }),
        MethodDef::new("_checkReadable($self, /)", "", |a| {
            require_readable(a[0])?;
            Ok(Ref::bool(true))
        }),
        MethodDef::new("_checkWritable($self, /)", "", |a| {
            require_writable(a[0])?;
            Ok(Ref::bool(true))
        }),
        MethodDef::new("fileno($self, /)", "The file descriptor; unsupported here.", |_| Err(unsupported("fileno"))),
        MethodDef::new("isatty($self, /)", "Whether the stream is a terminal.", |a| {
            check_closed(a[0])?;
            Ok(Ref::bool(false))
        }),
        MethodDef::new("__enter__($self, /)", "", |a| {
            check_closed(a[0])?;
            Ok(a[0].to_ref())
        }),
        MethodDef::raw("__exit__", "", |a, _| call0(a[0], names().close)),
        MethodDef::new("readline($self, size=-1, /)", "Reads a line, or as many bytes of it as are asked for.", readline),
        MethodDef::new("readlines($self, hint=-1, /)", "A list of lines; no more are read once their length is beyond the hint.", readlines),
        MethodDef::new("writelines($self, lines, /)", "Writes the items of an iterable; line ends are not added.", writelines),
    ],
    getset: &[
        GetSetDef::ro("__dict__", "", |v| match attributes::object_dict(v) {
            Some(d) => Ok(d),
            None => Err(attributes::no_attribute(v, names().__dict__)),
        }),
        GetSetDef::ro("closed", "", |v| Ok(Ref::bool(is_marked_closed(v)?))),
    ],
    ..TypeSpec::of::<IoBase>()
});

// ---------------------------------------------------------------- raw

fn raw_read(a: &[Value]) -> PyResult {
    let n = size_arg(a[1])?;
    if n < 0 {
        return call0(a[0], names().readall);
    }
    let b = bytearray::from_vec(vec![0; n as usize]);
    let r = protocol::call_method(a[0], names().readinto, &[*b])?;
    if r.is_none() {
        return Ok(r);
    }
    let got = index_i64(*r)?;
    let size = bytearray_len(*b);
    if got < 0 || got as usize > size {
        return err!(ValueError, "readinto returned {got} outside buffer size {size}");
    }
    let data = buffer::to_vec(*b)?;
    Ok(bytes::new_bytes(&data[..got as usize]))
}
fn bytearray_len(v: Value) -> usize {
    v.cast::<bytearray::PyByteArray>().map_or(0, |b| b.data().len())
}

fn raw_readall(a: &[Value]) -> PyResult {
    let mut out: Vec<u8> = Vec::new();
    let mut any = false;
    loop {
        let part = call_again(a[0], names().read, &[Value::small_int(super::DEFAULT_BUFFER_SIZE as i64)])?;
        if part.is_none() {
            if !any {
                return Ok(part);
            }
            break;
        }
        let Some(data) = bytes::as_bytes(&part) else {
            return err!(TypeError, "read() should return bytes");
        };
        if data.is_empty() {
            break;
        }
        any = true;
        out.extend_from_slice(data);
    }
    Ok(bytes::from_vec(out))
}

fn not_implemented(_: &[Value], _: Value) -> PyResult {
    Err(err::raise_with(&exceptions::NotImplementedError, &[]))
}

pub static RAW_IO_BASE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_io._RawIOBase",
    doc: "Base class for raw binary I/O.",
    base: Some(&IO_BASE_TYPE),
    flags: FLAGS,
    methods: &[
        MethodDef::new("read($self, size=-1, /)", "Reads up to so many bytes by readinto().", raw_read),
        MethodDef::new("readall($self, /)", "Reads until the end, with several calls of read().", raw_readall),
        MethodDef::raw("readinto", "", not_implemented),
        MethodDef::raw("write", "", not_implemented),
    ],
    ..TypeSpec::of::<IoBase>()
});

// ---------------------------------------------------------------- buffered

/// `readinto` by means of `read` or `read1`.
fn readinto_by(this: Value, target: Value, method: Value) -> PyResult {
    let mut b = buffer::get(target, buffer::WRITABLE)?;
    let want = b.len;
    let data = protocol::call_method(this, method, &[*int::from_usize(want)])?;
    let Some(d) = bytes::as_bytes(&data) else {
        return err!(TypeError, "read() should return bytes");
    };
    if d.len() > want {
        return err!(ValueError, "read() returned too much data: {want} bytes requested, {} returned", d.len());
    }
    // SAFETY: the buffer is held; nothing runs meanwhile.
    unsafe { b.bytes_mut()[..d.len()].copy_from_slice(d) };
    Ok(int::from_usize(d.len()))
}

pub static BUFFERED_IO_BASE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_io._BufferedIOBase",
    doc: "Base class for buffered IO objects.\n\nThe main difference with RawIOBase is that the read() method\nsupports omitting the size argument, and does not have a default\nimplementation that defers to readinto().",
    base: Some(&IO_BASE_TYPE),
    flags: FLAGS,
    methods: &[
        MethodDef::new("detach($self, /)", "Separates the raw stream from the buffer.", |_| Err(unsupported("detach"))),
        MethodDef::new("read($self, size=-1, /)", "Reads up to so many bytes, or all.", |_| Err(unsupported("read"))),
        MethodDef::new("read1($self, size=-1, /)", "Reads up to so many bytes with at most one call of the raw stream.", |_| Err(unsupported("read1"))),
        MethodDef::new("readinto($self, buffer, /)", "Reads into a buffer.", |a| readinto_by(a[0], a[1], names().read)),
        MethodDef::new("readinto1($self, buffer, /)", "Reads into a buffer, as read1().", |a| readinto_by(a[0], a[1], names().read1)),
        MethodDef::new("write($self, b, /)", "Writes bytes.", |_| Err(unsupported("write"))),
    ],
    ..TypeSpec::of::<IoBase>()
});

// ---------------------------------------------------------------- text

pub static TEXT_IO_BASE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_io._TextIOBase",
    doc: "Base class for text I/O.\n\nThis class provides a character and line based interface to stream\nI/O. There is no readinto method because Python's character strings\nare immutable.",
    base: Some(&IO_BASE_TYPE),
    flags: FLAGS,
    methods: &[
        MethodDef::new("detach($self, /)", "Separates the underlying buffer from the text layer.", |_| Err(unsupported("detach"))),
        MethodDef::new("read($self, size=-1, /)", "Reads up to so many characters.", |_| Err(unsupported("read"))),
        MethodDef::new("readline($self, size=-1, /)", "Reads a line.", |_| Err(unsupported("readline"))),
        MethodDef::new("write($self, s, /)", "Writes text.", |_| Err(unsupported("write"))),
    ],
    getset: &[
        GetSetDef::ro("encoding", "Encoding of the text stream.", |_| Ok(Ref::NONE)),
        GetSetDef::ro("newlines", "Line endings seen so far.", |_| Ok(Ref::NONE)),
        GetSetDef::ro("errors", "How errors of decoding and encoding are handled.", |_| Ok(Ref::NONE)),
    ],
    ..TypeSpec::of::<IoBase>()
});

/// The instance's own attributes as a dict, or None if it has none: for `__getstate__`.
pub(super) fn state_dict(v: Value) -> Ref {
    match attributes::object_dict(v) {
        Some(d) => dict::copy(*d),
        None => Ref::NONE,
    }
}
/// Takes over attributes from `__setstate__`'s last item.
pub(super) fn restore_dict(v: Value, state: Value, position: &str) -> PyResult<()> {
    if state.is_none() {
        return Ok(());
    }
    if !dict::is_dict(state) {
        return err!(TypeError, "{position} item of state should be a dict, got a {}", super::tp_name(state));
    }
    for (k, x) in dict::items(state) {
        if strings::is_str(*k) {
            protocol::setattr(v, *strings::intern(k.clone()), *x)?;
        }
    }
    Ok(())
}
