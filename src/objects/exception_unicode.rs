//! UnicodeEncodeError, UnicodeDecodeError, UnicodeTranslateError.
//!
//! Fields: encoding, object, start, end, reason.

use crate::err::PyResult;
use crate::exception_fields::field;
use crate::exception_methods::base_init;
use crate::exceptions::expect;
use crate::native::MemberDef;
use crate::typeobject::Type;
use crate::value::{Ref, Value};
use crate::{buffer, bytes, err, int, protocol, strings};

fn check_count(args: &[Value], n: usize) -> PyResult<()> {
    if args.len() != n {
        return err!(
            TypeError,
            "function takes exactly {n} arguments ({} given)",
            args.len()
        );
    }
    Ok(())
}

fn check_str(args: &[Value], i: usize) -> PyResult<()> {
    if !strings::is_str(args[i]) {
        return err!(
            TypeError,
            "argument {} must be str, not {}",
            i + 1,
            args[i].type_name()
        );
    }
    Ok(())
}

fn fill(this: Value, values: [Value; 5]) -> PyResult<()> {
    let e = expect(this);
    for (i, v) in values.into_iter().enumerate() {
        e.set_field(i, v.to_ref());
    }
    Ok(())
}

pub(crate) fn encode_init(this: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    base_init(this, args, kwnames)?;
    check_count(args, 5)?;
    check_str(args, 0)?;
    check_str(args, 1)?;
    let (start, end) = (
        int::from_i64(int::to_i64(args[2])?),
        int::from_i64(int::to_i64(args[3])?),
    );
    check_str(args, 4)?;
    fill(this, [args[0], args[1], *start, *end, args[4]])
}

pub(crate) fn decode_init(this: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    base_init(this, args, kwnames)?;
    check_count(args, 5)?;
    check_str(args, 0)?;
    let (start, end) = (
        int::from_i64(int::to_i64(args[2])?),
        int::from_i64(int::to_i64(args[3])?),
    );
    check_str(args, 4)?;
    let object = if bytes::is_bytes(args[1]) {
        args[1].to_ref()
    } else {
        bytes::from_vec(buffer::to_vec(args[1])?)
    };
    fill(this, [args[0], *object, *start, *end, args[4]])
}

pub(crate) fn translate_init(this: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    base_init(this, args, kwnames)?;
    check_count(args, 4)?;
    check_str(args, 0)?;
    let (start, end) = (
        int::from_i64(int::to_i64(args[1])?),
        int::from_i64(int::to_i64(args[2])?),
    );
    check_str(args, 3)?;
    fill(this, [Value::NULL, args[0], *start, *end, args[3]])
}

/// Text of a field for messages.
fn text(v: Value) -> PyResult<String> {
    let r = protocol::str(*v.or(Value::NONE).to_ref())?;
    Ok(strings::expect(*r).to_string())
}

/// `(start, end)` as stored.
fn range(this: Value) -> (i64, i64) {
    let e = expect(this);
    let at = |i| e.field(i).as_small_int().unwrap_or(0);
    (at(2), at(3))
}

fn escaped(c: u32) -> String {
    match c {
        0..=0xff => format!("\\x{c:02x}"),
        0x100..=0xffff => format!("\\u{c:04x}"),
        _ => format!("\\U{c:08x}"),
    }
}

/// Whether the range is one position inside an object of this length.
fn is_single(start: i64, end: i64, len: usize) -> bool {
    start >= 0 && start < len as i64 && end >= 0 && end <= len as i64 && end == start + 1
}

fn str_object(this: Value) -> PyResult<Ref> {
    let o = expect(this).field(1).to_ref();
    if !strings::is_str(*o) {
        return err!(
            TypeError,
            "UnicodeError 'object' attribute must be a string, not {}",
            o.type_name()
        );
    }
    Ok(o)
}

pub(crate) fn encode_str(this: Value) -> PyResult {
    let e = expect(this);
    if e.field(1).is_null() {
        return Ok(strings::empty());
    }
    let (reason, encoding) = (text(e.field(4))?, text(e.field(0))?);
    let (start, end) = range(this);
    let object = str_object(this)?;
    let s = strings::expect(*object);
    Ok(strings::new_str(&if is_single(start, end, s.len()) {
        let c = escaped(s.at(start as usize));
        format!("'{encoding}' codec can't encode character '{c}' in position {start}: {reason}")
    } else {
        format!(
            "'{encoding}' codec can't encode characters in position {start}-{}: {reason}",
            end - 1
        )
    }))
}

