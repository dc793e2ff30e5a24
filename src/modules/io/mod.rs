//! `_io`: streams. The abstract bases are in `base`, files in `fileio`, buffers in `buffered`, text in `text`.

mod base;
mod buffered;
mod buffered_types;
mod bytesio;
mod codec;
mod fileio;
mod memory;
mod newlines;
mod open;
mod stringio;
mod text;
mod text_seek;
mod text_types;

pub(crate) use open::open_with;
pub use open::{open_file, text_wrapper};

use taipan_objects::err::{self, PyResult, Raised};
use taipan_objects::names::names;
use taipan_objects::native::ModuleDef;
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::vm::vm;
use taipan_objects::{dict, exceptions, int, module, protocol, strings, tuple};

/// Size of buffers where nothing says otherwise.
pub const DEFAULT_BUFFER_SIZE: usize = 128 * 1024;

pub static MODULE: ModuleDef = ModuleDef {
    name: "_io",
    doc: "The io module provides the Python interfaces to stream handling. The\nbuiltin open function is defined in this module.",
    functions: open::FUNCTIONS,
    init: Some(init),
};

struct Shared(Slot);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Shared {}
/// `io.UnsupportedOperation`, an ordinary class with two bases.
static UNSUPPORTED: Shared = Shared(Slot::null());

fn unsupported_class() -> PyResult<Value> {
    if UNSUPPORTED.0.is_null() {
        let bases = tuple::from_values(&[exceptions::OSError.value(), exceptions::ValueError.value()]);
        let d = dict::new_dict();
        dict::set_str(*d, "__module__", *strings::intern_str("io"));
        let name = strings::intern_str("UnsupportedOperation");
        let class = protocol::call(taipan_objects::types::TYPE_TYPE.value(), &[*name, *bases, *d])?;
        UNSUPPORTED.0.set(class);
    }
    Ok(UNSUPPORTED.0.get())
}

fn init(m: Value) -> PyResult<()> {
    module::add(m, "DEFAULT_BUFFER_SIZE", int::from_usize(DEFAULT_BUFFER_SIZE));
    module::add(m, "UnsupportedOperation", unsupported_class()?.to_ref());
    module::add(m, "BlockingIOError", exceptions::BlockingIOError.to_ref());
    for ty in [
        &base::IO_BASE_TYPE,
        &base::RAW_IO_BASE_TYPE,
        &base::BUFFERED_IO_BASE_TYPE,
        &base::TEXT_IO_BASE_TYPE,
        &fileio::FILE_IO_TYPE,
        &bytesio::BYTES_IO_TYPE,
        &bytesio::BYTES_IO_BUFFER_TYPE,
        &buffered_types::BUFFERED_READER_TYPE,
        &buffered_types::BUFFERED_WRITER_TYPE,
        &buffered_types::BUFFERED_RANDOM_TYPE,
        &buffered_types::BUFFERED_RW_PAIR_TYPE,
        &newlines::INCREMENTAL_NEWLINE_DECODER_TYPE,
        &stringio::STRING_IO_TYPE,
        &text_types::TEXT_IO_WRAPPER_TYPE,
    ] {
        module::add_type(m, ty);
    }
    Ok(())
}

// ---------------------------------------------------------------- errors

/// UnsupportedOperation, pending.
#[cold]
pub(crate) fn unsupported(message: &str) -> Raised {
    let class = match unsupported_class() {
        Ok(c) => c,
        Err(e) => return e,
    };
    let text = strings::new_str(message);
    match protocol::call(class, &[*text]) {
        Ok(e) => err::set_exception(e),
        Err(e) => e,
    }
}

/// ValueError, pending.
#[cold]
pub(crate) fn value_error(message: &str) -> Raised {
    err::raise(&exceptions::ValueError, message)
}

/// BlockingIOError that says how much was written, pending.
#[cold]
pub(crate) fn would_block(written: usize) -> Raised {
    let text = strings::new_str("write could not complete without blocking");
    err::raise_with(
        &exceptions::BlockingIOError,
        &[*int::from_i64(libc::EAGAIN as i64), *text, *int::from_usize(written)],
    )
}

/// Whether the pending exception is an interruption, after which the call is to be repeated; forgets it if so.
pub(crate) fn interrupted() -> bool {
    err::clear_if(&exceptions::InterruptedError)
}

/// Raises `first` again after a clean-up step; an exception of that step gets it as its context.
pub(crate) fn chain<T>(first: Ref, step: PyResult<T>) -> Raised {
    match step {
        Ok(_) => vm().set_pending(first),
        Err(_) => {
            let second = vm().take_pending();
            if !second.is(*first) {
                let e = exceptions::expect(*second);
                if e.context.is_null() {
                    e.context.set(first);
                }
            }
            vm().set_pending(second);
        }
    }
    Raised::pending()
}

/// Does both steps; the exception of the second has that of the first as its context.
pub(crate) fn both<T, U>(first: PyResult<T>, second: impl FnOnce() -> PyResult<U>) -> PyResult<U> {
    match first {
        Ok(_) => second(),
        Err(_) => {
            let e = vm().take_pending();
            Err(chain(e, second()))
        }
    }
}

