//! The type `bytes`, and the methods it shares with bytearray.

use crate::bytearray::{self, PyByteArray};
use crate::bytes::{self, PyBytes};
use crate::err::PyResult;
use crate::native::{MethodDef, Signature};
use crate::object::{Header, new_object};
use crate::str_iter::{builtin_function, itself};
use crate::strings;
use crate::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Slot, Value};
use crate::{bytes_find, codecs, err, int, list, protocol, str_find, tuple};
use std::borrow::Cow;
use std::cell::Cell;

/// The methods of both types, then those of one.
macro_rules! shared_methods {
    ($($own:expr),* $(,)?) => {
        &[
            MethodDef::new("capitalize($self, /)", "A copy with the first letter in upper case and the rest in lower case.", crate::bytes_methods::capitalize),
            MethodDef::new("center($self, width, fillchar=b' ', /)", "A copy centered in the given width.", crate::bytes_methods::center),
            MethodDef::new("count($self, sub[, start[, end]], /)", "How often a part occurs without overlap.", crate::bytes_find::count),
            MethodDef::new("decode($self, /, encoding='utf-8', errors='strict')", "The bytes as text, by an encoding.", crate::bytes_methods::decode),
            MethodDef::new("endswith($self, suffix[, start[, end]], /)", "Whether the bytes end with a suffix, or with one of a tuple of them.", crate::bytes_find::endswith),
            MethodDef::new("expandtabs($self, /, tabsize=8)", "A copy in which tabs are spaces up to the next column.", crate::bytes_methods::expandtabs),
            MethodDef::new("find($self, sub[, start[, end]], /)", "The lowest index of a part, or -1.", crate::bytes_find::find),
            MethodDef::new("fromhex($type, string, /)", "From pairs of hexadecimal digits.", crate::bytes_methods::fromhex).class(),
            MethodDef::new("hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)", "Pairs of hexadecimal digits.", crate::bytes_methods::hex),
            MethodDef::new("index($self, sub[, start[, end]], /)", "The lowest index of a part; ValueError if there is none.", crate::bytes_find::index),
            MethodDef::new("isalnum($self, /)", "Whether all are ASCII letters or digits, and there is one.", crate::bytes_methods::isalnum),
            MethodDef::new("isalpha($self, /)", "Whether all are ASCII letters, and there is one.", crate::bytes_methods::isalpha),
            MethodDef::new("isascii($self, /)", "Whether all are ASCII.", crate::bytes_methods::isascii),
            MethodDef::new("isdigit($self, /)", "Whether all are ASCII digits, and there is one.", crate::bytes_methods::isdigit),
            MethodDef::new("islower($self, /)", "Whether all ASCII letters are lower case, and there is one.", crate::bytes_methods::islower),
            MethodDef::new("isspace($self, /)", "Whether all are ASCII whitespace, and there is one.", crate::bytes_methods::isspace),
            MethodDef::new("istitle($self, /)", "Whether words begin in upper case and go on in lower case.", crate::bytes_methods::istitle),
            MethodDef::new("isupper($self, /)", "Whether all ASCII letters are upper case, and there is one.", crate::bytes_methods::isupper),
            MethodDef::new("join($self, iterable_of_bytes, /)", "The parts of an iterable with this one between them.", crate::bytes_find::join),
            MethodDef::new("ljust($self, width, fillchar=b' ', /)", "A copy at the left of the given width.", crate::bytes_methods::ljust),
            MethodDef::new("lower($self, /)", "A copy with ASCII letters in lower case.", crate::bytes_methods::lower),
            MethodDef::new("lstrip($self, bytes=None, /)", "A copy without whitespace, or the given bytes, in front.", crate::bytes_find::lstrip),
            MethodDef::new("maketrans(frm, to, /)", "A table for translate().", crate::bytes_methods::maketrans).static_(),
            MethodDef::new("partition($self, sep, /)", "What stands before the first separator, the separator, what stands after.", crate::bytes_find::partition),
            MethodDef::new("removeprefix($self, prefix, /)", "A copy without a prefix, if it is there.", crate::bytes_find::removeprefix),
            MethodDef::new("removesuffix($self, suffix, /)", "A copy without a suffix, if it is there.", crate::bytes_find::removesuffix),
            MethodDef::new("replace($self, old, new, count=-1, /)", "A copy with a part replaced by another.", crate::bytes_find::replace),
            MethodDef::new("rfind($self, sub[, start[, end]], /)", "The highest index of a part, or -1.", crate::bytes_find::rfind),
            MethodDef::new("rindex($self, sub[, start[, end]], /)", "The highest index of a part; ValueError if there is none.", crate::bytes_find::rindex),
            MethodDef::new("rjust($self, width, fillchar=b' ', /)", "A copy at the right of the given width.", crate::bytes_methods::rjust),
            MethodDef::new("rpartition($self, sep, /)", "What stands before the last separator, the separator, what stands after.", crate::bytes_find::rpartition),
            MethodDef::new("rsplit($self, /, sep=None, maxsplit=-1)", "The parts between separators or whitespace, counted from the right.", crate::bytes_find::rsplit),
            MethodDef::new("rstrip($self, bytes=None, /)", "A copy without whitespace, or the given bytes, at the end.", crate::bytes_find::rstrip),
            MethodDef::new("split($self, /, sep=None, maxsplit=-1)", "The parts between separators or whitespace.", crate::bytes_find::split),
            MethodDef::new("splitlines($self, /, keepends=False)", "The lines.", crate::bytes_find::splitlines),
            MethodDef::new("startswith($self, prefix[, start[, end]], /)", "Whether the bytes start with a prefix, or with one of a tuple of them.", crate::bytes_find::startswith),
            MethodDef::new("strip($self, bytes=None, /)", "A copy without whitespace, or the given bytes, on both sides.", crate::bytes_find::strip),
            MethodDef::new("swapcase($self, /)", "A copy with upper and lower case of ASCII letters exchanged.", crate::bytes_methods::swapcase),
            MethodDef::new("title($self, /)", "A copy in which words begin in upper case and go on in lower case.", crate::bytes_methods::title),
            MethodDef::new("translate($self, table, /, delete=b'')", "A copy with bytes left out and the others mapped by a table.", crate::bytes_methods::translate),
            MethodDef::new("upper($self, /)", "A copy with ASCII letters in upper case.", crate::bytes_methods::upper),
            MethodDef::new("zfill($self, width, /)", "A copy filled with zeros, after the sign, to the given width.", crate::bytes_methods::zfill),
            $($own,)*
        ]
    };
}
pub(crate) use shared_methods;