pub(crate) fn decode_str(this: Value) -> PyResult {
    let e = expect(this);
    if e.field(1).is_null() {
        return Ok(strings::empty());
    }
    let (reason, encoding) = (text(e.field(4))?, text(e.field(0))?);
    let (start, end) = range(this);
    let object = e.field(1).to_ref();
    let Some(b) = bytes::as_bytes(&object) else {
        return err!(
            TypeError,
            "UnicodeError 'object' attribute must be a bytes, not {}",
            object.type_name()
        );
    };
    Ok(strings::new_str(&if is_single(start, end, b.len()) {
        format!(
            "'{encoding}' codec can't decode byte 0x{:02x} in position {start}: {reason}",
            b[start as usize]
        )
    } else {
        format!(
            "'{encoding}' codec can't decode bytes in position {start}-{}: {reason}",
            end - 1
        )
    }))
}

pub(crate) fn translate_str(this: Value) -> PyResult {
    let e = expect(this);
    if e.field(1).is_null() {
        return Ok(strings::empty());
    }
    let reason = text(e.field(4))?;
    let (start, end) = range(this);
    let object = str_object(this)?;
    let s = strings::expect(*object);
    Ok(strings::new_str(&if is_single(start, end, s.len()) {
        format!(
            "can't translate character '{}' in position {start}: {reason}",
            escaped(s.at(start as usize))
        )
    } else {
        format!(
            "can't translate characters in position {start}-{}: {reason}",
            end - 1
        )
    }))
}

fn set_position(this: Value, i: usize, v: Value) -> PyResult<()> {
    if v.is_null() {
        return err!(TypeError, "can't delete numeric/char attribute");
    }
    if !int::is_int(v) {
        return err!(TypeError, "an integer is required");
    }
    expect(this).set_field(i, int::from_i64(int::to_i64(v)?));
    Ok(())
}

fn position(this: Value, i: usize) -> PyResult {
    let v = expect(this).field(i);
    Ok(v.or(Value::small_int(0)).to_ref())
}

pub(crate) static MEMBERS: &[MemberDef] = &[
    field!("encoding", 0, "exception encoding"),
    field!("object", 1, "exception object"),
    MemberDef {
        name: "start",
        doc: "exception start",
        get: |v| position(v, 2),
        set: Some(|v, x| set_position(v, 2, x)),
    },
    MemberDef {
        name: "end",
        doc: "exception end",
        get: |v| position(v, 3),
        set: Some(|v, x| set_position(v, 3, x)),
    },
    field!("reason", 4, "exception reason"),
];

/// Start and end of a UnicodeError clipped to its object, as codec error handlers use them.
pub fn clipped_range(this: Value, len: usize) -> (usize, usize) {
    let (start, end) = range(this);
    let n = len as i64;
    let start = start.clamp(0, (n - 1).max(0));
    let end = end.max(1).min(n);
    (start as usize, end.max(0) as usize)
}

/// Makes a UnicodeDecodeError.
pub fn decode_error(
    encoding: &str,
    object: &[u8],
    start: usize,
    end: usize,
    reason: &str,
) -> crate::err::Raised {
    let b = bytes::new_bytes(object);
    decode_error_for(encoding, *b, start, end, reason)
}

/// Makes a UnicodeDecodeError about a bytes object.
pub fn decode_error_for(
    encoding: &str,
    object: Value,
    start: usize,
    end: usize,
    reason: &str,
) -> crate::err::Raised {
    make(
        &crate::exceptions::UnicodeDecodeError,
        encoding,
        object,
        start,
        end,
        reason,
    )
}

/// Makes a UnicodeEncodeError about a str.
pub fn encode_error(
    encoding: &str,
    object: Value,
    start: usize,
    end: usize,
    reason: &str,
) -> crate::err::Raised {
    make(
        &crate::exceptions::UnicodeEncodeError,
        encoding,
        object,
        start,
        end,
        reason,
    )
}

fn make(
    ty: Type,
    encoding: &str,
    object: Value,
    start: usize,
    end: usize,
    reason: &str,
) -> crate::err::Raised {
    let args: [Ref; 5] = [
        strings::new_str(encoding),
        object.to_ref(),
        int::from_usize(start),
        int::from_usize(end),
        strings::new_str(reason),
    ];
    crate::err::raise_with(ty, crate::value::values(&args))
}
