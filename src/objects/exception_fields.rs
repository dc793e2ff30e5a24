//! Exceptions with fields of their own: StopIteration, SystemExit, OSError, SyntaxError, ImportError, AttributeError, NameError, KeyError.
//!
//! Fields are in `PyException::extra` by position; NULL reads as None.

use crate::err::PyResult;
use crate::exception_methods::*;
use crate::exceptions::{self, alloc_exception, expect};
use crate::native::{GetSetDef, MemberDef, MethodDef};
use crate::typeobject::Type;
use crate::value::{Ref, Value};
use crate::{dict, err, int, protocol, strings, tuple};

pub(crate) fn get_field(this: Value, i: usize) -> PyResult {
    let v = expect(this).field(i);
    Ok(if v.is_null() { Ref::NONE } else { v.to_ref() })
}

pub(crate) fn set_field(this: Value, i: usize, v: Value) -> PyResult<()> {
    expect(this).set_field(i, v.to_ref());
    Ok(())
}

/// A member that shows extra field `$i`.
macro_rules! field {
    ($name:literal, $i:literal, $doc:literal) => {
        MemberDef {
            name: $name,
            doc: $doc,
            get: |v| $crate::exception_fields::get_field(v, $i),
            set: Some(|v, x| $crate::exception_fields::set_field(v, $i, x)),
        }
    };
}
pub(crate) use field;

// ---------------------------------------------------------------- StopIteration, SystemExit

/// As `base_init`; the field follows from `args` until one of them is assigned.
pub(crate) fn lazy_init(this: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    base_init(this, args, kwnames)?;
    expect(this).extra_mut().clear();
    Ok(())
}

/// StopIteration's `value`, SystemExit's `code`.
pub(crate) fn lazy_field(this: Value) -> Ref {
    let e = expect(this);
    if let Some(v) = e.extra().first() {
        return v.clone();
    }
    match args_of(this) {
        [] => Ref::NONE,
        [one] => one.to_ref(),
        [first, ..] if this.ty().is_subtype(&exceptions::StopIteration) => first.to_ref(),
        _ => e.args.get_ref(),
    }
}

/// Makes the field independent of `args`, which is about to change.
pub(crate) fn freeze_lazy(this: Value) {
    let ty = this.ty();
    if expect(this).extra().is_empty()
        && (ty.is_subtype(&exceptions::StopIteration) || ty.is_subtype(&exceptions::SystemExit))
    {
        let v = lazy_field(this);
        expect(this).set_field(0, v);
    }
}

fn set_lazy(this: Value, v: Value) -> PyResult<()> {
    expect(this).set_field(0, v.or(Value::NONE).to_ref());
    Ok(())
}

pub(crate) static STOP_ITERATION_MEMBERS: &[MemberDef] = &[MemberDef {
    name: "value",
    doc: "generator return value",
    get: |v| Ok(lazy_field(v)),
    set: Some(set_lazy),
}];
pub(crate) static SYSTEM_EXIT_MEMBERS: &[MemberDef] = &[MemberDef {
    name: "code",
    doc: "exception code",
    get: |v| Ok(lazy_field(v)),
    set: Some(set_lazy),
}];

// ---------------------------------------------------------------- KeyError

pub(crate) fn key_error_str(this: Value) -> PyResult {
    if let [one] = args_of(this) {
        let one = one.to_ref();
        return protocol::repr(*one);
    }
    base_str(this)
}

// ---------------------------------------------------------------- ImportError

pub(crate) fn import_init(this: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    let [name, path, name_from] = own_keywords(this, args, kwnames, ["name", "path", "name_from"])?;
    let positional = &args[..args.len() - keyword_count(kwnames)];
    let e = expect(this);
    store_args(e, positional);
    e.set_field(
        0,
        if let [msg] = positional {
            msg.to_ref()
        } else {
            Ref::NULL
        },
    );
    e.set_field(1, name.to_ref());
    e.set_field(2, path.to_ref());
    e.set_field(3, name_from.to_ref());
    Ok(())
}

pub(crate) fn import_str(this: Value) -> PyResult {
    let msg = expect(this).field(0);
    if msg.is_exact::<strings::PyStr>() {
        Ok(msg.to_ref())
    } else {
        base_str(this)
    }
}