pub static BYTES_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "bytes",
    doc: "bytes(iterable_of_ints) -> bytes\nbytes(string, encoding[, errors]) -> bytes\nbytes(bytes_or_buffer) -> immutable copy of bytes_or_buffer\nbytes(int) -> bytes object of size given by the parameter initialized with null bytes\nbytes() -> empty bytes object",
    flags: TypeFlags::BASETYPE | TypeFlags::BYTES_SUBCLASS | TypeFlags::MATCH_SELF,
    slots: Slots {
        repr: Some(bytes_repr),
        str: Some(bytes_repr),
        hash: Some(bytes_hash),
        richcompare: Some(bytes_richcompare),
        iter: Some(bytes_iter),
        new: Some(bytes_new),
        remainder: Some(bytes_remainder),
        length: Some(length),
        concat: Some(bytes_concat),
        repeat: Some(bytes_repeat),
        item: Some(bytes_item),
        contains: Some(bytes_find::contains),
        map_length: Some(length),
        subscript: Some(bytes_subscript),
        get_buffer: Some(bytes_buffer),
        ..Slots::of::<PyBytes>()
    },
    methods: shared_methods![
        MethodDef::new("__getnewargs__($self, /)", "", |a| Ok(tuple::of([
            bytes::new_bytes(data(&a[0]))
        ]))),
        MethodDef::new(
            "__bytes__($self, /)",
            "The bytes as an exact bytes object.",
            |a| bytes_find::whole(a[0])
        ),
    ],
    ..TypeSpec::of::<PyBytes>()
});

