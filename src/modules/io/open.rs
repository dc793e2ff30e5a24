//! `open`, `open_code`, `text_encoding`.

use super::fileio::{self, FILE_IO_TYPE, shown_type};
use super::{bool_arg, buffered_types, c_int_arg, call0, text_types, value_error};
use taipan_objects::err::{PyResult};
use taipan_objects::names::names;
use taipan_objects::native::MethodDef;
use taipan_objects::value::Value;
use taipan_objects::vm::vm;
use taipan_objects::{err, exceptions, protocol, strings};

pub(super) static FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "open($module, /, file, mode='r', buffering=-1, encoding=None,\n     errors=None, newline=None, closefd=True, opener=None)",
        "Open file and return a stream.  Raise OSError upon failure.",
        open,
    ),
    MethodDef::new(
        "text_encoding($module, encoding, stacklevel=2, /)",
        "The encoding for a text stream: the argument, or what is used if it is None.",
        text_encoding,
    ),
    MethodDef::new("open_code($module, /, path)", "Opens a file that holds code.", |a| {
        if !strings::is_str(a[0]) {
            return err!(TypeError, "open_code() argument 'path' must be str, not {}", shown_type(a[0]));
        }
        open_file(a[0], "rb")
    }),
];

fn text_encoding(a: &[Value]) -> PyResult {
    if !a[0].is_none() {
        return Ok(a[0].to_ref());
    }
    let c = taipan_runtime::sys::config();
    if c.warn_default_encoding {
        err::warn(&exceptions::EncodingWarning, "'encoding' argument not specified")?;
    }
    Ok(strings::intern_str(if c.utf8_mode { "utf-8" } else { "locale" }))
}

/// The argument as text, NULL and None giving `None`.
fn optional(v: Value, what: &str) -> PyResult<()> {
    if v.is_none_or_null() || strings::is_str(v) {
        return Ok(());
    }
    err!(TypeError, "open() argument '{what}' must be str or None, not {}", shown_type(v))
}

fn open(a: &[Value]) -> PyResult {
    let mode = match strings::as_str(&a[1]) {
        Some(s) => s.to_utf8()?.into_owned(),
        None if a[1].is_null() => "r".to_string(),
        None => return err!(TypeError, "open() argument 'mode' must be str, not {}", shown_type(a[1])),
    };
    if mode.contains('\0') {
        return Err(value_error("embedded null character"));
    }
    let buffering = c_int_arg(a[2], -1)?;
    optional(a[3], "encoding")?;
    optional(a[4], "errors")?;
    optional(a[5], "newline")?;
    let closefd = bool_arg(a[6], true)?;
    open_with(a[0], &mode, buffering, [a[3], a[4], a[5]], closefd, a[7])
}

/// `open(file, mode)`.
pub fn open_file(file: Value, mode: &str) -> PyResult {
    open_with(file, mode, -1, [Value::NONE; 3], true, Value::NONE)
}

/// A `TextIOWrapper` over a stream of bytes.
pub fn text_wrapper(buffer: Value, encoding: &str, errors: &str, newline: &str, line_buffering: bool, write_through: bool) -> PyResult {
    let (encoding, errors, newline) = (strings::intern_str(encoding), strings::intern_str(errors), strings::intern_str(newline));
    text_types::make(&[
        buffer,
        *encoding,
        *errors,
        *newline,
        Value::from_bool(line_buffering),
        Value::from_bool(write_through),
    ])
}

/// What the letters of a mode ask for.
#[derive(Default)]
struct Mode {
    creating: bool,
    reading: bool,
    writing: bool,
    appending: bool,
    updating: bool,
    text: bool,
    binary: bool,
}

fn parse_mode(text: &str) -> PyResult<Mode> {
    let mut m = Mode::default();
    for (i, c) in text.char_indices() {
        let flag = match c {
            'x' => &mut m.creating,
            'r' => &mut m.reading,
            'w' => &mut m.writing,
            'a' => &mut m.appending,
            '+' => &mut m.updating,
            't' => &mut m.text,
            'b' => &mut m.binary,
            _ => return err!(ValueError, "invalid mode: '{text}'"),
        };
        *flag = true;
        if text[i + 1..].contains(c) {
            return err!(ValueError, "invalid mode: '{text}'");
        }
    }
    Ok(m)
}

/// `open` with all its arguments; `text` is encoding, errors and newline.
pub(crate) fn open_with(file: Value, mode: &str, buffering: i32, text: [Value; 3], closefd: bool, opener: Value) -> PyResult {
    let slots = file.ty().slots();
    let is_number = slots.index.is_some() || slots.int.is_some() || slots.float.is_some();
    let path = if is_number { file.to_ref() } else { fileio::fspath(file)? };
    let m = parse_mode(mode)?;
    let mut raw_mode = String::new();
    for (on, c) in [(m.creating, 'x'), (m.reading, 'r'), (m.writing, 'w'), (m.appending, 'a'), (m.updating, '+')] {
        if on {
            raw_mode.push(c);
        }
    }
    if m.text && m.binary {
        return Err(value_error("can't have text and binary mode at once"));
    }
    if m.creating as u8 + m.reading as u8 + m.writing as u8 + m.appending as u8 > 1 {
        return Err(value_error("must have exactly one of create/read/write/append mode"));
    }
    if m.binary {
        for (v, what) in text.iter().zip(["an encoding", "an errors", "a newline"]) {
            if !v.is_none_or_null() {
                return err!(ValueError, "binary mode doesn't take {what} argument");
            }
        }
        if buffering == 1 {
            err::warn(
                &exceptions::RuntimeWarning,
                "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used",
            )?;
        }
    }
    let raw = fileio::new_file(*path, &raw_mode, closefd, opener)?;
    debug_assert!(raw.ty().is(&FILE_IO_TYPE));
    let mut result = raw.clone();
    let r = (|| {
        let is_tty = buffering < 0 && fileio::is_tty_at_open(*raw);
        let (mut buffering, line_buffering) = if buffering == 1 || is_tty { (-1, true) } else { (buffering, false) };
        if buffering < 0 {
            buffering = fileio::buffer_size(*raw) as i32;
        }
        if buffering == 0 {
            if !m.binary {
                return Err(value_error("can't have unbuffered text I/O"));
            }
            return Ok(());
        }
        let writes = m.creating || m.writing || m.appending;
        if !m.updating && !writes && !m.reading {
            return err!(ValueError, "unknown mode: '{mode}'");
        }
        let buffer = buffered_types::make(*raw, buffering as i64, m.updating || !writes, m.updating || writes)?;
        result = buffer.clone();
        if m.binary {
            return Ok(());
        }
        let t = text_types::make(&[
            *buffer,
            text[0],
            text[1],
            text[2],
            Value::from_bool(line_buffering),
            Value::FALSE,
        ])?;
        result = t;
        protocol::setattr(*result, names().mode, *strings::new_str(mode))
    })();
    if r.is_err() {
        let e = vm().take_pending();
        return Err(super::chain(e, call0(*result, names().close)));
    }
    Ok(result)
}