fn import_reduce(a: &[Value]) -> PyResult {
    let e = expect(a[0]);
    let mut state = attributes(a[0]);
    for (i, name) in [(1, "name"), (2, "path"), (3, "name_from")] {
        let v = e.field(i);
        if !v.is_null() {
            state = copy_once(state, i == 1 || expect(a[0]).field(1).is_null());
            dict::set_str(*state, name, v);
        }
    }
    reduce_with(a[0], tuple::from_values(args_of(a[0])), state)
}

/// A dict that may be changed: a copy of the instance's, or a new one.
fn copy_once(d: Ref, first: bool) -> Ref {
    if d.is_null() {
        dict::new_dict()
    } else if first {
        dict::copy(*d)
    } else {
        d
    }
}

pub(crate) static IMPORT_METHODS: &[MethodDef] = &[MethodDef::new(
    "__reduce__($self, /)",
    "Support for pickling.",
    import_reduce,
)];
pub(crate) static IMPORT_MEMBERS: &[MemberDef] = &[
    field!("msg", 0, "exception message"),
    field!("name", 1, "module name"),
    field!("path", 2, "module path"),
    field!("name_from", 3, "name imported from module"),
];

// ---------------------------------------------------------------- AttributeError, NameError

pub(crate) fn attribute_init(this: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    let [name, obj] = own_keywords(this, args, kwnames, ["name", "obj"])?;
    let e = expect(this);
    store_args(e, &args[..args.len() - keyword_count(kwnames)]);
    if !kwnames.is_null() || !e.extra().is_empty() {
        e.set_field(0, name.to_ref());
        e.set_field(1, obj.to_ref());
    }
    Ok(())
}

fn attribute_getstate(a: &[Value]) -> PyResult {
    let e = expect(a[0]);
    let d = attributes(a[0]);
    let d = if d.is_null() {
        dict::new_dict()
    } else {
        dict::copy(*d)
    };
    if !e.field(0).is_null() {
        dict::set_str(*d, "name", e.field(0));
    }
    dict::set_str(*d, "args", *tuple::from_values(args_of(a[0])));
    Ok(d)
}

fn attribute_reduce(a: &[Value]) -> PyResult {
    let state = attribute_getstate(a)?;
    reduce_with(a[0], tuple::from_values(args_of(a[0])), state)
}

pub(crate) static ATTRIBUTE_METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__getstate__($self, /)",
        "State for pickling, without the object.",
        attribute_getstate,
    ),
    MethodDef::new(
        "__reduce__($self, /)",
        "Support for pickling.",
        attribute_reduce,
    ),
];
pub(crate) static ATTRIBUTE_MEMBERS: &[MemberDef] = &[
    field!("name", 0, "attribute name"),
    field!("obj", 1, "object"),
];

pub(crate) fn name_init(this: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    let [name] = own_keywords(this, args, kwnames, ["name"])?;
    let e = expect(this);
    store_args(e, &args[..args.len() - keyword_count(kwnames)]);
    if !kwnames.is_null() || !e.extra().is_empty() {
        e.set_field(0, name.to_ref());
    }
    Ok(())
}

pub(crate) static NAME_MEMBERS: &[MemberDef] = &[field!("name", 0, "name")];

// ---------------------------------------------------------------- SyntaxError

/// Fields: msg, filename, lineno, offset, text, end_lineno, end_offset, print_file_and_line, _metadata.
pub(crate) fn syntax_init(this: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    base_init(this, args, kwnames)?;
    let e = expect(this);
    if let Some(msg) = args.first() {
        e.set_field(0, msg.to_ref());
    }
    if args.len() != 2 {
        return Ok(());
    }
    let info = protocol::to_vec(args[1])?;
    if info.len() < 4 {
        return err!(
            TypeError,
            "function takes at least 4 arguments ({} given)",
            info.len()
        );
    }
    if info.len() > 7 {
        return err!(
            TypeError,
            "function takes at most 7 arguments ({} given)",
            info.len()
        );
    }
    for (i, v) in info.iter().enumerate() {
        e.set_field(if i == 6 { 8 } else { i + 1 }, v.clone());
    }
    for i in info.len()..6 {
        e.set_field(i + 1, Ref::NULL);
    }
    if info.len() == 5 {
        return err!(
            TypeError,
            "end_offset must be provided when end_lineno is provided"
        );
    }
    Ok(())
}