/// The bytes of a bytes or bytearray. Not to be kept across anything that may run Python code.
#[inline(always)]
pub(crate) fn data(v: &Value) -> &'static [u8] {
    if bytes::is_bytes(*v) {
        // SAFETY: checked; alive as long as the caller holds it.
        unsafe { &*(&*v.cast_unchecked::<PyBytes>().data as *const [u8]) }
    } else {
        // SAFETY: the methods here are called with bytes or bytearray only.
        unsafe { &*(v.cast_unchecked::<PyByteArray>().data().as_slice() as *const [u8]) }
    }
}

/// bytes or bytearray, as `like` is.
pub(crate) fn same_kind(like: Value, v: Vec<u8>) -> Ref {
    if bytes::is_bytes(like) {
        bytes::from_vec(v)
    } else {
        bytearray::from_vec(v)
    }
}

/// A bytes-like argument.
pub(crate) fn argument(v: Value) -> PyResult<Cow<'static, [u8]>> {
    if bytes::is_bytes(v) {
        return Ok(Cow::Borrowed(data(&v)));
    }
    crate::buffer::to_vec(v).map(Cow::Owned)
}

// ---------------------------------------------------------------- slots of bytes

/// `repr` of bytes, without anything around it.
pub fn repr_text(d: &[u8]) -> String {
    let quote = if d.contains(&b'\'') && !d.contains(&b'"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::with_capacity(d.len() + 3);
    out.push('b');
    out.push(quote);
    for c in d {
        match c {
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\\' => out.push_str("\\\\"),
            c if *c as char == quote => {
                out.push('\\');
                out.push(quote);
            }
            32..127 => out.push(*c as char),
            _ => out.push_str(&format!("\\x{c:02x}")),
        }
    }
    out.push(quote);
    out
}
fn bytes_repr(v: Value) -> PyResult {
    Ok(strings::new_str(&repr_text(data(&v))))
}
fn bytes_hash(v: Value) -> PyResult<i64> {
    // SAFETY: called with bytes only.
    let b = unsafe { v.cast_unchecked::<PyBytes>() };
    if b.hash.get() == -1 {
        b.hash.set(crate::hash::hash_bytes(&b.data));
    }
    Ok(b.hash.get())
}
fn bytes_richcompare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if !bytes::is_bytes(a) || !bytes::is_bytes(b) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    Ok(Ref::bool(op.test(data(&a).cmp(data(&b)))))
}
pub(crate) fn length(v: Value) -> PyResult<usize> {
    Ok(data(&v).len())
}
fn bytes_concat(a: Value, b: Value) -> PyResult {
    if b.ty().slots().get_buffer.is_none() {
        return err!(
            TypeError,
            "can't concat {} to {}",
            b.type_name(),
            a.type_name()
        );
    }
    let other = argument(b)?;
    if other.is_empty() && a.is_exact::<PyBytes>() {
        return Ok(a.to_ref());
    }
    if data(&a).is_empty() && b.is_exact::<PyBytes>() {
        return Ok(b.to_ref());
    }
    Ok(bytes::from_vec([data(&a), &other].concat()))
}
pub(crate) fn repeated(d: &[u8], n: isize, what: &str) -> PyResult<Vec<u8>> {
    let n = n.max(0) as usize;
    match d.len().checked_mul(n) {
        Some(t) if t <= 1 << 40 => Ok(d.repeat(n)),
        Some(t) if t <= isize::MAX as usize => err!(MemoryError, ""),
        _ => err!(OverflowError, "repeated {what} are too long"),
    }
}
fn bytes_repeat(v: Value, n: isize) -> PyResult {
    if n == 1 && v.is_exact::<PyBytes>() {
        return Ok(v.to_ref());
    }
    Ok(bytes::from_vec(repeated(data(&v), n, "bytes")?))
}
fn bytes_item(v: Value, i: isize) -> PyResult {
    match data(&v).get(i as usize) {
        Some(c) if i >= 0 => Ok(int::from_i64(*c as i64)),
        _ => err!(IndexError, "index out of range"),
    }
}
/// A position from an index object, with the length added if negative.
pub(crate) fn position(key: Value, len: usize) -> PyResult<isize> {
    let i = match int::to_isize(key) {
        Ok(i) => i,
        Err(e) => {
            if crate::err::clear_if(&crate::exceptions::OverflowError) {
                return err!(
                    IndexError,
                    "cannot fit '{}' into an index-sized integer",
                    key.type_name()
                );
            }
            return Err(e);
        }
    };
    Ok(if i < 0 { i + len as isize } else { i })
}
fn bytes_subscript(v: Value, key: Value) -> PyResult {
    let d = data(&v);
    if key.is_small_int() || key.ty().slots().index.is_some() {
        return bytes_item(v, position(key, d.len())?);
    }
    match crate::slice_args::range(key, d.len())? {
        Some(r) if r.step == 1 => {
            if r.count == d.len() {
                return bytes_find::whole(v);
            }
            Ok(bytes::new_bytes(&d[r.start..r.start + r.count]))
        }
        Some(r) => Ok(bytes::from_vec(r.indices().map(|i| d[i]).collect())),
        None => err!(
            TypeError,
            "byte indices must be integers or slices, not {}",
            key.type_name()
        ),
    }
}
fn bytes_remainder(a: Value, b: Value) -> PyResult {
    if !bytes::is_bytes(a) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    Ok(bytes::from_vec(crate::printf::format_bytes(data(&a), b)?))
}
fn bytes_buffer(v: Value, flags: u32) -> PyResult<crate::buffer::Buffer> {
    if flags & crate::buffer::WRITABLE != 0 {
        return err!(BufferError, "Object is not writable.");
    }
    let d = data(&v);
    Ok(crate::buffer::Buffer::of_bytes(
        v,
        d.as_ptr() as *mut u8,
        d.len(),
        true,
    ))
}