// ---------------------------------------------------------------- calls and arguments

/// Calls a method without arguments.
pub(crate) fn call0(obj: Value, name: Value) -> PyResult {
    protocol::call_method(obj, name, &[])
}

/// Calls a method and repeats that while it is interrupted.
pub(crate) fn call_again(obj: Value, name: Value, args: &[Value]) -> PyResult {
    loop {
        match protocol::call_method(obj, name, args) {
            Err(_) if interrupted() => {}
            r => return r,
        }
    }
}

/// The truth of an attribute.
pub(crate) fn attribute_true(obj: Value, name: Value) -> PyResult<bool> {
    let v = protocol::getattr(obj, name)?;
    protocol::is_true(*v)
}

/// An integer by `__index__` that fits 64 bits.
pub(crate) fn index_i64(v: Value) -> PyResult<i64> {
    if let Some(i) = v.as_small_int() {
        return Ok(i);
    }
    let i = protocol::index(v)?;
    match int::as_int(&i).and_then(|i| i.to_i64()) {
        Some(i) => Ok(i),
        None => taipan_objects::err!(OverflowError, "cannot fit '{}' into an index-sized integer", v.type_name()),
    }
}

/// A size argument: -1 if it was not given or is None.
pub(crate) fn size_arg(v: Value) -> PyResult<i64> {
    if v.is_none_or_null() {
        return Ok(-1);
    }
    if !v.is_small_int() && v.ty().slots().index.is_none() {
        return taipan_objects::err!(TypeError, "argument should be integer or None, not '{}'", v.type_name());
    }
    index_i64(v)
}

/// A size argument that must be an integer: `default` if it was not given.
pub(crate) fn int_arg(v: Value, default: i64) -> PyResult<i64> {
    if v.is_null() { Ok(default) } else { index_i64(v) }
}

/// An argument converted as C's `int`.
pub(crate) fn c_int_arg(v: Value, default: i32) -> PyResult<i32> {
    if v.is_null() {
        return Ok(default);
    }
    let i = index_i64(v)?;
    match i32::try_from(i) {
        Ok(i) => Ok(i),
        Err(_) => taipan_objects::err!(OverflowError, "Python int too large to convert to C int"),
    }
}

/// A truth argument.
pub(crate) fn bool_arg(v: Value, default: bool) -> PyResult<bool> {
    if v.is_null() { Ok(default) } else { protocol::is_true(v) }
}

/// Raises unless `obj.method()` is True.
pub(crate) fn require(obj: Value, method: Value, message: &str) -> PyResult<()> {
    let r = call0(obj, method)?;
    if r.is(Value::TRUE) { Ok(()) } else { Err(unsupported(message)) }
}
pub(crate) fn require_readable(obj: Value) -> PyResult<()> {
    require(obj, names().readable, "File or stream is not readable.")
}
pub(crate) fn require_writable(obj: Value) -> PyResult<()> {
    require(obj, names().writable, "File or stream is not writable.")
}
pub(crate) fn require_seekable(obj: Value) -> PyResult<()> {
    require(obj, names().seekable, "File or stream is not seekable.")
}

/// `Py_TYPE(v)->tp_name`, as it stands in messages and in `repr`.
pub(crate) fn tp_name(v: Value) -> &'static str {
    v.ty().full_name()
}

/// Position of a byte.
pub(crate) fn find_byte(data: &[u8], byte: u8) -> Option<usize> {
    if data.is_empty() {
        return None;
    }
    // SAFETY: searches inside the slice.
    let p = unsafe { libc::memchr(data.as_ptr().cast(), byte as i32, data.len()) };
    if p.is_null() { None } else { Some(p as usize - data.as_ptr() as usize) }
}

/// `repr` of a stream with its name, if it has one, and further text.
pub(crate) fn repr_with_name(v: Value, rest: impl FnOnce(&mut strings::StrBuilder) -> PyResult<()>) -> PyResult {
    let mut out = strings::StrBuilder::new();
    out.push_str("<");
    out.push_str(tp_name(v));
    let name = match protocol::getattr_opt(v, names().name) {
        Ok(n) => n,
        Err(_) if err::clear_if(&exceptions::ValueError) => None,
        Err(e) => return Err(e),
    };
    if !protocol::repr_enter(v) {
        return taipan_objects::err!(RuntimeError, "reentrant call inside {}.__repr__", tp_name(v));
    }
    let r = (|| {
        if let Some(n) = name {
            out.push_str(" name=");
            out.push_pystr(strings::expect(*protocol::repr(*n)?));
        }
        rest(&mut out)
    })();
    protocol::repr_leave(v);
    r?;
    out.push_str(">");
    Ok(out.finish())
}

/// A `__getstate__` that refuses.
pub(crate) fn cannot_pickle(a: &[Value]) -> PyResult {
    taipan_objects::err!(TypeError, "cannot pickle '{}' instances", tp_name(a[0]))
}