pub(crate) fn syntax_str(this: Value) -> PyResult {
    let e = expect(this);
    let (msg, filename, lineno) = (
        get_field(this, 0)?,
        e.field(1).to_ref(),
        e.field(2).to_ref(),
    );
    let msg = protocol::str(*msg)?;
    let file = strings::as_str(&filename).map(|s| {
        let full = s.to_string();
        full.rsplit('/').next().unwrap_or("").to_string()
    });
    let is_line = lineno.is_small_int() || lineno.is_exact::<int::PyInt>();
    let line = if is_line {
        int::as_int(&lineno).map(|l| l.to_i64().unwrap_or(-1))
    } else {
        None
    };
    let tail = match (file, line) {
        (None, None) => return Ok(msg),
        (Some(f), Some(l)) => format!(" ({f}, line {l})"),
        (Some(f), None) => format!(" ({f})"),
        (None, Some(l)) => format!(" (line {l})"),
    };
    let mut out = strings::StrBuilder::new();
    out.push_pystr(strings::expect(*msg));
    out.push_str(&tail);
    Ok(out.finish())
}

pub(crate) static SYNTAX_MEMBERS: &[MemberDef] = &[
    field!("msg", 0, "exception msg"),
    field!("filename", 1, "exception filename"),
    field!("lineno", 2, "exception lineno"),
    field!("offset", 3, "exception offset"),
    field!("text", 4, "exception text"),
    field!("end_lineno", 5, "exception end lineno"),
    field!("end_offset", 6, "exception end offset"),
    field!("print_file_and_line", 7, "exception print_file_and_line"),
    field!("_metadata", 8, "exception private metadata"),
];

// ---------------------------------------------------------------- OSError

/// The subclass of OSError for an error number.
fn class_for_errno(e: i32) -> Option<Type> {
    use crate::exception_types::*;
    Some(match e {
        _ if e == libc::EAGAIN
            || e == libc::EWOULDBLOCK
            || e == libc::EALREADY
            || e == libc::EINPROGRESS =>
        {
            &BlockingIOError
        }
        libc::EPIPE | libc::ESHUTDOWN => &BrokenPipeError,
        libc::ECHILD => &ChildProcessError,
        libc::ECONNABORTED => &ConnectionAbortedError,
        libc::ECONNREFUSED => &ConnectionRefusedError,
        libc::ECONNRESET => &ConnectionResetError,
        libc::EEXIST => &FileExistsError,
        libc::ENOENT => &FileNotFoundError,
        libc::EISDIR => &IsADirectoryError,
        libc::ENOTDIR => &NotADirectoryError,
        libc::EINTR => &InterruptedError,
        libc::EACCES | libc::EPERM => &PermissionError,
        libc::ESRCH => &ProcessLookupError,
        libc::ETIMEDOUT => &TimeoutError,
        _ => return None,
    })
}

/// Whether `__init__` does the work that `__new__` does otherwise: it is overridden, `__new__` is not.
fn uses_init(ty: Type) -> bool {
    let s = ty.slots();
    s.init
        .is_some_and(|f| f as usize != os_init as *const () as usize)
        && s.new
            .is_some_and(|f| f as usize == os_new as *const () as usize)
}

/// Fields: errno, strerror, filename, filename2, characters_written.
pub(crate) fn os_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    if uses_init(ty) {
        return Ok(alloc_exception(ty, tuple::empty()));
    }
    no_keywords(ty.name(), kwnames)?;
    let mut ty = ty;
    if ty.is(&exceptions::OSError)
        && (2..=5).contains(&args.len())
        && let Some(e) = int::as_int(&args[0]).and_then(|i| i.to_i64())
        && let Some(c) = class_for_errno(e as i32)
    {
        ty = c;
    }
    let r = alloc_exception(ty, tuple::empty());
    os_fill(*r, args)?;
    Ok(r)
}