fn bytes_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static SIGNATURE: Signature =
        Signature::new("bytes(source=b'', encoding='utf-8', errors='strict')");
    SIGNATURE.bind(args, kwnames, |a| {
        let exact = ty.is(&BYTES_TYPE);
        if a[1].is_null() && a[2].is_null() && !a[0].is_null() {
            let r = from_object(a[0], exact)?;
            if exact {
                return Ok(r);
            }
            return Ok(bytes::new_of_type(ty, data(&r).to_vec()));
        }
        let v = initial(a)?;
        Ok(bytes::new_of_type(ty, v))
    })
}

/// The content that the arguments of bytes() and bytearray() give when there is an encoding, or nothing.
pub(crate) fn initial(a: &[Value]) -> PyResult<Vec<u8>> {
    if a[0].is_null() || !strings::is_str(a[0]) {
        if !a[1].is_null() {
            return err!(TypeError, "encoding without a string argument");
        }
        if !a[2].is_null() {
            return err!(TypeError, "errors without a string argument");
        }
        return Ok(Vec::new());
    }
    let encoding = codecs::name_arg(a[1], "bytes", "encoding")?;
    let errors = codecs::name_arg(a[2], "bytes", "errors")?;
    if encoding.is_none() {
        return err!(TypeError, "string argument without an encoding");
    }
    let r = codecs::encode_str(a[0], encoding, errors)?;
    Ok(data(&r).to_vec())
}

/// `bytes(v)`.
pub fn from_object(v: Value, exact: bool) -> PyResult {
    if v.is_exact::<PyBytes>() && exact {
        return Ok(v.to_ref());
    }
    if !v.is_exact::<PyBytes>()
        && let Some(r) = protocol::call_special(v, crate::names::names().__bytes__, &[])?
    {
        if !bytes::is_bytes(*r) {
            return err!(
                TypeError,
                "__bytes__ returned non-bytes (type {})",
                r.type_name()
            );
        }
        return Ok(r);
    }
    if strings::is_str(v) {
        return err!(TypeError, "string argument without an encoding");
    }
    if let Some(n) = count_argument(v)? {
        return Ok(bytes::from_vec(vec![0; n]));
    }
    if v.ty().slots().get_buffer.is_some() {
        return Ok(bytes::from_vec(crate::buffer::to_vec(v)?));
    }
    Ok(bytes::from_vec(from_iterable(
        v,
        "bytes",
        "bytes must be in range(0, 256)",
    )?))
}

/// A size, if the value is an index; `None` if it is something else.
pub(crate) fn count_argument(v: Value) -> PyResult<Option<usize>> {
    if v.ty().slots().index.is_none() {
        return Ok(None);
    }
    let n = match int::to_isize(v) {
        Ok(n) => n,
        Err(e) => {
            if crate::err::clear_if(&crate::exceptions::TypeError) {
                return Ok(None);
            }
            if crate::err::clear_if(&crate::exceptions::OverflowError) {
                return err!(
                    OverflowError,
                    "cannot fit '{}' into an index-sized integer",
                    v.type_name()
                );
            }
            return Err(e);
        }
    };
    if n < 0 {
        return err!(ValueError, "negative count");
    }
    if n > 1 << 40 {
        return err!(MemoryError, "");
    }
    Ok(Some(n as usize))
}

/// One byte from an index object.
pub(crate) fn byte_value(v: Value, message: &str) -> PyResult<u8> {
    if let Some(i) = v.as_small_int()
        && (0..256).contains(&i)
    {
        return Ok(i as u8);
    }
    let i = protocol::index(v)?;
    match int::as_int(&i).and_then(|i| i.to_i64()) {
        Some(i) if (0..256).contains(&i) => Ok(i as u8),
        _ => err!(ValueError, "{message}"),
    }
}

/// Bytes from an iterable of ints.
pub(crate) fn from_iterable(v: Value, what: &str, range_message: &str) -> PyResult<Vec<u8>> {
    if v.ty().slots().iter.is_none() && v.ty().slots().item.is_none() {
        return err!(
            TypeError,
            "cannot convert '{}' object to {what}",
            v.type_name()
        );
    }
    let mut out = Vec::new();
    if v.is_exact::<list::PyList>() || v.is_exact::<tuple::PyTuple>() {
        out.reserve(protocol::len(v)?);
    }
    protocol::for_each(v, |item| {
        out.push(byte_value(*item, range_message)?);
        Ok(())
    })?;
    Ok(out)
}

// ---------------------------------------------------------------- shared methods

pub(crate) fn decode(a: &[Value]) -> PyResult {
    let encoding = codecs::name_arg(a[1], "decode", "encoding")?;
    let errors = codecs::name_arg(a[2], "decode", "errors")?;
    if bytes::is_bytes(a[0]) {
        return codecs::decode_bytes(data(&a[0]), encoding, errors);
    }
    codecs::decode_bytes(data(&a[0]), encoding, errors)
}