pub(crate) fn os_init(this: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    if !uses_init(this.ty()) {
        return Ok(());
    }
    no_keywords(this.type_name(), kwnames)?;
    os_fill(this, args)
}

fn os_fill(this: Value, args: &[Value]) -> PyResult<()> {
    let e = expect(this);
    let mut kept = args;
    if (2..=5).contains(&args.len()) {
        e.set_field(0, args[0].to_ref());
        e.set_field(1, args[1].to_ref());
        if let Some(filename) = args.get(2)
            && !filename.is_none()
        {
            let s = filename.ty().slots();
            let is_number = s.index.is_some() || s.int.is_some() || s.float.is_some();
            if this.ty().is(&exceptions::BlockingIOError) && is_number {
                e.set_field(4, int::from_i64(int::to_i64(*filename)?));
            } else {
                e.set_field(2, filename.to_ref());
                if let Some(f2) = args.get(4)
                    && !f2.is_none()
                {
                    e.set_field(3, f2.to_ref());
                }
                kept = &args[..2];
            }
        }
    }
    e.args.set(tuple::from_values(kept));
    Ok(())
}

pub(crate) fn os_str(this: Value) -> PyResult {
    let e = expect(this);
    let (errno, text) = (e.field(0), e.field(1));
    let (f1, f2) = (e.field(2).to_ref(), e.field(3).to_ref());
    if f1.is_null() && (errno.is_null() || text.is_null()) {
        return base_str(this);
    }
    let errno = protocol::str(*errno.or(Value::NONE).to_ref())?;
    let text = protocol::str(*text.or(Value::NONE).to_ref())?;
    let mut out = strings::StrBuilder::new();
    out.push_str("[Errno ");
    out.push_pystr(strings::expect(*errno));
    out.push_str("] ");
    out.push_pystr(strings::expect(*text));
    if !f1.is_null() {
        out.push_str(": ");
        out.push_pystr(strings::expect(*protocol::repr(*f1)?));
        if !f2.is_null() {
            out.push_str(" -> ");
            out.push_pystr(strings::expect(*protocol::repr(*f2)?));
        }
    }
    Ok(out.finish())
}

fn os_reduce(a: &[Value]) -> PyResult {
    let e = expect(a[0]);
    let mut args = tuple::from_values(args_of(a[0]));
    let (f1, f2) = (e.field(2), e.field(3));
    if let [x, y] = args_of(a[0])
        && !f1.is_null()
    {
        args = if f2.is_null() {
            tuple::from_values(&[*x, *y, f1])
        } else {
            tuple::from_values(&[*x, *y, f1, Value::NONE, f2])
        };
    }
    reduce_with(a[0], args, attributes(a[0]))
}

fn written(this: Value) -> PyResult {
    let v = expect(this).field(4);
    if v.is_null() || v.as_small_int() == Some(-1) {
        return err!(AttributeError, "characters_written");
    }
    Ok(v.to_ref())
}

fn set_written(this: Value, v: Value) -> PyResult<()> {
    if v.is_null() {
        drop(written(this)?);
        expect(this).set_field(4, Ref::NULL);
        return Ok(());
    }
    let n = match int::to_i64(v) {
        Ok(n) => n,
        Err(e) => {
            if crate::err::clear_if(&exceptions::OverflowError) {
                return err!(
                    ValueError,
                    "cannot fit '{}' into an index-sized integer",
                    v.type_name()
                );
            }
            return Err(e);
        }
    };
    expect(this).set_field(4, int::from_i64(n));
    Ok(())
}

pub(crate) static OS_METHODS: &[MethodDef] = &[MethodDef::new(
    "__reduce__($self, /)",
    "Support for pickling.",
    os_reduce,
)];
pub(crate) static OS_GETSET: &[GetSetDef] = &[GetSetDef::rw(
    "characters_written",
    "",
    written,
    set_written,
)];
pub(crate) static OS_MEMBERS: &[MemberDef] = &[
    field!("errno", 0, "POSIX exception code"),
    field!("strerror", 1, "exception strerror"),
    field!("filename", 2, "exception filename"),
    field!("filename2", 3, "second exception filename"),
];