fn fill_byte(v: Value, name: &str) -> PyResult<u8> {
    if v.is_null() {
        return Ok(b' ');
    }
    if bytes::is_bytes(v) || v.is_a::<PyByteArray>() {
        let d = data(&v);
        if let [c] = d {
            return Ok(*c);
        }
        let kind = if bytes::is_bytes(v) {
            "bytes"
        } else {
            "bytearray"
        };
        return err!(
            TypeError,
            "{name}(): argument 2 must be a byte string of length 1, not a {kind} object of length {}",
            d.len()
        );
    }
    err!(
        TypeError,
        "{name}() argument 2 must be a byte string of length 1, not {}",
        str_find::type_or_none(v)
    )
}
fn padded(v: Value, left: usize, right: usize, fill: u8) -> PyResult {
    if left == 0 && right == 0 {
        return bytes_find::whole(v);
    }
    crate::str_methods::check_size(left.saturating_add(right))?;
    let mut out = vec![fill; left];
    out.extend_from_slice(data(&v));
    out.resize(out.len() + right, fill);
    Ok(same_kind(v, out))
}
fn pad_of(a: &[Value], name: &str) -> PyResult<(usize, u8)> {
    let width = int::to_isize(a[1])?;
    let fill = fill_byte(a[2], name)?;
    Ok(((width - data(&a[0]).len() as isize).max(0) as usize, fill))
}
pub(crate) fn center(a: &[Value]) -> PyResult {
    let (pad, fill) = pad_of(a, "center")?;
    let left = pad / 2 + (pad & (data(&a[0]).len() + pad) & 1);
    padded(a[0], left, pad - left, fill)
}
pub(crate) fn ljust(a: &[Value]) -> PyResult {
    let (pad, fill) = pad_of(a, "ljust")?;
    padded(a[0], 0, pad, fill)
}
pub(crate) fn rjust(a: &[Value]) -> PyResult {
    let (pad, fill) = pad_of(a, "rjust")?;
    padded(a[0], pad, 0, fill)
}
pub(crate) fn zfill(a: &[Value]) -> PyResult {
    let width = int::to_isize(a[1])?;
    let d = data(&a[0]);
    let pad = (width - d.len() as isize).max(0) as usize;
    if pad == 0 {
        return bytes_find::whole(a[0]);
    }
    crate::str_methods::check_size(pad)?;
    let signed = matches!(d.first(), Some(b'+' | b'-')) as usize;
    let mut out = d[..signed].to_vec();
    out.resize(signed + pad, b'0');
    out.extend_from_slice(&d[signed..]);
    Ok(same_kind(a[0], out))
}
pub(crate) fn expandtabs(a: &[Value]) -> PyResult {
    let size = if a[1].is_null() {
        8
    } else {
        int::to_i32(a[1])?
    };
    let mut out = Vec::new();
    let mut column = 0usize;
    for c in data(&a[0]) {
        if *c == b'\t' {
            if size > 0 {
                let n = size as usize - column % size as usize;
                crate::str_methods::check_size(out.len().saturating_add(n))?;
                out.resize(out.len() + n, b' ');
                column += n;
            }
        } else {
            out.push(*c);
            column = if matches!(c, b'\n' | b'\r') {
                0
            } else {
                column + 1
            };
        }
    }
    Ok(same_kind(a[0], out))
}
fn mapped(v: Value, f: impl Fn(&mut [u8])) -> PyResult {
    let mut out = data(&v).to_vec();
    f(&mut out);
    Ok(same_kind(v, out))
}
pub(crate) fn lower(a: &[Value]) -> PyResult {
    mapped(a[0], |d| d.make_ascii_lowercase())
}
pub(crate) fn upper(a: &[Value]) -> PyResult {
    mapped(a[0], |d| d.make_ascii_uppercase())
}
pub(crate) fn capitalize(a: &[Value]) -> PyResult {
    mapped(a[0], |d| {
        d.make_ascii_lowercase();
        if let Some(c) = d.first_mut() {
            c.make_ascii_uppercase();
        }
    })
}
pub(crate) fn swapcase(a: &[Value]) -> PyResult {
    mapped(a[0], |d| {
        for c in d {
            if c.is_ascii_alphabetic() {
                *c ^= 32;
            }
        }
    })
}
pub(crate) fn title(a: &[Value]) -> PyResult {
    mapped(a[0], |d| {
        let mut inside = false;
        for c in d {
            let letter = c.is_ascii_alphabetic();
            if letter {
                *c = if inside {
                    c.to_ascii_lowercase()
                } else {
                    c.to_ascii_uppercase()
                };
            }
            inside = letter;
        }
    })
}
fn all(a: &[Value], f: impl Fn(u8) -> bool) -> PyResult {
    let d = data(&a[0]);
    Ok(Ref::bool(!d.is_empty() && d.iter().all(|c| f(*c))))
}
pub(crate) fn isalnum(a: &[Value]) -> PyResult {
    all(a, |c| c.is_ascii_alphanumeric())
}
pub(crate) fn isalpha(a: &[Value]) -> PyResult {
    all(a, |c| c.is_ascii_alphabetic())
}
pub(crate) fn isascii(a: &[Value]) -> PyResult {
    Ok(Ref::bool(data(&a[0]).is_ascii()))
}
pub(crate) fn isdigit(a: &[Value]) -> PyResult {
    all(a, |c| c.is_ascii_digit())
}
pub(crate) fn isspace(a: &[Value]) -> PyResult {
    all(a, bytes_find::is_space)
}
pub(crate) fn islower(a: &[Value]) -> PyResult {
    let d = data(&a[0]);
    Ok(Ref::bool(
        d.iter().any(u8::is_ascii_lowercase) && !d.iter().any(u8::is_ascii_uppercase),
    ))
}
pub(crate) fn isupper(a: &[Value]) -> PyResult {
    let d = data(&a[0]);
    Ok(Ref::bool(
        d.iter().any(u8::is_ascii_uppercase) && !d.iter().any(u8::is_ascii_lowercase),
    ))
}
pub(crate) fn istitle(a: &[Value]) -> PyResult {
    let (mut cased, mut inside) = (false, false);
    for c in data(&a[0]) {
        if c.is_ascii_uppercase() {
            if inside {
                return Ok(Ref::bool(false));
            }
            (cased, inside) = (true, true);
        } else if c.is_ascii_lowercase() {
            if !inside {
                return Ok(Ref::bool(false));
            }
            cased = true;
        } else {
            inside = false;
        }
    }
    Ok(Ref::bool(cased))
}
pub(crate) fn maketrans(a: &[Value]) -> PyResult {
    let (from, to) = (argument(a[0])?, argument(a[1])?);
    if from.len() != to.len() {
        return err!(ValueError, "maketrans arguments must have same length");
    }
    let mut table: Vec<u8> = (0..=255).collect();
    for (f, t) in from.iter().zip(to.iter()) {
        table[*f as usize] = *t;
    }
    Ok(bytes::from_vec(table))
}
pub(crate) fn translate(a: &[Value]) -> PyResult {
    let table = if a[1].is_none() {
        None
    } else {
        Some(argument(a[1])?)
    };
    if table.as_ref().is_some_and(|t| t.len() != 256) {
        return err!(ValueError, "translation table must be 256 characters long");
    }
    let delete = if a[2].is_null() {
        Cow::Borrowed(&[][..])
    } else {
        argument(a[2])?
    };
    let mut gone = [false; 256];
    for c in delete.iter() {
        gone[*c as usize] = true;
    }
    let out: Vec<u8> = data(&a[0])
        .iter()
        .filter(|c| !gone[**c as usize])
        .map(|c| table.as_ref().map_or(*c, |t| t[*c as usize]))
        .collect();
    Ok(same_kind(a[0], out))
}
pub(crate) fn fromhex(a: &[Value]) -> PyResult {
    let text: Cow<[u8]>;
    if let Some(s) = strings::as_str(&a[1]) {
        if !s.is_ascii() {
            let mut digits = 0;
            let i = s.data().iter().position(|c| {
                digits += 1;
                c >= 128
            });
            return err!(
                ValueError,
                "non-hexadecimal number found in fromhex() arg at position {}",
                i.unwrap_or(0)
            );
        }
        text = Cow::Borrowed(s.raw_bytes());
    } else if a[1].ty().slots().get_buffer.is_some() {
        text = argument(a[1])?;
    } else {
        return err!(
            TypeError,
            "fromhex() argument must be str or bytes-like, not {}",
            a[1].type_name()
        );
    }
    let mut out = Vec::with_capacity(text.len() / 2);
    let mut i = 0;
    while i < text.len() {
        if bytes_find::is_space(text[i]) {
            i += 1;
            continue;
        }
        let Some(high) = (text[i] as char).to_digit(16) else {
            return err!(
                ValueError,
                "non-hexadecimal number found in fromhex() arg at position {i}"
            );
        };
        i += 1;
        let Some(c) = text.get(i) else {
            return err!(
                ValueError,
                "fromhex() arg must contain an even number of hexadecimal digits"
            );
        };
        let Some(low) = (*c as char).to_digit(16) else {
            return err!(
                ValueError,
                "non-hexadecimal number found in fromhex() arg at position {i}"
            );
        };
        out.push((high * 16 + low) as u8);
        i += 1;
    }
    let ty = crate::typeobject::as_type(a[0]).unwrap_or(&BYTES_TYPE);
    if ty.is(&BYTES_TYPE) {
        return Ok(bytes::from_vec(out));
    }
    if ty.is(&crate::bytearray::BYTEARRAY_TYPE) {
        return Ok(bytearray::from_vec(out));
    }
    protocol::call(a[0], &[*bytes::from_vec(out)])
}

/// Hexadecimal digits of bytes, with separators if asked for. `sep` and `per` may be NULL.
pub fn hex_text(d: &[u8], sep: Value, per: Value) -> PyResult {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let separator = if sep.is_null() {
        None
    } else {
        let c = if let Some(s) = strings::as_str(&sep) {
            if s.len() != 1 {
                return err!(ValueError, "sep must be length 1.");
            }
            s.at(0)
        } else if let Some(b) = bytes::as_bytes(&sep) {
            if b.len() != 1 {
                return err!(ValueError, "sep must be length 1.");
            }
            b[0] as u32
        } else {
            return err!(TypeError, "sep must be str or bytes.");
        };
        if c > 127 {
            return err!(ValueError, "sep must be ASCII.");
        }
        Some(c as u8)
    };
    let per = if per.is_null() { 1 } else { int::to_i32(per)? };
    let mut out = Vec::with_capacity(d.len() * 2);
    for (i, c) in d.iter().enumerate() {
        if let Some(s) = separator
            && per != 0
            && i > 0
        {
            let n = per.unsigned_abs() as usize;
            let boundary = if per > 0 {
                (d.len() - i) % n == 0
            } else {
                i % n == 0
            };
            if boundary {
                out.push(s);
            }
        }
        out.push(DIGITS[(c >> 4) as usize]);
        out.push(DIGITS[(c & 15) as usize]);
    }
    Ok(strings::new_latin1(&out))
}
pub(crate) fn hex(a: &[Value]) -> PyResult {
    hex_text(data(&a[0]), a[1], a[2])
}

// ---------------------------------------------------------------- iterators

macro_rules! iterator {
    ($t:ident, $ty:ident, $name:literal) => {
        #[doc = concat!("A `", $name, "`.")]
        #[repr(C)]
        pub struct $t {
            header: Header,
            /// NULL when exhausted.
            seq: Slot,
            index: Cell<usize>,
        }
        crate::object_impl!($t, $ty, |this, visit| visit(this.seq.get()), |this| drop(
            this.seq.take()
        ));
        pub static $ty: TypeObject = TypeObject::builtin(&TypeSpec {
            name: $name,
            flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
            slots: Slots {
                iter: Some(itself),
                iternext: Some(|v| {
                    // SAFETY: called through the type's slot only.
                    let this = unsafe { v.cast_unchecked::<$t>() };
                    let seq = this.seq.get();
                    if seq.is_null() {
                        return Ok(None);
                    }
                    let i = this.index.get();
                    match data(&seq).get(i) {
                        Some(c) => {
                            this.index.set(i + 1);
                            Ok(Some(int::from_i64(*c as i64)))
                        }
                        None => {
                            drop(this.seq.take());
                            Ok(None)
                        }
                    }
                }),
                ..Slots::of::<$t>()
            },
            methods: &[
                MethodDef::new(
                    "__length_hint__($self, /)",
                    "How many items are left, at least about.",
                    |a| {
                        // SAFETY: methods check self.
                        let this = unsafe { a[0].cast_unchecked::<$t>() };
                        let seq = this.seq.get();
                        Ok(int::from_usize(if seq.is_null() {
                            0
                        } else {
                            data(&seq).len().saturating_sub(this.index.get())
                        }))
                    },
                ),
                MethodDef::new("__reduce__($self, /)", "State for pickling.", |a| {
                    let f = builtin_function("iter")?;
                    // SAFETY: methods check self.
                    let this = unsafe { a[0].cast_unchecked::<$t>() };
                    if this.seq.is_null() {
                        return Ok(tuple::of([f, tuple::of([tuple::empty()])]));
                    }
                    Ok(tuple::of([
                        f,
                        tuple::of([this.seq.get_ref()]),
                        int::from_usize(this.index.get()),
                    ]))
                }),
                MethodDef::new(
                    "__setstate__($self, object, /)",
                    "Sets the position when unpickling.",
                    |a| {
                        // SAFETY: methods check self.
                        let this = unsafe { a[0].cast_unchecked::<$t>() };
                        let i = int::to_isize(a[1])?;
                        let seq = this.seq.get();
                        if !seq.is_null() {
                            this.index.set((i.max(0) as usize).min(data(&seq).len()));
                        }
                        Ok(Ref::NONE)
                    },
                ),
            ],
            ..TypeSpec::of::<$t>()
        });
        impl $t {
            pub(crate) fn make(v: Value) -> PyResult {
                Ok(new_object($t {
                    header: Header::new(&$ty),
                    seq: Slot::new(v.to_ref()),
                    index: Cell::new(0),
                }))
            }
        }
    };
}
iterator!(PyBytesIterator, BYTES_ITERATOR_TYPE, "bytes_iterator");
iterator!(
    PyByteArrayIterator,
    BYTEARRAY_ITERATOR_TYPE,
    "bytearray_iterator"
);

fn bytes_iter(v: Value) -> PyResult {
    PyBytesIterator::make(v)
}
